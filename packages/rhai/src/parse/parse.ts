/**
 * The way from source text to syntax tree.
 *
 * Promises: a tree, or a {@link RhaiError} of phase `parse` with the reference's kind, message and
 * position; never a stack overflow, whatever the source.
 *
 * @module
 */
import { JsonLexer } from '../lex/json-lexer.ts'
import { unexpectedInput } from '../lex/lex-failure.ts'
import { Lexer } from '../lex/lexer.ts'
import { TokenKind } from '../lex/token-kind.ts'
import type { Expression, Script } from './ast.ts'
import { parseExpression } from './expression/expression.ts'
import { badInput } from './parse-error.ts'
import { type Grammar, type ParseLimits, Parser, textOf } from './parser.ts'
import { parseBlock, parseStatements } from './statement/block.ts'
import { parseJump } from './statement/jump.ts'
import { parseControlFlow, parseStatement } from './statement/statement.ts'

export interface ParseOptions {
  /** How deep expressions and blocks may nest at top level; 64 if not given. */
  readonly expressionDepthMax?: number | undefined
  /** The same inside functions; 32 if not given. */
  readonly functionExpressionDepthMax?: number | undefined
  /** The rest are unlimited if not given, or zero. */
  readonly functionsMax?: number | undefined
  readonly stringBytesMax?: number | undefined
  readonly arrayItemsMax?: number | undefined
  readonly mapEntriesMax?: number | undefined
}

/** What holds if nothing is said: the reference's limits in a release build. */
export const PARSE_LIMITS = {
  expressionDepthMax: 64,
  functionExpressionDepthMax: 32,
  functionsMax: 0,
  stringBytesMax: 0,
  arrayItemsMax: 0,
  mapEntriesMax: 0,
} as const satisfies Required<ParseOptions>
/** No option raises the limits beyond this: a level takes a few frames of the JavaScript stack. */
const DEPTH_CEILING = 512

/** @throws RhaiError of phase `parse`. */
export function parse(source: string, options: ParseOptions = {}): Script {
  const lexer = new Lexer(wellFormed(source), options.stringBytesMax)
  const parser = new Parser(lexer, GRAMMAR, parseLimits(options))
  const statements = parseStatements(parser, 0, TokenKind.End)
  const { functions, scriptDocumentation } = parser
  return { kind: 'script', statements, functions, documentation: [...scriptDocumentation] }
}

/**
 * Parses what the reference's `parse_json` evaluates: one expression of the language, in which maps
 * are written as in JSON and `null` is `()`.
 *
 * @throws RhaiError of phase `parse`.
 */
export function parseJsonExpression(source: string, options: ParseOptions = {}): Expression {
  const lexer = new JsonLexer(wellFormed(source), options.stringBytesMax)
  const parser = new Parser(lexer, GRAMMAR, parseLimits(options))
  parser.context = { ...parser.context, isJson: true }
  const expression = parseExpression(parser, 0)
  const kind = parser.peek()
  if (kind === TokenKind.End) return expression
  const position = parser.position()
  const found =
    kind === TokenKind.Failure ? parser.lexFailure().text : textOf(kind) || parser.token.text
  throw badInput(unexpectedInput(found), position)
}

/** The grammar of a script, which the first mistake ends. */
export const GRAMMAR: Grammar = {
  expression: parseExpression,
  statement: parseStatement,
  statements: parseStatements,
  block: parseBlock,
  controlFlow: parseControlFlow,
  jump: parseJump,
}

/** Strings are well-formed everywhere in the language, so the text they come from is too. */
export function wellFormed(source: string): string {
  return source.isWellFormed() ? source : source.toWellFormed()
}

export function parseLimits(options: ParseOptions): ParseLimits {
  const script = options.expressionDepthMax ?? PARSE_LIMITS.expressionDepthMax
  const inFunction = options.functionExpressionDepthMax ?? PARSE_LIMITS.functionExpressionDepthMax
  return {
    scriptDepth: Math.min(script, DEPTH_CEILING),
    functionDepth: Math.min(inFunction, DEPTH_CEILING),
    functions: options.functionsMax ?? PARSE_LIMITS.functionsMax,
    arrayItems: options.arrayItemsMax ?? PARSE_LIMITS.arrayItemsMax,
    mapEntries: options.mapEntriesMax ?? PARSE_LIMITS.mapEntriesMax,
  }
}
