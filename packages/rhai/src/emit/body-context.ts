/**
 * What one emitted function keeps while it is being emitted: names, temporaries, loops.
 *
 * @module
 */

import type { Binding, Unit } from '../analyse/unit.ts'
import type {
  Expression as ExpressionNode,
  Statement as StatementNode,
  Variable,
} from '../parse/ast.ts'
import type { ApartSource } from './expression/apart.ts'
import { type Operand, operandApart } from './expression/operand.ts'
import type { KnownType } from './expression/value-types.ts'
import {
  declareLet,
  type Expression,
  identifier,
  literal,
  type Statement,
} from './javascript/javascript.ts'
import type { ProgramContext } from './program-context.ts'
import { findSplitVariables } from './split-variables.ts'
import { collectWrites, inferVariableTypes, type VariableTypes } from './variable-types.ts'

/** What becomes of the value of a statement. */
export type Destination =
  | { readonly kind: 'discard' }
  | { readonly kind: 'return' }
  | { readonly kind: 'variable'; readonly name: string }

export const DISCARD: Destination = { kind: 'discard' }
export const RETURN: Destination = { kind: 'return' }

/** The parts of the emitter that call each other, see `recursion.ts`. */
export interface Emitters {
  owned(body: BodyContext, node: ExpressionNode, out: Statement[]): Expression
  borrowed(body: BodyContext, node: ExpressionNode, out: Statement[]): Expression
  condition(body: BodyContext, node: ExpressionNode, out: Statement[]): Expression
  operand(body: BodyContext, node: ExpressionNode, out: Statement[]): Operand
  ownedOperand(body: BodyContext, node: ExpressionNode, out: Statement[]): Operand
  statements(
    body: BodyContext,
    nodes: readonly StatementNode[],
    out: Statement[],
    destination: Destination,
  ): void
}

export interface Loop {
  /** What `break` leaves. */
  readonly label: string
  /** What `continue` goes on with. */
  readonly next: string
  /** Where the value of `break value` goes. */
  readonly destination: Destination
}

/** Names every emitted function has; none ends like a made name, so none can clash. */
export const DEPTH = identifier('depth')
export const AT = identifier('at')
export const SELF = identifier('self')
export const SCOPE = identifier('scope')

export class BodyContext implements ApartSource {
  readonly program: ProgramContext
  readonly emitters: Emitters
  readonly unit: Unit
  readonly isDynamic: boolean
  readonly loops: Loop[] = []
  /** The variable holding the error of each enclosing `catch`; undefined for a `try` body. */
  readonly caughtErrors: (string | undefined)[] = []
  /** Declarations at the top level of the script. */
  readonly globalNodes: ReadonlySet<object>
  /** How many blocks of the unit are around what is emitted now. */
  blockDepth = 0
  /** Counts the places where emitted expressions write to variables. */
  writes = 0
  readonly #variables = new Map<Binding, Expression>()
  readonly #types: VariableTypes
  readonly #splits: ReadonlySet<Binding>
  readonly #numbersOfSplits = new Map<Binding, Expression>()
  readonly #temporaries: string[] = []
  readonly #keepers: string[] = []
  readonly #numbers: string[] = []
  #temporariesInUse = 0
  #numbersInUse = 0

  constructor(
    program: ProgramContext,
    emitters: Emitters,
    unit: Unit,
    nodes: readonly StatementNode[],
  ) {
    this.globalNodes = new Set(unit.kind === 'script' ? nodes : [])
    this.program = program
    this.emitters = emitters
    this.unit = unit
    this.isDynamic = unit.mode === 'dynamic'
    const writes = collectWrites(program, unit, nodes)
    this.#types = inferVariableTypes(program, unit, writes)
    this.#splits = findSplitVariables(this, nodes, writes)
  }

  /** Whether what is emitted now is in no block and no function. */
  get isGlobal(): boolean {
    const isTop = this.unit.kind === 'script' && this.blockDepth === 0
    return isTop && this.program.surroundings.text?.isGlobal !== false
  }

  /** Gives a variable its JavaScript name. */
  nameVariable(binding: Binding): string {
    const name = this.program.names.fresh(binding.name)
    this.#variables.set(binding, identifier(name))
    return name
  }

  /** The JavaScript variable beside that of a split variable, for the float in it. */
  numberOf(binding: Binding): Expression | undefined {
    if (!this.#splits.has(binding)) return undefined
    const existing = this.#numbersOfSplits.get(binding)
    if (existing !== undefined) return existing
    const number = identifier(this.program.names.fresh(binding.name))
    this.#numbersOfSplits.set(binding, number)
    return number
  }

  /** Uses a name given elsewhere: a captured variable. */
  adopt(binding: Binding, variable: Expression): void {
    this.#variables.set(binding, variable)
  }

  variable(binding: Binding): Expression | undefined {
    return this.#variables.get(binding)
  }

  typeOfBinding(binding: Binding): KnownType {
    return this.#types.get(binding) ?? 'unknown'
  }

  /** What its JavaScript variable holds: floats are not boxed there. */
  representationOf(binding: Binding): Operand['type'] {
    const type = this.typeOfBinding(binding)
    return type === 'float' ? 'double' : type
  }

  typeOfVariable(node: Variable): KnownType {
    const binding = node.namespace.length === 0 ? this.unit.references.get(node) : undefined
    return binding === undefined ? 'unknown' : this.typeOfBinding(binding)
  }

  isSplit(node: Variable): boolean {
    const binding = node.namespace.length === 0 ? this.unit.references.get(node) : undefined
    return binding !== undefined && this.#splits.has(binding)
  }

  /** What a JavaScript variable that is no cell holds. */
  readOf(binding: Binding, variable: Expression): Operand {
    const number = this.numberOf(binding)
    if (number !== undefined) return operandApart(this, { held: variable, number })
    return { value: variable, type: this.representationOf(binding) }
  }

  isReplaced(name: string, arity: number): boolean {
    return this.program.isReplaced(name, arity)
  }

  /** A scratch variable, free for others once the current statement is emitted. */
  temporary(): Expression {
    const existing = this.#temporaries[this.#temporariesInUse]
    this.#temporariesInUse += 1
    if (existing !== undefined) return identifier(existing)
    const name = this.program.names.fresh('t')
    this.#temporaries.push(name)
    return identifier(name)
  }

  /** A scratch variable for JavaScript numbers alone. */
  numberTemporary(): Expression {
    const existing = this.#numbers[this.#numbersInUse]
    this.#numbersInUse += 1
    if (existing !== undefined) return identifier(existing)
    const name = this.program.names.fresh('n')
    this.#numbers.push(name)
    return identifier(name)
  }

  /** A scratch variable of its own, never used for anything else. */
  keeper(): Expression {
    const name = this.program.names.fresh('k')
    this.#keepers.push(name)
    return identifier(name)
  }

  /** Runs `work`, after which the temporaries it took are free. */
  releasing<T>(work: () => T): T {
    const inUse = this.#temporariesInUse
    const numbersInUse = this.#numbersInUse
    const result = work()
    this.#temporariesInUse = inUse
    this.#numbersInUse = numbersInUse
    return result
  }

  get temporaryDeclarations(): readonly Statement[] {
    return [
      ...[...this.#temporaries, ...this.#keepers].map((name) => declareLet(name)),
      ...this.#numbers.map((name) => declareLet(name, literal(0))),
    ]
  }
}
