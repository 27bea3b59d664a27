/**
 * Shows the text of `diff -u`.
 *
 * @module
 */
import { printableLine } from './printable.ts'
import type { Style, Terminal } from './terminal.ts'

const STYLES: Readonly<Record<string, Style>> = { '+': 'green', '-': 'red', '@': 'cyan' }

/**
 * For people with colours, and nothing in it that could act on the terminal; for a pipe as it is.
 */
export function shownDiff(terminal: Terminal, unified: string): string {
  if (!terminal.resultsAreRead) return unified
  return unified
    .split('\n')
    .map((line) => {
      const style = STYLES[line.charAt(0)]
      const shown = printableLine(line)
      return style === undefined ? shown : terminal.styleResult(style, shown)
    })
    .join('\n')
}
