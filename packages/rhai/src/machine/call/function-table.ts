/**
 * The script functions of one program, by name and number of parameters.
 *
 * @module
 */

import type { ItemLoopKind } from '../../runtime/call-context.ts'
import type { ScriptFunction } from '../../runtime/value.ts'
import { type Cell, typeNameOf, type Value } from '../../runtime/value.ts'
import type { DynamicScope } from '../dynamic-scope.ts'
import type { PackedPosition } from '../error/failure.ts'

/**
 * An emitted function. `depth` is its own depth of call, `at` the position of the call, `self` the
 * variable bound to `this`. Captured variables are not parameters: the code closes over them.
 */
export type Code = (
  depth: number,
  at: PackedPosition,
  self: Cell | undefined,
  ...args: (Value | Cell)[]
) => Value

/** The same code for a call among the variables of its caller. */
export type AmongCode = (
  depth: number,
  at: PackedPosition,
  self: undefined,
  scope: DynamicScope,
  ...args: (Value | Cell)[]
) => Value

/** The same of an asynchronous function. */
export type LaterCode = (...given: Parameters<Code>) => Promise<Value>
export type AmongLaterCode = (...given: Parameters<AmongCode>) => Promise<Value>

/**
 * A loop over the items of an array that was emitted for one function, see `emit/expression/walks.ts`.
 * It is given the function's code, its depth and the position of the call.
 */
export type ItemLoop = (
  code: Code,
  depth: number,
  at: PackedPosition,
  items: readonly Value[],
  results: Value[],
  from: number,
  given: Value,
) => number

/** Likewise for one merge of a sort. */
export type MergeLoop = (
  code: Code,
  depth: number,
  at: PackedPosition,
  items: readonly Value[],
  results: Value[],
  start: number,
  middle: number,
  end: number,
) => void

export type OwnLoop =
  | { readonly kind: ItemLoopKind; readonly loop: ItemLoop }
  | { readonly kind: 'merge'; readonly loop: MergeLoop }

export interface CompiledFunctionInit {
  readonly name: string
  readonly thisType: string | undefined
  readonly isPrivate: boolean
  /** Names of the parameters, captured variables not among them. */
  readonly params: readonly string[]
  /** How many of the first parameters `code` already holds. */
  readonly captures: number
  /** For a function written where a library function calls it back. */
  readonly ownLoop?: OwnLoop | undefined
  /** Of an asynchronous function: fails, because whoever calls it this way cannot wait. */
  readonly code: Code
  readonly amongCode?: AmongCode | undefined
  /** Set for an asynchronous function. */
  readonly later: LaterCode | undefined
  readonly amongLater?: AmongLaterCode | undefined
}

export class CompiledFunction implements ScriptFunction {
  readonly name: string
  readonly thisType: string | undefined
  readonly isPrivate: boolean
  readonly params: readonly string[]
  readonly arity: number
  readonly captures: number
  readonly code: Code
  readonly ownLoop: OwnLoop | undefined
  /** Only in programs with a `call!`. */
  readonly amongCode: AmongCode | undefined
  readonly later: LaterCode | undefined
  readonly amongLater: AmongLaterCode | undefined

  constructor(init: CompiledFunctionInit) {
    this.name = init.name
    this.thisType = init.thisType
    this.isPrivate = init.isPrivate
    this.params = init.params
    this.arity = init.captures + init.params.length
    this.captures = init.captures
    this.code = init.code
    this.ownLoop = init.ownLoop
    this.amongCode = init.amongCode
    this.later = init.later
    this.amongLater = init.amongLater
  }

  /** Calls with the arguments that come after the captured variables. */
  call(
    depth: number,
    at: PackedPosition,
    self: Cell | undefined,
    args: readonly (Value | Cell)[],
  ): Value {
    switch (args.length) {
      case 0:
        return this.code(depth, at, self)
      case 1:
        return this.code(depth, at, self, args[0])
      case 2:
        return this.code(depth, at, self, args[0], args[1])
      default:
        return this.code(depth, at, self, ...args)
    }
  }
}

/** All functions of one name and number of parameters: at most one for any `this`, and by type. */
export class FunctionGroup {
  readonly name: string
  readonly arity: number
  general: CompiledFunction | undefined
  readonly byType = new Map<string, CompiledFunction>()

  constructor(name: string, arity: number) {
    this.name = name
    this.arity = arity
  }

  /** The function a method call on `receiver` means. */
  forReceiver(receiver: Value): CompiledFunction | undefined {
    if (this.byType.size === 0) return this.general
    return this.byType.get(typeNameOf(receiver)) ?? this.general
  }
}

export class FunctionTable {
  readonly #groups = new Map<string, FunctionGroup>()
  /** The first function of each name. */
  readonly #named = new Map<string, CompiledFunction>()
  #size = 0

  get size(): number {
    return this.#size
  }

  define(init: CompiledFunctionInit): CompiledFunction {
    const compiled = new CompiledFunction(init)
    this.#size += 1
    const group = this.group(compiled.name, compiled.arity)
    if (init.thisType === undefined) {
      group.general = compiled
      if (!this.#named.has(init.name)) this.#named.set(init.name, compiled)
    } else group.byType.set(canonicalTypeName(init.thisType), compiled)
    return compiled
  }

  group(name: string, arity: number): FunctionGroup {
    const key = `${name}/${arity}`
    const existing = this.#groups.get(key)
    if (existing !== undefined) return existing
    const group = new FunctionGroup(name, arity)
    this.#groups.set(key, group)
    return group
  }

  find(name: string, arity: number): CompiledFunction | undefined {
    return this.#groups.get(`${name}/${arity}`)?.general
  }

  findFor(receiver: Value, name: string, arity: number): CompiledFunction | undefined {
    return this.#groups.get(`${name}/${arity}`)?.forReceiver(receiver)
  }

  /** Whether `fn type.name` with so many parameters exists. */
  hasForType(type: string, name: string, arity: number): boolean {
    return this.#groups.get(`${name}/${arity}`)?.byType.has(type) ?? false
  }

  has(name: string, arity: number): boolean {
    const group = this.#groups.get(`${name}/${arity}`)
    return group !== undefined && (group.general !== undefined || group.byType.size > 0)
  }

  /** The first function of a name, in order of definition: what the bare name evaluates to. */
  named(name: string): CompiledFunction | undefined {
    return this.#named.get(name)
  }

  /** All functions, in order of definition. */
  all(): readonly CompiledFunction[] {
    return [...this.#groups.values()].flatMap(({ general, byType }) => [
      ...(general === undefined ? [] : [general]),
      ...byType.values(),
    ])
  }
}

/** `int` and `float` are how scripts write the types that `type_of` calls `i64` and `f64`. */
function canonicalTypeName(name: string): string {
  if (name === 'int') return 'i64'
  return name === 'float' ? 'f64' : name
}
