/**
 * Comments, including those that document.
 *
 * @module
 */
import { CharCode } from './characters.ts'
import { type Cursor, NO_CHARACTER } from './cursor.ts'

export interface Comment {
  readonly kind: 'plain' | 'function' | 'script'
  /**
   * Verbatim, without the line break, a block moved left as far as its start is indented; empty for
   * a plain comment.
   */
  readonly text: string
}

const PLAIN: Comment = { kind: 'plain', text: '' }

/** Steps over `// ...` and its line break. */
export function scanLineComment(cursor: Cursor): Comment {
  const start = cursor.index
  for (;;) {
    const code = cursor.codeAt(0)
    if (code === NO_CHARACTER) return lineComment(cursor.source.slice(start))
    if (code === CharCode.LineFeed || code === CharCode.CarriageReturn) break
    cursor.skipCharacter()
  }
  const text = cursor.source.slice(start, cursor.index)
  const isPair =
    cursor.codeAt(0) === CharCode.CarriageReturn && cursor.codeAt(1) === CharCode.LineFeed
  cursor.index += isPair ? 2 : 1
  cursor.startLine()
  return lineComment(text)
}

function lineComment(text: string): Comment {
  const third = text.charCodeAt(2)
  if (third === CharCode.Bang) return { kind: 'script', text }
  if (third !== CharCode.Slash || text.charCodeAt(3) === CharCode.Slash) return PLAIN
  return { kind: 'function', text }
}

/** Steps over a block comment; they nest, and one left open ends with the script. */
export function scanBlockComment(cursor: Cursor): Comment {
  const start = cursor.index
  const indent = cursor.column - 1
  cursor.index += 2
  let depth = 1
  while (depth > 0) {
    const code = cursor.codeAt(0)
    const next = cursor.codeAt(1)
    if (code === NO_CHARACTER) break
    if (code === CharCode.Slash && next === CharCode.Asterisk) {
      depth += 1
      cursor.index += 2
    } else if (code === CharCode.Asterisk && next === CharCode.Slash) {
      depth -= 1
      cursor.index += 2
    } else {
      cursor.skipCharacter()
      if (code === CharCode.LineFeed) cursor.startLine()
    }
  }
  const isDocumentation =
    cursor.source.charCodeAt(start + 2) === CharCode.Asterisk &&
    cursor.source.charCodeAt(start + 3) !== CharCode.Asterisk &&
    depth === 0 &&
    cursor.index > start + '/**/'.length
  if (!isDocumentation) return PLAIN
  return { kind: 'function', text: unindented(cursor.source.slice(start, cursor.index), indent) }
}

/** Takes spaces from the start of all lines but the first: as many as all have, and the indent. */
function unindented(text: string, indent: number): string {
  const [first = '', ...rest] = text.split('\n')
  const depths = rest.map((line) => line.length - line.replace(/^ +/, '').length)
  const depth = Math.min(indent, ...depths)
  if (rest.length === 0 || depth === 0) return text
  return [first, ...rest.map((line) => line.slice(depth))].join('\n').replaceAll('\r\n', '\n')
}
