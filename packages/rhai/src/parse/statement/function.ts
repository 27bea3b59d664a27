/**
 * Function definitions.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'
import type { EmptyStatement, FunctionDefinition, Name, Position } from '../ast.ts'
import { FunctionFrame } from '../function-frame.ts'
import { parseParams } from '../params.ts'
import { missingToken, parseError, reserved } from '../parse-error.ts'
import type { Parser } from '../parser.ts'
import { parseBlock } from './block.ts'

/** Takes a definition at `fn` or `private` and leaves an empty statement in its place. */
export function parseFunction(parser: Parser): EmptyStatement {
  const start = parser.position()
  const { documentation } = parser.token
  const isPrivate = parser.accept(TokenKind.Private)
  const position = parser.position()
  if (parser.peek() !== TokenKind.Fn) throw missingToken('fn', "following 'private'", position)
  if (!parser.context.isAtGlobalLevel) {
    throw parseError(
      'WrongFnDefinition',
      'Function definitions must be at global level and cannot be inside a block or another ' +
        'function',
      start,
    )
  }
  parser.countFunction(position)
  parser.skip()
  const frame = new FunctionFrame({
    name: 'functionExpressionDepthMax',
    value: parser.limits.functionDepth,
  })
  const context = { frame, isAtGlobalLevel: false, isInFunction: true, isInLoop: false }
  const definition = parser.within({ ...context, endsAtPipe: false }, () => ({
    ...parseDefinition(parser, position),
    isPrivate,
    documentation,
  }))
  addFunction(parser, definition)
  return { kind: 'empty', position }
}

type DefinitionCore = Omit<FunctionDefinition, 'isPrivate' | 'documentation'>

function parseDefinition(parser: Parser, position: Position): DefinitionCore {
  const level = parser.deeper(0, position)
  const thisType = parseThisType(parser)
  const { name, position: namePosition } = thisType.name ?? parseFunctionName(parser)
  const params = parseParamList(parser, name)
  if (parser.peek() !== TokenKind.LeftBrace) {
    const text = `Expecting body statement block for function ${name}`
    throw parseError('FnMissingBody', text, parser.position())
  }
  const body = parseBlock(parser, level, position)
  const { type } = thisType
  return { kind: 'function', name, thisType: type, params, body, position, namePosition }
}

/** Names by which scripts may call types that have another name. */
const TYPE_ALIASES: ReadonlyMap<string, string> = new Map([
  ['int', 'i64'],
  ['float', 'f64'],
])

/** Takes `type.` or `"type".` if it is there; an identifier that is none is the name itself. */
function parseThisType(parser: Parser): { type: string | undefined; name: Name | undefined } {
  const kind = parser.peek()
  if (kind !== TokenKind.Identifier && kind !== TokenKind.String) {
    return { type: undefined, name: undefined }
  }
  const first = { name: parser.token.text, position: parser.position() }
  parser.skip()
  if (parser.accept(TokenKind.Period)) {
    return { type: TYPE_ALIASES.get(first.name) ?? first.name, name: undefined }
  }
  if (kind === TokenKind.Identifier) return { type: undefined, name: first }
  throw missingToken('.', "after the type name for 'this'", parser.position())
}

function parseFunctionName(parser: Parser): Name {
  const kind = parser.peek()
  const position = parser.position()
  const name = parser.token.text
  if (kind === TokenKind.Identifier) {
    parser.skip()
    return { name, position }
  }
  if (kind === TokenKind.Reserved) throw reserved(name, position)
  const text = 'Expecting function name in function declaration'
  throw parseError('FnMissingName', text, position)
}

function parseParamList(parser: Parser, name: string): Name[] {
  if (parser.accept(TokenKind.Unit)) return []
  if (!parser.accept(TokenKind.LeftParen)) {
    throw parseError(
      'FnMissingParams',
      `Expecting parameters for function ${name}`,
      parser.position(),
    )
  }
  return parseParams(parser, {
    close: TokenKind.RightParen,
    owner: name,
    closing: `to close the parameters list of function '${name}'`,
    separating: `to separate the parameters of function '${name}'`,
  })
}

function addFunction(parser: Parser, definition: FunctionDefinition): void {
  const { name, params, thisType, position } = definition
  const key = `${thisType ?? ''}.${name}/${params.length}`
  if (parser.functionKeys.has(key)) {
    const counted =
      params.length === 0
        ? 'no parameters already exists'
        : `${params.length} parameter${params.length === 1 ? '' : 's'} already exists`
    throw parseError('FnDuplicatedDefinition', `Function ${name} with ${counted}`, position)
  }
  parser.functionKeys.add(key)
  parser.functionNames.add(name)
  parser.functions.push(definition)
}
