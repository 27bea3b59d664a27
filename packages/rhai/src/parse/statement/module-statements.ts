/**
 * `import` and `export`.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type { ExportStatement, ImportStatement, Name, VariableStatement } from '../ast.ts'
import { parseExpression } from '../expression/expression.ts'
import type { Parser } from '../parser.ts'
import { parseVariableStatement } from './variable-statement.ts'

export function parseImport(parser: Parser, level: number): ImportStatement {
  const position = parser.position()
  parser.skip()
  const path = parseExpression(parser, parser.deeper(level, position))
  return { kind: 'import', path, alias: parseAlias(parser), position }
}

/** `export name`, `export name as alias`, `export let name = value`. */
export function parseExport(parser: Parser, level: number): ExportStatement | VariableStatement {
  const position = parser.position()
  parser.skip()
  const kind = parser.peek()
  if (kind === TokenKind.Let || kind === TokenKind.Const) {
    const inner = parser.deeper(level, position)
    return parseVariableStatement(parser, inner, { isExported: true })
  }
  const name = parser.variableName()
  return { kind: 'export', name, alias: parseAlias(parser), position }
}

function parseAlias(parser: Parser): Name | undefined {
  return parser.accept(TokenKind.As) ? parser.variableName() : undefined
}
