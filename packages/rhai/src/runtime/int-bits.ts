/**
 * Shifts and bit logic on 64-bit integers. None of them fails.
 *
 * @module
 */
import { intOf, intOfNumber, wrapInt } from './int.ts'
import type { Int } from './value.ts'

const BITS = 64
const WORD = 4294967296

/** Bits shifted past the end are lost; by a negative amount it shifts right. */
export function shiftLeftInt(value: Int, amount: Int): Int {
  if (amount < 0) return shiftRightInt(value, -amount as Int)
  if (amount >= BITS) return 0
  const bits = Number(amount)
  if (typeof value === 'number') {
    const shifted = value * 2 ** bits
    if (Number.isSafeInteger(shifted)) return shifted
  }
  return wrapInt(BigInt(value) << BigInt(bits))
}

/** The sign bit fills in from the left; by a negative amount it shifts left. */
export function shiftRightInt(value: Int, amount: Int): Int {
  if (amount < 0) return shiftLeftInt(value, -amount as Int)
  if (amount >= BITS) return value < 0 ? -1 : 0
  const bits = Number(amount)
  if (typeof value === 'number') return Math.floor(value / 2 ** bits)
  return intOf(value >> BigInt(bits))
}

export function andInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    if (isWord(left) && isWord(right)) return left & right
    return intOfNumber((high(left) & high(right)) * WORD + ((left & right) >>> 0))
  }
  return intOf(BigInt(left) & BigInt(right))
}

export function orInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    if (isWord(left) && isWord(right)) return left | right
    return intOfNumber((high(left) | high(right)) * WORD + ((left | right) >>> 0))
  }
  return intOf(BigInt(left) | BigInt(right))
}

export function xorInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    if (isWord(left) && isWord(right)) return left ^ right
    return intOfNumber((high(left) ^ high(right)) * WORD + ((left ^ right) >>> 0))
  }
  return intOf(BigInt(left) ^ BigInt(right))
}

function isWord(value: number): boolean {
  return (value | 0) === value
}

/** The bits above the low 32, sign included; JavaScript's own operators see only the low ones. */
function high(value: number): number {
  return Math.floor(value / WORD)
}
