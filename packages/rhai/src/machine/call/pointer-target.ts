/**
 * Which function a call through a pointer or by name means, and what it is given.
 *
 * Order as in the reference: the function the pointer was made for if the number of arguments fits,
 * else a script function of its name, else a native one, else one of the scripts around. With `this`,
 * a script function gets it bound and a native one gets it as first argument.
 *
 * @module
 */

import { copyValue } from '../../runtime/copy.ts'
import { chargeCopy, chargeLook } from '../../runtime/metering.ts'
import type { NativeFunction } from '../../runtime/native-function.ts'
import { functionNotFound, mismatchedType } from '../../runtime/raise.ts'
import { Cell, FunctionPointer, untagged, type Value } from '../../runtime/value.ts'
import { located, type PackedPosition } from '../error/failure.ts'
import { ScriptModule } from '../module/script-module.ts'
import { dataRace } from '../place.ts'
import type { RunState } from '../run-state.ts'
import { functionAround, functionIn } from './function-search.ts'
import type { CompiledFunction } from './function-table.ts'

export type Arguments = readonly (Value | Cell)[]

const ARGUMENTS_PER_OPERATION = 4

/** Arguments fixed in front are put together with the others for each call. */
export function chargeFixed(run: RunState, at: PackedPosition, count: number): void {
  run.at = at
  run.charge(Math.floor(count / ARGUMENTS_PER_OPERATION))
}

/** What the function a pointer was made for is given, when more than its variables is fixed. */
export function behindFixed(
  target: CompiledFunction,
  curried: Arguments,
  args: readonly Value[],
): Arguments {
  return [...curried.slice(target.captures).map(ownArgument), ...args]
}

/** What a function found by name is given: the curried arguments and the others. */
export function allArguments(curried: Arguments, args: readonly Value[]): Arguments {
  return [...curried.map(ownArgument), ...args]
}

/** A fixed argument is copied for each call; a captured variable is the same for all. */
function ownArgument(argument: Value | Cell): Value | Cell {
  return argument instanceof Cell ? argument : copyValue(argument)
}

/** The script in which a name is looked for. */
export function homeOf(run: RunState, { home }: FunctionPointer): ScriptModule {
  return home instanceof ScriptModule ? home : run.main
}

/** The function `call!` runs among its caller's variables: one the pointer knows by name only. */
export function functionAmong(
  run: RunState,
  pointer: FunctionPointer,
  args: readonly Value[],
): CompiledFunction | undefined {
  const { curried, target, name } = pointer
  const arity = curried.length + args.length
  return target?.arity === arity ? undefined : homeOf(run, pointer).functions.find(name, arity)
}

/** A native function and its arguments, the receiver among them. */
interface NativeCall {
  readonly native: NativeFunction
  readonly args: Arguments
}

/** What a name means in `module`. @throws RhaiError when nothing takes these arguments */
export function calleeNamed(
  run: RunState,
  module: ScriptModule,
  at: PackedPosition,
  name: string,
  args: Arguments,
  self: Cell | undefined,
): CompiledFunction | NativeCall {
  run.at = at
  chargeLook(run, name.length)
  const script = functionIn(module, name, args.length, self)
  if (script !== undefined) return script
  const values = args.map((arg) => (arg instanceof Cell ? arg.value : arg))
  const all = self === undefined ? values : [self.value, ...values]
  const native = module.host.overloads(name, all.length)?.find(all)
  if (native === undefined) {
    const around = functionAround(module, name, args.length, self)
    if (around !== undefined) return around
    throw located(functionNotFound(name, all), at)
  }
  const given = native.takesCell ? [self ?? new Cell(all[0]), ...all.slice(1)] : all
  return { native, args: given }
}

/** The pointer in front of the arguments of `x.call(pointer, ...)`, where `x` becomes `this`. */
export function pointerArgument(
  receiver: Cell,
  args: readonly Value[],
  at: PackedPosition,
  firstAt: PackedPosition,
): FunctionPointer {
  if (args.length === 0) throw mismatch(receiver.value, at)
  const pointer = asPointer(args[0], firstAt)
  const shared = pointer.curried.indexOf(receiver)
  if (shared >= 0) throw dataRace(` on variable 'argument #${shared + 1} of function 'anon$''`)
  return pointer
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

export function asPointer(value: Value, at: PackedPosition): FunctionPointer {
  const pointer = untagged(value)
  if (pointer instanceof FunctionPointer) return pointer
  throw mismatch(value, at)
}

function mismatch(value: Value, at: PackedPosition): unknown {
  return located(mismatchedType('Fn', value), at)
}
