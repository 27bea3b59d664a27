/**
 * Functions that read strings. Positions count chars; negative ones count from the end.
 *
 * @module
 */
import { indexOfInt } from '../runtime/int.ts'
import { CharCursor } from '../runtime/iteration.ts'
import { compareText } from '../runtime/map-keys.ts'
import { chargeText } from '../runtime/metering.ts'
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

export const stringFunctions: readonly NativeFunction[] = [
  property('len', [STRING], (_context, text) => charCount(text)),
  property('bytes', [STRING], (_context, text) => utf8Length(text)),
  property('is_empty', [STRING], (_context, text) => text === ''),
  property('chars', [STRING], (_context, text) => charIterator(text, wholeSpan(text))),
  reads('chars', [STRING, INT], (_context, text, start) =>
    charIterator(text, spanOf(start, charCount(text), charCount(text))),
  ),
  reads('chars', [STRING, INT, INT], (_context, text, start, count) =>
    charIterator(text, spanOf(start, count, charCount(text))),
  ),
  reads('chars', [STRING, RANGE], (_context, text, range) =>
    charIterator(text, spanWithin(extentOf(range), charCount(text))),
  ),
  reads('to_chars', [STRING], (context, text) => {
    context.charge(text.length)
    return new RhaiArray(charsOf(text))
  }),
  reads('to_blob', [STRING], (context, text) => {
    chargeText(context, text.length)
    return new RhaiBlob(encodeUtf8(text))
  }),
  reads('get', [STRING, INT], (context, text, index) => {
    chargeText(context, text.length)
    return charAt(text, positionIn(text, index))
  }),
  reads('to_upper', [STRING], (context, text) => {
    chargeText(context, text.length)
    return text.toUpperCase()
  }),
  reads('to_lower', [STRING], (context, text) => {
    chargeText(context, text.length)
    return text.toLowerCase()
  }),
  reads('contains', [STRING, TEXT], (context, text, part) => {
    chargeText(context, text.length)
    return text.includes(textOfPart(part))
  }),
  reads('starts_with', [STRING, TEXT], (_context, text, part) => text.startsWith(textOfPart(part))),
  reads('ends_with', [STRING, TEXT], (_context, text, part) => text.endsWith(textOfPart(part))),
  reads('index_of', [STRING, TEXT], (context, text, part) => {
    chargeText(context, text.length)
    return indexOfPart(text, textOfPart(part), 0)
  }),
  reads('index_of', [STRING, TEXT, INT], (context, text, part, start) => {
    chargeText(context, text.length)
    const from = Math.max(positionIn(text, start), 0)
    return from > 0 && from >= charCount(text) ? -1 : indexOfPart(text, textOfPart(part), from)
  }),
  reads('sub_string', [STRING, INT], (context, text, start) => {
    chargeText(context, text.length)
    return partOf(text, spanOf(start, charCount(text), charCount(text)))
  }),
  reads('sub_string', [STRING, INT, INT], (context, text, start, count) => {
    chargeText(context, text.length)
    return partOf(text, spanOf(start, count, charCount(text)))
  }),
  reads('sub_string', [STRING, RANGE], (context, text, range) => {
    chargeText(context, text.length)
    return partOf(text, spanOfRange(range, charCount(text)))
  }),
  reads('max', [STRING, STRING], (_context, left, right) =>
    compareText(left, right) >= 0 ? left : right,
  ),
  reads('min', [STRING, STRING], (_context, left, right) =>
    compareText(left, right) <= 0 ? left : right,
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

function spanWithin({ start, count }: Span, length: number): Span {
  return spanOf(start, count, length)
}

function wholeSpan(text: string): Span {
  return { start: 0, count: text.length }
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
function indexOfPart(text: string, part: string, from: number): number {
  if (text === '') return -1
  const offset = text.indexOf(part, offsetOf(text, from))
  return offset < 0 ? -1 : indexAt(text, offset)
}

function charIterator(text: string, span: Span): RhaiIterator {
  const start = offsetOf(text, span.start)
  const end = offsetOf(text, span.start + span.count)
  return new RhaiIterator(() => new CharCursor(text, start, end))
}
