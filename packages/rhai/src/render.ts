/**
 * Shows an error to a person: the message, the line of the script, and where in it.
 *
 * @module
 */

import type { RhaiError } from './rhai-error.ts'

const LINE_CHARS_MAX = 160

/**
 * @example
 * render(error, 'let x = ;')
 * // Expecting an expression
 * //   1 | let x = ;
 * //     |         ^
 */
export function render(error: RhaiError, source: string): string {
  const line = source.split(/\r\n|\r|\n/)[error.line - 1]
  if (error.line === 0 || line === undefined) return error.text
  const number = String(error.line)
  const { text, caret } = window(line, error.column)
  const margin = ' '.repeat(number.length)
  return [error.text, `  ${number} | ${text}`, `  ${margin} | ${' '.repeat(caret)}^`].join('\n')
}

/** A part of the line around the position, so that a minified script does not fill the screen. */
function window(line: string, column: number): { readonly text: string; readonly caret: number } {
  const chars = Array.from(line.replaceAll('\t', ' '))
  const position = Math.max(0, column - 1)
  const start = Math.max(0, position - LINE_CHARS_MAX / 2)
  const text = chars.slice(start, start + LINE_CHARS_MAX).join('')
  return { text, caret: position - start }
}
