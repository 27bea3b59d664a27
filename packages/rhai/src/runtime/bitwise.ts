/**
 * `<< >> & | ^` and `!`, on integers, bytes and booleans.
 *
 * @module
 */
import { isInt } from './arithmetic.ts'
import { shiftByteLeft, shiftByteRight } from './byte-arithmetic.ts'
import type { CallContext } from './call-context.ts'
import { andInt, orInt, shiftLeftInt, shiftRightInt, xorInt } from './int-bits.ts'
import { functionNotFound } from './raise.ts'
import { type PlainValue, RhaiByte, type Value } from './value.ts'

export function shiftLeft(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(right)) {
    if (isInt(left)) return shiftLeftInt(left, right)
    if (left instanceof RhaiByte) return shiftByteLeft(left.value, right)
  }
  throw functionNotFound('<<', [left, right])
}

export function shiftRight(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(right)) {
    if (isInt(left)) return shiftRightInt(left, right)
    if (left instanceof RhaiByte) return shiftByteRight(left.value, right)
  }
  throw functionNotFound('>>', [left, right])
}

export function and(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return andInt(left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean') return left && right
  if (left instanceof RhaiByte && right instanceof RhaiByte) {
    return new RhaiByte(left.value & right.value)
  }
  throw functionNotFound('&', [left, right])
}

export function or(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return orInt(left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean') return left || right
  if (left instanceof RhaiByte && right instanceof RhaiByte) {
    return new RhaiByte(left.value | right.value)
  }
  throw functionNotFound('|', [left, right])
}

export function xor(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return xorInt(left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean') return left !== right
  if (left instanceof RhaiByte && right instanceof RhaiByte) {
    return new RhaiByte(left.value ^ right.value)
  }
  throw functionNotFound('^', [left, right])
}

export function not(_context: CallContext, value: PlainValue): Value {
  if (typeof value === 'boolean') return !value
  throw functionNotFound('!', [value])
}
