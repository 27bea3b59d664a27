/**
 * `break`, `continue`, `return`, `throw`.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import { RhaiError } from '../../rhai-error.ts'
import type { Expression, JumpStatement, Position } from '../ast.ts'
import { parseExpression } from '../expression/expression.ts'
import { parseError } from '../parse-error.ts'
import type { Parser } from '../parser.ts'

/** Called at the keyword. */
export function parseJump(parser: Parser, level: number): JumpStatement {
  const keyword = parser.peek()
  const position = parser.position()
  const isOfLoop = keyword === TokenKind.Break || keyword === TokenKind.Continue
  if (isOfLoop && !parser.context.isInLoop) {
    throw parseError('LoopBreak', 'Break statement should only be used inside a loop', position)
  }
  parser.skip()
  if (keyword === TokenKind.Continue) return { kind: 'continue', position }
  const value = parseOptionalValue(parser, level, position)
  switch (keyword) {
    case TokenKind.Break:
      return { kind: 'break', value, position }
    case TokenKind.Return:
      return { kind: 'return', value, position }
    default:
      return { kind: 'throw', value, position }
  }
}

/**
 * There is no value when no expression starts here, whatever stands here instead: then the error,
 * if it is one, is for what follows to find.
 */
function parseOptionalValue(
  parser: Parser,
  level: number,
  around: Position,
): Expression | undefined {
  const kind = parser.peek()
  const isPlainEnd =
    kind === TokenKind.Semicolon || kind === TokenKind.RightBrace || kind === TokenKind.End
  if (isPlainEnd) return undefined
  const start = parser.position()
  const inner = parser.deeper(level, around)
  try {
    return parseExpression(parser, inner)
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    const { line, column } = parser.position()
    if (line === start.line && column === start.column) return undefined
    throw error
  }
}
