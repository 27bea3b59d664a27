/**
 * `try { } catch (name) { }`.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type { Name, TryStatement } from '../ast.ts'
import type { Parser } from '../parser.ts'
import { parseBlock } from './block.ts'

export function parseTry(parser: Parser, level: number): TryStatement {
  const position = parser.position()
  parser.skip()
  const inner = parser.deeper(level, position)
  const body = parseBlock(parser, inner, position)
  parser.expectHere(TokenKind.Catch, "for the 'try' statement")
  const variable = parseCatchVariable(parser)
  const { frame } = parser.context
  const { height } = frame
  if (variable !== undefined) frame.declare(variable.name, false)
  const handler = parseBlock(parser, inner, position)
  frame.rewind(height)
  return { kind: 'try', body, variable, handler, position }
}

function parseCatchVariable(parser: Parser): Name | undefined {
  if (!parser.accept(TokenKind.LeftParen)) return undefined
  const variable = parser.variableName()
  parser.expectHere(TokenKind.RightParen, 'to enclose the catch variable')
  return variable
}
