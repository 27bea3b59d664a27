/**
 * Calls that a synchronous frame makes of what is decided at run time: native functions, pointers,
 * methods.
 *
 * These are the calls most scripts are made of. A function that would have to wait for the host
 * fails when it is called here. The forms for no and for one argument exist for speed alone: they
 * build no list of arguments; for speed, too, the most frequent calls look their callee up in place.
 *
 * @module
 */

import { copyValue } from '../../runtime/copy.ts'
import { methodIn } from '../../runtime/map-entries.ts'
import { Cell, FunctionPointer, RhaiMap, untagged, type Value } from '../../runtime/value.ts'
import type { DynamicScope } from '../dynamic-scope.ts'
import { located, type PackedPosition } from '../error/failure.ts'
import type { ScriptModule } from '../module/script-module.ts'
import { isLocked, lock, type Place, Slot, VariableCell, valueAt, withoutLocked } from '../place.ts'
import type { RunState } from '../run-state.ts'
import {
  type CallSite,
  closureIn,
  functionAroundSite,
  nativeOnCell,
  refuseMutation,
  variableArgument,
} from './call-site.ts'
import { CompiledFunction } from './function-table.ts'
import {
  type Arguments,
  allArguments,
  asPointer,
  behindFixed,
  calleeNamed,
  chargeFixed,
  functionAmong,
  homeOf,
  pointerArgument,
} from './pointer-target.ts'
import type { QualifiedSite } from './qualified-site.ts'
import { callResolved } from './resolved-call.ts'

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
  const all = [variableArgument(native, variable), ...args]
  return callResolved(site.run, site.module, depth, site.at, native, all)
}

/** `name(module::CONSTANT, args)`: a function that may change its first argument is refused. */
export function callFunctionOnConstant(
  site: CallSite,
  depth: number,
  value: Value,
  args: readonly Value[],
): Value {
  refuseMutation(site, value, args)
  return callFunctionOnCell(site, depth, new VariableCell(value, true), args)
}

/** `value.name()` on a value that no call changes, or that is a handle. */
export function callMethod0(site: CallSite, depth: number, receiver: Value): Value {
  if (receiver instanceof RhaiMap) {
    const property = methodIn(receiver, site.name)
    if (property !== undefined) return callProperty(site, depth, property, receiver, [])
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
    const property = methodIn(receiver, site.name)
    if (property !== undefined) return callProperty(site, depth, property, receiver, [arg])
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
  if (receiver instanceof RhaiMap && methodIn(receiver, site.name) !== undefined) {
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
  const { run, at } = site
  const { value } = receiver
  const closure = closureIn(site, value)
  if (closure !== undefined) return callPointer(run, depth + 1, at, closure, args, receiver)
  const script = site.group?.forReceiver(value)
  if (script !== undefined) return script.call(depth + 1, at, receiver, args)
  const native = nativeOnCell(site, receiver, args)
  if (native === undefined) return callAround(site, depth, receiver, args)
  return callResolved(run, site.module, depth, at, native, [
    native.takesCell ? receiver : value,
    ...args,
  ])
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

function callProperty(
  site: CallSite,
  depth: number,
  property: FunctionPointer,
  receiver: Value,
  args: readonly Value[],
): Value {
  return callPointer(site.run, depth + 1, site.at, property, args, new Cell(receiver))
}

/** `name(args)` of the scripts around this one; `self` is the receiver of a method call. */
function callAround(
  site: CallSite,
  depth: number,
  self: Cell | undefined,
  args: readonly Value[],
): Value {
  return functionAroundSite(site, self, args).call(depth + 1, site.at, self, args)
}

/** Calls `pointer`; `depth` is that of the function called. */
export function callPointer(
  run: RunState,
  depth: number,
  at: PackedPosition,
  pointer: FunctionPointer,
  args: readonly Value[],
  self?: Cell,
): Value {
  const { curried, target } = pointer
  if (curried.length > 0) chargeFixed(run, at, curried.length)
  if (target instanceof CompiledFunction) {
    const { captures } = target
    if (curried.length + args.length === target.arity) {
      const all = curried.length === captures ? args : behindFixed(target, curried, args)
      if (captures === 0 || !curried.some(isLocked)) return target.call(depth, at, self, all)
      return withoutLocked(curried, () => target.call(depth, at, self, all))
    }
  }
  const all = allArguments(curried, args)
  return callByName(run, homeOf(run, pointer), depth, at, pointer.name, all, self)
}

/** A call that looks in `module` for what `name` means. */
export function callByName(
  run: RunState,
  module: ScriptModule,
  depth: number,
  at: PackedPosition,
  name: string,
  args: Arguments,
  self: Cell | undefined,
): Value {
  const callee = calleeNamed(run, module, at, name, args, self)
  return callee instanceof CompiledFunction
    ? callee.call(depth, at, self, args)
    : callResolved(run, module, depth, at, callee.native, callee.args)
}

/** `call(f, ...)` and `f.call(...)`, where `f` must be a function pointer. */
export function callValue(
  run: RunState,
  depth: number,
  at: PackedPosition,
  callee: Value,
  calleeAt: PackedPosition,
  args: readonly Value[],
): Value {
  return callPointer(run, depth + 1, at, asPointer(callee, calleeAt), args)
}

/**
 * `call!(f, ...)`: a function that `f` knows by name only runs among the caller's variables; one it
 * is bound to, such as a closure, does not.
 */
export function callAmong(
  run: RunState,
  depth: number,
  at: PackedPosition,
  callee: Value,
  calleeAt: PackedPosition,
  args: readonly Value[],
  scope: DynamicScope,
): Value {
  const pointer = asPointer(callee, calleeAt)
  const among = functionAmong(run, pointer, args)?.amongCode
  if (among === undefined) return callPointer(run, depth + 1, at, pointer, args)
  return among(depth + 1, at, undefined, scope, ...allArguments(pointer.curried, args))
}

/** `x.call(...)`: the pointer `x` itself, or the pointer in front of `args` with `this` as `x`. */
export function callMethodOn(
  run: RunState,
  depth: number,
  at: PackedPosition,
  receiver: Cell,
  args: readonly Value[],
  firstAt: PackedPosition,
): Value {
  const value = untagged(receiver.value)
  if (value instanceof FunctionPointer) {
    return callHeldPointer(run, depth, at, receiver, value, args)
  }
  const pointer = pointerArgument(receiver, args, at, firstAt)
  return callPointer(run, depth + 1, at, pointer, args.slice(1), receiver)
}

/** `f.call(...)`: nothing that runs may look at `f` if it is shared. */
function callHeldPointer(
  run: RunState,
  depth: number,
  at: PackedPosition,
  variable: Cell,
  pointer: FunctionPointer,
  args: readonly Value[],
): Value {
  if (!(variable instanceof VariableCell) || !variable.isShared) {
    return callPointer(run, depth + 1, at, pointer, args)
  }
  const wasLocked = lock(variable)
  try {
    return callPointer(run, depth + 1, at, pointer, args)
  } finally {
    variable.isLocked = wasLocked
  }
}

/** `path.call(...)` where what lies at the path may be changed through `this`. */
export function callMethodAtPlace(
  run: RunState,
  depth: number,
  at: PackedPosition,
  place: Place,
  args: readonly Value[],
  firstAt: PackedPosition,
): Value {
  if (!(place instanceof Slot)) {
    return callMethodOn(run, depth, at, new Cell(place), args, firstAt)
  }
  try {
    return callMethodOn(run, depth, at, place, args, firstAt)
  } finally {
    if (!place.losesThis) place.store(run)
  }
}

/** `module::name(args)`: the arguments are the call's own. */
export function callQualified(site: QualifiedSite, depth: number, args: readonly Value[]): Value {
  const callee = site.callee()
  if (callee instanceof CompiledFunction) return callee.call(depth + 1, site.at, undefined, args)
  const native = callee?.find(args)
  if (native === undefined) throw site.notFound(args)
  return callResolved(site.run, site.module, depth, site.at, native, args)
}
