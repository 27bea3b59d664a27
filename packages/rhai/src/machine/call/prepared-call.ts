/**
 * Closures made ready for many calls from one library function, such as `map` or `sort`.
 *
 * @module
 */
import type { ItemLoopKind, PreparedCall, Runs } from '../../runtime/call-context.ts'
import type { Cell, FunctionPointer, Value } from '../../runtime/value.ts'
import type { PackedPosition } from '../error/failure.ts'
import { isLocked } from '../place.ts'
import type { RunState } from '../run-state.ts'
import { type Code, CompiledFunction, type OwnLoop } from './function-table.ts'

/**
 * Looks once at everything that stays the same between the calls. Undefined for pointers that take
 * more thought: other numbers of arguments, curried ones, and captured variables in use elsewhere.
 */
export function prepareCall(
  run: RunState,
  pointer: FunctionPointer,
  argumentCount: number,
): PreparedCall | undefined {
  const target = directTarget(pointer, argumentCount)
  return target === undefined ? undefined : new DirectCall(run, target)
}

/**
 * Calls of one function from the library call that is being made. A call inside leaves its own depth
 * and position behind, which the library call must not take on.
 */
class DirectCall implements PreparedCall {
  readonly #run: RunState
  readonly #code: Code
  readonly #depth: number
  readonly #at: PackedPosition
  readonly #ownLoop: OwnLoop | undefined

  constructor(run: RunState, { code, ownLoop }: CompiledFunction) {
    this.#run = run
    this.#code = code
    this.#ownLoop = ownLoop
    this.#depth = run.depth
    this.#at = run.at
  }

  call0(self: Cell | undefined): Value {
    const code = this.#code
    return this.#returned(code(this.#depth + 1, this.#at, self))
  }

  call1(self: Cell | undefined, first: Value): Value {
    const code = this.#code
    return this.#returned(code(this.#depth + 1, this.#at, self, first))
  }

  call2(self: Cell | undefined, first: Value, second: Value): Value {
    const code = this.#code
    return this.#returned(code(this.#depth + 1, this.#at, self, first, second))
  }

  call3(self: Cell | undefined, first: Value, second: Value, third: Value): Value {
    const code = this.#code
    return this.#returned(code(this.#depth + 1, this.#at, self, first, second, third))
  }

  walk(
    kind: ItemLoopKind,
    items: readonly Value[],
    results: Value[],
    from = 0,
    given?: Value,
  ): number | undefined {
    const own = this.#ownLoop
    if (own === undefined || own.kind === 'merge' || own.kind !== kind) return undefined
    return own.loop(this.#code, this.#depth + 1, this.#at, items, results, from, given)
  }

  merge(items: readonly Value[], results: Value[], { start, middle, end }: Runs): boolean {
    const own = this.#ownLoop
    if (own?.kind !== 'merge') return false
    own.loop(this.#code, this.#depth + 1, this.#at, items, results, start, middle, end)
    return true
  }

  #returned(value: Value): Value {
    this.#run.depth = this.#depth
    this.#run.at = this.#at
    return value
  }
}

/** The function that a pointer calls with nothing but these arguments, if that is all there is to it. */
export function directTarget(
  { curried, target }: FunctionPointer,
  argumentCount: number,
): CompiledFunction | undefined {
  if (!(target instanceof CompiledFunction) || target.captures !== curried.length) return undefined
  if (target.arity !== curried.length + argumentCount || curried.some(isLocked)) return undefined
  return target
}
