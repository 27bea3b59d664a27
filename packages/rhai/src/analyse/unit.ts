/**
 * What analysis knows about one body of code: the script itself, a function, or a closure.
 *
 * A unit is *static* when every variable it names is known before it runs; its variables become
 * JavaScript variables. A unit that can add or look up variables by name while it runs (`eval`,
 * `f!()`, `is_def_var` of a computed name) is *dynamic*: its variables live in a list searched by
 * name, as in the reference engine.
 *
 * @module
 */

import type {
  CallExpression,
  ClosureExpression,
  ExportStatement,
  Expression,
  FunctionDefinition,
  Position,
  Variable,
} from '../parse/ast.ts'

export type UnitMode = 'static' | 'dynamic'

/** One variable. Shadowing makes a new one. */
export interface Binding {
  readonly name: string
  readonly isConstant: boolean
  readonly position: Position
  /** A closure shares it, or a method may replace it in a `try`: it lives in a cell. */
  isCaptured: boolean
  /** The value of a constant that is a literal, which closures take by value. */
  readonly literal: Expression | undefined
  /** How many variables its unit declares before it. */
  readonly rank: number
}

/** A variable of the enclosing unit and its stand-in inside the closure. */
export interface Capture {
  readonly name: string
  readonly position: Position
  /** Missing when no variable of that name is known. */
  readonly outer: Binding | undefined
  readonly inner: Binding
}

export interface Unit {
  readonly kind: 'script' | 'function' | 'closure'
  readonly mode: UnitMode
  readonly params: readonly Binding[]
  readonly usesThis: boolean
  /** Where each variable is declared: statement, loop, catch or parameter node. */
  readonly declarations: ReadonlyMap<object, Binding>
  /** Uses of variables that resolve to a binding of this unit. */
  readonly references: ReadonlyMap<Variable, Binding>
  /** Answers of `is_def_var("name")` with a literal name. */
  readonly definedVariables: ReadonlyMap<CallExpression, boolean>
  /** The variables of `export name` statements, if they exist. */
  readonly exports: ReadonlyMap<ExportStatement, Binding>
  readonly closures: ReadonlyMap<ClosureExpression, ClosureUnit>
  /** Where the number of variables in scope first becomes one, two, three... */
  readonly peaks: readonly Position[]
}

export interface ClosureUnit extends Unit {
  readonly captures: readonly Capture[]
}

export interface FunctionUnit {
  readonly definition: FunctionDefinition
  readonly unit: Unit
  /** The same body run among the variables of its caller, if some `f!()` asks for it. */
  readonly amongCallers: Unit | undefined
}

/** A script, its functions and what is known of them. */
export interface AnalysedScript {
  readonly main: Unit
  readonly functions: readonly FunctionUnit[]
}
