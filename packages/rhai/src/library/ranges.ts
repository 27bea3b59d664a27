/**
 * Functions on ranges, and iterators that count in steps.
 *
 * @module
 */

import { INT_MAX, INT_MIN } from '../runtime/int.ts'
import { countBySteps } from '../runtime/integer-cursor.ts'
import {
  EXCLUSIVE_RANGE,
  FLOAT,
  INT,
  mutates,
  type NativeFunction,
  property,
  RANGE,
  reads,
} from '../runtime/native-function.ts'
import { arithmeticError, inFunctionCall } from '../runtime/raise.ts'
import {
  type Cursor,
  END,
  type Int,
  RhaiFloat,
  RhaiIterator,
  RhaiRange,
  type Value,
} from '../runtime/value.ts'

export const rangeFunctions: readonly NativeFunction[] = [
  property('start', [RANGE], (_context, { start }) => start),
  property('end', [RANGE], (_context, { end }) => end),
  property('is_inclusive', [RANGE], (_context, { inclusive }) => inclusive),
  property('is_exclusive', [RANGE], (_context, { inclusive }) => !inclusive),
  property('is_empty', [RANGE], (_context, { start, end, inclusive }) =>
    inclusive ? start > end : start >= end,
  ),
  mutates('contains', [RANGE, INT], (_context, range, value) => isWithin(range, value)),
  reads('range', [INT, INT], (_context, from, to) => new RhaiRange(from, to, false)),
  reads('range', [INT, INT, INT], (_context, from, to, step) => intSteps(from, to, step)),
  reads('range', [EXCLUSIVE_RANGE, INT], (_context, { start, end }, step) =>
    intSteps(start, end, step),
  ),
  reads('range', [FLOAT, FLOAT, FLOAT], (_context, from, to, step) =>
    floatSteps(from.value, to.value, step.value),
  ),
]

function isWithin(range: RhaiRange, value: Int): boolean {
  return value >= range.start && (range.inclusive ? value <= range.end : value < range.end)
}

function intSteps(from: Int, to: Int, step: Int): RhaiIterator {
  if (step === 0) throw stepIsZero()
  const isPossible = areSafe(from, step) || isInt64(BigInt(from) + BigInt(step))
  const isForward = step > 0 ? from < to : from > to
  return isPossible && isForward ? new RhaiIterator(() => countBySteps(from, to, step)) : nothing()
}

function areSafe(left: Int, right: Int): boolean {
  return typeof left === 'number' && typeof right === 'number'
}

function isInt64(value: bigint): boolean {
  return value <= INT_MAX && value >= INT_MIN
}

/** A step too small to change the start counts as zero. */
function floatSteps(from: number, to: number, step: number): RhaiIterator {
  if (from + step === from) throw stepIsZero()
  const isForward = step > 0 ? from < to : from > to
  return isForward ? new RhaiIterator(() => new FloatCounter(from, to, step)) : nothing()
}

function nothing(): RhaiIterator {
  return new RhaiIterator(() => ({ next: () => END }))
}

function stepIsZero(): unknown {
  return inFunctionCall(arithmeticError('step value cannot be zero'), 'range')
}

class FloatCounter implements Cursor {
  #next: number
  readonly #to: number
  readonly #step: number

  constructor(from: number, to: number, step: number) {
    this.#next = from
    this.#to = to
    this.#step = step
  }

  next(): Value | typeof END {
    const value = this.#next
    if (this.#step > 0 ? value >= this.#to : value <= this.#to) return END
    this.#next = value + this.#step
    return new RhaiFloat(value)
  }
}
