/**
 * Operators and punctuation, longest match first.
 *
 * Promises: symbols of other languages that people type by habit fail with the reference's hint;
 * the rest of what the language keeps for later becomes a reserved token.
 *
 * @module
 */
import { CharCode as C, isIdentifierPart } from './characters.ts'
import type { Cursor } from './cursor.ts'
import { improperSymbol, unexpectedInput } from './lex-failure.ts'
import type { Token } from './token.ts'
import { TokenKind as T } from './token-kind.ts'

/** Scans the symbol at the cursor; fails on a character that no token starts with. */
export function scanSymbol(cursor: Cursor, token: Token): T {
  const next = cursor.codeAt(1)
  const third = cursor.codeAt(2)
  switch (cursor.codeAt(0)) {
    case C.LeftBrace:
      return finish(cursor, T.LeftBrace, 1)
    case C.RightBrace:
      return finish(cursor, T.RightBrace, 1)
    case C.LeftParen:
      if (next === C.RightParen) return finish(cursor, T.Unit, 2)
      if (next === C.Asterisk) return failHinted(cursor, token, '(*')
      return finish(cursor, T.LeftParen, 1)
    case C.RightParen:
      return finish(cursor, T.RightParen, 1)
    case C.LeftBracket:
      return finish(cursor, T.LeftBracket, 1)
    case C.RightBracket:
      return finish(cursor, T.RightBracket, 1)
    case C.Semicolon:
      return finish(cursor, T.Semicolon, 1)
    case C.Comma:
      return finish(cursor, T.Comma, 1)
    case C.Hash:
      return scanHash(cursor, token, next, third)
    case C.Colon:
      return scanColon(cursor, token, next, third)
    case C.Period:
      return scanPeriod(cursor, token, next, third)
    case C.Question:
      return scanQuestion(cursor, token, next)
    case C.Equal:
      if (next === C.Greater) return finish(cursor, T.DoubleArrow, 2)
      if (next !== C.Equal) return finish(cursor, T.Assign, 1)
      if (third === C.Equal) return failHinted(cursor, token, '===')
      return finish(cursor, T.Equal, 2)
    case C.Bang:
      return scanBang(cursor, token, next, third)
    case C.Less:
      return scanLess(cursor, token, next, third)
    case C.Greater:
      if (next === C.Equal) return finish(cursor, T.GreaterOrEqual, 2)
      if (next !== C.Greater) return finish(cursor, T.Greater, 1)
      if (third === C.Equal) return finish(cursor, T.ShiftRightAssign, 3)
      return finish(cursor, T.ShiftRight, 2)
    default:
      return scanArithmetic(cursor, token, next, third)
  }
}

function scanArithmetic(cursor: Cursor, token: Token, next: number, third: number): T {
  switch (cursor.codeAt(0)) {
    case C.Plus:
      if (next === C.Equal) return finish(cursor, T.PlusAssign, 2)
      if (next === C.Plus) return reserve(cursor, token, '++')
      return finish(cursor, T.Plus, 1)
    case C.Minus:
      if (next === C.Equal) return finish(cursor, T.MinusAssign, 2)
      if (next === C.Greater) return failHinted(cursor, token, '->')
      if (next === C.Minus) return reserve(cursor, token, '--')
      return finish(cursor, T.Minus, 1)
    case C.Asterisk:
      if (next === C.RightParen) return failHinted(cursor, token, '*)')
      if (next === C.Equal) return finish(cursor, T.MultiplyAssign, 2)
      if (next !== C.Asterisk) return finish(cursor, T.Multiply, 1)
      if (third === C.Equal) return finish(cursor, T.PowerAssign, 3)
      return finish(cursor, T.Power, 2)
    case C.Slash:
      if (next === C.Equal) return finish(cursor, T.DivideAssign, 2)
      return finish(cursor, T.Divide, 1)
    case C.Percent:
      if (next === C.Equal) return finish(cursor, T.ModuloAssign, 2)
      return finish(cursor, T.Modulo, 1)
    case C.Pipe:
      if (next === C.Pipe) return finish(cursor, T.Or, 2)
      if (next === C.Equal) return finish(cursor, T.OrAssign, 2)
      if (next === C.Greater) return reserve(cursor, token, '|>')
      return finish(cursor, T.Pipe, 1)
    case C.Ampersand:
      if (next === C.Ampersand) return finish(cursor, T.And, 2)
      if (next === C.Equal) return finish(cursor, T.AndAssign, 2)
      return finish(cursor, T.Ampersand, 1)
    case C.Caret:
      if (next === C.Equal) return finish(cursor, T.XorAssign, 2)
      return finish(cursor, T.Xor, 1)
    case C.Tilde:
      return reserve(cursor, token, '~')
    case C.At:
      return reserve(cursor, token, '@')
    case C.Dollar:
      return reserve(cursor, token, '$')
    default:
      return failUnexpected(cursor, token)
  }
}

function scanHash(cursor: Cursor, token: Token, next: number, third: number): T {
  if (next === C.LeftBrace) return finish(cursor, T.MapStart, 2)
  if (next === C.Bang) return reserve(cursor, token, '#!')
  if (next === C.Space && third === C.LeftBrace) return failHinted(cursor, token, '# {')
  return reserve(cursor, token, '#')
}

function scanColon(cursor: Cursor, token: Token, next: number, third: number): T {
  if (next === C.Equal) return failHinted(cursor, token, ':=')
  if (next === C.Semicolon) return failHinted(cursor, token, ':;')
  if (next !== C.Colon) return finish(cursor, T.Colon, 1)
  if (third === C.Less) return failHinted(cursor, token, '::<')
  return finish(cursor, T.DoubleColon, 2)
}

function scanPeriod(cursor: Cursor, token: Token, next: number, third: number): T {
  if (next !== C.Period) return finish(cursor, T.Period, 1)
  if (third === C.Period) return reserve(cursor, token, '...')
  if (third === C.Equal) return finish(cursor, T.InclusiveRange, 3)
  return finish(cursor, T.ExclusiveRange, 2)
}

function scanQuestion(cursor: Cursor, token: Token, next: number): T {
  if (next === C.Period) return finish(cursor, T.Elvis, 2)
  if (next === C.Question) return finish(cursor, T.Coalesce, 2)
  if (next === C.LeftBracket) return finish(cursor, T.QuestionBracket, 2)
  return reserve(cursor, token, '?')
}

function scanBang(cursor: Cursor, token: Token, next: number, third: number): T {
  if (next === C.Equal && third === C.Equal) return failHinted(cursor, token, '!==')
  if (next === C.Equal) return finish(cursor, T.NotEqual, 2)
  if (next === C.Period) return reserve(cursor, token, '!.')
  const isNotIn = next === C.LowerI && third === C.LowerN && !isIdentifierPart(cursor.codeAt(3))
  return isNotIn ? finish(cursor, T.NotIn, 3) : finish(cursor, T.Bang, 1)
}

function scanLess(cursor: Cursor, token: Token, next: number, third: number): T {
  if (next === C.Equal) return finish(cursor, T.LessOrEqual, 2)
  if (next === C.Minus) return failHinted(cursor, token, '<-')
  if (next === C.Pipe) return reserve(cursor, token, '<|')
  if (next !== C.Less) return finish(cursor, T.Less, 1)
  if (third === C.Equal) return finish(cursor, T.ShiftLeftAssign, 3)
  return finish(cursor, T.ShiftLeft, 2)
}

function finish(cursor: Cursor, kind: T, length: number): T {
  cursor.index += length
  return kind
}

function reserve(cursor: Cursor, token: Token, symbol: string): T {
  cursor.index += symbol.length
  token.text = symbol
  return T.Reserved
}

const PASCAL_COMMENT =
  "'(* .. *)' is not a valid comment format. This is not Pascal! Should it be '/* .. */'?"

const HINTS: Readonly<Record<string, string>> = {
  '===': "'===' is not a valid operator. This is not JavaScript! Should it be '=='?",
  '!==': "'!==' is not a valid operator. This is not JavaScript! Should it be '!='?",
  '->': "'->' is not a valid symbol. This is not C or C++!",
  '<-': "'<-' is not a valid symbol. This is not Go! Should it be '<='?",
  ':=':
    "':=' is not a valid assignment operator. This is not Go or Pascal! " +
    "Should it be simply '='?",
  ':;': "':;' is not a valid symbol. Should it be '::'?",
  '::<': "'::<>' is not a valid symbol. This is not Rust! Should it be '::'?",
  '(*': PASCAL_COMMENT,
  '*)': PASCAL_COMMENT,
  '# {': "'#' is not a valid symbol. Should it be '#{'?",
}

function failHinted(cursor: Cursor, token: Token, symbol: string): T {
  cursor.index += symbol.length
  return token.fail(improperSymbol(HINTS[symbol] ?? symbol))
}

function failUnexpected(cursor: Cursor, token: Token): T {
  const start = cursor.index
  cursor.skipCharacter()
  return token.fail(unexpectedInput(cursor.source.slice(start, cursor.index)))
}
