/**
 * Functions that cut strings into arrays of pieces.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { indexOfInt } from '../runtime/int.ts'
import { chargeText } from '../runtime/metering.ts'
import { INT, type NativeFunction, reads, STRING, TEXT } from '../runtime/native-function.ts'
import { checkArraySize } from '../runtime/size-limits.ts'
import { charCount, offsetOf } from '../runtime/unicode-text.ts'
import { type Int, RhaiArray } from '../runtime/value.ts'
import { textOfPart } from './strings.ts'
import { words } from './whitespace.ts'

const UNLIMITED = Number.MAX_SAFE_INTEGER

export const stringSplittingFunctions: readonly NativeFunction[] = [
  reads('split', [STRING], (context, text) =>
    pieces(context, text, text === '' ? [''] : words(text)),
  ),
  reads('split', [STRING, INT], (context, text, index) =>
    pieces(context, text, splitAt(text, index)),
  ),
  reads('split', [STRING, TEXT], (context, text, delimiter) =>
    pieces(context, text, splitForward(text, textOfPart(delimiter), UNLIMITED)),
  ),
  reads('split', [STRING, TEXT, INT], (context, text, delimiter, count) =>
    pieces(context, text, splitForward(text, textOfPart(delimiter), indexOfInt(count))),
  ),
  reads('split_rev', [STRING, TEXT], (context, text, delimiter) =>
    pieces(context, text, splitBackward(text, textOfPart(delimiter), UNLIMITED)),
  ),
  reads('split_rev', [STRING, TEXT, INT], (context, text, delimiter, count) =>
    pieces(context, text, splitBackward(text, textOfPart(delimiter), indexOfInt(count))),
  ),
]

function pieces(context: CallContext, text: string, parts: string[]): RhaiArray {
  chargeText(context, text.length)
  context.charge(parts.length)
  checkArraySize(context, parts.length)
  return new RhaiArray(parts)
}

/** Two pieces, cut after `index` chars; zero and negative positions count from the end. */
function splitAt(text: string, index: Int): string[] {
  const wanted = indexOfInt(index)
  const position = wanted > 0 ? wanted : charCount(text) + wanted
  const offset = offsetOf(text, position)
  return [text.slice(0, offset), text.slice(offset)]
}

/** At most `count` pieces, cut at the first places where the delimiter stands. */
function splitForward(text: string, delimiter: string, count: number): string[] {
  if (count <= 1 || text === '') return [text]
  const parts = delimiter === '' ? ['', ...text, ''] : text.split(delimiter)
  if (parts.length <= count) return parts
  const rest = parts.slice(count - 1).join(delimiter)
  return [...parts.slice(0, count - 1), rest]
}

/** At most `count` pieces, cut at the last places where the delimiter stands, the last one first. */
function splitBackward(text: string, delimiter: string, count: number): string[] {
  if (count <= 1 || text === '') return [text]
  if (delimiter === '') return splitCharsBackward(text, count)
  const parts: string[] = []
  let end = text.length
  while (parts.length < count - 1) {
    const at = end < delimiter.length ? -1 : text.lastIndexOf(delimiter, end - delimiter.length)
    if (at < 0) break
    parts.push(text.slice(at + delimiter.length, end))
    end = at
  }
  parts.push(text.slice(0, end))
  return parts
}

function splitCharsBackward(text: string, count: number): string[] {
  const parts = ['', ...text, '']
  const cuts = Math.min(count, parts.length) - 1
  const tail = parts.splice(parts.length - cuts, cuts).reverse()
  return [...tail, parts.join('')]
}
