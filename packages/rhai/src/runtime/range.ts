/**
 * Ranges: making them with `..` and `..=`, and reading them as a part of something.
 *
 * @module
 */
import { isInt } from './arithmetic.ts'
import type { CallContext } from './call-context.ts'
import { INT_MAX, indexOfInt } from './int.ts'
import { functionNotFound } from './raise.ts'
import { type Int, type PlainValue, RhaiRange } from './value.ts'

/** `start..end` or `start..=end`; a missing side is `()`. */
export function makeRange(
  _context: CallContext,
  start: PlainValue,
  end: PlainValue,
  inclusive: boolean,
): RhaiRange {
  const from = start === undefined && isInt(end) ? 0 : start
  const to = end === undefined && isInt(start) ? INT_MAX : end
  if (isInt(from) && isInt(to)) return new RhaiRange(from, to, inclusive)
  throw functionNotFound(inclusive ? '..=' : '..', [start, end])
}

/** A part of something that has `length` items: where it starts, and how many it has. */
export interface Span {
  readonly start: number
  readonly count: number
}

/**
 * The part a range means. A negative start is the beginning, and an end before the start moves up
 * to it: so an inclusive range always means one item at least, if there is one.
 */
export function spanOfRange(range: RhaiRange, length: number): Span {
  const start = Math.max(indexOfInt(range.start), 0)
  const end = Math.max(indexOfInt(range.end), start)
  return spanOf(start, end - start + (range.inclusive ? 1 : 0), length)
}

/**
 * Start and count of a range that means positions one by one: an inclusive one may be empty here.
 */
export function extentOf(range: RhaiRange): Span {
  const start = Math.max(indexOfInt(range.start), 0)
  const end = Math.max(indexOfInt(range.end), range.inclusive ? start - 1 : start)
  return { start, count: end - start + (range.inclusive ? 1 : 0) }
}

/** The part that `(start, count)` means; a negative start counts from the end. */
export function spanOf(start: Int, count: Int, length: number): Span {
  const offset = offsetIn(start, length)
  const wanted = Math.max(indexOfInt(count), 0)
  return { start: offset, count: Math.min(wanted, length - offset) }
}

/** A position that may count from the end, held between the beginning and the end. */
export function offsetIn(index: Int, length: number): number {
  const position = indexOfInt(index)
  return position < 0 ? Math.max(length + position, 0) : Math.min(position, length)
}
