/**
 * Runs a script of an app for another script of it, and records that.
 *
 * The version that is active now runs, whatever the caller imports. It is found in the routing
 * tables, so calls need no database, and among the scripts of the caller's app only.
 *
 * @module
 */
import {
  type AppId,
  type CallExecutor,
  type CallOutcome,
  type ExecutionId,
  type LimitPolicy,
  newId,
  type ScriptCall,
} from '@picloud/shared'
import type { ExecutionRecorder } from '../recording/execution-recorder.ts'
import { toldError, toldLogs } from '../recording/told-execution.ts'
import type { RoutingTables } from '../routing/routing-tables.ts'
import type { ScriptTarget } from '../routing/script-target.ts'

/** A call by name, before it is known whether there is such a script. */
export interface NamedCall extends Pick<ScriptCall, 'call' | 'payload' | 'deadlineAt'> {
  /** The caller's. */
  readonly appId: AppId
  readonly name: string
}

export interface ScriptCallsOptions {
  readonly executor: CallExecutor
  readonly routing: Pick<RoutingTables, 'findScriptByName'>
  readonly recorder: Pick<ExecutionRecorder, 'record'>
  readonly policy: LimitPolicy
  /** Successes recorded of a hundred, unless the app says otherwise. */
  readonly recordSamplingPercent: number
}

/** What the record of a call that came to a value has as its status. */
const STATUS_OK = 200

export class ScriptCalls {
  readonly #options: ScriptCallsOptions

  constructor(options: ScriptCallsOptions) {
    this.#options = options
  }

  /** Null: the app has no script of that name. Never rejects for anything a script does. */
  async call(named: NamedCall, signal: AbortSignal): Promise<CallOutcome | null> {
    const { appId, name, call, payload, deadlineAt } = named
    const target = this.#options.routing.findScriptByName(appId, name)
    if (target === undefined) return null
    const { app, script, source, imports, limits } = target
    const id = newId<ExecutionId>()
    const startedAt = new Date()
    const outcome = await this.#options.executor.call(
      { id, app, script, source, imports, deadlineAt, limits: limits.execution, call, payload },
      signal,
    )
    this.#record({ id, target, startedAt, parentId: call.parentId, outcome })
    return outcome
  }

  #record(ran: {
    readonly id: ExecutionId
    readonly target: ScriptTarget
    readonly startedAt: Date
    readonly parentId: ExecutionId
    readonly outcome: CallOutcome
  }): void {
    const { id, target, startedAt, parentId, outcome } = ran
    const { recorder, policy, recordSamplingPercent } = this.#options
    const failure = outcome.kind === 'failure' ? outcome.failure : null
    recorder.record(
      {
        id,
        parentId,
        appId: target.app.id,
        scriptId: target.script.id,
        version: target.script.version,
        routeId: null,
        trigger: 'call',
        outcome: failure === null ? 'ok' : 'error',
        method: null,
        path: null,
        status: failure?.status ?? STATUS_OK,
        startedAt,
        durationMs: outcome.durationMs,
        operations: outcome.operations,
        logs: toldLogs(outcome, target, policy),
        logsDropped: outcome.logsDropped,
        error: toldError(failure),
      },
      target.recordSamplingPercent ?? recordSamplingPercent,
    )
  }
}
