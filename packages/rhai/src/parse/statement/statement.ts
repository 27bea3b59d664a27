/**
 * Statements, told apart by their first token.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type { ControlFlowStatement, Statement } from '../ast.ts'
import { parseError } from '../parse-error.ts'
import type { Parser } from '../parser.ts'
import { parseExpressionStatement } from './assignment.ts'
import { parseBlock } from './block.ts'
import { parseFunction } from './function.ts'
import { parseIf } from './if.ts'
import { parseJump } from './jump.ts'
import { parseDo, parseFor, parseLoop, parseWhile } from './loops.ts'
import { parseExport, parseImport } from './module-statements.ts'
import { parseSwitch } from './switch.ts'
import { parseTry } from './try.ts'
import { parseVariableStatement } from './variable-statement.ts'

export function parseStatement(parser: Parser, level: number): Statement {
  const kind = parser.peek()
  const position = parser.position()
  switch (kind) {
    case TokenKind.End:
      return { kind: 'empty', position }
    case TokenKind.Semicolon:
      parser.skip()
      return { kind: 'empty', position }
    case TokenKind.Fn:
    case TokenKind.Private:
      return parseFunction(parser)
    case TokenKind.Break:
    case TokenKind.Continue:
    case TokenKind.Return:
    case TokenKind.Throw:
      return parseJump(parser, level)
    case TokenKind.Export:
      if (!parser.context.isAtGlobalLevel) {
        throw parseError(
          'WrongExport',
          'Export statement can only appear at global level',
          position,
        )
      }
      return parseExport(parser, parser.deeper(level, position))
    case TokenKind.LeftBrace:
      return parseBlock(parser, parser.deeper(level, position), position)
    default:
      return parseDeeperStatement(parser, parser.deeper(level, position))
  }
}

function parseDeeperStatement(parser: Parser, level: number): Statement {
  switch (parser.peek()) {
    case TokenKind.If:
    case TokenKind.Switch:
    case TokenKind.While:
    case TokenKind.Loop:
    case TokenKind.Do:
    case TokenKind.For:
      return parseControlFlow(parser, level)
    case TokenKind.Try:
      return parseTry(parser, level)
    case TokenKind.Let:
    case TokenKind.Const:
      return parseVariableStatement(parser, level, { isExported: false })
    case TokenKind.Import:
      return parseImport(parser, level)
    default:
      return parseExpressionStatement(parser, level)
  }
}

/** `if`, `switch` or a loop, wherever it stands. */
export function parseControlFlow(parser: Parser, level: number): ControlFlowStatement {
  switch (parser.peek()) {
    case TokenKind.Switch:
      return parseSwitch(parser, level)
    case TokenKind.While:
      return parseWhile(parser, level)
    case TokenKind.Loop:
      return parseLoop(parser, level)
    case TokenKind.Do:
      return parseDo(parser, level)
    case TokenKind.For:
      return parseFor(parser, level)
    default:
      return parseIf(parser, level, parser.position())
  }
}
