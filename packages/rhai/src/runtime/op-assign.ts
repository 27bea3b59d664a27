/**
 * `target op= value`: each function answers what the target holds afterwards.
 *
 * Containers change in place and come back as the same handle; everything else is the plain
 * operator, which also words the error when the pair has none.
 *
 * @module
 */
import { add, isInt, modulo, power } from './arithmetic.ts'
import { and, or, shiftLeft, shiftRight, xor } from './bitwise.ts'
import { appendBytes, pushByte } from './blob-growth.ts'
import type { CallContext } from './call-context.ts'
import { appendItems, joinText, mixIn, textOf } from './concatenate.ts'
import { writableItems } from './copy.ts'
import { lowByte } from './int.ts'
import { chargeText } from './metering.ts'
import { checkArraySize } from './size-limits.ts'
import { encodeUtf8 } from './utf8.ts'
import { RhaiArray, RhaiBlob, RhaiChar, RhaiMap, type Value } from './value.ts'

export function addAssign(context: CallContext, target: Value, value: Value): Value {
  if (typeof target === 'string') return joinText(context, target, textOf(context, value))
  if (target instanceof RhaiChar && value === '') return target
  if (target instanceof RhaiArray) return addToArray(context, target, value)
  if (target instanceof RhaiMap && value instanceof RhaiMap) return mixIn(context, target, value)
  if (target instanceof RhaiBlob) return addToBlob(context, target, value)
  return add(context, target, value)
}

export const moduloAssign = modulo
export const powerAssign = power
export const shiftLeftAssign = shiftLeft
export const shiftRightAssign = shiftRight
export const andAssign = and
export const orAssign = or
export const xorAssign = xor

/** An array's items are added one by one, any other value as one item. */
function addToArray(context: CallContext, target: RhaiArray, value: Value): Value {
  if (value instanceof RhaiArray) return appendItems(context, target, value)
  checkArraySize(context, target.items.length + 1)
  writableItems(context, target).push(value)
  return target
}

function addToBlob(context: CallContext, target: RhaiBlob, value: Value): Value {
  if (isInt(value)) return pushByte(context, target, lowByte(value))
  if (value instanceof RhaiBlob) return appendBytes(context, target, value.bytes)
  if (value instanceof RhaiChar) return appendBytes(context, target, encodeUtf8(value.text))
  if (typeof value === 'string') {
    chargeText(context, value.length)
    return appendBytes(context, target, encodeUtf8(value))
  }
  return add(context, target, value)
}
