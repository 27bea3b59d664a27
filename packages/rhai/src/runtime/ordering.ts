/**
 * `< <= > >=`.
 *
 * Values of different types are never ordered, which is false and no error. Values of one type
 * without an order (arrays, maps, ranges, function pointers) are `ErrorFunctionNotFound`.
 *
 * @module
 */
import { isInt } from './arithmetic.ts'
import type { CallContext } from './call-context.ts'
import { floatGreater, floatGreaterOrEqual, floatLess, floatLessOrEqual } from './float-compare.ts'
import { KIND } from './kind.ts'
import { compareTextIn } from './metered-text.ts'
import { functionNotFound } from './raise.ts'
import {
  kindOf,
  type PlainValue,
  RhaiByte,
  RhaiChar,
  RhaiFloat,
  Tagged,
  Timestamp,
  untagged,
  type Value,
} from './value.ts'

export function greater(context: CallContext, left: Value, right: Value): boolean {
  if (isInt(left) && isInt(right)) return left > right
  if (isFloatPair(left, right)) return floatGreater(numberOf(left), numberOf(right))
  if (left instanceof Tagged || right instanceof Tagged) {
    return greater(context, untagged(left), untagged(right))
  }
  const order = compare(context, '>', left, right)
  return order !== undefined && order > 0
}

export function greaterOrEqual(context: CallContext, left: Value, right: Value): boolean {
  if (isInt(left) && isInt(right)) return left >= right
  if (isFloatPair(left, right)) return floatGreaterOrEqual(numberOf(left), numberOf(right))
  if (left instanceof Tagged || right instanceof Tagged) {
    return greaterOrEqual(context, untagged(left), untagged(right))
  }
  const order = compare(context, '>=', left, right)
  return order !== undefined && order >= 0
}

export function less(context: CallContext, left: Value, right: Value): boolean {
  if (isInt(left) && isInt(right)) return left < right
  if (isFloatPair(left, right)) return floatLess(numberOf(left), numberOf(right))
  if (left instanceof Tagged || right instanceof Tagged) {
    return less(context, untagged(left), untagged(right))
  }
  const order = compare(context, '<', left, right)
  return order !== undefined && order < 0
}

export function lessOrEqual(context: CallContext, left: Value, right: Value): boolean {
  if (isInt(left) && isInt(right)) return left <= right
  if (isFloatPair(left, right)) return floatLessOrEqual(numberOf(left), numberOf(right))
  if (left instanceof Tagged || right instanceof Tagged) {
    return lessOrEqual(context, untagged(left), untagged(right))
  }
  const order = compare(context, '<=', left, right)
  return order !== undefined && order <= 0
}

/** Two numbers of which at least one is a float. */
export function isFloatPair(left: Value, right: Value): boolean {
  return left instanceof RhaiFloat
    ? right instanceof RhaiFloat || isInt(right)
    : right instanceof RhaiFloat && isInt(left)
}

/** The number behind an INT or FLOAT. */
export function numberOf(value: Value): number {
  return value instanceof RhaiFloat ? value.value : Number(value)
}

/** The text of a string or char. */
export function textIn(value: Value): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof RhaiChar ? value.text : undefined
}

/** The order of two values, or undefined when their types are never ordered. */
function compare(
  context: CallContext,
  operator: string,
  left: PlainValue,
  right: PlainValue,
): number | undefined {
  const leftText = textIn(left)
  if (leftText !== undefined) {
    const rightText = textIn(right)
    return rightText === undefined ? undefined : compareTextIn(context, leftText, rightText)
  }
  if (left instanceof RhaiByte && right instanceof RhaiByte) return left.value - right.value
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right)
  if (left instanceof Timestamp && right instanceof Timestamp) {
    return left.milliseconds - right.milliseconds
  }
  const kinds = [kindOf(left), kindOf(right)] as const
  const isSameType = kinds[0] === kinds[1] && left !== undefined
  const isByteAndNumber = isNumeric(kinds[0]) && isNumeric(kinds[1])
  if (isSameType || isByteAndNumber || isUnorderedPair(kinds[0], kinds[1]))
    throw functionNotFound(operator, [left, right])
  return undefined
}

/** Two types between which the reference looks for an operator and finds none. */
function isUnorderedPair(left: number, right: number): boolean {
  if (left === KIND.blob) return right === KIND.char
  return isRange(left) && isRange(right)
}

function isRange(kind: number): boolean {
  return kind === KIND.range || kind === KIND.inclusiveRange
}

function isNumeric(kind: number): boolean {
  return kind === KIND.int || kind === KIND.float || kind === KIND.byte
}
