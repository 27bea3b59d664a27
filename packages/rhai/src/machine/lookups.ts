/**
 * What names mean at run time: globals, constants of the script, things that do not exist.
 *
 * @module
 */

import { Cell, type FunctionPointer, type Value } from '../runtime/value.ts'
import { pointerTo } from './call/closures.ts'
import type { DynamicScope } from './dynamic-scope.ts'
import { variableNotFound } from './dynamic-scope.ts'
import type { PackedPosition } from './error/failure.ts'
import { expectString } from './expect-string.ts'
import type { ScriptModule } from './module/script-module.ts'
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

/** `global::NAME` where constants are found by name. */
export function constantNamed(module: ScriptModule, name: string, at: PackedPosition): Value {
  const cell = module.constants.get(name)
  if (cell === undefined) throw variableNotFound(`global::${name}`, at)
  return cell.value
}

/** Keeps a constant to be found by name; `hasFunctions` if its script has any to ask for it. */
export function keepConstant(
  module: ScriptModule,
  name: string,
  value: Value,
  hasFunctions: boolean,
): void {
  if (hasFunctions || module.functions.size > 0 || hasFunctionsAround(module)) {
    module.constants.set(name, new Cell(value))
  }
}

/**
 * What is kept of a constant for `global::NAME` in a script without functions: there it exists only
 * if a script around has some.
 */
export function constantWithoutFunctions(module: ScriptModule, value: Value): Value | typeof UNSET {
  return hasFunctionsAround(module) ? value : UNSET
}

function hasFunctionsAround(module: ScriptModule): boolean {
  return [...module.around()].some(({ functions }) => functions.size > 0)
}

/** Whether the script has imported something under this name. */
export function isImported(module: ScriptModule, name: string): boolean {
  return module.importNamed(name) !== undefined
}

/**
 * A name that means nothing in its script; a script around may have a function of that name.
 *
 * @throws RhaiError `ErrorVariableNotFound`
 */
export function nameAround(
  module: ScriptModule,
  name: string,
  at: PackedPosition,
): FunctionPointer {
  for (const each of module.around()) {
    if (each.functions.named(name) !== undefined) return pointerTo(each, name)
  }
  throw variableNotFound(name, at)
}

/** A name that means nothing. @throws always */
export function missingVariable(name: string, at: PackedPosition): never {
  throw variableNotFound(name, at)
}

/** `export name` where variables are found by name. @throws RhaiError if there is none */
export function exportNamed(
  module: ScriptModule,
  scope: DynamicScope,
  name: string,
  at: PackedPosition,
  alias: string,
): void {
  const variable = scope.find(name)
  if (variable === undefined) throw variableNotFound(name, at)
  module.export({ alias, rank: undefined, variable })
}

/** `is_def_var(name)` where variables are looked up by name. */
export function isDefined(scope: DynamicScope, name: Value, at: PackedPosition): boolean {
  return scope.find(expectString(name, at)) !== undefined
}
