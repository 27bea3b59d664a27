/**
 * Strings in quotes, back-ticks and hashes, and characters.
 *
 * Promises: contents come out decoded; failures stand where the reference puts them: an open string
 * at its opening, a bad escape at the character that spoils it.
 *
 * @module
 */
import { CharCode, hexDigitValue, isWhitespace } from './characters.ts'
import { type Cursor, NO_CHARACTER } from './cursor.ts'
import {
  malformedCharacter,
  malformedEscape,
  NOTHING_AFTER_INTERPOLATION,
  UNTERMINATED_STRING,
  unexpectedInput,
} from './lex-failure.ts'
import type { Token } from './token.ts'
import { TokenKind } from './token-kind.ts'

/** Scans `"..."`; the cursor stands after the opening quote, the token has its position. */
export function scanQuotedString(cursor: Cursor, token: Token): TokenKind {
  const text = scanEscaped(cursor, token, CharCode.DoubleQuote)
  if (text === undefined) return TokenKind.Failure
  token.text = text
  return TokenKind.String
}

/** Scans `'x'`; the cursor stands after the opening quote. */
export function scanCharacter(cursor: Cursor, token: Token): TokenKind {
  if (cursor.codeAt(0) === CharCode.SingleQuote) return token.fail(malformedCharacter(''))
  const text = scanEscaped(cursor, token, CharCode.SingleQuote)
  if (text === undefined) return TokenKind.Failure
  const first = text.codePointAt(0) ?? 0
  if (text.length !== String.fromCodePoint(first).length) {
    return token.fail(malformedCharacter(text))
  }
  token.text = text
  return TokenKind.Character
}

/** Scans text with escapes up to `quote`, or fails and returns undefined. */
function scanEscaped(cursor: Cursor, token: Token, quote: number): string | undefined {
  const { source } = cursor
  // Text up to here is in `text`; from here on it waits to be copied in one piece.
  let pieceStart = cursor.index
  let text = ''
  for (;;) {
    const code = cursor.codeAt(0)
    if (code === quote) {
      text += source.slice(pieceStart, cursor.index)
      cursor.index += 1
      if (cursor.codeAt(0) !== quote) return text
      pieceStart = cursor.index
      cursor.index += 1
    } else if (code === CharCode.Backslash) {
      text += source.slice(pieceStart, cursor.index)
      const escaped = scanEscape(cursor, token, quote)
      if (escaped === undefined) return undefined
      text += escaped
      pieceStart = cursor.index
    } else if (code === CharCode.CarriageReturn && cursor.codeAt(1) === CharCode.LineFeed) {
      return failUnterminated(token)
    } else if (code === CharCode.LineFeed || code === NO_CHARACTER) {
      return failUnterminated(token)
    } else {
      cursor.skipCharacter()
    }
  }
}

function failUnterminated(token: Token): undefined {
  token.fail(UNTERMINATED_STRING)
  return undefined
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  r: '\r',
  n: '\n',
  t: '\t',
  '\\': '\\',
}

const HEX_ESCAPE_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** Decodes the escape at the cursor. */
function scanEscape(cursor: Cursor, token: Token, quote: number): string | undefined {
  cursor.index += 1
  if (cursor.codeAt(0) === CharCode.CarriageReturn && cursor.codeAt(1) === CharCode.LineFeed) {
    cursor.index += 1
  }
  const code = cursor.codeAt(0)
  if (code === NO_CHARACTER) return failUnterminated(token)
  if (code === CharCode.LineFeed) {
    if (quote !== CharCode.DoubleQuote) return failUnterminated(token)
    return skipLineContinuation(cursor, token.column)
  }
  const letter = cursor.source.charAt(cursor.index)
  const simple = code === quote ? letter : SIMPLE_ESCAPES[letter]
  if (simple !== undefined) {
    cursor.index += 1
    return simple
  }
  const digits = HEX_ESCAPE_DIGITS[letter]
  if (digits !== undefined) return scanHexEscape(cursor, token, letter, digits)
  const character = String.fromCodePoint(cursor.source.codePointAt(cursor.index) ?? 0)
  failAt(token, cursor, `\\${character}`)
  return undefined
}

/** After `\` at the end of a line, blanks up to the column of the opening quote are layout. */
function skipLineContinuation(cursor: Cursor, openingColumn: number): string {
  cursor.index += 1
  cursor.startLine()
  while (cursor.column <= openingColumn && isWhitespace(cursor.codeAt(0))) {
    if (cursor.codeAt(0) === CharCode.LineFeed) break
    cursor.index += 1
  }
  return ''
}

function scanHexEscape(
  cursor: Cursor,
  token: Token,
  letter: string,
  digits: number,
): string | undefined {
  let sequence = `\\${letter}`
  let value = 0
  for (let read = 0; read < digits; read += 1) {
    cursor.index += 1
    const code = cursor.codeAt(0)
    if (code === NO_CHARACTER) {
      cursor.index -= 1
      failAt(token, cursor, sequence)
      return undefined
    }
    sequence += String.fromCodePoint(cursor.source.codePointAt(cursor.index) ?? 0)
    const digit = hexDigitValue(code)
    if (digit < 0) {
      failAt(token, cursor, sequence)
      return undefined
    }
    value = value * 16 + digit
  }
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    failAt(token, cursor, sequence)
    return undefined
  }
  cursor.index += 1
  return String.fromCodePoint(value)
}

/** Moves the failed token to the character at the cursor, and takes that. */
function failAt(token: Token, cursor: Cursor, sequence: string): void {
  token.line = cursor.line
  token.column = cursor.column
  token.start = cursor.index
  token.fail(malformedEscape(sequence))
  const code = cursor.codeAt(0)
  if (code !== NO_CHARACTER && code !== CharCode.LineFeed) cursor.skipCharacter()
}

/** Scans `` `...` `` after the opening; a line break straight after it is not part of the text. */
export function scanBacktickString(cursor: Cursor, token: Token): TokenKind {
  if (cursor.codeAt(0) === CharCode.CarriageReturn) {
    cursor.index += cursor.codeAt(1) === CharCode.LineFeed ? 2 : 1
    cursor.startLine()
  } else if (cursor.codeAt(0) === CharCode.LineFeed) {
    cursor.index += 1
    cursor.startLine()
  }
  return scanText(cursor, token)
}

/**
 * Scans text of a back-tick string from the cursor up to the closing back-tick (a string token) or
 * the next `${` (an interpolated one; the cursor is left at the brace).
 */
function scanText(cursor: Cursor, token: Token): TokenKind {
  const { source } = cursor
  let pieceStart = cursor.index
  let text = ''
  for (;;) {
    const code = cursor.codeAt(0)
    if (code === NO_CHARACTER) return token.fail(UNTERMINATED_STRING)
    if (code === CharCode.Backtick) {
      text += source.slice(pieceStart, cursor.index)
      cursor.index += 1
      if (cursor.codeAt(0) !== CharCode.Backtick) {
        token.text = text
        return TokenKind.String
      }
      pieceStart = cursor.index
    } else if (code === CharCode.Dollar && cursor.codeAt(1) === CharCode.LeftBrace) {
      text += source.slice(pieceStart, cursor.index)
      cursor.index += 1
      token.text = text
      return TokenKind.InterpolatedString
    } else if (isEscapedInterpolation(cursor) || isLineEndReturn(cursor)) {
      // Drops the backslash of `\${`, and the first half of a two-character line end.
      text += source.slice(pieceStart, cursor.index)
      cursor.index += 1
      pieceStart = cursor.index
      if (code === CharCode.CarriageReturn) continue
    }
    cursor.skipCharacter()
    if (cursor.source.charCodeAt(cursor.index - 1) === CharCode.LineFeed) cursor.startLine()
  }
}

/** Scans on after the brace that ends an interpolation. */
export function scanTextAgain(cursor: Cursor, token: Token): TokenKind {
  const isDoubled = cursor.codeAt(0) === CharCode.Backtick && cursor.codeAt(1) === CharCode.Backtick
  if (cursor.codeAt(0) === NO_CHARACTER) return token.fail(NOTHING_AFTER_INTERPOLATION)
  const kind = scanText(cursor, token)
  // The reference says where the first character of an open text ends.
  if (kind === TokenKind.Failure && isDoubled) token.column += 1
  return kind
}

function isEscapedInterpolation(cursor: Cursor): boolean {
  return (
    cursor.codeAt(0) === CharCode.Backslash &&
    cursor.codeAt(1) === CharCode.Dollar &&
    cursor.codeAt(2) === CharCode.LeftBrace
  )
}

function isLineEndReturn(cursor: Cursor): boolean {
  return cursor.codeAt(0) === CharCode.CarriageReturn && cursor.codeAt(1) === CharCode.LineFeed
}

/** Scans `#"..."#` with any number of hashes; the cursor stands at the first. */
export function scanRawString(cursor: Cursor, token: Token): TokenKind {
  let hashes = 0
  while (cursor.codeAt(hashes) === CharCode.Hash) hashes += 1
  cursor.index += hashes
  if (cursor.codeAt(0) === NO_CHARACTER) return token.fail(UNTERMINATED_STRING)
  if (cursor.codeAt(0) !== CharCode.DoubleQuote) {
    const character = String.fromCodePoint(cursor.source.codePointAt(cursor.index) ?? 0)
    return token.fail(unexpectedInput(character))
  }
  cursor.index += 1
  const end = cursor.source.indexOf(`"${'#'.repeat(hashes)}`, cursor.index)
  if (end < 0) {
    cursor.skipText(cursor.source.length)
    return token.fail(UNTERMINATED_STRING)
  }
  token.text = cursor.source.slice(cursor.index, end)
  cursor.skipText(end)
  cursor.index += hashes + 1
  return TokenKind.String
}
