/**
 * Makes script functions and pointers to them, and binds `this`.
 *
 * @module
 */

import { functionNamed } from '../../runtime/function-name.ts'
import type { Cell, Value } from '../../runtime/value.ts'
import { FunctionPointer } from '../../runtime/value.ts'
import {
  cannotWait,
  ExitSignal,
  evaluationError,
  located,
  type PackedPosition,
} from '../error/failure.ts'
import { expectString } from '../expect-string.ts'
import type { ScriptModule } from '../module/script-module.ts'
import { dataRace, type VariableCell } from '../place.ts'
import type { RunState } from '../run-state.ts'
import {
  type AmongCode,
  type AmongLaterCode,
  type Code,
  CompiledFunction,
  type CompiledFunctionInit,
  type LaterCode,
  type OwnLoop,
} from './function-table.ts'

/** A closure over `cells`, which are shared with their scope from now on. */
export function closure(
  name: string,
  params: readonly string[],
  code: Code,
  cells: readonly VariableCell[],
  ownLoop?: OwnLoop,
): FunctionPointer {
  return pointerOver(name, params, { code, later: undefined, ownLoop }, cells)
}

/** The same for an asynchronous closure. */
export function closureLater(
  name: string,
  params: readonly string[],
  later: LaterCode,
  cells: readonly VariableCell[],
): FunctionPointer {
  return pointerOver(name, params, laterOnly('a closure', later), cells)
}

function pointerOver(
  name: string,
  params: readonly string[],
  codes: Pick<CompiledFunctionInit, 'code' | 'later' | 'ownLoop'>,
  cells: readonly VariableCell[],
): FunctionPointer {
  for (const cell of cells) {
    if (cell.isLocked) throw dataRace()
    cell.isShared = true
  }
  const captures = cells.length
  const init = { name, thisType: undefined, isPrivate: true, params, captures, ...codes }
  return new FunctionPointer(name, cells, new CompiledFunction(init))
}

/** A loop emitted for one closure. */
export function ownLoop(kind: OwnLoop['kind'], loop: OwnLoop['loop']): OwnLoop {
  return { kind, loop } as OwnLoop
}

/** Defines a script function. */
export function define(
  module: ScriptModule,
  name: string,
  params: readonly string[],
  isPrivate: boolean,
  code: Code,
  thisType?: string,
  amongCode?: AmongCode,
): void {
  const codes = { code, amongCode, later: undefined }
  module.functions.define({ name, params, isPrivate, ...codes, thisType, captures: 0 })
}

/** Defines an asynchronous script function. */
export function defineLater(
  module: ScriptModule,
  name: string,
  params: readonly string[],
  isPrivate: boolean,
  later: LaterCode,
  thisType?: string,
  amongLater?: AmongLaterCode,
): void {
  const codes = { ...laterOnly(name, later), amongLater }
  module.functions.define({ name, params, isPrivate, ...codes, thisType, captures: 0 })
}

/** The code of an asynchronous function, which fails when it is called by somebody who cannot wait. */
function laterOnly(what: string, later: LaterCode) {
  const code: Code = (_depth, at) => {
    throw cannotWait(what, at)
  }
  return { code, later }
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
