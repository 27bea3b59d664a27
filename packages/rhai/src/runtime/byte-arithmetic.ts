/**
 * Arithmetic on `u8`, the items of a blob while iterating: checked to eight bits, and only among
 * bytes, except that powers and shifts take an INT amount.
 *
 * @module
 */
import { powerInt } from './int.ts'
import { shiftLeftInt, shiftRightInt } from './int-bits.ts'
import { arithmeticError } from './raise.ts'
import { type Int, RhaiByte } from './value.ts'

const BYTE_MAX = 255
const BITS = 8

export function addBytes(left: number, right: number): RhaiByte {
  return checked('Addition', left, '+', right, left + right)
}

export function subtractBytes(left: number, right: number): RhaiByte {
  return checked('Subtraction', left, '-', right, left - right)
}

export function multiplyBytes(left: number, right: number): RhaiByte {
  return checked('Multiplication', left, '*', right, left * right)
}

export function divideBytes(left: number, right: number): RhaiByte {
  if (right === 0) throw arithmeticError(`Division by zero: ${left} / ${right}`)
  return new RhaiByte(Math.trunc(left / right))
}

export function moduloBytes(left: number, right: number): RhaiByte {
  if (right === 0) {
    throw arithmeticError(`Modulo division by zero or overflow: ${left} % ${right}`)
  }
  return new RhaiByte(left % right)
}

export function powerByte(base: number, exponent: Int): RhaiByte {
  return checked('Exponential', base, '**', exponent, powerInt(base, exponent))
}

export function shiftByteLeft(value: number, amount: Int): RhaiByte {
  if (amount < 0) return shiftByteRight(value, -amount as Int)
  return new RhaiByte(amount >= BITS ? 0 : Number(shiftLeftInt(value, amount)) & BYTE_MAX)
}

/** An amount of eight or more shifts by seven, as the reference does. */
export function shiftByteRight(value: number, amount: Int): RhaiByte {
  if (amount < 0) return shiftByteLeft(value, -amount as Int)
  return new RhaiByte(Number(shiftRightInt(value, amount >= BITS ? BITS - 1 : amount)))
}

function checked(what: string, left: Int, sign: string, right: Int, result: Int): RhaiByte {
  if (result < 0 || result > BYTE_MAX) {
    throw arithmeticError(`${what} overflow: ${left} ${sign} ${right}`)
  }
  return new RhaiByte(Number(result))
}
