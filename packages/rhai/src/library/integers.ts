/**
 * Functions on integers: signs, extremes, digits in other bases, and reading integers from text.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { absoluteInt, INT_MAX, INT_MIN, intOf } from '../runtime/int.ts'
import { INT, type NativeFunction, property, reads, STRING } from '../runtime/native-function.ts'
import { arithmeticError } from '../runtime/raise.ts'
import { type Int, RhaiFloat } from '../runtime/value.ts'
import { trimmed } from './whitespace.ts'

const RADIX_MIN = 2
const RADIX_MAX = 36
const DECIMAL = 10
/** In any base up to 36. */
const SAFE_DIGITS = 10
const ZERO = 0x30

export const integerFunctions: readonly NativeFunction[] = [
  reads('abs', [INT], (_context, value) => absoluteInt(value)),
  reads('sign', [INT], (_context, value) => (value > 0 ? 1 : value < 0 ? -1 : 0)),
  property('is_zero', [INT], (_context, value) => value === 0),
  property('is_odd', [INT], (_context, value) => isOdd(value)),
  property('is_even', [INT], (_context, value) => !isOdd(value)),
  reads('max', [INT, INT], (_context, left, right) => larger(left, right)),
  reads('min', [INT, INT], (_context, left, right) => smaller(left, right)),
  reads('to_int', [INT], (_context, value) => value),
  reads('to_float', [INT], (_context, value) => new RhaiFloat(Number(value))),
  reads('to_hex', [INT], (_context, value) => digits(value, 16)),
  reads('to_octal', [INT], (_context, value) => digits(value, 8)),
  reads('to_binary', [INT], (_context, value) => digits(value, 2)),
  reads('parse_int', [STRING], (context, text) => parseInteger(context, text, DECIMAL)),
  reads('parse_int', [STRING, INT], (context, text, radix) => {
    if (radix < RADIX_MIN || radix > RADIX_MAX) {
      throw arithmeticError(`Invalid radix: '${radix}'`)
    }
    return parseInteger(context, text, Number(radix))
  }),
]

function larger(left: Int, right: Int): Int {
  if (left >= right) return left
  return right
}

function smaller(left: Int, right: Int): Int {
  if (left <= right) return left
  return right
}

function isOdd(value: Int): boolean {
  return typeof value === 'number' ? value % 2 !== 0 : (value & 1n) === 1n
}

/** The digits of the 64 bits, so that negative numbers show their two's complement. */
function digits(value: Int, base: number): string {
  return value < 0 ? BigInt.asUintN(64, BigInt(value)).toString(base) : value.toString(base)
}

/** Blanks around the number and one sign are allowed, nothing else. */
function parseInteger(context: CallContext, text: string, radix: number): Int {
  const number = trimmed(context, text)
  const isNegative = number.startsWith('-')
  const first = isNegative || number.startsWith('+') ? 1 : 0
  if (number === '') throw parseError(text, 'cannot parse integer from empty string')
  if (first === number.length) throw parseError(text, 'invalid digit found in string')
  let value = 0n
  let i = first
  while (number.charCodeAt(i) === ZERO) i++
  const short = shortInteger(number, i, radix)
  if (short !== undefined) return isNegative ? 0 - short : short
  for (; i < number.length; i++) {
    const digit = digitOf(number.charCodeAt(i))
    if (digit >= radix) throw parseError(text, 'invalid digit found in string')
    value = value * BigInt(radix) + BigInt(digit)
    if (isNegative && -value < INT_MIN)
      throw parseError(text, 'number too small to fit in target type')
    if (!isNegative && value > INT_MAX)
      throw parseError(text, 'number too large to fit in target type')
  }
  return intOf(isNegative ? -value : value)
}

/** The value of so few digits that they surely are a safe integer; undefined when they are not. */
function shortInteger(digits: string, start: number, radix: number): number | undefined {
  if (digits.length - start > SAFE_DIGITS) return undefined
  let value = 0
  for (let i = start; i < digits.length; i++) {
    const digit = digitOf(digits.charCodeAt(i))
    if (digit >= radix) return undefined
    value = value * radix + digit
  }
  return value
}

/** The worth of a digit or letter, or infinity for anything else. */
function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  const letter = unit | 0x20
  if (letter >= 0x61 && letter <= 0x7a) return letter - 0x61 + DECIMAL
  return Number.POSITIVE_INFINITY
}

function parseError(text: string, reason: string): unknown {
  return arithmeticError(`Error parsing integer number '${text}': ${reason}`)
}
