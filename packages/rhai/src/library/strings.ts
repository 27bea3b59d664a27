/**
 * Functions that read strings. Positions count chars; negative ones count from the end.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { indexOfInt } from '../runtime/int.ts'
import { CharCursor } from '../runtime/iteration.ts'
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
import { includesText, TextSearch } from '../runtime/text-search.ts'
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
import {
  type Int,
  RhaiArray,
  RhaiBlob,
  RhaiChar,
  RhaiIterator,
  type Value,
} from '../runtime/value.ts'

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
    chargePositions(context, text)
    return charsOfSpan(text, spanOf(start, charCount(text), charCount(text)))
  }),
  reads('chars', [STRING, INT, INT], (context, text, start, count) => {
    chargePositions(context, text)
    return charsOfSpan(text, spanOf(start, count, charCount(text)))
  }),
  reads('chars', [STRING, RANGE], (context, text, range) => {
    chargePositions(context, text)
    const { start, count } = extentOf(range)
    return charsOfSpan(text, spanOf(start, count, charCount(text)))
  }),
  reads('to_chars', [STRING], (context, text) => {
    context.charge(text.length)
    checkArraySize(context, charCount(text))
    return new RhaiArray(charsOf(text))
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
    chargePositions(context, text)
    return indexOfPart(context, text, textOfPart(part), 0)
  }),
  reads('index_of', [STRING, TEXT, INT], (context, text, part, start) => {
    chargePositions(context, text)
    const from = Math.max(positionIn(text, start), 0)
    return from > 0 && from >= charCount(text)
      ? -1
      : indexOfPart(context, text, textOfPart(part), from)
  }),
  reads('sub_string', [STRING, INT], (context, text, start) => {
    chargePositions(context, text)
    return partOf(text, spanOf(start, charCount(text), charCount(text)))
  }),
  reads('sub_string', [STRING, INT, INT], (context, text, start, count) => {
    chargePositions(context, text)
    return partOf(text, spanOf(start, count, charCount(text)))
  }),
  reads('sub_string', [STRING, RANGE], (context, text, range) => {
    chargePositions(context, text)
    return partOf(text, spanOfRange(range, charCount(text)))
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

export function partOf(text: string, span: Span): string {
  return sliceChars(text, span.start, span.start + span.count)
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

/** Nothing is found in the empty string, not even the empty string. */
function indexOfPart(context: CallContext, text: string, part: string, from: number): number {
  if (text === '') return -1
  const start = offsetOf(text, from)
  const offset = part === '' ? start : new TextSearch(context, text, part).next(start)
  return offset < 0 ? -1 : indexAt(text, offset)
}

function charsOfSpan(text: string, span: Span): RhaiIterator {
  return charIterator(text, offsetOf(text, span.start), offsetOf(text, span.start + span.count))
}

/** The chars between two UTF-16 offsets. */
function charIterator(text: string, start: number, end: number): RhaiIterator {
  return new RhaiIterator(() => new CharCursor(text, start, end))
}
