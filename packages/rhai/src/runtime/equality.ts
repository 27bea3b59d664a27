/**
 * `==` and `!=`.
 *
 * Numbers, and strings with chars, compare across types; arrays, maps and blobs compare deeply;
 * any other two types are unequal. A type without equality (function pointers, iterators) compared
 * with itself is `ErrorFunctionNotFound`. Walking containers charges one operation for each item.
 *
 * @module
 */
import { isInt } from './arithmetic.ts'
import type { CallContext } from './call-context.ts'
import { floatEquals, floatNotEquals } from './float-compare.ts'
import { entryCount, getEntry, hasEntry, sortedKeys } from './map-entries.ts'
import { chargeEntries, sortedKeysIn } from './map-metering.ts'
import { chargeBytes, chargeLook } from './metering.ts'
import { isFloatPair, numberOf, textIn } from './ordering.ts'
import { functionNotFound } from './raise.ts'
import { checkNesting } from './size-limits.ts'
import {
  kindOf,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  RhaiByte,
  RhaiChar,
  RhaiMap,
  RhaiRange,
  Tagged,
  Timestamp,
  untagged,
  type Value,
} from './value.ts'

export function equals(context: CallContext, left: Value, right: Value): boolean {
  const simple = simpleEquals(context, left, right)
  if (simple !== undefined) return simple
  if (left instanceof Tagged || right instanceof Tagged) {
    return equals(context, untagged(left), untagged(right))
  }
  return deepEquals(context, '==', left, right, 0)
}

export function notEquals(context: CallContext, left: Value, right: Value): boolean {
  if (isFloatPair(left, right)) return floatNotEquals(numberOf(left), numberOf(right))
  const simple = simpleEquals(context, left, right)
  if (simple !== undefined) return !simple
  if (left instanceof Tagged || right instanceof Tagged) {
    return notEquals(context, untagged(left), untagged(right))
  }
  if (
    left instanceof RhaiRange &&
    right instanceof RhaiRange &&
    left.inclusive !== right.inclusive
  ) {
    return true
  }
  return !deepEquals(context, '!=', left, right, 0)
}

/** Equality of two items: where `==` does not exist between their types, they are different. */
export function equalItems(context: CallContext, left: Value, right: Value): boolean {
  context.charge(1)
  const a = untagged(left)
  const b = untagged(right)
  return isComparable(a, b) && equals(context, a, b)
}

/** Equality of numbers, texts, booleans and `()`, or undefined when it takes a closer look. */
function simpleEquals(context: CallContext, left: Value, right: Value): boolean | undefined {
  if (isInt(left) && isInt(right)) return left === right
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false
    chargeLook(context, left.length + right.length)
    return left === right
  }
  if (isFloatPair(left, right)) return floatEquals(numberOf(left), numberOf(right))
  const leftText = textIn(left)
  if (leftText !== undefined) {
    const rightText = textIn(right)
    if (rightText !== undefined) return leftText === rightText
  } else if (left !== undefined && typeof left !== 'boolean') {
    return undefined
  }
  return right instanceof Tagged ? undefined : left === right
}

function deepEquals(
  context: CallContext,
  operator: string,
  left: PlainValue,
  right: PlainValue,
  depth: number,
): boolean {
  checkNesting(depth)
  if (left instanceof RhaiArray) {
    return right instanceof RhaiArray && arraysEqual(context, left, right, depth)
  }
  if (left instanceof RhaiMap) {
    return right instanceof RhaiMap && mapsEqual(context, left, right, depth)
  }
  if (left instanceof RhaiBlob) {
    if (!isComparable(left, right)) throw functionNotFound(operator, [left, right])
    return right instanceof RhaiBlob && bytesEqual(context, left.bytes, right.bytes)
  }
  return opaqueEquals(operator, left, right)
}

function itemEquals(
  context: CallContext,
  left: PlainValue,
  right: PlainValue,
  depth: number,
): boolean {
  context.charge(1)
  return simpleEquals(context, left, right) ?? deepEquals(context, '==', left, right, depth)
}

/** Items of two types that cannot be compared are unequal, not an error. */
function arraysEqual(
  context: CallContext,
  left: RhaiArray,
  right: RhaiArray,
  depth: number,
): boolean {
  const { items } = left
  const others = right.items
  if (items.length !== others.length) return false
  for (let i = 0; i < items.length; i++) {
    const item = untagged(items[i])
    const other = untagged(others[i])
    if (!isComparable(item, other)) return false
    if (!itemEquals(context, item, other, depth + 1)) return false
  }
  return true
}

function mapsEqual(context: CallContext, left: RhaiMap, right: RhaiMap, depth: number): boolean {
  if (entryCount(left) !== entryCount(right)) return false
  chargeEntries(context, left)
  const keys = left.table === undefined ? sortedKeys(left) : sortedKeysIn(context, left)
  for (const key of keys) {
    const other = getEntry(right, key)
    if (other === undefined && !hasEntry(right, key)) return false
    if (!itemEquals(context, untagged(getEntry(left, key)), untagged(other), depth + 1))
      return false
  }
  return true
}

function bytesEqual(context: CallContext, left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  chargeBytes(context, left.length)
  for (let i = 0; i < left.length; i++) {
    if (left[i] !== right[i]) return false
  }
  return true
}

function opaqueEquals(operator: string, left: PlainValue, right: PlainValue): boolean {
  if (!isComparable(left, right)) throw functionNotFound(operator, [left, right])
  if (left instanceof RhaiByte && right instanceof RhaiByte) return left.value === right.value
  if (left instanceof RhaiRange && right instanceof RhaiRange) {
    return left.start === right.start && left.end === right.end
  }
  if (left instanceof Timestamp && right instanceof Timestamp) {
    return left.milliseconds === right.milliseconds
  }
  if (kindOf(left) === kindOf(right)) throw functionNotFound(operator, [left, right])
  return false
}

/** A `u8` compares with no other number, a blob with no char, one kind of range not with the other. */
function isComparable(left: PlainValue, right: PlainValue): boolean {
  if (left instanceof RhaiBlob) return !(right instanceof RhaiChar)
  if (left instanceof RhaiRange && right instanceof RhaiRange) {
    return left.inclusive === right.inclusive
  }
  const isByte = left instanceof RhaiByte
  if (isByte === right instanceof RhaiByte) return true
  return !isNumber(isByte ? right : left)
}

function isNumber(value: PlainValue): boolean {
  return isInt(value) || isFloatPair(value, 0)
}
