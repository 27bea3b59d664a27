/**
 * The operands of operators: literals, names, groups, and statements in the place of a value.
 *
 * @module
 */
import { improperSymbol, unexpectedInput } from '../../lex/lex-failure.ts'
import { TokenKind } from '../../lex/token-kind.ts'
import { RESERVED_WORDS } from '../../lex/words.ts'
import type { Expression, Position, Variable } from '../ast.ts'
import { badInput, parseError, reserved } from '../parse-error.ts'
import { type Parser, textOf } from '../parser.ts'
import { parseChain } from './chain.ts'
import { parseClosure } from './closure.ts'
import { parseArray, parseInterpolatedString, parseMap } from './literals.ts'

/** An operand with everything that follows it: calls, properties, indexes. */
export function parsePrimary(parser: Parser, level: number): Expression {
  const root = parseRoot(parser, level)
  return parseChain(parser, level, root)
}

function parseRoot(parser: Parser, level: number): Expression {
  const kind = parser.peek()
  const position = parser.position()
  switch (kind) {
    case TokenKind.Identifier:
      return parseVariable(parser, position)
    case TokenKind.Reserved:
      return parseReserved(parser, position)
    case TokenKind.LeftParen:
      parser.skip()
      return parseGroup(parser, parser.deeper(level, position))
    case TokenKind.LeftBrace: {
      const statement = parser.grammar.block(parser, parser.deeper(level, position), position)
      return { kind: 'statement', statement, position: statement.position }
    }
    case TokenKind.While:
    case TokenKind.Loop:
    case TokenKind.Do:
    case TokenKind.For:
      if (parser.context.isJson) throw badInput(unexpectedInput(textOf(kind)), position)
      return parseControlFlow(parser, level, position)
    case TokenKind.If:
    case TokenKind.Switch:
      return parseControlFlow(parser, level, position)
    case TokenKind.LeftBracket:
      return parseArray(parser, parser.deeper(level, position))
    case TokenKind.MapStart:
      return parseMap(parser, parser.deeper(level, position))
    case TokenKind.InterpolatedString:
      return parseInterpolatedString(parser, parser.deeper(level, position))
    case TokenKind.Pipe:
    case TokenKind.Or:
      return parseClosure(parser, level)
    case TokenKind.End:
      throw parseError('UnexpectedEOF', 'Script is incomplete', position)
    case TokenKind.Failure: {
      const failure = parser.lexFailure()
      parser.skip()
      throw failure
    }
    default:
      return parseScalar(parser, kind, position)
  }
}

function parseControlFlow(parser: Parser, level: number, position: Position): Expression {
  const statement = parser.grammar.controlFlow(parser, parser.deeper(level, position))
  return { kind: 'statement', statement, position: statement.position }
}

function parseScalar(parser: Parser, kind: TokenKind, position: Position): Expression {
  const { text, value } = parser.token
  switch (kind) {
    case TokenKind.ExclusiveRange:
    case TokenKind.InclusiveRange:
      // A range without a start counts from 0. Its operator is still to come.
      return { kind: 'integer', value: 0, position }
    case TokenKind.Integer:
      parser.skip()
      return { kind: 'integer', value, position }
    case TokenKind.Float:
      parser.skip()
      return { kind: 'float', value: Number(value), position }
    case TokenKind.String:
      parser.skip()
      return { kind: 'string', value: text, position }
    case TokenKind.Character:
      parser.skip()
      return { kind: 'character', value: text, position }
    case TokenKind.True:
    case TokenKind.False:
      parser.skip()
      return { kind: 'boolean', value: kind === TokenKind.True, position }
    case TokenKind.Unit:
      parser.skip()
      return { kind: 'unit', position }
    default:
      throw badInput(unexpectedInput(textOf(kind)), position)
  }
}

function parseGroup(parser: Parser, level: number): Expression {
  const expression = parser.grammar.expression(parser, level)
  parser.expect(TokenKind.RightParen, 'for a matching ( in this expression')
  return expression
}

function parseVariable(parser: Parser, position: Position): Variable {
  const name = parser.token.text
  parser.skip()
  // A name that is called, or that names a module, is not a variable a closure could capture.
  if (!startsCall(parser.peek()) && parser.peek() !== TokenKind.DoubleColon) {
    parser.useVariable(name, position)
  }
  return { kind: 'variable', name, namespace: [], position }
}

function parseReserved(parser: Parser, position: Position): Expression {
  const word = parser.token.text
  parser.skip()
  const isCallable = (RESERVED_WORDS.get(word) ?? 'never') !== 'never'
  if (isCallable && startsCall(parser.peek())) {
    return { kind: 'variable', name: word, namespace: [], position }
  }
  if (word !== 'this') throw reserved(word, position)
  if (parser.context.isInFunction) return { kind: 'this', position }
  throw badInput(improperSymbol("'this' can only be used in functions"), position)
}

function startsCall(kind: TokenKind): boolean {
  return kind === TokenKind.LeftParen || kind === TokenKind.Unit || kind === TokenKind.Bang
}
