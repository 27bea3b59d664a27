/**
 * Functions that cut strings into arrays of pieces.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { indexOfInt } from '../runtime/int.ts'
import { madeOf } from '../runtime/made-array.ts'
import { chargePositions } from '../runtime/metering.ts'
import { INT, type NativeFunction, reads, STRING, TEXT } from '../runtime/native-function.ts'
import { checkArraySize } from '../runtime/size-limits.ts'
import { chargeShortSearch, isShortPart, TextSearch } from '../runtime/text-search.ts'
import { charCount, offsetOf } from '../runtime/unicode-text.ts'
import type { Int, RhaiArray } from '../runtime/value.ts'
import { textOfPart } from './strings.ts'
import { words } from './whitespace.ts'

const UNLIMITED = Number.MAX_SAFE_INTEGER

export const stringSplittingFunctions: readonly NativeFunction[] = [
  reads('split', [STRING], splitAtBlanks),
  reads('split', [STRING, INT], splitAt),
  reads('split', [STRING, TEXT], (context, text, delimiter) =>
    splitForward(context, text, textOfPart(delimiter), UNLIMITED),
  ),
  reads('split', [STRING, TEXT, INT], (context, text, delimiter, count) =>
    splitForward(context, text, textOfPart(delimiter), indexOfInt(count)),
  ),
  reads('split_rev', [STRING, TEXT], (context, text, delimiter) =>
    splitBackward(context, text, textOfPart(delimiter), UNLIMITED),
  ),
  reads('split_rev', [STRING, TEXT, INT], (context, text, delimiter, count) =>
    splitBackward(context, text, textOfPart(delimiter), indexOfInt(count)),
  ),
]

/** Pieces as they are found: each is charged, and they are never too many. */
class Pieces {
  readonly #context: CallContext
  readonly parts: string[] = []

  constructor(context: CallContext) {
    this.#context = context
  }

  add(part: string): void {
    this.#context.charge(1)
    checkArraySize(this.#context, this.parts.length + 1)
    this.parts.push(part)
  }

  array(): RhaiArray {
    return madeOf(this.#context, this.parts)
  }
}

function splitAtBlanks(context: CallContext, text: string): RhaiArray {
  const pieces = new Pieces(context)
  if (text === '') pieces.add('')
  for (const word of words(context, text)) pieces.add(word)
  return pieces.array()
}

/** Two pieces, cut after `index` chars; zero and negative positions count from the end. */
function splitAt(context: CallContext, text: string, index: Int): RhaiArray {
  chargePositions(context, text)
  const wanted = indexOfInt(index)
  const position = wanted > 0 ? wanted : charCount(text) + wanted
  const offset = offsetOf(text, position)
  const pieces = new Pieces(context)
  pieces.add(text.slice(0, offset))
  pieces.add(text.slice(offset))
  return pieces.array()
}

/** At most `count` pieces, cut at the first places where the delimiter stands. */
function splitForward(
  context: CallContext,
  text: string,
  delimiter: string,
  count: number,
): RhaiArray {
  if (count === UNLIMITED && isShortPart(delimiter)) return splitWhole(context, text, delimiter)
  const pieces = new Pieces(context)
  let start = 0
  if (count > 1 && text !== '') {
    const cuts =
      delimiter === '' ? cutsBetweenChars(context, text) : cutsAt(context, text, delimiter)
    for (const at of cuts) {
      pieces.add(text.slice(start, at))
      start = at + delimiter.length
      if (pieces.parts.length === count - 1) break
    }
  }
  pieces.add(text.slice(start))
  return pieces.array()
}

/** All pieces, cut by JavaScript itself. */
function splitWhole(context: CallContext, text: string, delimiter: string): RhaiArray {
  const { arrayItemsMax } = context.limits
  chargeShortSearch(context, text.length, delimiter)
  const parts = text.split(delimiter, arrayItemsMax > 0 ? arrayItemsMax + 1 : undefined)
  checkArraySize(context, parts.length)
  context.charge(parts.length)
  return madeOf(context, parts)
}

/** At most `count` pieces, cut at the last places where the delimiter stands, the last one first. */
function splitBackward(
  context: CallContext,
  text: string,
  delimiter: string,
  count: number,
): RhaiArray {
  const pieces = new Pieces(context)
  let end = text.length
  if (count > 1 && text !== '') {
    const cuts =
      delimiter === '' ? cutsBackward(context, text) : cutsBackwardAt(context, text, delimiter)
    for (const at of cuts) {
      pieces.add(text.slice(at + delimiter.length, end))
      end = at
      if (pieces.parts.length === count - 1) break
    }
  }
  pieces.add(text.slice(0, end))
  return pieces.array()
}

function* cutsAt(context: CallContext, text: string, delimiter: string): Generator<number> {
  const search = new TextSearch(context, text, delimiter)
  for (let at = search.next(0); at >= 0; at = search.next(at + delimiter.length)) yield at
}

function* cutsBackwardAt(context: CallContext, text: string, delimiter: string): Generator<number> {
  const search = new TextSearch(context, text, delimiter)
  for (let at = search.previous(text.length); at >= 0; at = search.previous(at)) yield at
}

/** Before every char, and behind the last. */
function* cutsBetweenChars(context: CallContext, text: string): Generator<number> {
  chargePositions(context, text)
  let at = 0
  for (const char of text) {
    yield at
    at += char.length
  }
  yield at
}

function* cutsBackward(context: CallContext, text: string): Generator<number> {
  chargePositions(context, text)
  for (let at = text.length; at > 0; at -= charEndsAt(text, at)) yield at
  yield 0
}

/** The length of the char that ends at an offset. */
function charEndsAt(text: string, end: number): number {
  return end > 1 && (text.codePointAt(end - 2) ?? 0) > 0xffff ? 2 : 1
}
