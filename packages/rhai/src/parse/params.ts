/**
 * Parameter lists of functions and closures.
 *
 * @module
 */
import { TokenKind } from '../lex/token-kind.ts'
import type { Name } from './ast.ts'
import { missingToken, parseError, reserved } from './parse-error.ts'
import { type Parser, textOf } from './parser.ts'

export interface ParamListShape {
  readonly close: TokenKind
  /** Name of the function, `''` for a closure. */
  readonly owner: string
  /** What the closing token is for, as errors say it. */
  readonly closing: string
  /** What a comma is for, as errors say it. */
  readonly separating: string
}

/** Takes parameters up to and with the closing token, and declares them in the parser's frame. */
export function parseParams(parser: Parser, shape: ParamListShape): Name[] {
  const params: Name[] = []
  while (!parser.accept(shape.close)) {
    const param = parseParam(parser, shape)
    if (parser.context.frame.isDeclared(param.name)) {
      const text = `Duplicated parameter ${param.name} for function ${shape.owner}`
      throw parseError('FnDuplicatedParam', text, param.position)
    }
    parser.context.frame.declare(param.name, false)
    params.push(param)
    if (parser.accept(shape.close)) break
    parser.expect(TokenKind.Comma, shape.separating)
  }
  return params
}

function parseParam(parser: Parser, shape: ParamListShape): Name {
  const kind = parser.peek()
  const position = parser.position()
  const name = parser.token.text
  if (kind === TokenKind.Identifier) {
    parser.skip()
    return { name, position }
  }
  if (kind === TokenKind.Failure) throw parser.lexFailure()
  if (kind === TokenKind.Reserved) throw reserved(name, position)
  if (isKeyword(kind)) {
    throw parseError('VariableExpected', 'Expecting name of a variable', position)
  }
  throw missingToken(textOf(shape.close), shape.closing, position)
}

/** The reference leaves `switch` out here. */
function isKeyword(kind: TokenKind): boolean {
  if (kind === TokenKind.In) return true
  return kind >= TokenKind.True && kind !== TokenKind.Switch
}
