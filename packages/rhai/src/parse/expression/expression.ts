/**
 * Expressions: unary and binary operators over primaries, by precedence climbing.
 *
 * The depth is counted as the reference counts it: each operator of a run makes the rest of the run
 * one level deeper, so `1 + 1 + ...` has a limit too.
 *
 * @module
 */
import { improperSymbol, unexpectedInput } from '../../lex/lex-failure.ts'
import { TokenKind } from '../../lex/token-kind.ts'
import type { BinaryOperator, Expression, Position, UnaryOperator } from '../ast.ts'
import { badInput, expressionExpected, parseError } from '../parse-error.ts'
import { type Parser, textOf } from '../parser.ts'
import { checkBoolean } from './expression-shape.ts'
import { bindsRight, LOWEST_PRECEDENCE, precedenceOf } from './precedence.ts'
import { parsePrimary } from './primary.ts'

export function parseExpression(parser: Parser, level: number): Expression {
  const inner = parser.deeper(level, parser.position())
  return parseBinary(parser, inner, LOWEST_PRECEDENCE, parseUnary(parser, inner))
}

/** The condition of `if`, `while`, `until` or a guard. */
export function parseCondition(parser: Parser, level: number): Expression {
  refuseBlock(parser)
  const condition = checkBoolean(parseExpression(parser, level))
  refuseAssignment(parser)
  return condition
}

/** A block would be a condition, but hardly a meant one. */
export function refuseBlock(parser: Parser): void {
  if (parser.peek() !== TokenKind.LeftBrace) return
  throw expressionExpected('a boolean', parser.position())
}

function refuseAssignment(parser: Parser): void {
  if (parser.peek() !== TokenKind.Assign) return
  throw badInput(improperSymbol("Possibly a typo of '=='?"), parser.position())
}

function parseUnary(parser: Parser, level: number): Expression {
  const kind = parser.peek()
  switch (kind) {
    case TokenKind.Minus:
    case TokenKind.Plus:
    case TokenKind.Bang: {
      const position = parser.position()
      parser.skip()
      const operand = parseUnary(parser, parser.deeper(level, position))
      return makeUnary(textOf(kind) as UnaryOperator, operand, position)
    }
    case TokenKind.Pipe:
      if (parser.context.endsAtPipe) throw badInput(unexpectedInput('|'), parser.position())
      return parsePrimary(parser, level)
    default:
      return parsePrimary(parser, level)
  }
}

/** A sign in front of a number becomes part of it. */
function makeUnary(operator: UnaryOperator, operand: Expression, position: Position): Expression {
  const isNumber = operand.kind === 'integer' || operand.kind === 'float'
  if (operator === '+' && isNumber) return operand
  if (operator === '-' && operand.kind === 'float') {
    return { kind: 'float', value: -operand.value, position }
  }
  if (operator === '-' && operand.kind === 'integer') {
    const { value } = operand
    // The one INT without a positive twin becomes a float.
    if (value === INT_MIN) return { kind: 'float', value: -Number(value), position }
    // Integers have no negative zero.
    return { kind: 'integer', value: value === 0 ? 0 : -value, position }
  }
  return { kind: 'unary', operator, operand, position }
}

const INT_MIN = -(2n ** 63n)

function parseBinary(
  parser: Parser,
  level: number,
  parentPrecedence: number,
  first: Expression,
): Expression {
  let left = first
  let depth = level
  let position = first.position
  for (;;) {
    const kind = parser.peek()
    if (parser.context.endsAtPipe && kind === TokenKind.Pipe) return left
    const precedence = operatorPrecedence(parser)
    if (precedence < parentPrecedence) return left
    if (precedence === parentPrecedence && !bindsRight(kind)) return left
    const operatorPosition = parser.position()
    parser.skip()
    let right = parseRightOperand(parser, depth, kind)
    const nextPrecedence = operatorPrecedence(parser)
    if (nextPrecedence > precedence || (nextPrecedence === precedence && bindsRight(kind))) {
      right = parseBinary(parser, parser.deeper(depth, position), precedence, right)
    }
    depth = parser.deeper(depth, position)
    position = operatorPosition
    left = makeBinary(kind, left, right, operatorPosition)
  }
}

function operatorPrecedence(parser: Parser): number {
  const kind = parser.peek()
  if (parser.isReservedSymbol()) {
    const symbol = parser.token.text
    throw parseError('UnknownOperator', `Unknown operator: '${symbol}'`, parser.position())
  }
  return precedenceOf(kind)
}

function parseRightOperand(parser: Parser, level: number, operator: TokenKind): Expression {
  const next = parser.peek()
  if (operator === TokenKind.Coalesce && isJump(next)) {
    const statement = parser.grammar.jump(parser, level)
    return { kind: 'statement', statement, position: statement.position }
  }
  const isRange = operator === TokenKind.ExclusiveRange || operator === TokenKind.InclusiveRange
  if (isRange && endsOpenRange(next)) return { kind: 'unit', position: parser.position() }
  return parseUnary(parser, level)
}

function isJump(kind: TokenKind): boolean {
  return (
    kind === TokenKind.Break ||
    kind === TokenKind.Continue ||
    kind === TokenKind.Return ||
    kind === TokenKind.Throw
  )
}

/** Whether a range without an end may stand before this token. */
function endsOpenRange(kind: TokenKind): boolean {
  return (
    kind === TokenKind.RightBracket ||
    kind === TokenKind.RightParen ||
    kind === TokenKind.RightBrace ||
    kind === TokenKind.Comma ||
    kind === TokenKind.Semicolon ||
    kind === TokenKind.DoubleArrow
  )
}

function makeBinary(
  kind: TokenKind,
  left: Expression,
  right: Expression,
  position: Position,
): Expression {
  switch (kind) {
    case TokenKind.And:
    case TokenKind.Or: {
      const operator = kind === TokenKind.And ? '&&' : '||'
      checkBoolean(left)
      checkBoolean(right)
      return { kind: 'logical', operator, left, right, position }
    }
    case TokenKind.Coalesce:
      return { kind: 'logical', operator: '??', left, right, position }
    case TokenKind.ExclusiveRange:
      return { kind: 'range', start: left, end: right, isInclusive: false, position }
    case TokenKind.InclusiveRange:
      return { kind: 'range', start: left, end: right, isInclusive: true, position }
    default:
      return { kind: 'binary', operator: textOf(kind) as BinaryOperator, left, right, position }
  }
}
