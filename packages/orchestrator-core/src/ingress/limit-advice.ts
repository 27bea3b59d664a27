/**
 * Says of a limit that was passed what it is and how it is raised: by the app or the script where
 * they may, by the operator's variable where they may not.
 *
 * @module
 */
import {
  ceilingVariable,
  type ExecutionFailure,
  effectiveLimit,
  isOwnLimitName,
  LIMITS,
  type LimitName,
  type LimitPolicy,
  type LogLine,
  type OwnLimitName,
  ownLimitKey,
  raisedByOperator,
} from '@picloud/shared'
import type { ScriptTarget } from '../routing/script-target.ts'

/** A failure that says how its limit is raised, in its message too. */
export interface AdvisedFailure extends ExecutionFailure {
  readonly raise?: string
}

/** How a limit is raised that a script met. */
export function raiseFor(
  name: OwnLimitName,
  target: Pick<ScriptTarget, 'app' | 'script' | 'limits'>,
  policy: LimitPolicy,
): string {
  const { ofScript, ofApp } = target.limits
  const key = ownLimitKey(name)
  const ceiling = policy.ceilings[name]
  const isSet = (ofScript[key] ?? ofApp[key]) !== undefined
  if (effectiveLimit(name, policy, [ofScript, ofApp]) < ceiling) {
    return `\`picloud apps set ${target.app.slug} --limit ${key}=<number>\` raises it, up to ${ceiling}.`
  }
  return isSet
    ? `No app may have more here: ${ceilingVariable(name)} raises that.`
    : `${LIMITS[name].env} raises it for all apps, ${ceilingVariable(name)} what one may set.`
}

/** A failure with how its limit is raised; one that is of no limit as it is. */
export function advised(
  failure: ExecutionFailure,
  target: Pick<ScriptTarget, 'app' | 'script' | 'limits'>,
  policy: LimitPolicy,
): AdvisedFailure {
  const limit = failure.limit ?? limitOfDeadline(failure, target)
  if (limit === undefined) return failure
  const raise = raiseOf(limit.name, target, policy)
  if (raise === null) return failure
  return { ...failure, limit, raise, message: `${failure.message} ${raise}` }
}

/** The line that stands for those that were dropped; none where no line is wanted at all. */
export function droppedLinesNote(
  dropped: number,
  at: number,
  { target, policy }: { readonly target: ScriptTarget; readonly policy: LimitPolicy },
): LogLine | null {
  const value = target.limits.execution.logBytesMax
  if (dropped === 0 || value === 0) return null
  const raise = raiseFor('logBytesMax', target, policy)
  const lines = dropped === 1 ? '1 line was' : `${dropped} lines were`
  return {
    at,
    level: 'warn',
    message: `${lines} dropped: the limit logBytesMax is ${value}. ${raise}`,
    fields: { limit: { name: 'logBytesMax', value }, dropped },
  }
}

/** Who made the deadline knows how long it was; those who keep it know only when it ends. */
function limitOfDeadline(
  { code }: ExecutionFailure,
  { limits }: Pick<ScriptTarget, 'limits'>,
): ExecutionFailure['limit'] {
  if (code !== 'PIC_EXEC_DEADLINE') return undefined
  return { name: 'deadlineMs', value: limits.deadlineMs }
}

function raiseOf(
  name: string,
  target: Pick<ScriptTarget, 'app' | 'script' | 'limits'>,
  policy: LimitPolicy,
): string | null {
  if (isOwnLimitName(name)) return raiseFor(name, target, policy)
  return name in LIMITS ? raisedByOperator(name as LimitName) : null
}
