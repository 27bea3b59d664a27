/**
 * Functions that read strings. Positions count chars; negative ones count from the end.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { indexOfInt } from '../runtime/int.ts'
import { CharCursor } from '../runtime/iteration.ts'
import { madeOf } from '../runtime/made-array.ts'
import { compareTextIn } from '../runtime/metered-text.ts'
import { chargeLook, chargePositions, chargeText, countChars } from '../runtime/metering.ts'
import {
  INT,
  type NativeFunction,
  property,
  RANGE,
  reads,
  STRING,
  TEXT,
} from '../runtime/native-function.ts'
import { extentOf, type Span, spanOf, spanOfRange } from '../runtime/range.ts'
import { checkArraySize, checkBlobSize, checkStringSize } from '../runtime/size-limits.ts'
import { findText, includesText } from '../runtime/text-search.ts'
import {
  charAt,
  charCount,
  charFrom,
  indexAt,
  offsetOf,
  sliceChars,
  utf8Length,
} from '../runtime/unicode-text.ts'
import { encodeUtf8 } from '../runtime/utf8.ts'
import { type Int, RhaiBlob, RhaiChar, RhaiIterator, type Value } from '../runtime/value.ts'

/** Looks at each char that are needed to change the case of a text. */
const CASE_EFFORT = 4

export const stringFunctions: readonly NativeFunction[] = [
  property('len', [STRING], countChars),
  property('bytes', [STRING], (context, text) => {
    chargeText(context, text.length)
    return utf8Length(text)
  }),
  property('is_empty', [STRING], (_context, text) => text === ''),
  property('chars', [STRING], (context, text) => {
    chargeLook(context, text.length)
    return charIterator(text, 0, text.length)
  }),
  reads('chars', [STRING, INT], (context, text, start) => {
    const count = countChars(context, text)
    return charsOfSpan(text, spanOf(start, count, count))
  }),
  reads('chars', [STRING, INT, INT], (context, text, start, count) => {
    return charsOfSpan(text, spanOf(start, count, countChars(context, text)))
  }),
  reads('chars', [STRING, RANGE], (context, text, range) => {
    chargePositions(context, text)
    const { start, count } = extentOf(range)
    return charsOfSpan(text, spanOf(start, count, charCount(text)))
  }),
  reads('to_chars', [STRING], (context, text) => {
    context.charge(text.length)
    checkArraySize(context, charCount(text))
    return madeOf(context, charsOf(text))
  }),
  reads('to_blob', [STRING], (context, text) => {
    chargeText(context, text.length)
    const bytes = encodeUtf8(text)
    checkBlobSize(context, bytes.length)
    return new RhaiBlob(bytes)
  }),
  reads('get', [STRING, INT], (context, text, index) => {
    chargePositions(context, text)
    return charAt(text, positionIn(text, index))
  }),
  reads('to_upper', [STRING], (context, text) => upperCase(context, text)),
  reads('to_lower', [STRING], (context, text) => lowerCase(context, text)),
  reads('contains', [STRING, TEXT], (context, text, part) =>
    includesText(context, text, textOfPart(part)),
  ),
  reads('starts_with', [STRING, TEXT], (context, text, part) => {
    chargeLook(context, text.length + textOfPart(part).length)
    return text.startsWith(textOfPart(part))
  }),
  reads('ends_with', [STRING, TEXT], (context, text, part) => {
    chargeLook(context, text.length + textOfPart(part).length)
    return text.endsWith(textOfPart(part))
  }),
  reads('index_of', [STRING, TEXT], (context, text, part) => {
    const isNarrow = countChars(context, text) === text.length
    const offset = indexOfPart(context, text, textOfPart(part), 0)
    return isNarrow ? offset : indexAt(text, offset)
  }),
  reads('index_of', [STRING, TEXT, INT], (context, text, part, start) => {
    chargePositions(context, text)
    const from = Math.max(positionIn(text, start), 0)
    if (from > 0 && from >= charCount(text)) return -1
    return indexAt(text, indexOfPart(context, text, textOfPart(part), offsetOf(text, from)))
  }),
  reads('sub_string', [STRING, INT], (context, text, start) => {
    const length = countChars(context, text)
    return partOf(text, spanOf(start, length, length), length)
  }),
  reads('sub_string', [STRING, INT, INT], (context, text, start, count) => {
    const length = countChars(context, text)
    return partOf(text, spanOf(start, count, length), length)
  }),
  reads('sub_string', [STRING, RANGE], (context, text, range) => {
    const length = countChars(context, text)
    return partOf(text, spanOfRange(range, length), length)
  }),
  reads('max', [STRING, STRING], (context, left, right) =>
    compareTextIn(context, left, right) >= 0 ? left : right,
  ),
  reads('min', [STRING, STRING], (context, left, right) =>
    compareTextIn(context, left, right) <= 0 ? left : right,
  ),
]

/** The text of an argument that may be a string or a char. */
export function textOfPart(part: string | RhaiChar): string {
  return part instanceof RhaiChar ? part.text : part
}

/** A position that may count from the end; it may lie before the beginning. */
export function positionIn(text: string, index: Int): number {
  return index < 0 ? charCount(text) + indexOfInt(index) : indexOfInt(index)
}

/** Part of a text that has so many chars: where that is its length they are its units. */
export function partOf(text: string, { start, count }: Span, length = charCount(text)): string {
  const end = start + count
  return length === text.length ? text.slice(start, end) : sliceChars(text, start, end)
}

/** The other case of some chars is longer than they are, or takes more than one look. */
export function upperCase(context: CallContext, text: string): string {
  chargeText(context, text.length * CASE_EFFORT)
  const changed = text.toUpperCase()
  checkStringSize(context, changed.length)
  return changed
}

export function lowerCase(context: CallContext, text: string): string {
  chargeText(context, text.length * CASE_EFFORT)
  const changed = text.toLowerCase()
  checkStringSize(context, changed.length)
  return changed
}

function charsOf(text: string): Value[] {
  const chars: Value[] = []
  for (let offset = 0; offset < text.length; ) {
    const char = charFrom(text, offset)
    chars.push(char)
    offset += char.text.length
  }
  return chars
}

/**
 * The offset of a part behind another offset. Nothing is found in the empty string, not even the
 * empty string.
 */
function indexOfPart(context: CallContext, text: string, part: string, from: number): number {
  if (text === '') return -1
  return part === '' ? from : findText(context, text, part, from)
}

function charsOfSpan(text: string, span: Span): RhaiIterator {
  return charIterator(text, offsetOf(text, span.start), offsetOf(text, span.start + span.count))
}

/** The chars between two UTF-16 offsets. */
function charIterator(text: string, start: number, end: number): RhaiIterator {
  return new RhaiIterator(() => new CharCursor(text, start, end))
}
