/**
 * Runs of statements: blocks, and the script itself.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type { Block, Position, Statement } from '../ast.ts'
import type { Parser } from '../parser.ts'

/** @param around position of the construct the block belongs to, blamed when it is too deep. */
export function parseBlock(parser: Parser, level: number, around: Position): Block {
  const position = parser.position()
  parser.expect(TokenKind.LeftBrace, 'to start a statement block')
  const inner = parser.deeper(level, around)
  return parser.within({ isAtGlobalLevel: false }, () => {
    const { frame } = parser.context
    const { height } = frame
    const statements = parser.grammar.statements(parser, inner, TokenKind.RightBrace)
    const endPosition = parser.position()
    parser.expect(TokenKind.RightBrace, 'to terminate this block')
    frame.rewind(height)
    return { kind: 'block', statements, position, endPosition }
  })
}

/** Takes statements up to the token that ends the run, or the end of the script. */
export function parseStatements(parser: Parser, level: number, end: TokenKind): Statement[] {
  const statements: Statement[] = []
  while (!isAtEnd(parser, end)) {
    const statement = parseTerminated(parser, level, end)
    if (statement.kind !== 'empty') statements.push(statement)
  }
  return statements
}

/** Whether a run of statements that this token ends is over. */
export function isAtEnd(parser: Parser, end: TokenKind): boolean {
  const kind = parser.peek()
  return kind === end || kind === TokenKind.End
}

/** Takes one statement of a run, and the semicolon behind it. */
export function parseTerminated(parser: Parser, level: number, end: TokenKind): Statement {
  const statement = parser.grammar.statement(parser, level)
  if (statement.kind === 'empty' || parser.peek() === end) return statement
  if (parser.accept(TokenKind.Semicolon) || endsItself(statement)) return statement
  throw parser.missing(TokenKind.Semicolon, 'to terminate this statement')
}

/** Whether no semicolon need follow before the next statement. */
export function endsItself(statement: Statement): boolean {
  switch (statement.kind) {
    case 'block':
    case 'if':
    case 'switch':
    case 'while':
    case 'loop':
    case 'for':
    case 'try':
      return true
    default:
      return false
  }
}
