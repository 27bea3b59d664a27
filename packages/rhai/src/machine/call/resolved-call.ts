/**
 * The call of a native function whose overload is settled.
 *
 * @module
 */

import type { NativeFunction } from '../../runtime/native-function.ts'
import type { Cell, Value } from '../../runtime/value.ts'
import { located, type PackedPosition } from '../error/failure.ts'
import type { RunState } from '../run-state.ts'

/** Calls `native`, whose error, if any, gets the position of the call. */
export function callResolved(
  run: RunState,
  depth: number,
  at: PackedPosition,
  native: NativeFunction,
  args: readonly (Value | Cell)[],
): Value {
  run.depth = depth
  run.at = at
  try {
    return native.call(run, ...(args as Value[]))
  } catch (error) {
    throw located(error, at)
  }
}
