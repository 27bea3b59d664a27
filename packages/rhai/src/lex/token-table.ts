/**
 * All tokens of a source at once, for tools that look back and ahead.
 *
 * The parser reads one token after another and keeps none. Tools need to know where a token ends,
 * which brace closes which, and where a statement may start again after a mistake; they read the
 * source a second time, into this table. Rows are numbers in typed arrays, so that a megabyte of
 * parentheses is no more than some megabytes of table.
 * Knows nothing of grammar but that an interpolation ends at the brace that closes its block.
 *
 * @module
 */
import { Lexer } from './lexer.ts'
import { TokenKind } from './token-kind.ts'

/** Where something stands, for people (from 1, in characters) and for programs. */
export interface SourcePlace {
  readonly line: number
  readonly column: number
  /** Index into the source as a JavaScript string, from 0. */
  readonly offset: number
}

/** From the first character of something to the one after its last. */
export interface SourceRange {
  readonly start: SourcePlace
  readonly end: SourcePlace
}

interface LinePosition {
  readonly line: number
  readonly column: number
}

/** @param source well-formed text. */
export function tabulate(source: string): TokenTable {
  return new TokenTable(source)
}

export class TokenTable {
  readonly source: string
  /** How many tokens there are; the last is the end of the source. */
  readonly count: number
  /** Whether every brace has its partner. */
  readonly isBalanced: boolean
  readonly #kinds: Uint8Array
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array
  readonly #lines: Uint32Array
  readonly #columns: Uint32Array
  /** How many braces stand open before the token. */
  readonly #blockDepths: Uint32Array
  /** How many parentheses and brackets stand open before it since the innermost brace. */
  readonly #groupDepths: Uint32Array
  /** 1 for the text of a back-tick string after an interpolation. */
  readonly #isText: Uint8Array

  /** Use {@link tabulate}. */
  constructor(source: string) {
    // A string left open at the very end is a token without characters before the last one.
    const rows = source.length + 2
    this.source = source
    this.#kinds = new Uint8Array(rows)
    this.#starts = new Uint32Array(rows)
    this.#ends = new Uint32Array(rows)
    this.#lines = new Uint32Array(rows)
    this.#columns = new Uint32Array(rows)
    this.#blockDepths = new Uint32Array(rows)
    this.#groupDepths = new Uint32Array(rows)
    this.#isText = new Uint8Array(rows)
    ;({ count: this.count, isBalanced: this.isBalanced } = this.#fill(new Lexer(source)))
  }

  kind(index: number): TokenKind {
    return (this.#kinds[index] ?? TokenKind.End) as TokenKind
  }

  text(index: number): string {
    return this.source.slice(this.#starts[index], this.#ends[index])
  }

  blockDepth(index: number): number {
    return this.#blockDepths[index] ?? 0
  }

  groupDepth(index: number): number {
    return this.#groupDepths[index] ?? 0
  }

  isText(index: number): boolean {
    return this.#isText[index] === 1
  }

  isFirstOnLine(index: number): boolean {
    return index === 0 || this.#lines[index] !== this.#lines[index - 1]
  }

  /** The token that starts at this offset or, if none does, the last before it. */
  atOffset(offset: number): number {
    return this.#lastWhere((index) => (this.#starts[index] ?? 0) <= offset)
  }

  /** The token at a position, -1 if none starts there. */
  at({ line, column }: LinePosition): number {
    const index = this.#lastWhere((each) => !this.#isBehind(each, line, column))
    return this.#lines[index] === line && this.#columns[index] === column ? index : -1
  }

  /** From the start of one token to the end of another, which is itself if not given. */
  range(first: number, last = first): SourceRange {
    return { start: this.#startOf(first), end: this.#endOf(last) }
  }

  /** The range of the token at a position; that of no character where no token starts. */
  rangeAt(position: LinePosition): SourceRange {
    const index = this.at(position)
    if (index >= 0) return this.range(index)
    const place = { ...position, offset: 0 }
    return { start: place, end: place }
  }

  #startOf(index: number): SourcePlace {
    const { line, column } = { line: this.#lines[index] ?? 1, column: this.#columns[index] ?? 1 }
    return { line, column, offset: this.#starts[index] ?? 0 }
  }

  /** A token ends on another line than it starts when it is a string with line feeds in it. */
  #endOf(index: number): SourcePlace {
    const start = this.#startOf(index)
    const offset = this.#ends[index] ?? start.offset
    const lines = this.source.slice(start.offset, offset).split('\n')
    const width = Array.from(lines.at(-1) ?? '').length
    if (lines.length === 1) return { line: start.line, column: start.column + width, offset }
    return { line: start.line + lines.length - 1, column: width + 1, offset }
  }

  #isBehind(index: number, line: number, column: number): boolean {
    const other = this.#lines[index] ?? 0
    return other === line ? (this.#columns[index] ?? 0) > column : other > line
  }

  /** The last token of the first ones for which something holds. */
  #lastWhere(holds: (index: number) => boolean): number {
    let low = 0
    let high = this.count - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (holds(middle)) low = middle
      else high = middle - 1
    }
    return low
  }

  #fill(lexer: Lexer): { count: number; isBalanced: boolean } {
    const open: { readonly isInterpolation: boolean; readonly groupDepth: number }[] = []
    let isBalanced = true
    let groupDepth = 0
    let isText = false
    for (let index = 0; ; index += 1) {
      const kind = isText ? lexer.peekText() : lexer.peek()
      this.#note(index, lexer, isText)
      this.#blockDepths[index] = open.length
      this.#groupDepths[index] = groupDepth
      if (kind === TokenKind.End) {
        return { count: index + 1, isBalanced: isBalanced && open.length === 0 }
      }
      lexer.skip()
      isText = false
      switch (kind) {
        case TokenKind.LeftBrace:
        case TokenKind.MapStart: {
          const isInterpolation =
            index > 0 && this.#kinds[index - 1] === TokenKind.InterpolatedString
          open.push({ isInterpolation, groupDepth })
          groupDepth = 0
          break
        }
        case TokenKind.RightBrace: {
          const opening = open.pop()
          if (opening === undefined) isBalanced = false
          isText = opening?.isInterpolation ?? false
          groupDepth = opening?.groupDepth ?? 0
          break
        }
        case TokenKind.LeftParen:
        case TokenKind.LeftBracket:
        case TokenKind.QuestionBracket:
          groupDepth += 1
          break
        case TokenKind.RightParen:
        case TokenKind.RightBracket:
          groupDepth = Math.max(0, groupDepth - 1)
          break
      }
    }
  }

  /** A bad escape is found before its character is taken: then the token is that character. */
  #widen(index: number): void {
    const start = this.#starts[index] ?? 0
    if ((this.#ends[index] ?? 0) > start) return
    const character = String.fromCodePoint(this.source.codePointAt(start) ?? 0)
    this.#ends[index] = Math.min(start + character.length, this.source.length)
  }

  #note(index: number, { token }: Lexer, isText: boolean): void {
    this.#kinds[index] = token.kind
    this.#starts[index] = token.start
    this.#ends[index] = Math.max(token.end, token.start)
    if (token.kind === TokenKind.Failure) this.#widen(index)
    this.#lines[index] = token.line
    this.#columns[index] = token.column
    this.#isText[index] = isText ? 1 : 0
  }
}
