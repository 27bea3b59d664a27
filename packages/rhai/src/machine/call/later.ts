/**
 * The calls of `at-once.ts`, made by an asynchronous frame: the callee may wait for the host.
 *
 * Each does what its namesake does. It answers a `Pending` only when the callee waits, and what
 * follows the call then follows when it has ended.
 *
 * @module
 */

import { copyValue } from '../../runtime/copy.ts'
import type { NativeFunction } from '../../runtime/native-function.ts'
import { Cell, FunctionPointer, untagged, type Value } from '../../runtime/value.ts'
import type { DynamicScope } from '../dynamic-scope.ts'
import { located, type PackedPosition } from '../error/failure.ts'
import type { ScriptModule } from '../module/script-module.ts'
import { hideLocked, isLocked, lock, type Place, Slot, VariableCell, valueAt } from '../place.ts'
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
import { type Answer, Pending } from './pending.ts'
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

export function callFunctionLater(site: CallSite, depth: number, args: readonly Value[]): Answer {
  const native = site.overloads?.find(args)
  if (native === undefined) return callAround(site, depth, undefined, args)
  const all = native.takesCell ? [new Cell(args[0]), ...args.slice(1)] : args
  return callNative(site.run, site.module, depth, site.at, native, all)
}

export function callFunctionOnCellLater(
  site: CallSite,
  depth: number,
  variable: Cell,
  args: readonly Value[],
): Answer {
  const { value } = variable
  const native = site.overloads?.find([value, ...args])
  if (native === undefined) return callAround(site, depth, undefined, [copyValue(value), ...args])
  const all = [variableArgument(native, variable), ...args]
  return callNative(site.run, site.module, depth, site.at, native, all)
}

export function callFunctionOnConstantLater(
  site: CallSite,
  depth: number,
  value: Value,
  args: readonly Value[],
): Answer {
  refuseMutation(site, value, args)
  return callFunctionOnCellLater(site, depth, new VariableCell(value, true), args)
}

export function callMethod0Later(site: CallSite, depth: number, receiver: Value): Answer {
  return callMethodLater(site, depth, receiver, [])
}

export function callMethod1Later(
  site: CallSite,
  depth: number,
  receiver: Value,
  arg: Value,
): Answer {
  return callMethodLater(site, depth, receiver, [arg])
}

export function callMethodLater(
  site: CallSite,
  depth: number,
  receiver: Value,
  args: readonly Value[],
): Answer {
  return callOnCell(site, depth, new Cell(receiver), args)
}

export function callMethodOnCellLater(
  site: CallSite,
  depth: number,
  receiver: Cell,
  args: readonly Value[],
): Answer {
  if (!(receiver instanceof VariableCell) || !receiver.isShared) {
    return callOnCell(site, depth, receiver, args)
  }
  return locked(receiver, () => callOnCell(site, depth, receiver, args))
}

function callOnCell(site: CallSite, depth: number, receiver: Cell, args: readonly Value[]): Answer {
  const { run, at } = site
  const { value } = receiver
  const closure = closureIn(site, value)
  if (closure !== undefined) return callPointerLater(run, depth + 1, at, closure, args, receiver)
  const script = site.group?.forReceiver(value)
  if (script !== undefined) return callScript(script, depth + 1, at, receiver, args)
  const native = nativeOnCell(site, receiver, args)
  if (native === undefined) return callAround(site, depth, receiver, args)
  return callNative(run, site.module, depth, at, native, [
    native.takesCell ? receiver : value,
    ...args,
  ])
}

export function callMethodOnConstantLater(
  site: CallSite,
  depth: number,
  receiver: Value,
  args: readonly Value[],
): Answer {
  return callOnCell(site, depth, new VariableCell(receiver, true), args)
}

export function callMethodAtLater(
  site: CallSite,
  depth: number,
  place: Place,
  args: readonly Value[],
): Answer {
  if (!(place instanceof Slot)) return callMethodLater(site, depth, valueAt(place), args)
  const isLost = place.losesThis && site.group?.forReceiver(place.value) !== undefined
  return ending(
    () => callOnCell(site, depth, place, args),
    () => {
      if (!isLost) place.store(site.run)
    },
  )
}

export function callPointerLater(
  run: RunState,
  depth: number,
  at: PackedPosition,
  pointer: FunctionPointer,
  args: readonly Value[],
  self?: Cell,
): Answer {
  const { curried, target } = pointer
  if (curried.length > 0) chargeFixed(run, at, curried.length)
  if (target instanceof CompiledFunction) {
    const { captures } = target
    if (curried.length + args.length === target.arity) {
      const all = curried.length === captures ? args : behindFixed(target, curried, args)
      if (captures === 0 || !curried.some(isLocked)) return callScript(target, depth, at, self, all)
      return ending(() => callScript(target, depth, at, self, all), hideLocked(curried))
    }
  }
  const all = allArguments(curried, args)
  return callByNameLater(run, homeOf(run, pointer), depth, at, pointer.name, all, self)
}

export function callByNameLater(
  run: RunState,
  module: ScriptModule,
  depth: number,
  at: PackedPosition,
  name: string,
  args: Arguments,
  self: Cell | undefined,
): Answer {
  const callee = calleeNamed(run, module, at, name, args, self)
  return callee instanceof CompiledFunction
    ? callScript(callee, depth, at, self, args)
    : callNative(run, module, depth, at, callee.native, callee.args)
}

export function callValueLater(
  run: RunState,
  depth: number,
  at: PackedPosition,
  callee: Value,
  calleeAt: PackedPosition,
  args: readonly Value[],
): Answer {
  return callPointerLater(run, depth + 1, at, asPointer(callee, calleeAt), args)
}

export function callAmongLater(
  run: RunState,
  depth: number,
  at: PackedPosition,
  callee: Value,
  calleeAt: PackedPosition,
  args: readonly Value[],
  scope: DynamicScope,
): Answer {
  const pointer = asPointer(callee, calleeAt)
  const target = functionAmong(run, pointer, args)
  const all = allArguments(pointer.curried, args)
  if (target?.amongLater !== undefined) {
    return new Pending(target.amongLater(depth + 1, at, undefined, scope, ...all))
  }
  if (target?.amongCode !== undefined)
    return target.amongCode(depth + 1, at, undefined, scope, ...all)
  return callPointerLater(run, depth + 1, at, pointer, args)
}

export function callMethodOnLater(
  run: RunState,
  depth: number,
  at: PackedPosition,
  receiver: Cell,
  args: readonly Value[],
  firstAt: PackedPosition,
): Answer {
  const value = untagged(receiver.value)
  if (value instanceof FunctionPointer) {
    return callHeldPointer(run, depth, at, receiver, value, args)
  }
  const pointer = pointerArgument(receiver, args, at, firstAt)
  return callPointerLater(run, depth + 1, at, pointer, args.slice(1), receiver)
}

function callHeldPointer(
  run: RunState,
  depth: number,
  at: PackedPosition,
  variable: Cell,
  pointer: FunctionPointer,
  args: readonly Value[],
): Answer {
  const call = (): Answer => callPointerLater(run, depth + 1, at, pointer, args)
  return variable instanceof VariableCell && variable.isShared ? locked(variable, call) : call()
}

export function callMethodAtPlaceLater(
  run: RunState,
  depth: number,
  at: PackedPosition,
  place: Place,
  args: readonly Value[],
  firstAt: PackedPosition,
): Answer {
  if (!(place instanceof Slot)) {
    return callMethodOnLater(run, depth, at, new Cell(place), args, firstAt)
  }
  return ending(
    () => callMethodOnLater(run, depth, at, place, args, firstAt),
    () => {
      if (!place.losesThis) place.store(run)
    },
  )
}

export function callQualifiedLater(
  site: QualifiedSite,
  depth: number,
  args: readonly Value[],
): Answer {
  const callee = site.callee()
  if (callee instanceof CompiledFunction) {
    return callScript(callee, depth + 1, site.at, undefined, args)
  }
  const native = callee?.find(args)
  if (native === undefined) throw site.notFound(args)
  return callNative(site.run, site.module, depth, site.at, native, args)
}

function callAround(
  site: CallSite,
  depth: number,
  self: Cell | undefined,
  args: readonly Value[],
): Answer {
  const found = functionAroundSite(site, self, args)
  return callScript(found, depth + 1, site.at, self, args)
}

/** Calls a script function with the arguments after its captured variables. */
export function callScript(
  target: CompiledFunction,
  depth: number,
  at: PackedPosition,
  self: Cell | undefined,
  args: Arguments,
): Answer {
  const { later } = target
  if (later === undefined) return target.call(depth, at, self, args)
  return new Pending(later(depth, at, self, ...args))
}

/** A function of the host may wait; one of the library that calls back does if its callback does. */
function callNative(
  run: RunState,
  home: ScriptModule,
  depth: number,
  at: PackedPosition,
  native: NativeFunction,
  args: Arguments,
): Answer {
  const { later } = native
  if (later === undefined || !(native.waitsItself || args.some(mayWait))) {
    return callResolved(run, home, depth, at, native, args)
  }
  run.home = home
  run.depth = depth
  run.at = at
  return new Pending(locating(() => later(run, ...args), at))
}

/** Whether an argument is a function that waits, or a name, which may turn out to be one. */
function mayWait(argument: Value | Cell): boolean {
  const value = argument instanceof Cell ? undefined : untagged(argument)
  if (typeof value === 'string') return true
  if (!(value instanceof FunctionPointer)) return false
  const { target } = value
  return !(target instanceof CompiledFunction) || target.later !== undefined
}

async function locating(work: () => Promise<Value>, at: PackedPosition): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw located(error, at)
  }
}

/** Makes a call while a shared variable is locked. */
function locked(variable: VariableCell, call: () => Answer): Answer {
  const wasLocked = lock(variable)
  return ending(call, () => {
    variable.isLocked = wasLocked
  })
}

/** Makes a call and then does something, however and whenever the call ends. */
function ending(call: () => Answer, after: () => void): Answer {
  let answer: Answer
  try {
    answer = call()
  } catch (error) {
    after()
    throw error
  }
  if (answer instanceof Pending) return new Pending(ended(answer.promise, after))
  after()
  return answer
}

async function ended(promise: Promise<Value>, after: () => void): Promise<Value> {
  try {
    return await promise
  } finally {
    after()
  }
}
