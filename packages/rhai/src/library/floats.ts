/**
 * Functions on floats, and reading floats from text.
 *
 * @module
 */

import type { CallContext } from '../runtime/call-context.ts'
import { plainFloat } from '../runtime/float-text.ts'
import { intOf } from '../runtime/int.ts'
import {
  FLOAT,
  type NativeFunction,
  NUMBER,
  property,
  reads,
  STRING,
} from '../runtime/native-function.ts'
import { numberOf } from '../runtime/ordering.ts'
import { arithmeticError } from '../runtime/raise.ts'
import { type Int, RhaiFloat } from '../runtime/value.ts'
import { trimmed } from './whitespace.ts'

const INT_MAX_AS_FLOAT = 2 ** 63
const INT_MIN_AS_FLOAT = -(2 ** 63)
const NUMERAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const NAMED = /^([+-]?)(inf|infinity|nan)$/i

export const floatFunctions: readonly NativeFunction[] = [
  floatMethod('abs', Math.abs),
  reads('sign', [FLOAT], (_context, { value }) => signOf(value)),
  property('is_zero', [FLOAT], (_context, { value }) => value === 0),
  floatProperty('floor', Math.floor),
  floatProperty('ceiling', Math.ceil),
  floatProperty('round', roundAwayFromZero),
  floatProperty('int', Math.trunc),
  floatProperty('fraction', (value) => value - Math.trunc(value)),
  property('is_nan', [FLOAT], (_context, { value }) => Number.isNaN(value)),
  property('is_finite', [FLOAT], (_context, { value }) => Number.isFinite(value)),
  property('is_infinite', [FLOAT], (_context, { value }) => Math.abs(value) === Infinity),
  reads('max', [NUMBER, NUMBER], (_context, left, right) =>
    larger(numberOf(left), numberOf(right)),
  ),
  reads('min', [NUMBER, NUMBER], (_context, left, right) =>
    smaller(numberOf(left), numberOf(right)),
  ),
  reads('to_int', [FLOAT], (_context, { value }) => toInt(value)),
  reads('to_float', [FLOAT], (_context, value) => value),
  reads('parse_float', [STRING], (context, text) => new RhaiFloat(parseFloatText(context, text))),
]

export function floatMethod(name: string, compute: (value: number) => number): NativeFunction {
  return reads(name, [FLOAT], (_context, { value }) => new RhaiFloat(compute(value)))
}

function floatProperty(name: string, compute: (value: number) => number): NativeFunction {
  return property(name, [FLOAT], (_context, { value }) => new RhaiFloat(compute(value)))
}

/** The second one when either is NaN, unlike `Math.max`. */
function larger(x: number, y: number): RhaiFloat {
  return new RhaiFloat(isAtLeast(x, y) ? x : y)
}

function smaller(x: number, y: number): RhaiFloat {
  return new RhaiFloat(isAtLeast(y, x) ? x : y)
}

function isAtLeast(x: number, y: number): boolean {
  return x >= y
}

function signOf(value: number): number {
  if (Number.isNaN(value)) throw arithmeticError('Sign of NaN is undefined')
  return value === 0 ? 0 : Math.sign(value)
}

/** Halves go away from zero; JavaScript rounds them up. */
function roundAwayFromZero(value: number): number {
  const whole = Math.trunc(value)
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole
}

/** NaN is zero, and the one float at the upper edge is the largest integer, as in the reference. */
function toInt(value: number): Int {
  if (Number.isNaN(value)) return 0
  if (value > INT_MAX_AS_FLOAT || value < INT_MIN_AS_FLOAT) {
    throw arithmeticError(`Integer overflow: to_int(${plainFloat(value)})`)
  }
  const exact = BigInt(Math.trunc(value))
  return intOf(value === INT_MAX_AS_FLOAT ? exact - 1n : exact)
}

function parseFloatText(context: CallContext, text: string): number {
  const number = trimmed(context, text)
  if (NUMERAL.test(number)) return Number(number)
  const [, sign, name] = NAMED.exec(number) ?? []
  if (name === undefined) {
    const reason = number === '' ? 'cannot parse float from empty string' : 'invalid float literal'
    throw arithmeticError(`Error parsing floating-point number '${text}': ${reason}`)
  }
  if (name.toLowerCase() === 'nan') return Number.NaN
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
