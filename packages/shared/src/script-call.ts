/**
 * The port by which a script has another one run: values in, values out, no HTTP.
 *
 * @module
 */
import type {
  CallOrigin,
  ExecutionBudget,
  ExecutionOutcomeBase,
  ExecutionRequest,
  FailureOutcome,
  KnownSecret,
} from './execution.ts'
import type { HostValue } from './host-services.ts'

/** A call of one script by another. */
export interface ScriptCall extends Omit<ExecutionRequest, 'trigger' | 'request' | 'call'> {
  readonly call: CallOrigin
  /** What it sees as `request.body`. */
  readonly payload: HostValue
}

/** What came of a call: a value, not an answer by HTTP. */
export type CallOutcome = (
  | (ExecutionOutcomeBase & { readonly kind: 'value'; readonly value: HostValue })
  /** With the map the script threw, if it threw one. */
  | (FailureOutcome & { readonly thrown?: HostValue | undefined })
) & {
  readonly used: ExecutionBudget
  /** What it was given, and may have handed to its caller. */
  readonly secrets: readonly KnownSecret[]
}

/** Runs scripts for other scripts. Never rejects for anything a script does. */
export interface CallExecutor {
  call(call: ScriptCall, signal: AbortSignal): Promise<CallOutcome>
}
