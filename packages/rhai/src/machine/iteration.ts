/**
 * `for` loops.
 *
 * A loop over a range counts in JavaScript, and so does one over an array; everything else goes
 * through a cursor.
 *
 * @module
 */

import { copyUntagged } from '../runtime/copy.ts'
import { SafeCounter } from '../runtime/integer-cursor.ts'
import { CharCursor, cursorOf } from '../runtime/iteration.ts'
import { makeRange } from '../runtime/range.ts'
import {
  type Cursor,
  END,
  type Int,
  type PlainValue,
  RhaiArray,
  RhaiRange,
  type Value,
} from '../runtime/value.ts'
import { evaluationError, located, type PackedPosition } from './error/failure.ts'
import type { RunState } from './run-state.ts'

export { END }

/** The items of an array, as they are now; undefined for everything else. */
export function walkedItems(value: Value): readonly Value[] | undefined {
  if (!(value instanceof RhaiArray)) return undefined
  value.shared = true
  return value.items
}

/** Walks `value`, which may change meanwhile without the loop noticing. */
export function walk(run: RunState, value: Value, at: PackedPosition): Cursor {
  const cursor = cursorOf(run, copyUntagged(value))
  if (cursor !== undefined) return cursor
  throw evaluationError('ErrorFor', 'For loop expects iterable type', at)
}

/** The step of a walk that only counts upwards, which emitted code does in place; 0 for others. */
export function stepUp(cursor: Cursor | undefined): number {
  return cursor instanceof SafeCounter && cursor.step > 0 ? cursor.step : 0
}

/** The next value of a loop; an error of the iterator gets the position of the iterable. */
export function advance(cursor: Cursor, at: PackedPosition): Value | typeof END {
  if (cursor instanceof CharCursor) return cursor.next()
  try {
    return cursor.next()
  } catch (error) {
    throw located(error, at)
  }
}

/** Checks the ends of `start..end` in a `for`, and says where counting begins. */
export function countFrom(
  run: RunState,
  start: PlainValue,
  end: PlainValue,
  inclusive: boolean,
  at: PackedPosition,
): Int {
  let made: Value
  try {
    made = makeRange(run, start, end, inclusive)
  } catch (error) {
    throw located(error, at)
  }
  if (!(made instanceof RhaiRange)) throw evaluationError('ErrorFor', 'Not a range', at)
  const leavesSafeRange = typeof made.end === 'bigint' && made.end > 0n
  return leavesSafeRange && made.end !== I64_MAX ? BigInt(made.start) : made.start
}

/** A count as the INT it is: it may be a bigint counted into the safe range. */
export function countedInt(count: Int): Int {
  const asNumber = Number(count)
  return Number.isSafeInteger(asNumber) ? asNumber : count
}

const I64_MAX = 2n ** 63n - 1n
