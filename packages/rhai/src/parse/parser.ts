/**
 * What the productions of the grammar share: the lexer, where they are, and how deep.
 *
 * The productions are functions in files of their own that take the parser first. Those that must
 * call back up the grammar do so through {@link Grammar}, so that the files form no cycle.
 * Invariant: every production that can contain itself goes through {@link Parser.deeper}, so the
 * depth of the JavaScript stack is bounded by the depth limit, whatever the script.
 *
 * @module
 */
import type { Lexer } from '../lex/lexer.ts'
import type { Token } from '../lex/token.ts'
import { TOKEN_TEXT, TokenKind } from '../lex/token-kind.ts'
import type { RhaiError } from '../rhai-error.ts'
import type {
  Block,
  ControlFlowStatement,
  Expression,
  FunctionDefinition,
  JumpStatement,
  Name,
  Position,
  Statement,
} from './ast.ts'
import { FunctionFrame } from './function-frame.ts'
import {
  badInput,
  isWord,
  literalTooLarge,
  missingToken,
  parseError,
  reserved,
  tooDeep,
  tooManyFunctions,
} from './parse-error.ts'

/** Productions that are called from below themselves. */
export interface Grammar {
  expression(parser: Parser, level: number): Expression
  statement(parser: Parser, level: number): Statement
  /** Statements up to the token that ends their run, which is left to take. */
  statements(parser: Parser, level: number, end: TokenKind): Statement[]
  block(parser: Parser, level: number, position: Position): Block
  /** `if`, `switch`, a loop: the parser stands at its keyword. */
  controlFlow(parser: Parser, level: number): ControlFlowStatement
  /** `break`, `continue`, `return`, `throw`: the parser stands at its keyword. */
  jump(parser: Parser, level: number): JumpStatement
}

/** What a production must know of what it stands in. */
export interface Context {
  readonly frame: FunctionFrame
  /** Not inside any block: functions may be defined and names exported. */
  readonly isAtGlobalLevel: boolean
  readonly isInFunction: boolean
  readonly isInLoop: boolean
  /** In the labels of a `switch` case, `|` separates labels and is no operator. */
  readonly endsAtPipe: boolean
  /** An expression for `parse_json`: keys of maps are strings, and there are no loops. */
  readonly isJson: boolean
}

/** What a script may have. Zero means no limit, but for depths. */
export interface ParseLimits {
  readonly scriptDepth: number
  readonly functionDepth: number
  readonly functions: number
  readonly arrayItems: number
  readonly mapEntries: number
}

export class Parser {
  readonly grammar: Grammar
  readonly limits: ParseLimits
  readonly functions: FunctionDefinition[] = []
  /** Names among {@link Parser.functions}: closures do not capture them. */
  readonly functionNames = new Set<string>()
  /** One key for each of {@link Parser.functions}: what no two of them may share. */
  readonly functionKeys = new Set<string>()
  context: Context
  readonly #lexer: Lexer
  #functionCount = 0

  constructor(lexer: Lexer, grammar: Grammar, limits: ParseLimits) {
    this.grammar = grammar
    this.limits = limits
    this.context = {
      frame: new FunctionFrame({ name: 'expressionDepthMax', value: limits.scriptDepth }),
      isAtGlobalLevel: true,
      isInFunction: false,
      isInLoop: false,
      endsAtPipe: false,
      isJson: false,
    }
    this.#lexer = lexer
  }

  /** The token last peeked at; what belongs to other kinds of token is left over from before. */
  get token(): Token {
    return this.#lexer.token
  }

  get scriptDocumentation(): readonly string[] {
    return this.#lexer.scriptDocumentation
  }

  peek(): TokenKind {
    return this.#lexer.peek()
  }

  /** Position of the token at which the parser stands. */
  position(): Position {
    this.#lexer.peek()
    const { line, column } = this.#lexer.token
    return { line, column }
  }

  skip(): void {
    this.#lexer.peek()
    this.#lexer.skip()
  }

  /** Moves past the token if it is of this kind. */
  accept(kind: TokenKind): boolean {
    if (this.#lexer.peek() !== kind) return false
    this.#lexer.skip()
    return true
  }

  /** Takes up the text of a back-tick string after an interpolation. */
  peekText(): TokenKind {
    return this.#lexer.peekText()
  }

  /** Moves past a token that must be of this kind. */
  expect(kind: TokenKind, purpose: string): void {
    if (!this.accept(kind)) throw this.missing(kind, purpose)
  }

  /** The same where the reference does not look whether the lexer failed. */
  expectHere(kind: TokenKind, purpose: string): void {
    if (!this.accept(kind)) throw missingToken(textOf(kind), purpose, this.position())
  }

  /** The error for a token that is not where it must be; a failure of the lexer goes first. */
  missing(kind: TokenKind, purpose: string): RhaiError {
    if (this.peek() === TokenKind.Failure) return this.lexFailure()
    return missingToken(textOf(kind), purpose, this.position())
  }

  /** The error the lexer found at this token. */
  lexFailure(): RhaiError {
    const { failure } = this.token
    return badInput(failure, failure.isNowhere ? NOWHERE : this.position())
  }

  /** Parses something in a changed context. After an error the context is of no use to anyone. */
  within<T>(change: Partial<Context>, parse: () => T): T {
    const outer = this.context
    this.context = { ...outer, ...change }
    const result = parse()
    this.context = outer
    return result
  }

  /** The level inside a construct at this level. @throws RhaiError when that is too deep. */
  deeper(level: number, position: Position): number {
    if (level >= this.context.frame.depth.value) {
      throw tooDeep(this.context.frame.depth, position)
    }
    return level + 1
  }

  /** Counts a function or closure that begins here. @throws RhaiError at the first too many. */
  countFunction(position: Position): void {
    const { functions } = this.limits
    this.#functionCount += 1
    if (functions > 0 && this.#functionCount === functions + 1)
      throw tooManyFunctions(functions, position)
  }

  /** @throws RhaiError when an array literal has so many items already that it may have no more. */
  checkItems(count: number): void {
    const { arrayItems: value } = this.limits
    if (value === 0 || count < value) return
    const limit = { name: 'arrayItemsMax', value }
    throw literalTooLarge('Size of array literal', limit, this.position())
  }

  /** The same for a map literal and its entries. */
  checkEntries(count: number): void {
    const { mapEntries: value } = this.limits
    if (value === 0 || count < value) return
    const limit = { name: 'mapEntriesMax', value }
    throw literalTooLarge('Number of properties in object map literal', limit, this.position())
  }

  /** Takes the name of a variable. */
  variableName(): Name {
    const kind = this.peek()
    const position = this.position()
    const name = this.token.text
    if (kind === TokenKind.Identifier) {
      this.skip()
      return { name, position }
    }
    if (kind === TokenKind.Failure) throw this.lexFailure()
    if (this.isReservedWord()) throw reserved(name, position)
    throw parseError('VariableExpected', 'Expecting name of a variable', position)
  }

  isReservedWord(): boolean {
    return this.peek() === TokenKind.Reserved && isWord(this.token.text)
  }

  isReservedSymbol(): boolean {
    return this.peek() === TokenKind.Reserved && !isWord(this.token.text)
  }

  /** Notes that a variable is used here, for the closure that may have to capture it. */
  useVariable(name: string, position: Position): void {
    if (this.functionNames.has(name) || this.context.frame.isDeclared(name)) return
    this.context.frame.capture(name, position)
  }
}

const NOWHERE: Position = { line: 0, column: 0 }

/** How a script spells tokens of this kind. */
export function textOf(kind: TokenKind): string {
  return TOKEN_TEXT[kind] ?? ''
}
