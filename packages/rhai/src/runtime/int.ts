/**
 * Checked arithmetic on 64-bit integers.
 *
 * Each function tries plain numbers first and falls back on bigints when the result leaves the
 * safe range; a result past 64 bits is Rhai's error. Results keep the invariant of `Int`: a number
 * while safe, never `-0`, a bigint beyond.
 *
 * @module
 */
import { arithmeticError } from './raise.ts'
import type { Int } from './value.ts'

export const INT_MAX = 9223372036854775807n
export const INT_MIN = -9223372036854775808n
const SAFE_MAX = Number.MAX_SAFE_INTEGER
const SAFE_MAX_BIG = BigInt(SAFE_MAX)
const EXPONENT_MAX = 4294967295
const BITS = 64

/** The one representation of an integer that fits 64 bits. */
export function intOf(value: bigint): Int {
  return value <= SAFE_MAX_BIG && value >= -SAFE_MAX_BIG ? Number(value) : value
}

/** The same for a whole number of any size below 64 bits that a float computation gave exactly. */
export function intOfNumber(value: number): Int {
  return Math.abs(value) <= SAFE_MAX ? value + 0 : BigInt(value)
}

/** The 64 low bits of a bigint, as an integer. */
export function wrapInt(value: bigint): Int {
  return intOf(BigInt.asIntN(BITS, value))
}

/** An integer as an index or a length: whatever is beyond the safe range is clamped into it. */
export function indexOfInt(value: Int): number {
  if (typeof value === 'number') return value
  return value > 0n ? SAFE_MAX : -SAFE_MAX
}

/** The lowest byte of an integer, for blobs. */
export function lowByte(value: Int): number {
  return typeof value === 'number' ? value & 0xff : Number(BigInt.asUintN(8, value))
}

export function addInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right
    if (sum <= SAFE_MAX && sum >= -SAFE_MAX) return sum
  }
  return inRange(BigInt(left) + BigInt(right)) ?? overflow('Addition', left, '+', right)
}

export function subtractInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right
    if (difference <= SAFE_MAX && difference >= -SAFE_MAX) return difference
  }
  return inRange(BigInt(left) - BigInt(right)) ?? overflow('Subtraction', left, '-', right)
}

export function multiplyInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right
    if (product <= SAFE_MAX && product >= -SAFE_MAX) return product + 0
  }
  return inRange(BigInt(left) * BigInt(right)) ?? overflow('Multiplication', left, '*', right)
}

export function divideInt(left: Int, right: Int): Int {
  if (right === 0) throw arithmeticError(`Division by zero: ${left} / ${right}`)
  if (typeof left === 'number' && typeof right === 'number') return Math.trunc(left / right) + 0
  return inRange(BigInt(left) / BigInt(right)) ?? overflow('Division', left, '/', right)
}

export function moduloInt(left: Int, right: Int): Int {
  if (right === 0 || (right === -1 && left === INT_MIN)) {
    throw arithmeticError(`Modulo division by zero or overflow: ${left} % ${right}`)
  }
  if (typeof left === 'number' && typeof right === 'number') return (left % right) + 0
  return intOf(BigInt(left) % BigInt(right))
}

export function powerInt(base: Int, exponent: Int): Int {
  if (exponent > EXPONENT_MAX) return overflow('Exponential', base, '**', exponent)
  if (exponent < 0) {
    throw arithmeticError(`Integer raised to a negative power: ${base} ** ${exponent}`)
  }
  const power = Number(exponent)
  if (base === 0 || base === 1) return power === 0 ? 1 : base
  if (base === -1) return power % 2 === 0 ? 1 : -1
  if (power >= BITS) return overflow('Exponential', base, '**', exponent)
  if (typeof base === 'number') {
    let product = 1
    for (let i = 0; i < power; i++) product *= base
    if (product <= SAFE_MAX && product >= -SAFE_MAX) return product
  }
  return inRange(BigInt(base) ** BigInt(power)) ?? overflow('Exponential', base, '**', exponent)
}

export function negateInt(value: Int): Int {
  if (typeof value === 'number') return 0 - value
  if (value === INT_MIN) throw arithmeticError(`Negation overflow: -${value}`)
  return intOf(-value)
}

export function absoluteInt(value: Int): Int {
  return value < 0 ? negateInt(value) : value
}

function inRange(value: bigint): Int | undefined {
  return value > INT_MAX || value < INT_MIN ? undefined : intOf(value)
}

function overflow(what: string, left: Int, sign: string, right: Int): never {
  throw arithmeticError(`${what} overflow: ${left} ${sign} ${right}`)
}
