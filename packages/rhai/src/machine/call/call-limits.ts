/**
 * The limits of a call: how deep it is, and how many variables it can have.
 *
 * How many variables a function can have in scope is known when it is compiled. Emitted code tests
 * depth alone, against a number that no call passes unseen in a program whose functions have too
 * many variables; programs without such functions pay nothing.
 *
 * @module
 */

import { type PackedPosition, stackOverflow, variablesExceeded } from '../error/failure.ts'
import type { RunState } from '../run-state.ts'

/** Looks at a call that is deeper than `run.depthMax`. @throws RhaiError if it passes a limit. */
export function checkCall(
  run: RunState,
  depth: number,
  variables: number,
  at: PackedPosition,
): void {
  const { callDepthMax } = run.limits
  if (callDepthMax > 0 && depth > callDepthMax) throw stackOverflow(at)
  if (variables > run.variablesMax) throw variablesExceeded(run.variablesMax, at)
}

/** Says how many variables a function of the program can have. */
export function noteVariables(run: RunState, count: number): void {
  run.noteVariables(count)
}

/** Why the script itself cannot run; `peaks` are the places of its first variable, second... */
export function tooManyVariables(run: RunState, peaks: readonly PackedPosition[]): unknown {
  return variablesExceeded(run.variablesMax, peaks[run.variablesMax] ?? 0)
}
