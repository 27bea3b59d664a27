/**
 * Closures: `|a, b| body`.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type { ClosureExpression, Name } from '../ast.ts'
import { FunctionFrame } from '../function-frame.ts'
import { type ParamListShape, parseParams } from '../params.ts'
import type { Parser } from '../parser.ts'

const PARAM_LIST: ParamListShape = {
  close: TokenKind.Pipe,
  owner: '',
  closing: 'to close the parameters list of anonymous function or closure',
  separating: 'to separate the parameters of anonymous function',
}

export function parseClosure(parser: Parser, level: number): ClosureExpression {
  const position = parser.position()
  parser.countFunction(position)
  const frame = new FunctionFrame(parser.context.frame.depth)
  const context = { frame, isAtGlobalLevel: false, isInFunction: true, isInLoop: false }
  const closure = parser.within({ ...context, endsAtPipe: false }, () => {
    const params = parseClosureParams(parser)
    const body = parser.grammar.statement(parser, parser.deeper(level, position))
    return { kind: 'closure', params, body, captures: frame.captures, position } as const
  })
  // What this closure takes from outside, a closure around it must take first.
  for (const { name, position: use } of closure.captures) parser.useVariable(name, use)
  return closure
}

function parseClosureParams(parser: Parser): Name[] {
  if (parser.accept(TokenKind.Or)) return []
  parser.skip()
  return parseParams(parser, PARAM_LIST)
}
