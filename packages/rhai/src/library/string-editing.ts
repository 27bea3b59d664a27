/**
 * Functions that change the string they are called on. A string never changes in JavaScript: each
 * puts a new one into the receiver's cell.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { joinText, textOf } from '../runtime/concatenate.ts'
import { indexOfInt } from '../runtime/int.ts'
import { chargePositions, chargeText } from '../runtime/metering.ts'
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
import { PiecedText } from '../runtime/pieced-text.ts'
import { spanOf, spanOfRange } from '../runtime/range.ts'
import { checkStringSize } from '../runtime/size-limits.ts'
import { removeText, replaceText } from '../runtime/text-search.ts'
import { charCount, charFrom, offsetOf } from '../runtime/unicode-text.ts'
import type { Cell, Int, RhaiChar, Value } from '../runtime/value.ts'
import { lowerCase, partOf, positionIn, textOfPart, upperCase } from './strings.ts'
import { trimmed } from './whitespace.ts'

export const stringEditingFunctions: readonly NativeFunction[] = [
  mutates('append', [place(STRING), ANY], (context, cell, value) => {
    cell.value = joinText(context, cell.value, textOf(context, value))
    return undefined
  }),
  mutates('remove', [place(STRING), TEXT], (context, cell, part) =>
    edit(cell, (text) => removeText(context, text, textOfPart(part))),
  ),
  mutates('clear', [place(STRING)], (_context, cell) => edit(cell, () => '')),
  mutates('truncate', [place(STRING), INT], (context, cell, length) =>
    editPart(context, cell, (text) => text.slice(0, offsetOf(text, indexOfInt(length)))),
  ),
  mutates('trim', [place(STRING)], (context, cell) => edit(cell, (text) => trimmed(context, text))),
  mutates('pop', [place(STRING)], (context, cell) => popChar(context, cell)),
  mutates('pop', [place(STRING), INT], (context, cell, count) => popText(context, cell, count)),
  mutates('make_upper', [place(STRING)], (context, cell) =>
    edit(cell, (text) => upperCase(context, text)),
  ),
  mutates('make_lower', [place(STRING)], (context, cell) =>
    edit(cell, (text) => lowerCase(context, text)),
  ),
  mutates('set', [place(STRING), INT, CHAR], (context, cell, index, char) =>
    editPart(context, cell, (text) => withChar(context, text, positionIn(text, index), char)),
  ),
  mutates('crop', [place(STRING), INT], (context, cell, start) =>
    editPart(context, cell, (text) =>
      partOf(text, spanOf(start, charCount(text), charCount(text))),
    ),
  ),
  mutates('crop', [place(STRING), INT, INT], (context, cell, start, count) =>
    editPart(context, cell, (text) => partOf(text, spanOf(start, count, charCount(text)))),
  ),
  mutates('crop', [place(STRING), RANGE], (context, cell, range) =>
    editPart(context, cell, (text) => partOf(text, spanOfRange(range, charCount(text)))),
  ),
  mutates('replace', [place(STRING), TEXT, TEXT], (context, cell, part, substitute) =>
    edit(cell, (text) => replaced(context, text, textOfPart(part), textOfPart(substitute))),
  ),
  mutates('pad', [place(STRING), INT, TEXT], (context, cell, length, padding) =>
    editPart(context, cell, (text) =>
      padded(context, text, indexOfInt(length), textOfPart(padding)),
    ),
  ),
]

/** Puts what `change` makes of the string into its cell, and answers `()`. */
function edit(cell: Cell<string>, change: (text: string) => string): undefined {
  cell.value = change(cell.value)
}

/** The same where chars are found by their positions. */
function editPart(
  context: CallContext,
  cell: Cell<string>,
  change: (text: string) => string,
): undefined {
  chargePositions(context, cell.value)
  return edit(cell, change)
}

function popChar(context: CallContext, cell: Cell<string>): Value {
  const text = cell.value
  if (text === '') return undefined
  chargePositions(context, text)
  const offset = offsetOf(text, charCount(text) - 1)
  cell.value = text.slice(0, offset)
  return charFrom(text, offset)
}

function popText(context: CallContext, cell: Cell<string>, count: Int): string {
  const text = cell.value
  chargePositions(context, text)
  const kept = charCount(text) - Math.max(indexOfInt(count), 0)
  const offset = offsetOf(text, kept)
  cell.value = text.slice(0, offset)
  return text.slice(offset)
}

/** The text itself when there is no such position. */
function withChar(context: CallContext, text: string, position: number, char: RhaiChar): string {
  if (position < 0 || position >= charCount(text)) return text
  chargeText(context, text.length)
  const start = offsetOf(text, position)
  const result = text.slice(0, start) + char.text + text.slice(offsetOf(text, position + 1))
  checkStringSize(context, result.length)
  return result
}

/** An empty part matches around every char, but never in an empty text. */
function replaced(context: CallContext, text: string, part: string, substitute: string): string {
  if (text === '') return text
  if (part !== '') return replaceText(context, text, part, substitute)
  const result = new PiecedText(context)
  result.add(substitute)
  for (const char of text) {
    context.charge(1)
    result.add(char)
    result.add(substitute)
  }
  return result.finish()
}

/** The last piece of padding is cut to fit; padding with nothing changes nothing. */
function padded(context: CallContext, text: string, length: number, padding: string): string {
  const missing = length - charCount(text)
  if (missing <= 0 || padding === '') return text
  checkStringSize(context, text.length + missing)
  chargePositions(context, padding)
  const width = charCount(padding)
  const rest = partOf(padding, { start: 0, count: missing % width })
  const times = Math.floor(missing / width)
  const size = padding.length * times + rest.length
  checkStringSize(context, text.length + size)
  chargeText(context, size)
  return text + padding.repeat(times) + rest
}
