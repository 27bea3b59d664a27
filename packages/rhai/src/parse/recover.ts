/**
 * Parses on after a mistake, for tools that show all of them at once.
 *
 * Promises: each error is a mistake of its own. Where that is in doubt nothing is reported: after a
 * mistake the parser looks for a place where a statement surely starts again, and where braces do
 * not pair up it goes on only at the next function.
 * The work is linear in the length of the source: no token is passed twice.
 *
 * @module
 */
import { Lexer } from '../lex/lexer.ts'
import { TokenKind as T, type TokenKind } from '../lex/token-kind.ts'
import type { TokenTable } from '../lex/token-table.ts'
import { RhaiError } from '../rhai-error.ts'
import type { Statement } from './ast.ts'
import { GRAMMAR, type ParseOptions, parseLimits } from './parse.ts'
import { type Context, Parser } from './parser.ts'
import { isAtEnd, parseTerminated } from './statement/block.ts'

/** A source in which more is wrong is likely no script at all. */
const ERRORS_MAX = 50

/**
 * The errors of a source, in the order they are met. `first` is the one that `parse` throws; where
 * this parser disagrees about it, it does not understand the source, and that one is all.
 */
export function allErrors(
  tokens: TokenTable,
  first: RhaiError,
  options: ParseOptions = {},
): readonly RhaiError[] {
  const errors = errorsOf(tokens, options)
  return errors[0] !== undefined && String(errors[0]) === String(first) ? errors : [first]
}

function errorsOf(tokens: TokenTable, options: ParseOptions): readonly RhaiError[] {
  const recovery = new Recovery(tokens)
  const grammar = {
    ...GRAMMAR,
    statements: (parser: Parser, level: number, end: TokenKind) =>
      recovery.parseStatements(parser, level, end),
  }
  recovery.parseStatements(
    new Parser(new Lexer(tokens.source, options.stringBytesMax), grammar, parseLimits(options)),
    0,
    T.End,
  )
  return recovery.errors
}

class Recovery {
  readonly errors: RhaiError[] = []
  readonly #tokens: TokenTable
  /** The token parsing went on at after the last mistake. */
  #resumedAt = -1

  constructor(tokens: TokenTable) {
    this.#tokens = tokens
  }

  parseStatements(parser: Parser, level: number, end: TokenKind): Statement[] {
    while (!isAtEnd(parser, end)) {
      const { context } = parser
      const { height } = context.frame
      const first = this.#indexOf(parser)
      try {
        parseTerminated(parser, level, end)
      } catch (error) {
        if (!(error instanceof RhaiError)) throw error
        const isOutermost = end === T.End
        if (!this.#tokens.isBalanced && !isOutermost) throw error
        parser.context = context
        context.frame.rewind(height)
        this.#declareAnyway(context, first)
        this.#report(error, first, this.#indexOf(parser))
        this.#resume(parser, this.#next(parser, first, error))
      }
    }
    // Nobody looks at the tree of a script with mistakes.
    return []
  }

  #indexOf(parser: Parser): number {
    parser.peek()
    return this.#tokens.atOffset(parser.token.start)
  }

  /**
   * A mistake right where parsing went on follows from the last one, and one in a statement that
   * began before the last one may do so.
   */
  #report(error: RhaiError, first: number, at: number): void {
    if (first < this.#resumedAt || at === this.#resumedAt) return
    this.errors.push(error)
  }

  /** What uses the variable of a declaration that went wrong is no mistake. */
  #declareAnyway({ frame }: Context, first: number): void {
    const kind = this.#tokens.kind(first)
    if (kind !== T.Let && kind !== T.Const) return
    if (this.#tokens.kind(first + 1) !== T.Identifier) return
    frame.declare(this.#tokens.text(first + 1), kind === T.Const)
  }

  /** The token at which to go on; `first` is the one the spoilt statement starts with. */
  #next(parser: Parser, first: number, error: RhaiError): number {
    const tokens = this.#tokens
    const last = tokens.count - 1
    if (this.errors.length >= ERRORS_MAX) return last
    const at = this.#indexOf(parser)
    const isNew = (index: number): boolean => index > first
    if (!tokens.isBalanced) {
      for (let index = at; index < last; index += 1) {
        if (isNew(index) && startsFunction(tokens.kind(index))) return index
      }
      return last
    }
    if (isNew(at) && isMissingSemicolon(error) && tokens.isFirstOnLine(at)) {
      if (mayStart(tokens.kind(at))) return at
    }
    for (let index = at; index < last; index += 1) {
      const goOn = this.#resumption(first, index)
      if (goOn !== undefined && isNew(goOn)) return goOn
    }
    return last
  }

  /** Where to go on if the token at `index` shows that the statement from `first` is over. */
  #resumption(first: number, index: number): number | undefined {
    const tokens = this.#tokens
    if (tokens.blockDepth(index) !== tokens.blockDepth(first)) return undefined
    const kind = tokens.kind(index)
    // The end of the block around the statement.
    if (kind === T.RightBrace) return index
    const isInGroup = tokens.groupDepth(index) !== tokens.groupDepth(first)
    if (kind === T.Semicolon) {
      // Between parentheses stands either a loop of another language or a mistake of this line.
      if (isInGroup && !tokens.isFirstOnLine(index + 1)) return undefined
      return mayFollow(tokens.kind(index + 1)) ? index + 1 : undefined
    }
    if (!tokens.isFirstOnLine(index)) return undefined
    if (NEVER_INSIDE.has(kind)) return index
    if (isInGroup) return undefined
    if (RARELY_INSIDE.has(kind)) return index
    // The one keyword that may stand inside a statement at the start of a line.
    if (kind === T.While && tokens.kind(first) !== T.Do) return index
    switch (tokens.kind(index - 1)) {
      case T.RightBrace:
        return kind === T.Identifier || kind === T.Reserved ? index : undefined
      // Often a string without its end, which took the semicolon with it.
      case T.Failure:
        return mayStart(kind) ? index : undefined
      default:
        return undefined
    }
  }

  #resume(parser: Parser, target: number): void {
    for (let index = this.#indexOf(parser); index < target; index += 1) {
      parser.skip()
      if (this.#tokens.isText(index + 1)) parser.peekText()
      else parser.peek()
    }
    this.#resumedAt = target
  }
}

function isMissingSemicolon(error: RhaiError): boolean {
  return error.kind === 'MissingToken' && error.text.startsWith("Expecting ';'")
}

function startsFunction(kind: TokenKind): boolean {
  return kind === T.Fn || kind === T.Private
}

/** These start a statement, whatever is still open before them. */
const NEVER_INSIDE: ReadonlySet<TokenKind> = new Set([
  ...[T.Let, T.Const, T.Fn, T.Private, T.Import, T.Export, T.Try],
])

/** These may also be part of an expression, but hardly at the start of a line. */
const RARELY_INSIDE: ReadonlySet<TokenKind> = new Set([
  ...[T.If, T.Switch, T.Loop, T.For, T.Do, T.Return, T.Throw, T.Break, T.Continue],
])

const NEVER_FIRST: ReadonlySet<TokenKind> = new Set([
  ...[T.RightParen, T.RightBracket, T.Comma, T.Colon, T.DoubleColon, T.DoubleArrow, T.Period],
  ...[T.Elvis, T.QuestionBracket, T.Else, T.Catch, T.Until, T.In, T.NotIn, T.As],
])

/** Whether a statement may start with this token. */
function mayStart(kind: TokenKind): boolean {
  if (kind === T.Minus || kind === T.Plus || kind === T.Bang) return true
  const isOperator = kind >= T.Plus && kind <= T.XorAssign
  return !isOperator && !NEVER_FIRST.has(kind) && kind !== T.RightBrace
}

/** Whether this token may stand where a statement has ended. */
function mayFollow(kind: TokenKind): boolean {
  return kind === T.RightBrace || mayStart(kind)
}
