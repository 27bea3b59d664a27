/**
 * What names mean at run time: globals, constants of the script, things that do not exist.
 *
 * @module
 */

import type { Value } from '../runtime/value.ts'
import type { DynamicScope } from './dynamic-scope.ts'
import { variableNotFound } from './dynamic-scope.ts'
import { evaluationError, type PackedPosition } from './error/failure.ts'
import { expectString } from './expect-string.ts'
import type { RunState } from './run-state.ts'

/** Marks a constant of the script whose declaration has not run yet. */
export const UNSET: unique symbol = Symbol('constant not declared yet')

/** A variable the program's host provides. */
export function globalValue(run: RunState, name: string, at: PackedPosition): Value {
  const value = run.globals.get(name)
  if (value === undefined && !run.globals.has(name)) throw variableNotFound(name, at)
  return value
}

/** `global::NAME`. */
export function globalConstant(
  value: Value | typeof UNSET,
  name: string,
  at: PackedPosition,
): Value {
  if (value === UNSET) throw variableNotFound(`global::${name}`, at)
  return value
}

/** A name that means nothing. @throws always */
export function missingVariable(name: string, at: PackedPosition): never {
  throw variableNotFound(name, at)
}

/** A module that is not there. @throws always */
export function missingModule(name: string, at: PackedPosition): never {
  throw evaluationError('ErrorModuleNotFound', `Module not found: ${name}`, at)
}

/** `import path`: no modules can be imported, so it fails, if the path is a string at all. */
export function importModule(path: Value, at: PackedPosition): never {
  return missingModule(expectString(path, at), at)
}

/** `is_def_var(name)` where variables are looked up by name. */
export function isDefined(scope: DynamicScope, name: Value, at: PackedPosition): boolean {
  return scope.find(expectString(name, at)) !== undefined
}
