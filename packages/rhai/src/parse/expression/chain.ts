/**
 * What follows an operand: calls, module paths, properties, methods and indexes.
 *
 * Promises: a chain comes out flat, whatever parentheses stood inside it. Depth counts as in the
 * reference, where every property nests in the one before.
 *
 * @module
 */
import { improperSymbol, unexpectedInput } from '../../lex/lex-failure.ts'
import { TokenKind } from '../../lex/token-kind.ts'
import { RESERVED_WORDS } from '../../lex/words.ts'
import type {
  CallExpression,
  ChainLink,
  Expression,
  IndexLink,
  MethodLink,
  Name,
  Position,
  PropertyLink,
  Variable,
} from '../ast.ts'
import { badInput, missingToken, parseError, reserved } from '../parse-error.ts'
import type { Parser } from '../parser.ts'
import { startPosition } from './expression-shape.ts'
import { checkIndexType } from './index-type.ts'

export function parseChain(parser: Parser, level: number, root: Expression): Expression {
  const base = root.kind === 'variable' ? parseCallOrPath(parser, level, root) : root
  const links = parseLinks(parser, level, base)
  const [first] = links
  if (first === undefined) return base
  if (base.kind !== 'chain') {
    return { kind: 'chain', base, links, position: first.operatorPosition }
  }
  return { ...base, links: [...base.links, ...links] }
}

/** `name`, `name(..)`, `name!(..)`, `path::name`, `path::name(..)`. */
function parseCallOrPath(parser: Parser, level: number, root: Variable): Variable | CallExpression {
  let { name, position } = root
  const namespace: Name[] = []
  while (parser.accept(TokenKind.DoubleColon)) {
    namespace.push({ name, position })
    ;({ name, position } = qualifiedName(parser))
  }
  const capturesScope = acceptBang(parser, namespace.length > 0)
  if (!startsArguments(parser.peek())) return { kind: 'variable', name, namespace, position }
  const args = parseArguments(parser, level, { name, position })
  return { kind: 'call', name, namespace, args, capturesScope, position }
}

/**
 * The name behind `::`. Other than in the reference, a reserved word that may be called is a name
 * here when it is called: `log::debug("..")` cannot mean anything else.
 */
function qualifiedName(parser: Parser): Name {
  const kind = parser.peek()
  const name = parser.token.text
  const position = parser.position()
  const isCallable = (RESERVED_WORDS.get(name) ?? 'never') !== 'never'
  if (kind !== TokenKind.Reserved || !isCallable) return parser.variableName()
  parser.skip()
  if (!startsArguments(parser.peek())) throw reserved(name, position)
  return { name, position }
}

/** Takes the `!` of `f!()`. */
function acceptBang(parser: Parser, isQualified: boolean): boolean {
  if (parser.peek() !== TokenKind.Bang) return false
  const position = parser.position()
  parser.skip()
  const isCall = startsArguments(parser.peek())
  if (isQualified && isCall) throw badInput(unexpectedInput('!'), position)
  if (isQualified) {
    throw badInput(improperSymbol("'!' cannot be used to call module functions"), position)
  }
  if (isCall) return true
  throw missingToken('(', 'to start arguments list of function call', parser.position())
}

function startsCall(kind: TokenKind): boolean {
  return startsArguments(kind) || kind === TokenKind.Bang
}

function startsArguments(kind: TokenKind): boolean {
  return kind === TokenKind.LeftParen || kind === TokenKind.Unit
}

/** `(a, b)` with an optional trailing comma, or `()`; called at its first token. */
function parseArguments(parser: Parser, level: number, callee: Name): Expression[] {
  if (parser.accept(TokenKind.Unit)) return []
  parser.skip()
  const args: Expression[] = []
  if (parser.accept(TokenKind.RightParen)) return args
  const closing = `to close the arguments list of this function call '${callee.name}'`
  if (parser.peek() === TokenKind.End) throw parser.missing(TokenKind.RightParen, closing)
  if (parser.peek() === TokenKind.Failure) throw parser.lexFailure()
  const inner = parser.deeper(level, callee.position)
  for (;;) {
    if (parser.accept(TokenKind.RightParen)) return args
    args.push(parser.grammar.expression(parser, inner))
    if (parser.accept(TokenKind.RightParen)) return args
    if (parser.peek() === TokenKind.End) throw parser.missing(TokenKind.RightParen, closing)
    parser.expect(TokenKind.Comma, `to separate the arguments to function call '${callee.name}'`)
  }
}

function parseLinks(parser: Parser, level: number, base: Expression): ChainLink[] {
  const links: ChainLink[] = []
  let depth = level
  // The reference finds a `!` only on the last method of a chain, and drops any other.
  let captured: Position | undefined
  for (;;) {
    const kind = parser.peek()
    if (kind === TokenKind.Period || kind === TokenKind.Elvis) {
      const operatorPosition = parser.position()
      parser.skip()
      checkMember(parser)
      depth = parser.deeper(depth, operatorPosition)
      const isOptional = kind === TokenKind.Elvis
      const { link, capturesScope } = parseMember(parser, depth, { isOptional, operatorPosition })
      captured = capturesScope ? link.position : undefined
      links.push(link)
    } else if (kind === TokenKind.LeftBracket || kind === TokenKind.QuestionBracket) {
      captured = undefined
      parseIndexes(parser, depth, links, base)
    } else if (captured === undefined) {
      return links
    } else {
      throw parseError(
        'MalformedCapture',
        "method-call style does not support running within the caller's scope",
        captured,
      )
    }
  }
}

/** Refuses what no property or method may be named. */
function checkMember(parser: Parser): void {
  const kind = parser.peek()
  if (kind === TokenKind.Identifier) return
  const position = parser.position()
  if (kind !== TokenKind.Reserved) {
    throw parseError('PropertyExpected', 'Expecting name of a property', position)
  }
  const word = parser.token.text
  if (RESERVED_WORDS.get(word) !== 'function or method') throw reserved(word, position)
}

function parseMember(
  parser: Parser,
  level: number,
  operator: Pick<PropertyLink, 'isOptional' | 'operatorPosition'>,
): { readonly link: PropertyLink | MethodLink; readonly capturesScope: boolean } {
  const position = parser.position()
  const name = parser.token.text
  const isReserved = parser.peek() === TokenKind.Reserved
  parser.skip()
  if (isReserved && !startsCall(parser.peek())) throw reserved(name, position)
  if (parser.peek() === TokenKind.DoubleColon) {
    throw badInput(improperSymbol("Invalid symbol encountered: '::'"), parser.position())
  }
  const capturesScope = acceptBang(parser, false)
  if (startsArguments(parser.peek())) {
    const args = parseArguments(parser, level, { name, position })
    return { link: { kind: 'method', name, args, position, ...operator }, capturesScope }
  }
  return { link: { kind: 'property', name, position, ...operator }, capturesScope }
}

/** `[a][b]..`, each one level deeper than the one before. */
function parseIndexes(parser: Parser, level: number, links: ChainLink[], base: Expression): void {
  let depth = level
  for (;;) {
    const kind = parser.peek()
    if (kind !== TokenKind.LeftBracket && kind !== TokenKind.QuestionBracket) return
    const operatorPosition = parser.position()
    parser.skip()
    depth = parser.deeper(depth, operatorPosition)
    const inner = parser.deeper(depth, operatorPosition)
    const index = parser.grammar.expression(parser, inner)
    if (links.length === 0) checkIndexType(base, index)
    parser.expect(TokenKind.RightBracket, 'for a matching [ in this index expression')
    links.push(indexLink(index, kind === TokenKind.QuestionBracket, operatorPosition))
  }
}

function indexLink(
  index: Expression,
  isOptional: boolean,
  operatorPosition: IndexLink['operatorPosition'],
): IndexLink {
  return { kind: 'index', index, isOptional, position: startPosition(index), operatorPosition }
}
