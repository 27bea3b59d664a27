/**
 * From lines and columns, as the engine counts them, to positions in the text of an editor.
 *
 * @module
 */
import type { Text } from '@codemirror/state'

/** Line and column count from 1 and may be anything: the nearest place there is. Columns count code points. */
export function positionAt(doc: Text, line: number, column = 1): number {
  const { from, text } = doc.line(Math.min(Math.max(1, line), doc.lines))
  const before = [...text].slice(0, Math.max(0, column - 1)).join('')
  return from + before.length
}
