/**
 * Turns source text into tokens, one at a time, when the parser asks.
 *
 * Promises: nothing is read ahead of {@link Lexer.peek}, so the parser can say between two tokens
 * that the text of a back-tick string goes on; no script makes it recurse or throw.
 * Knows nothing of grammar, except that a minus touching a digit may belong to the number.
 *
 * @module
 */

import { isLongerThan } from '../runtime/utf8.ts'
import { CharCode, isBlank, isDigit, isIdentifierPart, isLetter } from './characters.ts'
import { Cursor, NO_CHARACTER } from './cursor.ts'
import { malformedIdentifier, stringTooLong } from './lex-failure.ts'
import { type Comment, scanBlockComment, scanLineComment } from './scan-comment.ts'
import { scanNumber } from './scan-number.ts'
import {
  scanBacktickString,
  scanCharacter,
  scanQuotedString,
  scanRawString,
  scanTextAgain,
} from './scan-string.ts'
import { scanSymbol } from './scan-symbol.ts'
import { Token } from './token.ts'
import { TokenKind } from './token-kind.ts'
import { KEYWORDS, RESERVED_WORDS } from './words.ts'

const NO_DOCUMENTATION: readonly string[] = []

export class Lexer {
  /** The token last peeked at; valid until the next peek. */
  readonly token = new Token()
  readonly #cursor: Cursor
  readonly #scriptDocumentation: string[] = []
  readonly #stringBytesMax: number
  #isPeeked = false
  /** Whether a minus touching a digit would start a negative number. */
  #mayNegate = true

  /** @param source well-formed text. Zero bytes mean that strings may be of any length. */
  constructor(source: string, stringBytesMax = 0) {
    this.#cursor = new Cursor(source)
    this.#stringBytesMax = stringBytesMax
  }

  /** The `//!` comments met so far. */
  get scriptDocumentation(): readonly string[] {
    return this.#scriptDocumentation
  }

  /** Kind of the next token. */
  peek(): TokenKind {
    if (!this.#isPeeked) {
      const kind = this.#scan()
      this.token.kind = this.#measured(this.refine(kind))
      this.token.end = this.#cursor.index
      this.#isPeeked = true
      this.#mayNegate = MAY_NEGATE_AFTER[kind] === 1
    }
    return this.token.kind
  }

  /** Moves past the peeked token. */
  skip(): void {
    this.#isPeeked = false
  }

  /** Goes on, after the brace that ends an interpolation, with the text of its string. */
  peekText(): TokenKind {
    this.token.line = this.#cursor.line
    this.token.column = this.#cursor.column
    this.token.start = this.#cursor.index
    this.token.kind = this.#measured(scanTextAgain(this.#cursor, this.token))
    this.token.end = this.#cursor.index
    this.#isPeeked = true
    this.#mayNegate = false
    return this.token.kind
  }

  /** What a dialect makes of a token just scanned. */
  protected refine(kind: TokenKind): TokenKind {
    return kind
  }

  /** A text longer than it may be is a failure. */
  #measured(kind: TokenKind): TokenKind {
    if (this.#stringBytesMax === 0) return kind
    const isText = kind === TokenKind.String || kind === TokenKind.InterpolatedString
    if (!isText || !isLongerThan(this.token.text, this.#stringBytesMax)) return kind
    return this.token.fail(stringTooLong(this.#stringBytesMax))
  }

  #scan(): TokenKind {
    const { token } = this
    token.documentation = this.#skipToToken()
    const cursor = this.#cursor
    token.line = cursor.line
    token.column = cursor.column
    token.start = cursor.index
    const code = cursor.codeAt(0)
    if (isLetter(code) || code === CharCode.Underscore) return this.#scanWord()
    if (isDigit(code)) return scanNumber(cursor, token, false)
    switch (code) {
      case NO_CHARACTER:
        return TokenKind.End
      case CharCode.DoubleQuote:
        cursor.index += 1
        return scanQuotedString(cursor, token)
      case CharCode.Backtick:
        cursor.index += 1
        return scanBacktickString(cursor, token)
      case CharCode.SingleQuote:
        cursor.index += 1
        return scanCharacter(cursor, token)
      case CharCode.Hash: {
        const next = cursor.codeAt(1)
        if (next !== CharCode.DoubleQuote && next !== CharCode.Hash) break
        return scanRawString(cursor, token)
      }
      case CharCode.Minus:
        if (!this.#mayNegate || !isDigit(cursor.codeAt(1))) break
        cursor.index += 1
        return scanNumber(cursor, token, true)
    }
    return scanSymbol(cursor, token)
  }

  /** Steps over blanks and comments, and returns the doc comments among them. */
  #skipToToken(): readonly string[] {
    let documentation: string[] | undefined
    for (;;) {
      this.#skipBlanks()
      const comment = this.#scanComment()
      if (comment === undefined) return documentation ?? NO_DOCUMENTATION
      if (comment.kind === 'script') this.#scriptDocumentation.push(comment.text)
      if (comment.kind !== 'function') continue
      documentation ??= []
      documentation.push(comment.text)
    }
  }

  #skipBlanks(): void {
    const cursor = this.#cursor
    for (;;) {
      const code = cursor.codeAt(0)
      if (code === CharCode.LineFeed) {
        cursor.index += 1
        cursor.startLine()
      } else if (isBlank(code)) {
        cursor.index += 1
      } else {
        return
      }
    }
  }

  #scanComment(): Comment | undefined {
    const cursor = this.#cursor
    if (cursor.codeAt(0) !== CharCode.Slash) return undefined
    switch (cursor.codeAt(1)) {
      case CharCode.Slash:
        return scanLineComment(cursor)
      case CharCode.Asterisk:
        return scanBlockComment(cursor)
      default:
        return undefined
    }
  }

  #scanWord(): TokenKind {
    const cursor = this.#cursor
    const { source } = cursor
    const start = cursor.index
    let end = start + 1
    while (end < source.length && isIdentifierPart(source.charCodeAt(end))) end += 1
    cursor.index = end
    const word = source.slice(start, end)
    const { token } = this
    token.text = word
    const keyword = KEYWORDS.get(word)
    if (keyword !== undefined) return keyword
    if (RESERVED_WORDS.has(word)) return TokenKind.Reserved
    return isIdentifier(word) ? TokenKind.Identifier : token.fail(malformedIdentifier(word))
  }
}

/** A name's first character that is not an underscore must be a letter. */
function isIdentifier(word: string): boolean {
  let index = 0
  while (word.charCodeAt(index) === CharCode.Underscore) index += 1
  return isLetter(word.charCodeAt(index))
}

const MAY_NEGATE_AFTER = markMayNegateAfter([
  TokenKind.Failure,
  TokenKind.Semicolon,
  TokenKind.Colon,
  TokenKind.Comma,
  TokenKind.Coalesce,
  TokenKind.ExclusiveRange,
  TokenKind.InclusiveRange,
  TokenKind.LeftBrace,
  TokenKind.LeftParen,
  TokenKind.LeftBracket,
  TokenKind.QuestionBracket,
  TokenKind.Plus,
  TokenKind.PlusAssign,
  TokenKind.Minus,
  TokenKind.MinusAssign,
  TokenKind.Multiply,
  TokenKind.MultiplyAssign,
  TokenKind.Divide,
  TokenKind.DivideAssign,
  TokenKind.Modulo,
  TokenKind.ModuloAssign,
  TokenKind.Power,
  TokenKind.PowerAssign,
  TokenKind.ShiftLeft,
  TokenKind.ShiftLeftAssign,
  TokenKind.ShiftRight,
  TokenKind.ShiftRightAssign,
  TokenKind.Assign,
  TokenKind.Equal,
  TokenKind.NotEqual,
  TokenKind.Less,
  TokenKind.LessOrEqual,
  TokenKind.Greater,
  TokenKind.GreaterOrEqual,
  TokenKind.Bang,
  TokenKind.Pipe,
  TokenKind.OrAssign,
  TokenKind.Ampersand,
  TokenKind.And,
  TokenKind.AndAssign,
  TokenKind.Or,
  TokenKind.Xor,
  TokenKind.XorAssign,
  TokenKind.If,
  TokenKind.While,
  TokenKind.Until,
  TokenKind.In,
  TokenKind.NotIn,
  TokenKind.Return,
  TokenKind.Throw,
])

/**
 * The reference reads a minus after these as a sign. After others (`=>`, `break`) it is an operator
 * first, with the same value but for one thing: `-0xff` is malformed where the sign is read.
 */
function markMayNegateAfter(kinds: readonly TokenKind[]): Uint8Array {
  const table = new Uint8Array(128)
  for (const kind of kinds) table[kind] = 1
  return table
}
