/**
 * Functions the program's host offers to scripts as `module::function(..)`.
 *
 * @module
 */

import type { CallContext } from '../../runtime/call-context.ts'
import { functionNotFound } from '../../runtime/raise.ts'
import { type PlainValue, untagged, type Value } from '../../runtime/value.ts'
import { evaluationError, located, type PackedPosition } from '../error/failure.ts'

/** Tags are not for hosts: an argument comes without its own. */
export type HostFunction = (context: CallContext, ...args: PlainValue[]) => PlainValue

/** By module name, then by function name. */
export type HostModules = Readonly<Record<string, Readonly<Record<string, HostFunction>>>>

interface HostRun extends CallContext {
  depth: number
  at: PackedPosition
  readonly hostModules: HostModules
}

/** `module::name(args)`. `at` is the function's name, `moduleAt` the module's. */
export function callHost(
  run: HostRun,
  depth: number,
  moduleName: string,
  moduleAt: PackedPosition,
  name: string,
  at: PackedPosition,
  args: readonly Value[],
): Value {
  const { hostModules } = run
  const found = Object.hasOwn(hostModules, moduleName) ? hostModules[moduleName] : undefined
  if (found === undefined) {
    throw evaluationError('ErrorModuleNotFound', `Module not found: ${moduleName}`, moduleAt)
  }
  const call = Object.hasOwn(found, name) ? found[name] : undefined
  if (call === undefined) throw located(functionNotFound(`${moduleName}::${name}`, args), at)
  run.depth = depth
  run.at = at
  try {
    return call(run, ...args.map(untagged))
  } catch (error) {
    throw located(error, at)
  }
}
