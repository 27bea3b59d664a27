/**
 * What a record tells of how an execution went.
 *
 * @module
 */
import type { ExecutionFailure, ExecutionOutcomeBase, LimitPolicy, LogLine } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import { droppedLinesNote } from '../ingress/limit-advice.ts'
import type { ScriptTarget } from '../routing/script-target.ts'

/** With a last line that says what is missing. */
export function toldLogs(
  { logs, logsDropped }: Pick<ExecutionOutcomeBase, 'logs' | 'logsDropped'>,
  target: ScriptTarget,
  policy: LimitPolicy,
): readonly LogLine[] {
  if (logsDropped === 0) return logs
  const note = droppedLinesNote(logsDropped, Date.now(), { target, policy })
  return note === null ? logs : [...logs, note]
}

export function toldError(failure: ExecutionFailure | null): NewExecution['error'] {
  if (failure === null) return null
  const { code, message, kind = null, line = null, column = null } = failure
  return { code, message, kind, line, column }
}
