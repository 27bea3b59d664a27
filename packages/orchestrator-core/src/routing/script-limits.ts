/**
 * The limits that hold for a script: what it or its app set, else the operator's, never above the
 * operator's ceilings. Made when an app is loaded, so that a request only points at them.
 *
 * @module
 */
import {
  DEFAULT_LIMITS,
  defaultCeilings,
  type ExecutionLimits,
  effectiveLimit,
  executionLimitsOf,
  type LimitPolicy,
  type Limits,
  OWN_LIMIT_NAMES,
  type OwnLimitName,
  type OwnLimits,
} from '@picloud/shared'

export interface ScriptLimits {
  readonly bodyBytesMax: number
  readonly deadlineMs: number
  /** The part that travels with every execution. */
  readonly execution: ExecutionLimits
  /** What was set, by the script and by its app: it decides how a limit is raised. */
  readonly ofScript: OwnLimits
  readonly ofApp: OwnLimits
}

/** Gives the limits of a script, from what its app and it set. */
export type ScriptLimitsOf = (ofApp: OwnLimits, ofScript: OwnLimits) => ScriptLimits

export const DEFAULT_LIMIT_POLICY: LimitPolicy = {
  limits: DEFAULT_LIMITS,
  ceilings: defaultCeilings(DEFAULT_LIMITS),
}

const NOTHING_SET: OwnLimits = {}

/** Scripts for which nothing is set share one object, however many there are. */
export function scriptLimitsUnder(policy: LimitPolicy): ScriptLimitsOf {
  const ofMost = scriptLimits(policy, NOTHING_SET, NOTHING_SET)
  return (ofApp, ofScript) =>
    isEmpty(ofApp) && isEmpty(ofScript) ? ofMost : scriptLimits(policy, ofApp, ofScript)
}

function scriptLimits(policy: LimitPolicy, ofApp: OwnLimits, ofScript: OwnLimits): ScriptLimits {
  const own = [ofScript, ofApp]
  // One number for each name; the compiler cannot follow them through the entries.
  const values = Object.fromEntries(
    OWN_LIMIT_NAMES.map((name) => [name, effectiveLimit(name, policy, own)]),
  ) as Pick<Limits, OwnLimitName>
  const { bodyBytesMax, deadlineMs } = values
  return { bodyBytesMax, deadlineMs, execution: executionLimitsOf(values), ofScript, ofApp }
}

function isEmpty(limits: OwnLimits): boolean {
  return Object.keys(limits).length === 0
}
