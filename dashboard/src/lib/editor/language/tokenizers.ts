/**
 * The tokens of Rhai that no regular expression describes: comments that nest, raw strings, numbers
 * whose period may begin a range or a method, and `!in`.
 *
 * Promises: each takes time in proportion to what it reads; what is left open ends with the text.
 *
 * @module
 */
import { ExternalTokenizer, type InputStream } from '@lezer/lr'
import {
  BlockComment,
  DocComment,
  LineComment,
  Number as NumberToken,
  notIn,
  RawString,
} from './generated/terms.ts'

const END = -1
const code = (character: string): number => character.charCodeAt(0)
const LINE_FEED = code('\n')
const CARRIAGE_RETURN = code('\r')
const BANG = code('!')
const QUOTE = code('"')
const HASH = code('#')
const STAR = code('*')
const PLUS = code('+')
const MINUS = code('-')
const PERIOD = code('.')
const SLASH = code('/')
const ZERO = code('0')
const UNDERSCORE = code('_')

/** Steps over one comment; each kind has a name of its own. */
export const comment = new ExternalTokenizer((input) => {
  if (input.next !== SLASH) return
  const second = input.peek(1)
  if (second === SLASH) readLineComment(input)
  else if (second === STAR) readBlockComment(input)
})

function readLineComment(input: InputStream): void {
  const third = input.peek(2)
  const documents = third === BANG || (third === SLASH && input.peek(3) !== SLASH)
  while (input.next !== END && input.next !== LINE_FEED && input.next !== CARRIAGE_RETURN) {
    input.advance()
  }
  input.acceptToken(documents ? DocComment : LineComment)
}

function readBlockComment(input: InputStream): void {
  const fourth = input.peek(3)
  const documents = input.peek(2) === STAR && fourth !== STAR && fourth !== SLASH
  let depth = 0
  do {
    const { next } = input
    const isPair = next === SLASH || next === STAR
    const second = isPair ? input.peek(1) : END
    if (next === SLASH && second === STAR) {
      depth += 1
      input.advance(2)
    } else if (next === STAR && second === SLASH) {
      depth -= 1
      input.advance(2)
    } else {
      input.advance()
    }
  } while (depth > 0 && input.next !== END)
  input.acceptToken(documents ? DocComment : BlockComment)
}

/** Numbers, raw strings, `!in`. */
export const literal = new ExternalTokenizer((input) => {
  const { next } = input
  if (isDigit(next)) readNumber(input)
  else if (next === HASH) readRawString(input)
  else if (next === BANG) readNotIn(input)
})

function readNotIn(input: InputStream): void {
  if (input.peek(1) !== code('i') || input.peek(2) !== code('n') || isWord(input.peek(3))) return
  input.acceptToken(notIn, 3)
}

/** `#"..."#`, with as many hashes behind as in front. */
function readRawString(input: InputStream): void {
  let hashes = 0
  while (input.peek(hashes) === HASH) hashes += 1
  if (input.peek(hashes) !== QUOTE) return
  input.advance(hashes + 1)
  while (input.next !== END) {
    const isQuote = input.next === QUOTE
    input.advance()
    if (isQuote && acceptHashes(input, hashes)) break
  }
  input.acceptToken(RawString)
}

function acceptHashes(input: InputStream, count: number): boolean {
  for (let offset = 0; offset < count; offset += 1) {
    if (input.peek(offset) !== HASH) return false
  }
  input.advance(count)
  return true
}

function readNumber(input: InputStream): void {
  if (input.next !== ZERO || !acceptRadixDigits(input)) readDecimal(input)
  input.acceptToken(NumberToken)
}

function acceptRadixDigits(input: InputStream): boolean {
  let offset = 1
  while (input.peek(offset) === UNDERSCORE) offset += 1
  const isDigitOfRadix = RADIX_DIGITS[String.fromCharCode(input.peek(offset) | 0x20)]
  if (isDigitOfRadix === undefined) return false
  input.advance(offset + 1)
  while (input.next === UNDERSCORE || isDigitOfRadix(input.next)) input.advance()
  return true
}

const RADIX_DIGITS: Readonly<Record<string, (code: number) => boolean>> = {
  x: (digit) => isDigit(digit) || ((digit | 0x20) >= 97 && (digit | 0x20) <= 102),
  o: (digit) => digit >= ZERO && digit < ZERO + 8,
  b: (digit) => digit === ZERO || digit === ZERO + 1,
}

function readDecimal(input: InputStream): void {
  acceptDigits(input)
  if (input.next === PERIOD && isDecimalPoint(input.peek(1))) {
    input.advance()
    acceptDigits(input)
  }
  if ((input.next | 0x20) !== code('e')) return
  const next = input.peek(1)
  if (!isDigit(next) && next !== PLUS && next !== MINUS) return
  input.advance(2)
  acceptDigits(input)
}

function acceptDigits(input: InputStream): void {
  while (isDigit(input.next) || input.next === UNDERSCORE) input.advance()
}

/** A period may also start a range, or the name of a property. */
function isDecimalPoint(next: number): boolean {
  return isDigit(next) || (next !== END && next !== PERIOD && !isWord(next))
}

function isDigit(next: number): boolean {
  return next >= ZERO && next <= ZERO + 9
}

function isWord(next: number): boolean {
  const lower = next | 0x20
  return isDigit(next) || next === UNDERSCORE || (lower >= 97 && lower <= 122)
}
