/**
 * Literals with parts: arrays, maps and interpolated strings.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type {
  ArrayLiteral,
  Expression,
  InterpolatedString,
  MapEntry,
  MapLiteral,
  Name,
  StatementExpression,
  StringLiteral,
} from '../ast.ts'
import { missingToken, parseError, reserved } from '../parse-error.ts'
import type { Parser } from '../parser.ts'

const END_OF_ARRAY = 'to end this array literal'
const END_OF_MAP = 'to end this object map literal'

export function parseArray(parser: Parser, level: number): ArrayLiteral {
  const position = parser.position()
  parser.skip()
  const items: Expression[] = []
  while (!parser.accept(TokenKind.RightBracket)) {
    if (parser.peek() === TokenKind.End) throw parser.missing(TokenKind.RightBracket, END_OF_ARRAY)
    parser.checkItems(items.length)
    items.push(parser.grammar.expression(parser, parser.deeper(level, position)))
    if (parser.accept(TokenKind.Comma) || parser.peek() === TokenKind.RightBracket) continue
    if (parser.peek() === TokenKind.End) throw parser.missing(TokenKind.RightBracket, END_OF_ARRAY)
    throw parser.missing(TokenKind.Comma, 'to separate the items of this array literal')
  }
  return { kind: 'array', items, position }
}

export function parseMap(parser: Parser, level: number): MapLiteral {
  const position = parser.position()
  parser.skip()
  const entries: MapEntry[] = []
  const names = new Set<string>()
  while (!parser.accept(TokenKind.RightBrace)) {
    const key = parseKey(parser, entries.length === 0)
    if (names.has(key.name)) {
      const text = `Duplicated property for object map literal: ${key.name}`
      throw parseError('DuplicatedProperty', text, key.position)
    }
    names.add(key.name)
    parser.expect(
      TokenKind.Colon,
      `to follow the property '${key.name}' in this object map literal`,
    )
    parser.checkEntries(entries.length)
    const value = parser.grammar.expression(parser, parser.deeper(level, position))
    entries.push({ ...key, value })
    if (parser.accept(TokenKind.Comma) || parser.peek() === TokenKind.RightBrace) continue
    if (parser.peek() !== TokenKind.Identifier) {
      throw parser.missing(TokenKind.RightBrace, END_OF_MAP)
    }
    throw parser.missing(TokenKind.Comma, 'to separate the items of this object map literal')
  }
  return { kind: 'map', entries, position }
}

function parseKey(parser: Parser, isFirst: boolean): Name {
  const kind = parser.peek()
  const position = parser.position()
  const name = parser.token.text
  const isName = kind === TokenKind.Identifier && !parser.context.isJson
  if (isName || kind === TokenKind.String) {
    parser.skip()
    return { name, position }
  }
  if (kind === TokenKind.Failure) throw parser.lexFailure()
  if (parser.isReservedWord()) throw reserved(name, position)
  const isUnfit = kind === TokenKind.InterpolatedString || kind === TokenKind.Identifier
  const isMissing = kind === TokenKind.End || (isFirst && !isUnfit)
  if (isMissing) throw missingToken('}', END_OF_MAP, position)
  throw parseError('PropertyExpected', 'Expecting name of a property', position)
}

/** Called at the text up to the first `${`. */
export function parseInterpolatedString(parser: Parser, level: number): InterpolatedString {
  const position = parser.position()
  const parts: (StringLiteral | StatementExpression)[] = []
  pushText(parser, parts)
  for (;;) {
    const block = parser.grammar.block(parser, level, position)
    parts.push({ kind: 'statement', statement: block, position: block.position })
    const kind = parser.peekText()
    if (kind === TokenKind.Failure) throw parser.lexFailure()
    pushText(parser, parts)
    if (kind === TokenKind.String) return { kind: 'interpolated', parts, position }
  }
}

function pushText(parser: Parser, parts: (StringLiteral | StatementExpression)[]): void {
  const position = parser.position()
  const value = parser.token.text
  parser.skip()
  if (value !== '') parts.push({ kind: 'string', value, position })
}
