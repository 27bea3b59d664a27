/**
 * `target op= value`: each function answers what the target holds afterwards.
 *
 * Containers change in place and come back as the same handle; everything else is the plain
 * operator, which also words the error when the pair has none. Where the reference changes a target
 * in place its tag stays, where it puts a new value there the tag is lost.
 *
 * @module
 */
import { add, divide, isInt, modulo, multiply, power, subtract } from './arithmetic.ts'
import { and, or, shiftLeft, shiftRight, xor } from './bitwise.ts'
import { appendBytes, pushByte } from './blob-growth.ts'
import type { CallContext } from './call-context.ts'
import { appendItems, joinText, mixIn, textOf } from './concatenate.ts'
import { writableItems } from './copy.ts'
import { lowByte } from './int.ts'
import { chargeText } from './metering.ts'
import { checkArraySize } from './size-limits.ts'
import { keepTag } from './tag.ts'
import { encodeUtf8 } from './utf8.ts'
import {
  kindOf,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  RhaiByte,
  RhaiChar,
  RhaiMap,
  Tagged,
  untagged,
  type Value,
} from './value.ts'

type Operator = (context: CallContext, left: PlainValue, right: PlainValue) => Value
type Assign = (context: CallContext, target: Value, value: PlainValue) => Value

/** The value may become a new item of an array, and then keeps its tag. */
export function addAssign(context: CallContext, target: Value, value: Value): Value {
  if (target instanceof Tagged) return inPlace(target, sum(context, target.value, value))
  return sum(context, target, value)
}

export const subtractAssign = arithmetic(subtract)
export const multiplyAssign = arithmetic(multiply)
export const divideAssign = arithmetic(divide)
export const moduloAssign = arithmetic(modulo)
export const powerAssign = arithmetic(power)
export const shiftLeftAssign = bitwise(shiftLeft)
export const shiftRightAssign = bitwise(shiftRight)
export const andAssign = bitwise(and)
export const orAssign = bitwise(or)
export const xorAssign = bitwise(xor)

function arithmetic(operator: Operator): Assign {
  return (context, target, value) => {
    if (!(target instanceof Tagged)) return operator(context, target, value)
    return inPlace(target, operator(context, target.value, value))
  }
}

function bitwise(operator: Operator): Assign {
  return (context, target, value) => {
    if (!(target instanceof Tagged)) return operator(context, target, value)
    const result = operator(context, target.value, value)
    return typeof result === 'boolean' ? keepTag(target, result) : result
  }
}

/** A result of the target's own type is changed in place; a byte is the exception. */
function inPlace(target: Tagged, result: Value): Value {
  const isSameType = kindOf(result) === kindOf(target.value)
  return isSameType && !(result instanceof RhaiByte) ? keepTag(target, result) : result
}

function sum(context: CallContext, target: PlainValue, value: Value): Value {
  if (typeof target === 'string') return joinText(context, target, textOf(context, value))
  if (target instanceof RhaiArray) return addToArray(context, target, value)
  const operand = untagged(value)
  if (target instanceof RhaiChar && operand === '') return target
  if (target instanceof RhaiMap && operand instanceof RhaiMap) {
    return mixIn(context, target, operand)
  }
  if (target instanceof RhaiBlob) return addToBlob(context, target, operand)
  return add(context, target, operand)
}

/** An array's items are added one by one, any other value as one item. */
function addToArray(context: CallContext, target: RhaiArray, value: Value): Value {
  if (value instanceof RhaiArray) return appendItems(context, target, value)
  checkArraySize(context, target.items.length + 1)
  writableItems(context, target).push(value)
  context.dataMeter?.put(target, value)
  return target
}

function addToBlob(context: CallContext, target: RhaiBlob, value: PlainValue): Value {
  if (isInt(value)) return pushByte(context, target, lowByte(value))
  if (value instanceof RhaiBlob) return appendBytes(context, target, value.bytes)
  if (value instanceof RhaiChar) return appendBytes(context, target, encodeUtf8(value.text))
  if (typeof value === 'string') {
    chargeText(context, value.length)
    return appendBytes(context, target, encodeUtf8(value))
  }
  return add(context, target, value)
}
