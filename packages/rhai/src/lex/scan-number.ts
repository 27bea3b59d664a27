/**
 * Number literals: decimal, `0x`, `0o`, `0b`, with `_` between digits.
 *
 * Promises: an integer too large for 64 bits becomes a float; one with a radix wraps to signed, and
 * is malformed beyond 64 bits, as in the reference.
 *
 * @module
 */
import { CharCode, hexDigitValue, isDigit, isLetter, lowerCased } from './characters.ts'
import type { Cursor } from './cursor.ts'
import { malformedNumber } from './lex-failure.ts'
import type { Token } from './token.ts'
import { TokenKind } from './token-kind.ts'

/** Every decimal integer of so many digits is exact as a JavaScript number. */
const SAFE_DIGITS = 15
const INT_MIN = -(2n ** 63n)
const INT_MAX = 2n ** 63n - 1n
const INT_BITS = 64

/** Scans a number; the cursor stands at its first digit, after the minus if `isNegative`. */
export function scanNumber(cursor: Cursor, token: Token, isNegative: boolean): TokenKind {
  const radix = cursor.codeAt(0) === CharCode.Digit0 ? skipRadixPrefix(cursor) : undefined
  if (radix !== undefined) return scanRadixNumber(cursor, token, radix, isNegative)
  const start = cursor.index
  const isFloat = skipDecimal(cursor)
  const digits = withoutSeparators(cursor.source.slice(start, cursor.index))
  return finishDecimal(token, isNegative ? `-${digits}` : digits, isFloat)
}

interface Radix {
  readonly letter: string
  readonly base: number
}

/** Steps over `0x` and the like (`0_x` too), leaving the cursor at the first digit. */
function skipRadixPrefix(cursor: Cursor): Radix | undefined {
  let offset = 1
  while (cursor.codeAt(offset) === CharCode.Underscore) offset += 1
  const letter = cursor.source.charAt(cursor.index + offset)
  const base = RADIX_BASES[letter.toLowerCase()]
  if (base === undefined) return undefined
  cursor.index += offset + 1
  return { letter, base }
}

const RADIX_BASES: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 }

function scanRadixNumber(
  cursor: Cursor,
  token: Token,
  radix: Radix,
  isNegative: boolean,
): TokenKind {
  const start = cursor.index
  for (;;) {
    const code = cursor.codeAt(0)
    const value = hexDigitValue(code)
    if (code !== CharCode.Underscore && (value < 0 || value >= radix.base)) break
    cursor.index += 1
  }
  const digits = withoutSeparators(cursor.source.slice(start, cursor.index))
  // The reference takes a minus here for the zero of the prefix, and so finds no number.
  if (isNegative) return token.fail(malformedNumber(radix.letter + digits))
  if (digits === '') return token.fail(malformedNumber(''))
  const unsigned = BigInt(`0${radix.letter.toLowerCase()}${digits}`)
  if (unsigned !== BigInt.asUintN(INT_BITS, unsigned)) return token.fail(malformedNumber(digits))
  token.value = normalInteger(BigInt.asIntN(INT_BITS, unsigned))
  return TokenKind.Integer
}

/** Steps over a decimal number and says whether it has a point or an exponent. */
function skipDecimal(cursor: Cursor): boolean {
  let hasPeriod = false
  let hasExponent = false
  for (;;) {
    const code = cursor.codeAt(0)
    if (isDigit(code) || code === CharCode.Underscore) {
      cursor.index += 1
    } else if (code === CharCode.Period && !hasPeriod && isDecimalPoint(cursor.codeAt(1))) {
      cursor.index += 1
      hasPeriod = true
    } else if (lowerCased(code) === CharCode.LowerE && !hasExponent) {
      const length = exponentPrefixLength(cursor)
      if (length === 0) break
      cursor.index += length
      hasExponent = true
      hasPeriod = true
    } else {
      break
    }
  }
  return hasPeriod
}

/** A period may also start a range, or the name of a property. */
function isDecimalPoint(next: number): boolean {
  if (isDigit(next)) return true
  const mayStartOther =
    next < 0 || next === CharCode.Underscore || next === CharCode.Period || isLetter(next)
  return !mayStartOther
}

/** Length of `e`, `e+` or `e-`; 0 when the letter starts a name instead. */
function exponentPrefixLength(cursor: Cursor): number {
  const next = cursor.codeAt(1)
  if (isDigit(next)) return 1
  return next === CharCode.Plus || next === CharCode.Minus ? 2 : 0
}

function withoutSeparators(text: string): string {
  return text.includes('_') ? text.replaceAll('_', '') : text
}

function finishDecimal(token: Token, text: string, isFloat: boolean): TokenKind {
  if (!isFloat) {
    const integer = parseInteger(text)
    if (integer !== undefined) {
      token.value = integer
      return TokenKind.Integer
    }
  }
  const value = Number(text)
  if (Number.isNaN(value)) return token.fail(malformedNumber(text.toLowerCase()))
  token.value = value
  return TokenKind.Float
}

/** Undefined when the number does not fit 64 bits. */
function parseInteger(text: string): number | bigint | undefined {
  // Adding zero turns the float -0 into 0: integers have no negative zero.
  if (text.length <= SAFE_DIGITS) return Number(text) + 0
  const exact = BigInt(text)
  return exact < INT_MIN || exact > INT_MAX ? undefined : normalInteger(exact)
}

function normalInteger(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
