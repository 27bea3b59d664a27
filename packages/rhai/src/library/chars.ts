/**
 * Functions on chars.
 *
 * @module
 */
import { compareText } from '../runtime/map-keys.ts'
import { CHAR, mutates, type NativeFunction, place, reads } from '../runtime/native-function.ts'
import { charOf, type RhaiChar } from '../runtime/value.ts'

export const charFunctions: readonly NativeFunction[] = [
  reads('to_int', [CHAR], (_context, { text }) => text.codePointAt(0) ?? 0),
  reads('to_upper', [CHAR], (_context, char) => upperChar(char)),
  reads('to_lower', [CHAR], (_context, char) => lowerChar(char)),
  mutates('make_upper', [place(CHAR)], (_context, cell) => {
    cell.value = upperChar(cell.value)
    return undefined
  }),
  mutates('make_lower', [place(CHAR)], (_context, cell) => {
    cell.value = lowerChar(cell.value)
    return undefined
  }),
  reads('max', [CHAR, CHAR], (_context, left, right) =>
    compareText(left.text, right.text) >= 0 ? left : right,
  ),
  reads('min', [CHAR, CHAR], (_context, left, right) =>
    compareText(left.text, right.text) <= 0 ? left : right,
  ),
]

function upperChar(char: RhaiChar): RhaiChar {
  return singleChar(char.text.toUpperCase()) ?? char
}

function lowerChar(char: RhaiChar): RhaiChar {
  return singleChar(char.text.toLowerCase()) ?? char
}

/** A char whose other case is longer than one char stays as it is. */
function singleChar(text: string): RhaiChar | undefined {
  const [first, second] = text
  return first !== undefined && second === undefined ? charOf(first) : undefined
}
