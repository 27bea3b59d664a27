/**
 * Hands the record of each execution to the recorder, and counts it.
 *
 * @module
 */
import type {
  ExecutionFailure,
  ExecutionOutcome,
  LimitPolicy,
  StreamOutcome,
} from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import type { AnswerInvalidError } from '../errors.ts'
import type { ExecutionRecorder } from '../recording/execution-recorder.ts'
import { toldError, toldLogs } from '../recording/told-execution.ts'
import type { IngressFigures } from './ingress-figures.ts'
import type { IngressLimits } from './ingress-limits.ts'
import type { ScriptJob } from './script-job.ts'

export interface ExecutionRecordsOptions {
  readonly recorder: Pick<ExecutionRecorder, 'record'>
  readonly figures: IngressFigures
  readonly limits: Pick<IngressLimits, 'recordSamplingPercent'>
  readonly policy: LimitPolicy
}

/** What the client was sent, and why if it was an error. */
export interface ExecutionEnd {
  readonly status: number
  readonly failure: ExecutionFailure | null
}

/** An answer that could not be sent. */
export function endOfInvalid({ code, status, message }: AnswerInvalidError): ExecutionEnd {
  return { status, failure: { code, status: 500, exposed: false, message } }
}

export class ExecutionRecords {
  readonly #options: ExecutionRecordsOptions

  constructor(options: ExecutionRecordsOptions) {
    this.#options = options
  }

  /** @param answerMs from the head of the request to that of its answer; left out: until now */
  add(
    job: ScriptJob,
    outcome: ExecutionOutcome | StreamOutcome,
    end: ExecutionEnd,
    answerMs = Date.now() - job.parts.exchange.arrivedAt,
  ): void {
    const { exchange, target } = job.parts
    const { failure } = end
    this.#options.figures.executed(answerMs, failure?.code ?? null)
    const samplingPercent =
      job.target.recordSamplingPercent ?? this.#options.limits.recordSamplingPercent
    const execution: NewExecution = {
      id: exchange.id,
      appId: job.target.app.id,
      scriptId: job.target.script.id,
      version: job.target.script.version,
      routeId: job.routeId,
      trigger: job.trigger,
      outcome: failure === null ? 'ok' : 'error',
      method: exchange.method,
      path: target.path,
      status: end.status,
      startedAt: new Date(exchange.arrivedAt),
      durationMs: outcome.durationMs,
      operations: outcome.operations,
      logs: toldLogs(outcome, job.target, this.#options.policy),
      logsDropped: outcome.logsDropped,
      error: toldError(failure),
    }
    this.#options.recorder.record(execution, samplingPercent)
  }
}
