/**
 * Calls through function pointers and calls of functions known only by name.
 *
 * Order as in the reference: the function the pointer was made for if the number of arguments fits,
 * else a script function of its name, else a native one. With `this`, a script function gets it
 * bound and a native one gets it as first argument.
 *
 * @module
 */

import { copyValue } from '../../runtime/copy.ts'
import { chargeCopy, chargeLook } from '../../runtime/metering.ts'
import { functionNotFound, mismatchedType } from '../../runtime/raise.ts'
import { Cell, FunctionPointer, typeNameOf, untagged, type Value } from '../../runtime/value.ts'
import type { DynamicScope } from '../dynamic-scope.ts'
import { located, type PackedPosition } from '../error/failure.ts'
import { ScriptModule } from '../module/script-module.ts'
import {
  dataRace,
  isLocked,
  lock,
  type Place,
  Slot,
  VariableCell,
  withoutLocked,
} from '../place.ts'
import type { RunState } from '../run-state.ts'
import { functionAround, functionIn } from './function-search.ts'
import { CompiledFunction } from './function-table.ts'
import { callResolved } from './resolved-call.ts'

type Arguments = readonly (Value | Cell)[]

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
  if (curried.length > 0) chargeArguments(run, at, curried.length)
  if (target instanceof CompiledFunction) {
    const { captures } = target
    if (curried.length + args.length === target.arity) {
      const fixed = curried.length === captures ? [] : curried.slice(captures).map(ownArgument)
      const all = fixed.length === 0 ? args : [...fixed, ...args]
      if (captures === 0 || !curried.some(isLocked)) return target.call(depth, at, self, all)
      return withoutLocked(curried, () => target.call(depth, at, self, all))
    }
  }
  const all = [...curried.map(ownArgument), ...args]
  return callByName(run, homeOf(run, pointer), depth, at, pointer.name, all, self)
}

/** The script in which a name is looked for. */
function homeOf(run: RunState, { home }: FunctionPointer): ScriptModule {
  return home instanceof ScriptModule ? home : run.main
}

const ARGUMENTS_PER_OPERATION = 4

/** Arguments fixed in front are put together with the others for each call. */
function chargeArguments(run: RunState, at: PackedPosition, count: number): void {
  run.at = at
  run.charge(Math.floor(count / ARGUMENTS_PER_OPERATION))
}

/** A fixed argument is copied for each call; a captured variable is the same for all. */
function ownArgument(argument: Value | Cell): Value | Cell {
  return argument instanceof Cell ? argument : copyValue(argument)
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
  const { curried, target, name } = pointer
  const arity = curried.length + args.length
  const among = homeOf(run, pointer).functions.find(name, arity)?.amongCode
  if (among === undefined || target?.arity === arity) {
    return callPointer(run, depth + 1, at, pointer, args)
  }
  return among(depth + 1, at, undefined, scope, ...curried.map(ownArgument), ...args)
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
  if (value instanceof FunctionPointer)
    return callHeldPointer(run, depth, at, receiver, value, args)
  const [first, ...rest] = args
  if (args.length === 0) throw mismatch(value, at)
  const pointer = asPointer(first, firstAt)
  const shared = pointer.curried.indexOf(receiver)
  if (shared >= 0) throw dataRace(` on variable 'argument #${shared + 1} of function 'anon$''`)
  return callPointer(run, depth + 1, at, pointer, rest, receiver)
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

/** `curry(f, ...)` and `f.curry(...)`. */
export function curry(
  run: RunState,
  callee: Value,
  calleeAt: PackedPosition,
  args: readonly Value[],
): FunctionPointer {
  const pointer = asPointer(callee, calleeAt)
  run.at = calleeAt
  chargeCopy(run, pointer.curried.length + args.length)
  return pointer.curry(args)
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
  run.at = at
  chargeLook(run, name.length)
  const script = functionIn(module, name, args.length, self)
  if (script !== undefined) return script.call(depth, at, self, args)
  const values = args.map((arg) => (arg instanceof Cell ? arg.value : arg))
  const all = self === undefined ? values : [self.value, ...values]
  const native = module.host.overloads(name, all.length)?.find(all)
  if (native === undefined) {
    const around = functionAround(module, name, args.length, self)
    if (around !== undefined) return around.call(depth, at, self, args)
    throw located(functionNotFound(name, all), at)
  }
  const given = native.takesCell ? [self ?? new Cell(all[0]), ...all.slice(1)] : all
  return callResolved(run, module, depth, at, native, given)
}

function asPointer(value: Value, at: PackedPosition): FunctionPointer {
  const pointer = untagged(value)
  if (pointer instanceof FunctionPointer) return pointer
  throw mismatch(value, at)
}

function mismatch(value: Value, at: PackedPosition): unknown {
  return located(mismatchedType('Fn', typeNameOf(value)), at)
}
