/**
 * `+ - * / % **` and the unary signs, for every pair of types the language defines them on.
 *
 * Emitted code inlines the commonest case, two safe integers, and calls these for the rest, so each
 * function still tries integers first, then floats, then the rare types. Operands belong to the
 * function: `+` on containers extends the left one. A pair without the operator is
 * `ErrorFunctionNotFound`.
 *
 * @module
 */
import {
  addBytes,
  divideBytes,
  moduloBytes,
  multiplyBytes,
  powerByte,
  subtractBytes,
} from './byte-arithmetic.ts'
import type { CallContext } from './call-context.ts'
import { concatenate, textOf } from './concatenate.ts'
import {
  addInt,
  divideInt,
  moduloInt,
  multiplyInt,
  negateInt,
  powerInt,
  subtractInt,
} from './int.ts'
import { functionNotFound } from './raise.ts'
import { removeText } from './text-search.ts'
import { secondsBetween, shiftTime, shiftTimeBack } from './timestamp.ts'
import {
  type Int,
  type PlainValue,
  RhaiByte,
  RhaiChar,
  RhaiFloat,
  Timestamp,
  type Value,
} from './value.ts'

export function isInt(value: Value): value is Int {
  return typeof value === 'number' || typeof value === 'bigint'
}

export function add(context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return addInt(left, right)
  if (left instanceof RhaiFloat) {
    if (right instanceof RhaiFloat) return new RhaiFloat(left.value + right.value)
    if (isInt(right)) return new RhaiFloat(left.value + Number(right))
  } else if (right instanceof RhaiFloat && isInt(left)) {
    return new RhaiFloat(Number(left) + right.value)
  }
  if (left instanceof RhaiByte && right instanceof RhaiByte) {
    return addBytes(left.value, right.value)
  }
  if (left instanceof Timestamp && (isInt(right) || right instanceof RhaiFloat)) {
    return shiftTime(left, right)
  }
  return concatenate(context, left, right)
}

export function subtract(context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return subtractInt(left, right)
  if (left instanceof RhaiFloat) {
    if (right instanceof RhaiFloat) return new RhaiFloat(left.value - right.value)
    if (isInt(right)) return new RhaiFloat(left.value - Number(right))
  } else if (right instanceof RhaiFloat && isInt(left)) {
    return new RhaiFloat(Number(left) - right.value)
  }
  if (left instanceof RhaiByte && right instanceof RhaiByte) {
    return subtractBytes(left.value, right.value)
  }
  if (left instanceof Timestamp) {
    if (right instanceof Timestamp) return secondsBetween(left, right)
    if (isInt(right) || right instanceof RhaiFloat) return shiftTimeBack(left, right)
  }
  if (typeof left === 'string' && (typeof right === 'string' || right instanceof RhaiChar)) {
    // The reference takes an empty string as the right one.
    if (left === '' && typeof right === 'string') return right
    return removeText(context, left, textOf(context, right))
  }
  throw functionNotFound('-', [left, right])
}

export function multiply(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return multiplyInt(left, right)
  if (left instanceof RhaiFloat) {
    if (right instanceof RhaiFloat) return new RhaiFloat(left.value * right.value)
    if (isInt(right)) return new RhaiFloat(left.value * Number(right))
  } else if (right instanceof RhaiFloat && isInt(left)) {
    return new RhaiFloat(Number(left) * right.value)
  }
  if (left instanceof RhaiByte && right instanceof RhaiByte) {
    return multiplyBytes(left.value, right.value)
  }
  throw functionNotFound('*', [left, right])
}

export function divide(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return divideInt(left, right)
  if (left instanceof RhaiFloat) {
    if (right instanceof RhaiFloat) return new RhaiFloat(left.value / right.value)
    if (isInt(right)) return new RhaiFloat(left.value / Number(right))
  } else if (right instanceof RhaiFloat && isInt(left)) {
    return new RhaiFloat(Number(left) / right.value)
  }
  if (left instanceof RhaiByte && right instanceof RhaiByte) {
    return divideBytes(left.value, right.value)
  }
  throw functionNotFound('/', [left, right])
}

export function modulo(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return moduloInt(left, right)
  if (left instanceof RhaiFloat) {
    if (right instanceof RhaiFloat) return new RhaiFloat(left.value % right.value)
    if (isInt(right)) return new RhaiFloat(left.value % Number(right))
  } else if (right instanceof RhaiFloat && isInt(left)) {
    return new RhaiFloat(Number(left) % right.value)
  }
  if (left instanceof RhaiByte && right instanceof RhaiByte) {
    return moduloBytes(left.value, right.value)
  }
  throw functionNotFound('%', [left, right])
}

export function power(_context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (isInt(left) && isInt(right)) return powerInt(left, right)
  if (left instanceof RhaiFloat) {
    if (right instanceof RhaiFloat) return powerFloat(left.value, right.value)
    if (isInt(right)) return powerFloat(left.value, Number(right))
  } else if (right instanceof RhaiFloat && isInt(left)) {
    return powerFloat(Number(left), right.value)
  }
  if (left instanceof RhaiByte && isInt(right)) return powerByte(left.value, right)
  throw functionNotFound('**', [left, right])
}

export function negate(_context: CallContext, value: PlainValue): Value {
  if (isInt(value)) return negateInt(value)
  if (value instanceof RhaiFloat) return new RhaiFloat(-value.value)
  throw functionNotFound('-', [value])
}

export function plus(_context: CallContext, value: PlainValue): Value {
  if (isInt(value) || value instanceof RhaiFloat) return value
  throw functionNotFound('+', [value])
}

/** IEEE 754 says 1 to any power is 1 and -1 to an infinite power too; JavaScript says NaN. */
function powerFloat(base: number, exponent: number): RhaiFloat {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) {
    return new RhaiFloat(1)
  }
  return new RhaiFloat(base ** exponent)
}
