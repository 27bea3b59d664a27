/**
 * Which script function a name means.
 *
 * A module's own functions come first, then those of the library; the scripts that imported it are
 * asked last, so nothing they define changes what the module's own code does.
 *
 * @module
 */

import type { Cell } from '../../runtime/value.ts'
import type { ScriptModule } from '../module/script-module.ts'
import type { CompiledFunction } from './function-table.ts'

/** The function of the module itself; `self` is the receiver of a method call. */
export function functionIn(
  { functions }: ScriptModule,
  name: string,
  arity: number,
  self: Cell | undefined,
): CompiledFunction | undefined {
  return self === undefined
    ? functions.find(name, arity)
    : functions.findFor(self.value, name, arity)
}

/** The function of the nearest script around the module that has one. */
export function functionAround(
  module: ScriptModule,
  name: string,
  arity: number,
  self: Cell | undefined,
): CompiledFunction | undefined {
  for (const each of module.around()) {
    const found = functionIn(each, name, arity, self)
    if (found !== undefined) return found
  }
  return undefined
}
