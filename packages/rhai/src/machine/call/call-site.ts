/**
 * Which function a call from emitted code means, and what it is given.
 *
 * A {@link CallSite} is made once for each place in a script that may call a native function and
 * keeps everything known before the run: name, position, overloads. The functions here find the
 * overload for the values at hand and hand it the receiver the way it wants it; making the call is
 * left to `at-once.ts` and `later.ts`.
 *
 * @module
 */

import { copyValue } from '../../runtime/copy.ts'
import { methodIn } from '../../runtime/map-entries.ts'
import type { NativeFunction, NativeOverloads } from '../../runtime/native-function.ts'
import { functionNotFound } from '../../runtime/raise.ts'
import { Cell, type FunctionPointer, RhaiMap, type Value } from '../../runtime/value.ts'
import { evaluationError, located, type PackedPosition } from '../error/failure.ts'
import type { ScriptModule } from '../module/script-module.ts'
import { VariableCell } from '../place.ts'
import type { RunState } from '../run-state.ts'
import { functionAround } from './function-search.ts'
import type { CompiledFunction, FunctionGroup } from './function-table.ts'

export class CallSite {
  readonly run: RunState
  /** The script the place is in. */
  readonly module: ScriptModule
  readonly name: string
  readonly at: PackedPosition
  readonly overloads: NativeOverloads | undefined
  /** For method calls: the script functions that come before native ones. */
  readonly group: FunctionGroup | undefined

  /** `arity` counts the receiver of a method call. */
  constructor(
    run: RunState,
    module: ScriptModule,
    name: string,
    arity: number,
    at: PackedPosition,
    group?: FunctionGroup | undefined,
  ) {
    this.run = run
    this.module = module
    this.name = name
    this.at = at
    this.overloads = module.host.overloads(name, arity)
    this.group = group
  }
}

/** The native function for a method of what is in a cell. @throws RhaiError when it may not change it */
export function nativeOnCell(
  site: CallSite,
  receiver: Cell,
  args: readonly Value[],
): NativeFunction | undefined {
  const native = site.overloads?.find([receiver.value, ...args])
  if (native?.mutates && receiver instanceof VariableCell && receiver.isConstant) {
    throw nonPure(site)
  }
  return native
}

/** Refuses a function that may change its first argument, `module::CONSTANT`. */
export function refuseMutation(site: CallSite, value: Value, args: readonly Value[]): void {
  if (site.overloads?.find([value, ...args])?.mutates) throw nonPure(site)
}

function nonPure(site: CallSite): unknown {
  const text = `Non-pure method '${site.name}' cannot be called on constant`
  return evaluationError('ErrorNonPureMethodCallOnConstant', text, site.at)
}

/**
 * A function that neither the script nor the library has: one of the scripts around it, which are
 * those that imported it. `self` is the receiver of a method call.
 *
 * @throws RhaiError `ErrorFunctionNotFound`
 */
export function functionAroundSite(
  { module, name, at }: CallSite,
  self: Cell | undefined,
  args: readonly Value[],
): CompiledFunction {
  const found = functionAround(module, name, args.length, self)
  if (found !== undefined) return found
  const all = self === undefined ? args : [self.value, ...args]
  throw located(functionNotFound(name, all), at)
}

/** The closure a map holds under the name of the method called on it. */
export function closureIn(site: CallSite, receiver: Value): FunctionPointer | undefined {
  return receiver instanceof RhaiMap ? methodIn(receiver, site.name) : undefined
}

/** A variable as first argument: a mutating function changes it, others get its value. */
export function variableArgument(native: NativeFunction, variable: Cell): Value | Cell {
  const byValue = variable instanceof VariableCell && (variable.isShared || variable.isConstant)
  const cell = byValue ? new Cell(copyValue(variable.value)) : variable
  return native.takesCell ? cell : cell.value
}
