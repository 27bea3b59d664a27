/**
 * `while`, `loop`, `do`, `for`.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type {
  Block,
  DoStatement,
  ForStatement,
  LoopStatement,
  Name,
  Position,
  WhileStatement,
} from '../ast.ts'
import { parseCondition, parseExpression, refuseBlock } from '../expression/expression.ts'
import { checkIterable } from '../expression/expression-shape.ts'
import { parseError } from '../parse-error.ts'
import type { Parser } from '../parser.ts'
import { parseBlock } from './block.ts'

export function parseWhile(parser: Parser, level: number): WhileStatement {
  const position = parser.position()
  const inner = parser.deeper(level, position)
  parser.skip()
  const condition = parseCondition(parser, inner)
  const body = parseLoopBody(parser, inner, position)
  return { kind: 'while', condition, body, position }
}

export function parseLoop(parser: Parser, level: number): LoopStatement {
  const position = parser.position()
  const inner = parser.deeper(level, position)
  parser.skip()
  const body = parseLoopBody(parser, inner, position)
  return { kind: 'loop', body, position }
}

export function parseDo(parser: Parser, level: number): DoStatement {
  const position = parser.position()
  const inner = parser.deeper(level, position)
  parser.skip()
  const body = parseLoopBody(parser, inner, position)
  const isUntil = parser.accept(TokenKind.Until)
  if (!isUntil) parser.expectHere(TokenKind.While, 'for the do statement')
  const condition = parseCondition(parser, inner)
  return { kind: 'do', body, isUntil, condition, position }
}

export function parseFor(parser: Parser, level: number): ForStatement {
  const position = parser.position()
  const inner = parser.deeper(level, position)
  parser.skip()
  const { variable, counter } = parseForVariables(parser)
  parser.expect(TokenKind.In, 'after the iteration variable')
  refuseBlock(parser)
  const iterable = checkIterable(parseExpression(parser, inner))
  const { frame } = parser.context
  const { height } = frame
  if (counter !== undefined) frame.declare(counter.name, false)
  frame.declare(variable.name, false)
  const body = parseLoopBody(parser, inner, position)
  frame.rewind(height)
  return { kind: 'for', variable, counter, iterable, body, position }
}

function parseForVariables(parser: Parser): { variable: Name; counter: Name | undefined } {
  const isPair = parser.accept(TokenKind.LeftParen)
  const variable = parser.variableName()
  if (!isPair) return { variable, counter: undefined }
  parser.expect(TokenKind.Comma, 'after the iteration variable name')
  const counter = parser.variableName()
  if (counter.name === variable.name) {
    const text = `Duplicated variable name: ${counter.name}`
    throw parseError('DuplicatedVariable', text, counter.position)
  }
  parser.expectHere(TokenKind.RightParen, 'to close the iteration variable')
  return { variable, counter }
}

function parseLoopBody(parser: Parser, level: number, around: Position): Block {
  return parser.within({ isInLoop: true }, () => parseBlock(parser, level, around))
}
