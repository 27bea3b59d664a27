/**
 * Operators as emitted code calls them, when the values are not two small integers.
 *
 * They add what the runtime's operators do not know: the position of an error, and that operands
 * read from variables must be copied before a result may keep them, and lose their tags. As in the
 * reference, an arithmetic error of a plain binary operator on integers carries no position. The
 * common operators are written
 * out one by one, because JavaScript optimises each for the types it meets.
 *
 * @module
 */

import { RhaiError } from '../rhai-error.ts'
import * as arithmetic from '../runtime/arithmetic.ts'
import { isInt } from '../runtime/arithmetic.ts'
import * as bitwise from '../runtime/bitwise.ts'
import type { CallContext } from '../runtime/call-context.ts'
import * as containment from '../runtime/containment.ts'
import { copyUntagged } from '../runtime/copy.ts'
import * as equality from '../runtime/equality.ts'
import * as assigning from '../runtime/op-assign.ts'
import * as ordering from '../runtime/ordering.ts'
import { mismatchedType } from '../runtime/raise.ts'
import { makeRange } from '../runtime/range.ts'
import { displayText } from '../runtime/text.ts'
import {
  type PlainValue,
  RhaiChar,
  RhaiFloat,
  Tagged,
  untagged,
  type Value,
} from '../runtime/value.ts'
import { copy } from './chain.ts'
import { located, type PackedPosition } from './error/failure.ts'
import type { RunState } from './run-state.ts'
import { checkedText } from './sizes.ts'

type Binary = (context: CallContext, left: PlainValue, right: PlainValue) => Value
type Assign = (context: CallContext, target: Value, value: PlainValue) => Value
type Emitted = (run: RunState, left: Value, right: Value, at: PackedPosition) => Value

export function add(run: RunState, left: Value, right: Value, at: PackedPosition): Value {
  if (left instanceof RhaiFloat && right instanceof RhaiFloat) {
    return new RhaiFloat(left.value + right.value)
  }
  if (typeof left === 'string' && isPlainText(right)) return joined(run, left, right, at)
  try {
    return arithmetic.add(run, operand(left), operand(right))
  } catch (error) {
    throw locatedOperation(error, left, at)
  }
}

export function subtract(run: RunState, left: Value, right: Value, at: PackedPosition): Value {
  if (left instanceof RhaiFloat && right instanceof RhaiFloat) {
    return new RhaiFloat(left.value - right.value)
  }
  try {
    return arithmetic.subtract(run, operand(left), operand(right))
  } catch (error) {
    throw locatedOperation(error, left, at)
  }
}

export function multiply(run: RunState, left: Value, right: Value, at: PackedPosition): Value {
  if (left instanceof RhaiFloat && right instanceof RhaiFloat) {
    return new RhaiFloat(left.value * right.value)
  }
  try {
    return arithmetic.multiply(run, operand(left), operand(right))
  } catch (error) {
    throw locatedOperation(error, left, at)
  }
}

export function divide(run: RunState, left: Value, right: Value, at: PackedPosition): Value {
  if (left instanceof RhaiFloat && right instanceof RhaiFloat) {
    return new RhaiFloat(left.value / right.value)
  }
  try {
    return arithmetic.divide(run, operand(left), operand(right))
  } catch (error) {
    throw locatedOperation(error, left, at)
  }
}

export function addAssign(run: RunState, target: Value, value: Value, at: PackedPosition): Value {
  if (target instanceof RhaiFloat && value instanceof RhaiFloat) {
    return new RhaiFloat(target.value + value.value)
  }
  if (typeof target === 'string' && isPlainText(value)) return joined(run, target, value, at)
  try {
    return assigning.addAssign(run, target, copy(value))
  } catch (error) {
    throw located(error, at)
  }
}

export function subtractAssign(
  run: RunState,
  target: Value,
  value: Value,
  at: PackedPosition,
): Value {
  if (target instanceof RhaiFloat && value instanceof RhaiFloat) {
    return new RhaiFloat(target.value - value.value)
  }
  try {
    return assigning.subtractAssign(run, target, operand(value))
  } catch (error) {
    throw located(error, at)
  }
}

export function multiplyAssign(
  run: RunState,
  target: Value,
  value: Value,
  at: PackedPosition,
): Value {
  if (target instanceof RhaiFloat && value instanceof RhaiFloat) {
    return new RhaiFloat(target.value * value.value)
  }
  try {
    return assigning.multiplyAssign(run, target, operand(value))
  } catch (error) {
    throw located(error, at)
  }
}

export function divideAssign(
  run: RunState,
  target: Value,
  value: Value,
  at: PackedPosition,
): Value {
  if (target instanceof RhaiFloat && value instanceof RhaiFloat) {
    return new RhaiFloat(target.value / value.value)
  }
  try {
    return assigning.divideAssign(run, target, operand(value))
  } catch (error) {
    throw located(error, at)
  }
}

export function equals(run: RunState, left: Value, right: Value, at: PackedPosition): boolean {
  if (left instanceof RhaiChar && right instanceof RhaiChar) return left.code === right.code
  try {
    return equality.equals(run, left, right)
  } catch (error) {
    throw located(error, at)
  }
}

export function notEquals(run: RunState, left: Value, right: Value, at: PackedPosition): boolean {
  if (left instanceof RhaiChar && right instanceof RhaiChar) return left.code !== right.code
  try {
    return equality.notEquals(run, left, right)
  } catch (error) {
    throw located(error, at)
  }
}

export function less(run: RunState, left: Value, right: Value, at: PackedPosition): boolean {
  if (left instanceof RhaiChar && right instanceof RhaiChar) return left.code < right.code
  try {
    return ordering.less(run, left, right)
  } catch (error) {
    throw located(error, at)
  }
}

export function lessOrEqual(run: RunState, left: Value, right: Value, at: PackedPosition): boolean {
  if (left instanceof RhaiChar && right instanceof RhaiChar) return left.code <= right.code
  try {
    return ordering.lessOrEqual(run, left, right)
  } catch (error) {
    throw located(error, at)
  }
}

export function greater(run: RunState, left: Value, right: Value, at: PackedPosition): boolean {
  if (left instanceof RhaiChar && right instanceof RhaiChar) return left.code > right.code
  try {
    return ordering.greater(run, left, right)
  } catch (error) {
    throw located(error, at)
  }
}

export function greaterOrEqual(
  run: RunState,
  left: Value,
  right: Value,
  at: PackedPosition,
): boolean {
  if (left instanceof RhaiChar && right instanceof RhaiChar) return left.code >= right.code
  try {
    return ordering.greaterOrEqual(run, left, right)
  } catch (error) {
    throw located(error, at)
  }
}

/** `item in container`. */
export function isIn(run: RunState, item: Value, container: Value, at: PackedPosition): boolean {
  try {
    return containment.contains(run, untagged(container), untagged(item))
  } catch (error) {
    throw located(error, at)
  }
}

export const modulo = plain(arithmetic.modulo)
export const power = plain(arithmetic.power)
export const shiftLeft = plain(bitwise.shiftLeft)
export const shiftRight = plain(bitwise.shiftRight)
export const and = plain(bitwise.and)
export const or = plain(bitwise.or)
export const xor = plain(bitwise.xor)

export const moduloAssign = compound(assigning.moduloAssign)
export const powerAssign = compound(assigning.powerAssign)
export const shiftLeftAssign = compound(assigning.shiftLeftAssign)
export const shiftRightAssign = compound(assigning.shiftRightAssign)
export const andAssign = compound(assigning.andAssign)
export const orAssign = compound(assigning.orAssign)
export const xorAssign = compound(assigning.xorAssign)

export function negate(run: RunState, value: Value, at: PackedPosition): Value {
  if (value instanceof RhaiFloat) return new RhaiFloat(-value.value)
  try {
    return arithmetic.negate(run, untagged(value))
  } catch (error) {
    throw located(error, at)
  }
}

export function plus(run: RunState, value: Value, at: PackedPosition): Value {
  try {
    return arithmetic.plus(run, untagged(value))
  } catch (error) {
    throw located(error, at)
  }
}

export function not(run: RunState, value: Value, at: PackedPosition): Value {
  try {
    return bitwise.not(run, untagged(value))
  } catch (error) {
    throw located(error, at)
  }
}

/** A plain operator: arithmetic errors on integers get no position. */
function plain(operator: Binary): Emitted {
  return (run, left, right, at) => {
    try {
      return operator(run, operand(left), operand(right))
    } catch (error) {
      throw locatedOperation(error, left, at)
    }
  }
}

/** `target op= value`: answers what the target holds then; containers change in place. */
function compound(operator: Assign): Emitted {
  return (run, target, value, at) => {
    try {
      return operator(run, target, operand(value))
    } catch (error) {
      throw located(error, at)
    }
  }
}

/** What a string takes up as JavaScript would. */
function isPlainText(value: Value): value is string | number | RhaiChar {
  return typeof value === 'string' || typeof value === 'number' || value instanceof RhaiChar
}

function joined(
  run: RunState,
  text: string,
  added: string | number | RhaiChar,
  at: PackedPosition,
): string {
  return checkedText(run, text + (added instanceof RhaiChar ? added.text : added), at)
}

/** What an operator takes: without a tag, and its own to extend. */
function operand(value: Value): PlainValue {
  return typeof value !== 'object' || value instanceof RhaiFloat ? value : copyUntagged(value)
}

/** An arithmetic error on integers carries no position; on bytes and points in time it does. */
function locatedOperation(error: unknown, left: Value, at: PackedPosition): unknown {
  const isArithmetic = error instanceof RhaiError && error.kind === 'ErrorArithmetic'
  return isArithmetic && isInt(untagged(left)) ? error : located(error, at)
}

export function range(
  run: RunState,
  start: Value,
  end: Value,
  inclusive: boolean,
  at: PackedPosition,
): Value {
  try {
    return makeRange(run, untagged(start), untagged(end), inclusive)
  } catch (error) {
    throw located(error, at)
  }
}

/** The value of a condition. */
export function truth(value: Value, at: PackedPosition): boolean {
  if (typeof value === 'boolean') return value
  if (value instanceof Tagged) return truth(value.value, at)
  throw located(mismatchedType('bool', value), at)
}

/** A value inside an interpolated string. */
export function textOf(run: RunState, value: Value, at: PackedPosition): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  try {
    return displayText(run, value)
  } catch (error) {
    throw located(error, at)
  }
}
