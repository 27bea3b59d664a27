/**
 * Infers what type of value each variable of a unit holds, all the time.
 *
 * Every write to a variable is collected; the type of a variable is what the types of all of them
 * have in common, found by starting from nothing and going round until nothing changes. A variable
 * that something else may write to (a closure, a method that replaces its receiver, `catch`) is
 * unknown, and so are all variables of a dynamic unit.
 *
 * @module
 */

import type { Binding, Unit } from '../analyse/unit.ts'
import { childrenOf, type Node } from '../analyse/walk.ts'
import type {
  AssignmentStatement,
  CallExpression,
  ChainExpression,
  Expression,
} from '../parse/ast.ts'
import { effectOfMethod, effectOfNative } from './expression/method-effect.ts'
import {
  isIntegerType,
  type KnownType,
  type TypeSource,
  typeOfExpression,
  typeOfOperation,
} from './expression/value-types.ts'
import type { ProgramContext } from './program-context.ts'

export type VariableTypes = ReadonlyMap<Binding, KnownType>

/** Rounds after which inference gives up; a type needs at most a few, unless written to be slow. */
const ROUNDS_MAX = 8

/** All writes to the variables of a unit that nothing outside it can write to. */
export type VariableWrites = ReadonlyMap<Binding, readonly Write[]>

export function collectWrites(
  program: ProgramContext,
  unit: Unit,
  nodes: readonly Node[],
): VariableWrites {
  if (unit.mode === 'dynamic') return new Map()
  return new WriteCollector(program, unit).collect(nodes)
}

export function inferVariableTypes(
  program: ProgramContext,
  unit: Unit,
  writes: VariableWrites,
): VariableTypes {
  const types = new Map<Binding, KnownType>()
  for (const binding of writes.keys()) types.set(binding, 'none')
  const source: TypeSource = {
    typeOfVariable: (node) => {
      const binding = node.namespace.length === 0 ? unit.references.get(node) : undefined
      return (binding && types.get(binding)) ?? 'unknown'
    },
    isReplaced: (name, arity) => program.isReplaced(name, arity),
  }
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (!widen(types, writes, source)) return types
  }
  return new Map()
}

/** Whether any type became wider. */
function widen(
  types: Map<Binding, KnownType>,
  writes: VariableWrites,
  source: TypeSource,
): boolean {
  let hasChanged = false
  for (const [binding, all] of writes) {
    const before = types.get(binding) ?? 'unknown'
    let after = before
    for (const write of all) {
      if (after !== 'unknown') after = joined(after, typeOfWrite(write, after, source))
    }
    if (after === before) continue
    types.set(binding, after)
    hasChanged = true
  }
  return hasChanged
}

function joined(left: KnownType, right: KnownType): KnownType {
  if (left === right || right === 'none') return left
  if (left === 'none') return right
  return isIntegerType(left) && isIntegerType(right) ? 'integer' : 'unknown'
}

/** What is written to a variable: a type, an expression, or the result of `variable op= value`. */
export type Write =
  | KnownType
  | { readonly operator: string | undefined; readonly value: Expression }

function typeOfWrite(write: Write, current: KnownType, source: TypeSource): KnownType {
  if (typeof write === 'string') return write
  const { operator, value } = write
  if (operator === undefined) return typeOfExpression(value, source)
  return typeOfOperation(operator, current, () => typeOfExpression(value, source))
}

class WriteCollector {
  readonly #program: ProgramContext
  readonly #unit: Unit
  readonly #writes = new Map<Binding, Write[]>()
  /** Parameters and the variable of `catch` are not among them: their first value is unknown. */
  readonly #declaredHere = new Set<Binding>()

  constructor(program: ProgramContext, unit: Unit) {
    this.#program = program
    this.#unit = unit
  }

  collect(nodes: readonly Node[]): VariableWrites {
    const pending: Node[] = [...nodes]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      this.#note(node)
      if (node.kind === 'closure') continue
      for (const child of childrenOf(node)) pending.push(child)
    }
    for (const binding of this.#writes.keys()) {
      if (binding.isCaptured || !this.#declaredHere.has(binding)) this.#writes.delete(binding)
    }
    return this.#writes
  }

  #note(node: Node): void {
    switch (node.kind) {
      case 'variable':
        if (!('isConstant' in node)) return
        this.#declared(node, node.value === undefined ? 'other' : asWrite(node.value))
        return
      case 'assignment':
        this.#assignment(node)
        return
      case 'for':
        this.#declared(node.variable, node.iterable.kind === 'range' ? 'integer' : 'unknown')
        if (node.counter !== undefined) this.#declared(node.counter, 'integer')
        return
      case 'chain':
        if (this.#mayReplaceBase(node)) this.#unknown(node.base)
        return
      case 'call': {
        const [first] = node.args
        if (first !== undefined && this.#mayReplaceArgument(node)) this.#unknown(first)
        return
      }
      default:
        return
    }
  }

  #declared(node: object, write: Write): void {
    const binding = this.#unit.declarations.get(node)
    if (binding === undefined) return
    this.#declaredHere.add(binding)
    this.#written(binding, write)
  }

  #assignment({ target, operator, value }: AssignmentStatement): void {
    if (target.kind === 'chain') {
      this.#unknown(target.base)
      return
    }
    const binding = this.#bindingOf(target)
    if (binding === undefined) return
    this.#written(binding, {
      operator: operator === '=' ? undefined : operator.slice(0, -1),
      value,
    })
  }

  /** A method somewhere along the chain may put another value into the variable it starts from. */
  #mayReplaceBase(node: ChainExpression): boolean {
    return node.links.some(
      (link) => link.kind === 'method' && effectOfMethod(this.#program, link) === 'replaces',
    )
  }

  /** A function of the library may put another value into its first argument. */
  #mayReplaceArgument({ name, namespace, args }: CallExpression): boolean {
    if (namespace.length > 0) return false
    const isScriptFunction = this.#program.findFunction(name, args.length) !== undefined
    return !isScriptFunction && effectOfNative(this.#program, name, args.length) !== 'none'
  }

  #unknown(node: Expression): void {
    const binding = this.#bindingOf(node)
    if (binding !== undefined) this.#written(binding, 'unknown')
  }

  #bindingOf(node: Expression): Binding | undefined {
    return node.kind === 'variable' ? this.#unit.references.get(node) : undefined
  }

  #written(binding: Binding, write: Write): void {
    const writes = this.#writes.get(binding)
    if (writes === undefined) this.#writes.set(binding, [write])
    else writes.push(write)
  }
}

const asWrite = (value: Expression): Write => ({ operator: undefined, value })
