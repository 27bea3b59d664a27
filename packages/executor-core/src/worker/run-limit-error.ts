/**
 * How the sandbox ends a run that passes a limit of the host's, in the form of the language's own
 * limits: no script can catch it.
 *
 * @module
 */
import { RhaiError } from '@picloud/rhai'
import type { ExecutionLimits } from '@picloud/shared'

export function computedTooLong(limits: ExecutionLimits): RhaiError {
  return runLimitError(limits, 'cpuMsMax', COMPUTED_TOO_LONG)
}

export const COMPUTED_TOO_LONG = 'The script computed too long'

export function runLimitError(
  limits: ExecutionLimits,
  name: keyof ExecutionLimits,
  text: string,
): RhaiError {
  const limit = { name, value: limits[name] }
  return new RhaiError({ phase: 'eval', kind: 'ErrorTerminated', text, limit })
}
