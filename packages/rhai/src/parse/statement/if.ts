/**
 * `if`, `else if`, `else`.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type { Block, IfStatement, Position } from '../ast.ts'
import { parseCondition } from '../expression/expression.ts'
import type { Parser } from '../parser.ts'
import { parseBlock } from './block.ts'

/** @param around position of the construct around it, blamed when it is too deep. */
export function parseIf(parser: Parser, level: number, around: Position): IfStatement {
  const position = parser.position()
  parser.skip()
  const inner = parser.deeper(level, around)
  const condition = parseCondition(parser, inner)
  const consequent = parseBlock(parser, inner, position)
  const alternate = parseElse(parser, inner, position)
  return { kind: 'if', condition, consequent, alternate, position }
}

function parseElse(
  parser: Parser,
  level: number,
  around: Position,
): Block | IfStatement | undefined {
  if (!parser.accept(TokenKind.Else)) return undefined
  if (parser.peek() === TokenKind.If) return parseIf(parser, level, around)
  return parseBlock(parser, level, around)
}
