/**
 * What a script consists of and what it uses, as plain data that survives JSON.
 *
 * @module
 */
import type { SourceRange } from '../lex/token-table.ts'

export interface ScriptDescription {
  /** The `//!` comments as text. */
  readonly documentation: string
  /** The same as they are written, one a line. */
  readonly comments: string
  /** In the order of the source; closures are not among them. */
  readonly functions: readonly FunctionDescription[]
  readonly imports: readonly ImportDescription[]
  readonly exports: readonly ExportDescription[]
  /** Constants at top level. */
  readonly constants: readonly ConstantDescription[]
  /** Every module that is named before a `::`, in the order of first use. */
  readonly modules: readonly ModuleDescription[]
  /** Functions of the library that are called by name or as methods, in the order of first use. */
  readonly libraryCalls: readonly CallDescription[]
  /** Functions called by name that neither the script nor the library has. */
  readonly unknownCalls: readonly CallDescription[]
  /** Some import computes its path. */
  readonly hasComputedImport: boolean
  /** Evaluates text, which may use anything that a script may use. */
  readonly usesEval: boolean
  /** Whether `modules` and `imports` are all that a run can use. Not so with `eval`. */
  readonly isComplete: boolean
}

export interface FunctionDescription {
  readonly name: string
  readonly params: readonly string[]
  /** Of `fn type.name()`: the type of `this`. */
  readonly thisType: string | null
  readonly isPrivate: boolean
  /** The doc comments in front of it as text. */
  readonly documentation: string
  /** The same as the reference keeps them: runs of lines, and blocks. */
  readonly comments: readonly string[]
  /** From `fn` or `private` to the closing brace. */
  readonly range: SourceRange
  readonly nameRange: SourceRange
}

export interface ImportDescription {
  /** Null for a path that is computed. */
  readonly path: string | null
  readonly alias: string | null
  readonly range: SourceRange
}

export interface ExportDescription {
  /** The name others see. */
  readonly name: string
  readonly variable: string
  readonly range: SourceRange
}

export interface ConstantDescription {
  readonly name: string
  readonly isExported: boolean
  /** Null for a value that is computed. */
  readonly literal: LiteralDescription | null
  readonly range: SourceRange
}

export interface LiteralDescription {
  /** As `type_of` says it. */
  readonly type: string
  readonly value: JsonLiteral
}

/** An INT or FLOAT that JSON cannot hold exactly is its digits as text. */
export type JsonLiteral =
  | null
  | boolean
  | number
  | string
  | readonly JsonLiteral[]
  | { readonly [name: string]: JsonLiteral }

export interface ModuleDescription {
  /** `a::b` for `a::b::f()`. */
  readonly path: string
  /**
   * Whether its first name is surely one the script imports. All others may be modules of the host:
   * whoever grants permissions goes through those.
   */
  readonly isImported: boolean
  readonly functions: readonly ModuleCallDescription[]
  readonly variables: readonly string[]
}

export interface CallDescription {
  readonly name: string
  /** The numbers of arguments it is called with, the receiver of a method included; ascending. */
  readonly argumentCounts: readonly number[]
}

export interface ModuleCallDescription extends CallDescription {
  /**
   * The first arguments that are written out as strings, each once, in the order of first use, and
   * null if another one is computed: what a function is asked for by name.
   */
  readonly firstTexts: readonly (string | null)[]
}
