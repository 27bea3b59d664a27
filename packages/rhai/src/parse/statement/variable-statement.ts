/**
 * `let` and `const`.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type { VariableStatement } from '../ast.ts'
import { parseExpression } from '../expression/expression.ts'
import type { Parser } from '../parser.ts'

/** Called at the keyword. */
export function parseVariableStatement(
  parser: Parser,
  level: number,
  options: { readonly isExported: boolean },
): VariableStatement {
  const position = parser.position()
  const isConstant = parser.peek() === TokenKind.Const
  parser.skip()
  const { name, position: namePosition } = parser.variableName()
  const value = parser.accept(TokenKind.Assign)
    ? parseExpression(parser, parser.deeper(level, position))
    : undefined
  parser.context.frame.declare(name, isConstant)
  const { isExported } = options
  return { kind: 'variable', isConstant, isExported, name, namePosition, value, position }
}
