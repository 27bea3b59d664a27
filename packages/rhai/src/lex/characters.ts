/**
 * Questions about single characters, asked of their codes.
 *
 * Identifiers are ASCII only, as in the default build of the reference.
 *
 * @module
 */

export const CharCode = {
  Tab: 9,
  LineFeed: 10,
  FormFeed: 12,
  CarriageReturn: 13,
  Space: 32,
  Bang: 33,
  DoubleQuote: 34,
  Hash: 35,
  Dollar: 36,
  Percent: 37,
  Ampersand: 38,
  SingleQuote: 39,
  LeftParen: 40,
  RightParen: 41,
  Asterisk: 42,
  Plus: 43,
  Comma: 44,
  Minus: 45,
  Period: 46,
  Slash: 47,
  Digit0: 48,
  Digit9: 57,
  Colon: 58,
  Semicolon: 59,
  Less: 60,
  Equal: 61,
  Greater: 62,
  Question: 63,
  At: 64,
  LeftBracket: 91,
  Backslash: 92,
  RightBracket: 93,
  Caret: 94,
  Underscore: 95,
  Backtick: 96,
  LowerE: 101,
  LowerI: 105,
  LowerN: 110,
  LeftBrace: 123,
  Pipe: 124,
  RightBrace: 125,
  Tilde: 126,
} as const

/** Folds an ASCII letter to lower case; other codes change too, so compare with letters only. */
const LOWER_CASE_BIT = 0x20

export function lowerCased(code: number): number {
  return code | LOWER_CASE_BIT
}

export function isDigit(code: number): boolean {
  return code >= CharCode.Digit0 && code <= CharCode.Digit9
}

export function isLetter(code: number): boolean {
  const lower = lowerCased(code)
  return lower >= 97 && lower <= 122
}

export function isIdentifierPart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === CharCode.Underscore
}

/** Value of a hexadecimal digit, -1 for anything else. */
export function hexDigitValue(code: number): number {
  if (isDigit(code)) return code - CharCode.Digit0
  const lower = lowerCased(code)
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** What may stand between tokens, line feeds apart. */
export function isBlank(code: number): boolean {
  return (
    code === CharCode.Space ||
    code === CharCode.Tab ||
    code === CharCode.CarriageReturn ||
    code === CharCode.FormFeed
  )
}

/** Unicode property White_Space. */
export function isWhitespace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13)
  if (code < 0x85) return false
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  )
}
