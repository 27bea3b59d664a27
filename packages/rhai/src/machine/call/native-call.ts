/**
 * Calls of native functions from emitted code.
 *
 * A {@link CallSite} is made once for each place in a script that may call a native function and
 * keeps everything known before the run: name, position, overloads. The functions here find the
 * overload for the values at hand, hand it the receiver the way it wants it, and give errors the
 * position of the call.
 *
 * @module
 */

import { copyValue } from '../../runtime/copy.ts'
import { getEntry } from '../../runtime/map-entries.ts'
import type { NativeOverloads } from '../../runtime/native-function.ts'
import { functionNotFound } from '../../runtime/raise.ts'
import { Cell, FunctionPointer, RhaiMap, untagged, type Value } from '../../runtime/value.ts'
import { evaluationError, located, type PackedPosition } from '../error/failure.ts'
import type { ScriptModule } from '../module/script-module.ts'
import { lock, type Place, Slot, VariableCell, valueAt } from '../place.ts'
import type { RunState } from '../run-state.ts'
import { functionAround } from './function-search.ts'
import type { FunctionGroup } from './function-table.ts'
import { callPointer } from './pointer-call.ts'
import { callResolved } from './resolved-call.ts'

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

/** `name(args)`: the arguments are the call's own. */
export function callFunction(site: CallSite, depth: number, args: readonly Value[]): Value {
  const native = site.overloads?.find(args)
  if (native === undefined) return callAround(site, depth, undefined, args)
  const all = native.takesCell ? [new Cell(args[0]), ...args.slice(1)] : args
  return callResolved(site.run, site.module, depth, site.at, native, all)
}

/** `name(variable, args)`: a mutating function changes the variable, others get its value. */
export function callFunctionOnCell(
  site: CallSite,
  depth: number,
  variable: Cell,
  args: readonly Value[],
): Value {
  const { value } = variable
  const native = site.overloads?.find([value, ...args])
  if (native === undefined) return callAround(site, depth, undefined, [copyValue(value), ...args])
  const byValue = variable instanceof VariableCell && (variable.isShared || variable.isConstant)
  const cell = byValue ? new Cell(copyValue(value)) : variable
  const receiver = native.takesCell ? cell : cell.value
  return callResolved(site.run, site.module, depth, site.at, native, [receiver, ...args])
}

/** `name(module::CONSTANT, args)`: a function that may change its first argument is refused. */
export function callFunctionOnConstant(
  site: CallSite,
  depth: number,
  value: Value,
  args: readonly Value[],
): Value {
  if (site.overloads?.find([value, ...args])?.mutates) throw nonPure(site)
  return callFunctionOnCell(site, depth, new VariableCell(value, true), args)
}

/** `value.name()` on a value that no call changes, or that is a handle. */
export function callMethod0(site: CallSite, depth: number, receiver: Value): Value {
  if (receiver instanceof RhaiMap) {
    const property = untagged(getEntry(receiver, site.name))
    if (property instanceof FunctionPointer)
      return callProperty(site, depth, property, receiver, [])
  }
  const native = site.overloads?.find1(receiver)
  if (native === undefined) return callAround(site, depth, new Cell(receiver), [])
  const { run, at } = site
  run.depth = depth
  run.at = at
  try {
    return native.call(run, native.takesCell ? (new Cell(receiver) as never) : receiver)
  } catch (error) {
    throw located(error, at)
  }
}

/** `value.name(argument)`. */
export function callMethod1(site: CallSite, depth: number, receiver: Value, arg: Value): Value {
  if (receiver instanceof RhaiMap) {
    const property = untagged(getEntry(receiver, site.name))
    if (property instanceof FunctionPointer) {
      return callProperty(site, depth, property, receiver, [arg])
    }
  }
  const native = site.overloads?.find2(receiver, arg)
  if (native === undefined) return callAround(site, depth, new Cell(receiver), [arg])
  const { run, at } = site
  run.home = site.module
  run.depth = depth
  run.at = at
  try {
    return native.call(run, native.takesCell ? (new Cell(receiver) as never) : receiver, arg)
  } catch (error) {
    throw located(error, at)
  }
}

/**
 * `variable.name()` where the library may put another value into the variable: `run.receiver` is
 * what the variable holds afterwards.
 */
export function callReplacing0(site: CallSite, depth: number, receiver: Value): Value {
  const native = site.overloads?.find1(receiver)
  if (native === undefined || receiver instanceof RhaiMap) {
    return callReplacing(site, depth, receiver, [])
  }
  const { run, at } = site
  run.depth = depth
  run.at = at
  try {
    if (!native.takesCell) {
      const result = native.call(run, receiver)
      run.receiver = receiver
      return result
    }
    const cell = new Cell(receiver)
    const result = native.call(run, cell)
    run.receiver = cell.value
    return result
  } catch (error) {
    throw located(error, at)
  }
}

/** `variable.name(argument)`, likewise. */
export function callReplacing1(site: CallSite, depth: number, receiver: Value, arg: Value): Value {
  if (
    receiver instanceof RhaiMap &&
    untagged(getEntry(receiver, site.name)) instanceof FunctionPointer
  ) {
    return callReplacing(site, depth, receiver, [arg])
  }
  const native = site.overloads?.find2(receiver, arg)
  if (native === undefined) return callReplacing(site, depth, receiver, [arg])
  const { run, at } = site
  run.home = site.module
  run.depth = depth
  run.at = at
  try {
    if (!native.takesCell) {
      const result = native.call(run, receiver, arg)
      run.receiver = receiver
      return result
    }
    const cell = new Cell(receiver)
    const result = native.call(run, cell, arg)
    run.receiver = cell.value
    return result
  } catch (error) {
    throw located(error, at)
  }
}

/** `variable.name(arguments)`, likewise, and also where the script has methods of that name. */
export function callReplacing(
  site: CallSite,
  depth: number,
  receiver: Value,
  args: readonly Value[],
): Value {
  const cell = new VariableCell(receiver)
  const result = callMethodOnCell(site, depth, cell, args)
  site.run.receiver = cell.value
  return result
}

/** `value.name(arguments)` for any number of them. */
export function callMethod(
  site: CallSite,
  depth: number,
  receiver: Value,
  args: readonly Value[],
): Value {
  return callMethodOnCell(site, depth, new Cell(receiver), args)
}

/** `variable.name(arguments)` where the call may put another value into the variable. */
export function callMethodOnCell(
  site: CallSite,
  depth: number,
  receiver: Cell,
  args: readonly Value[],
): Value {
  if (!(receiver instanceof VariableCell) || !receiver.isShared) {
    return callOnCell(site, depth, receiver, args)
  }
  const wasLocked = lock(receiver)
  try {
    return callOnCell(site, depth, receiver, args)
  } finally {
    receiver.isLocked = wasLocked
  }
}

function callOnCell(site: CallSite, depth: number, receiver: Cell, args: readonly Value[]): Value {
  const { value } = receiver
  if (value instanceof RhaiMap) {
    const property = untagged(getEntry(value, site.name))
    if (property instanceof FunctionPointer) {
      return callPointer(site.run, depth + 1, site.at, property, args, receiver)
    }
  }
  const script = site.group?.forReceiver(value)
  if (script !== undefined) return script.call(depth + 1, site.at, receiver, args)
  const native = site.overloads?.find([value, ...args])
  if (native === undefined) return callAround(site, depth, receiver, args)
  if (native.mutates && receiver instanceof VariableCell && receiver.isConstant) {
    throw nonPure(site)
  }
  const first = native.takesCell ? receiver : value
  return callResolved(site.run, site.module, depth, site.at, native, [first, ...args])
}

/** `constant.name(arguments)`: whatever may change its receiver is refused. */
export function callMethodOnConstant(
  site: CallSite,
  depth: number,
  receiver: Value,
  args: readonly Value[],
): Value {
  return callMethodOnCell(site, depth, new VariableCell(receiver, true), args)
}

/** `path.name(arguments)` where the call may change what lies at the path. */
export function callMethodAt(
  site: CallSite,
  depth: number,
  place: Place,
  args: readonly Value[],
): Value {
  if (!(place instanceof Slot)) return callMethodOnCell(site, depth, new Cell(valueAt(place)), args)
  const isLost = place.losesThis && site.group?.forReceiver(place.value) !== undefined
  try {
    return callMethodOnCell(site, depth, place, args)
  } finally {
    if (!isLost) place.store(site.run)
  }
}

/**
 * A function that neither the script nor the library has: one of the scripts around it, which are
 * those that imported it. `self` is the receiver of a method call.
 *
 * @throws RhaiError `ErrorFunctionNotFound`
 */
function callAround(
  { module, name, at }: CallSite,
  depth: number,
  self: Cell | undefined,
  args: readonly Value[],
): Value {
  const found = functionAround(module, name, args.length, self)
  if (found !== undefined) return found.call(depth + 1, at, self, args)
  const all = self === undefined ? args : [self.value, ...args]
  throw located(functionNotFound(name, all), at)
}

function callProperty(
  site: CallSite,
  depth: number,
  property: FunctionPointer,
  receiver: Value,
  args: readonly Value[],
): Value {
  return callPointer(site.run, depth + 1, site.at, property, args, new Cell(receiver))
}

function nonPure(site: CallSite): unknown {
  const text = `Non-pure method '${site.name}' cannot be called on constant`
  return evaluationError('ErrorNonPureMethodCallOnConstant', text, site.at)
}
