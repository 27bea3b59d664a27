/**
 * Strings indexed by a range: reading `text[1..3]`, and replacing that part.
 *
 * Here, unlike in the library's functions, negative ends count from the end of the string, and an
 * inclusive range of one char reads as the empty string unless it is the whole string: `s[1..=1]`
 * is `""`, as in the reference.
 *
 * @module
 */
import { indexOfInt } from './int.ts'
import { stringBoundsError } from './raise.ts'
import { charCount, offsetOf, sliceChars } from './unicode-text.ts'
import type { RhaiRange } from './value.ts'

interface Bounds {
  readonly start: number
  /** Not included. */
  readonly end: number
}

export function sliceOf(text: string, range: RhaiRange): string {
  if (text === '') return ''
  const { start, end } = boundsOf(text, range)
  if (start === 0 && end >= charCount(text)) return text
  return end > start + (range.inclusive ? 1 : 0) ? sliceChars(text, start, end) : ''
}

/** The text with the part a range means replaced. */
export function withSlice(text: string, range: RhaiRange, replacement: string): string {
  if (text === '') return replacement
  const { start, end } = boundsOf(text, range)
  return text.slice(0, offsetOf(text, start)) + replacement + text.slice(offsetOf(text, end))
}

/** @throws RhaiError `ErrorStringBounds` when the start lies before the beginning */
function boundsOf(text: string, range: RhaiRange): Bounds {
  const length = charCount(text)
  const start = indexOfInt(range.start)
  if (start < -length) throw stringBoundsError(length, range.start)
  const end = indexOfInt(range.end)
  const last = end < 0 ? Math.max(end + length, 0) : Math.min(end, length)
  return { start: start < 0 ? start + length : start, end: last + (range.inclusive ? 1 : 0) }
}
