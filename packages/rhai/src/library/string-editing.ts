/**
 * Functions that change the string they are called on. A string never changes in JavaScript: each
 * puts a new one into the receiver's cell.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { joinText, textOf } from '../runtime/concatenate.ts'
import { indexOfInt } from '../runtime/int.ts'
import { chargeText } from '../runtime/metering.ts'
import {
  ANY,
  CHAR,
  INT,
  mutates,
  type NativeFunction,
  place,
  RANGE,
  STRING,
  TEXT,
} from '../runtime/native-function.ts'
import { spanOf, spanOfRange } from '../runtime/range.ts'
import { removeText } from '../runtime/remove-text.ts'
import { checkStringSize } from '../runtime/size-limits.ts'
import { charCount, charFrom, offsetOf } from '../runtime/unicode-text.ts'
import type { Cell, Int, RhaiChar, Value } from '../runtime/value.ts'
import { partOf, positionIn, textOfPart } from './strings.ts'
import { trimmed } from './whitespace.ts'

export const stringEditingFunctions: readonly NativeFunction[] = [
  mutates('append', [place(STRING), ANY], (context, cell, value) => {
    cell.value = joinText(context, cell.value, textOf(context, value))
    return undefined
  }),
  mutates('remove', [place(STRING), TEXT], (context, cell, part) =>
    edit(context, cell, (text) => removeText(text, textOfPart(part))),
  ),
  mutates('clear', [place(STRING)], (context, cell) => edit(context, cell, () => '')),
  mutates('truncate', [place(STRING), INT], (context, cell, length) =>
    edit(context, cell, (text) => text.slice(0, offsetOf(text, indexOfInt(length)))),
  ),
  mutates('trim', [place(STRING)], (context, cell) => edit(context, cell, trimmed)),
  mutates('pop', [place(STRING)], (context, cell) => popChar(context, cell)),
  mutates('pop', [place(STRING), INT], (context, cell, count) => popText(context, cell, count)),
  mutates('make_upper', [place(STRING)], (context, cell) =>
    edit(context, cell, (text) => text.toUpperCase()),
  ),
  mutates('make_lower', [place(STRING)], (context, cell) =>
    edit(context, cell, (text) => text.toLowerCase()),
  ),
  mutates('set', [place(STRING), INT, CHAR], (context, cell, index, char) =>
    edit(context, cell, (text) => withChar(text, positionIn(text, index), char)),
  ),
  mutates('crop', [place(STRING), INT], (context, cell, start) =>
    edit(context, cell, (text) => partOf(text, spanOf(start, charCount(text), charCount(text)))),
  ),
  mutates('crop', [place(STRING), INT, INT], (context, cell, start, count) =>
    edit(context, cell, (text) => partOf(text, spanOf(start, count, charCount(text)))),
  ),
  mutates('crop', [place(STRING), RANGE], (context, cell, range) =>
    edit(context, cell, (text) => partOf(text, spanOfRange(range, charCount(text)))),
  ),
  mutates('replace', [place(STRING), TEXT, TEXT], (context, cell, part, substitute) =>
    edit(context, cell, (text) =>
      replaced(context, text, textOfPart(part), textOfPart(substitute)),
    ),
  ),
  mutates('pad', [place(STRING), INT, TEXT], (context, cell, length, padding) =>
    edit(context, cell, (text) => padded(context, text, indexOfInt(length), textOfPart(padding))),
  ),
]

/** Puts what `change` makes of the string into its cell, and answers `()`. */
function edit(context: CallContext, cell: Cell<string>, change: (text: string) => string): Value {
  chargeText(context, cell.value.length)
  cell.value = change(cell.value)
  return undefined
}

function popChar(context: CallContext, cell: Cell<string>): Value {
  const text = cell.value
  if (text === '') return undefined
  chargeText(context, text.length)
  const offset = offsetOf(text, charCount(text) - 1)
  cell.value = text.slice(0, offset)
  return charFrom(text, offset)
}

function popText(context: CallContext, cell: Cell<string>, count: Int): string {
  const text = cell.value
  chargeText(context, text.length)
  const kept = charCount(text) - Math.max(indexOfInt(count), 0)
  const offset = offsetOf(text, kept)
  cell.value = text.slice(0, offset)
  return text.slice(offset)
}

/** The text itself when there is no such position. */
function withChar(text: string, position: number, char: RhaiChar): string {
  if (position < 0 || position >= charCount(text)) return text
  const start = offsetOf(text, position)
  return text.slice(0, start) + char.text + text.slice(offsetOf(text, position + 1))
}

/** Texts and parts that are worth an expression, and not too much for one. */
const SEARCHED_UNITS_MIN = 500
const PART_UNITS_MAX = 200
const SYNTAX = /[\\^$.*+?()[\]{}|]/g

/**
 * By an expression without choices, with which JavaScript fills the result in one go. Making one
 * costs as much as cutting a short text into pieces.
 */
function replacedAtOnce(text: string, part: string, substitute: string): string {
  const expression = new RegExp(part.replaceAll(SYNTAX, '\\$&'), 'g')
  return text.replace(expression, substitute.replaceAll('$', '$$$$'))
}

/** An empty part matches around every char, but never in an empty text. */
function replaced(context: CallContext, text: string, part: string, substitute: string): string {
  if (text === '') return text
  const growth = substitute.length - part.length
  const isWorthIt = text.length >= SEARCHED_UNITS_MIN && part.length <= PART_UNITS_MAX
  if (isWorthIt && growth <= 0 && part !== '') return replacedAtOnce(text, part, substitute)
  const pieces = part === '' ? ['', ...text, ''] : text.split(part)
  checkStringSize(context, text.length + (pieces.length - 1) * growth)
  return pieces.join(substitute)
}

/** The last piece of padding is cut to fit; padding with nothing changes nothing. */
function padded(context: CallContext, text: string, length: number, padding: string): string {
  const missing = length - charCount(text)
  if (missing <= 0 || padding === '') return text
  checkStringSize(context, text.length + missing)
  const width = charCount(padding)
  const rest = partOf(padding, { start: 0, count: missing % width })
  const added = padding.repeat(Math.floor(missing / width)) + rest
  chargeText(context, added.length)
  checkStringSize(context, text.length + added.length)
  return text + added
}
