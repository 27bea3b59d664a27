/**
 * The call of a native function whose overload is settled.
 *
 * @module
 */

import type { NativeFunction } from '../../runtime/native-function.ts'
import type { Cell, Value } from '../../runtime/value.ts'
import { located, type PackedPosition } from '../error/failure.ts'
import type { ScriptModule } from '../module/script-module.ts'
import type { RunState } from '../run-state.ts'

/** Calls `native` from the script `home`; its error, if any, gets the position of the call. */
export function callResolved(
  run: RunState,
  home: ScriptModule,
  depth: number,
  at: PackedPosition,
  native: NativeFunction,
  args: readonly (Value | Cell)[],
): Value {
  run.home = home
  run.depth = depth
  run.at = at
  try {
    return native.call(run, ...(args as Value[]))
  } catch (error) {
    throw located(error, at)
  }
}
