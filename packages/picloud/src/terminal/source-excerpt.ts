/**
 * Shows a place in a script: the line, and a caret under the column.
 *
 * @module
 */
import { printableLine } from './printable.ts'

const TAB = '    '
const LINE_LENGTH_MAX = 160

/**
 * Two lines to print under an error, or an empty text when the place is not in the source.
 * Lines and columns count from 1, columns in characters (code points), as Rhai counts them.
 */
export function sourceExcerpt(source: string, line: number, column: number): string {
  const text = source.split(/\r?\n/)[line - 1]
  if (text === undefined || (text === '' && column < 1)) return ''
  const characters = [...text]
  // A long line is shown around the column, so that the caret stays under it.
  const start = Math.max(0, Math.min(column - 1, characters.length) - (LINE_LENGTH_MAX - 40))
  const shown = shownText(characters.slice(start, start + LINE_LENGTH_MAX))
  const before = shownText(characters.slice(start, Math.max(start, column - 1)))
  const gutter = String(line)
  const code = `  ${gutter} | ${shown}`
  if (column < 1) return code
  return `${code}\n  ${' '.repeat(gutter.length)} | ${' '.repeat([...before].length)}^`
}

function shownText(characters: readonly string[]): string {
  return printableLine(characters.join('').replaceAll('\t', TAB))
}
