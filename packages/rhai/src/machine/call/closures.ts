/**
 * Makes function pointers, and binds `this`.
 *
 * @module
 */

import { functionNamed } from '../../runtime/function-name.ts'
import type { Cell, Value } from '../../runtime/value.ts'
import { FunctionPointer } from '../../runtime/value.ts'
import { ExitSignal, evaluationError, located, type PackedPosition } from '../error/failure.ts'
import { expectString } from '../expect-string.ts'
import type { ScriptModule } from '../module/script-module.ts'
import { dataRace, type VariableCell } from '../place.ts'
import type { RunState } from '../run-state.ts'
import { type Code, CompiledFunction } from './function-table.ts'

/** A closure over `cells`, which are shared with their scope from now on. */
export function closure(
  name: string,
  params: readonly string[],
  code: Code,
  cells: readonly VariableCell[],
): FunctionPointer {
  for (const cell of cells) {
    if (cell.isLocked) throw dataRace()
    cell.isShared = true
  }
  const captures = cells.length
  const init = { name, thisType: undefined, isPrivate: true, params, captures, code }
  const target = new CompiledFunction(init)
  return new FunctionPointer(name, cells, target)
}

/** The bare name of a script function as a value. */
export function pointerTo(module: ScriptModule, name: string): FunctionPointer {
  return new FunctionPointer(name, [], module.functions.named(name), module)
}

/** The variable bound to `this`. */
export function boundThis(self: Cell | undefined, at: PackedPosition): Cell {
  if (self !== undefined) return self
  throw evaluationError('ErrorUnboundThis', "'this' not bound", at)
}

/** `Fn(name)`. */
export function pointerNamed(
  run: RunState,
  module: ScriptModule,
  name: Value,
  at: PackedPosition,
): FunctionPointer {
  try {
    return functionNamed(run, expectString(name, at), module)
  } catch (error) {
    throw located(error, at)
  }
}

/** `exit(value)`: ends the script from any depth. @throws always */
export function exit(value: Value): never {
  throw new ExitSignal(value)
}
