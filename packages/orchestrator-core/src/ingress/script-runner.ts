/**
 * Takes a request whose script is known through to its answer and its record.
 *
 * A request with content holds a place among those that send from {@link ScriptRunner.start} until
 * all of it is there; from then, or from the start, one in admission, until it is answered, refused
 * or its client has gone, whichever is first. Each is given back exactly once.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import {
  asPicloudError,
  defaultCeilings,
  type ExecutionFailure,
  type ExecutionOutcome,
  type Executor,
  type LimitPolicy,
  type Logger,
  type LogLine,
  NO_STATUS,
  type OwnLimitName,
  PicloudError,
  type RouteId,
  type Trigger,
} from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import {
  AnswerInvalidError,
  BodyTimeoutError,
  BodyTooLargeError,
  ExecutorUnavailableError,
  RequestTimeoutError,
} from '../errors.ts'
import type { ExecutionRecorder } from '../recording/execution-recorder.ts'
import type { ScriptTarget } from '../routing/script-target.ts'
import { Admission } from './admission.ts'
import { writeAnswer } from './answer.ts'
import { BodyPlaces } from './body-places.ts'
import { checkBodyHead, hasBody, NO_BODY, readBody } from './body-reader.ts'
import { DeadlineQueue } from './deadline-queue.ts'
import type { Exchange } from './exchange.ts'
import type { IngressLimits } from './ingress-limits.ts'
import { advised, droppedLinesNote, raiseFor } from './limit-advice.ts'
import { type AnswerNotes, noteAnswer } from './note-answer.ts'
import { answerFailure, type RefusalOptions, refuse } from './refusal.ts'
import { type RequestParts, scriptRequestOf } from './script-request.ts'
import type { TrustedProxies } from './trusted-proxies.ts'
import { UnsentAnswers } from './unsent-answers.ts'

export interface ScriptJob {
  readonly target: ScriptTarget
  readonly trigger: Trigger
  readonly routeId: RouteId | null
  readonly parts: RequestParts
}

export interface ScriptRunnerOptions extends AnswerNotes {
  readonly executor: Executor
  readonly recorder: Pick<ExecutionRecorder, 'record'>
  readonly limits: IngressLimits
  readonly ceilings?: LimitPolicy['ceilings']
  readonly proxies: TrustedProxies
  readonly logger: Logger
}

export class ScriptRunner {
  readonly admission: Admission
  readonly bodyPlaces: BodyPlaces
  readonly #options: ScriptRunnerOptions
  readonly #policy: LimitPolicy
  readonly #refusal: RefusalOptions
  readonly #bodyDeadlines = new DeadlineQueue()
  readonly #unsent = new UnsentAnswers()

  constructor(options: ScriptRunnerOptions) {
    this.#options = options
    const { limits, ceilings = defaultCeilings(limits) } = options
    this.#policy = { limits, ceilings }
    this.#refusal = { ...options, bodyBytesMax: options.limits.bodyBytesMax }
    this.admission = new Admission(options.limits)
    this.bodyPlaces = new BodyPlaces(options.limits)
  }

  /** @throws the IngressError of what the head alone already forbids */
  start(job: ScriptJob): void {
    const { headers } = job.parts.exchange.head
    if (!hasBody(headers)) {
      this.admission.enter(job.target.app)
      void this.#run(job, NO_BODY)
      return
    }
    checkBodyHead(headers, job.target.limits.bodyBytesMax, () => this.#raise('bodyBytesMax', job))
    this.admission.check(job.target.app)
    this.#readThenRun(job)
  }

  stop(): void {
    this.#bodyDeadlines.stop()
  }

  #readThenRun(job: ScriptJob): void {
    const { exchange } = job.parts
    const { bodyBytesMax, deadlineMs } = job.target.limits
    if (exchange.request.destroyed) {
      // The client went away while its right to this was looked up: nothing more will be heard.
      noteAnswer(exchange, NO_STATUS, this.#options)
      return
    }
    const place = this.bodyPlaces.enter(job.target.app, () => {
      stopReading()
      giveUp(new RequestTimeoutError())
    })
    const giveUp = (error: PicloudError | null): void => {
      this.#bodyDeadlines.remove(deadline)
      this.bodyPlaces.leave(place)
      if (error !== null) refuse(exchange, error, this.#refusal)
      else noteAnswer(exchange, NO_STATUS, this.#options)
    }
    const stopReading = readBody(exchange.request, {
      bytesMax: bodyBytesMax,
      complete: (body) => {
        this.#bodyDeadlines.remove(deadline)
        this.bodyPlaces.leave(place)
        this.#enterAndRun(job, body)
      },
      tooLarge: () => giveUp(new BodyTooLargeError(bodyBytesMax, this.#raise('bodyBytesMax', job))),
      interrupted: () => giveUp(null),
    })
    const deadline = this.#bodyDeadlines.add(exchange.arrivedAt + deadlineMs, () => {
      stopReading()
      giveUp(new BodyTimeoutError(deadlineMs, this.#raise('deadlineMs', job)))
    })
    if (exchange.expectsContinue) exchange.response.writeContinue()
  }

  /** Others may have taken the room while the content was arriving. */
  #enterAndRun(job: ScriptJob, body: Uint8Array): void {
    try {
      this.admission.enter(job.target.app)
    } catch (error) {
      refuse(job.parts.exchange, error, this.#refusal)
      return
    }
    void this.#run(job, body)
  }

  /** Never rejects: whatever happens is the client's answer and the record's. */
  async #run(job: ScriptJob, body: Uint8Array): Promise<void> {
    const { exchange } = job.parts
    const { app, script, source, limits } = job.target
    const controller = exchange.connection.begin()
    let outcome: ExecutionOutcome
    try {
      outcome = await this.#options.executor.execute(
        {
          id: exchange.id,
          app,
          script,
          source,
          trigger: job.trigger,
          request: scriptRequestOf(job.parts, body, this.#options.proxies),
          deadlineAt: exchange.arrivedAt + limits.deadlineMs,
          limits: limits.execution,
        },
        controller.signal,
      )
    } catch (error) {
      outcome = this.#unavailable(job, error)
    }
    exchange.connection.ended(controller)
    this.admission.leave(app)
    this.#finish(job, outcome)
  }

  #finish(job: ScriptJob, outcome: ExecutionOutcome): void {
    const { exchange } = job.parts
    const timing = job.target.serverTiming ? timingOf(exchange, outcome) : null
    if (outcome.kind === 'failure') {
      const { showErrorDetail } = job.target
      const failure = advised(outcome.failure, job.target, this.#policy)
      const status = answerFailure(exchange, failure, { ...this.#refusal, showErrorDetail, timing })
      this.#record(job, outcome, { status, failure })
      return
    }
    let { status } = outcome.response
    try {
      const hasClient = isOpen(exchange.response)
      if (hasClient) {
        status = writeAnswer(exchange, outcome.response, timing)
        this.#unsent.add(job.target.app, exchange.response, outcome.response.body.length)
      }
      noteAnswer(exchange, hasClient ? status : NO_STATUS, this.#options)
      this.#record(job, outcome, { status, failure: null })
    } catch (cause) {
      const error = new AnswerInvalidError(cause)
      refuse(exchange, error, this.#refusal)
      const failure = { code: error.code, status: 500, exposed: false, message: error.message }
      this.#record(job, outcome, { status: error.status, failure })
    }
  }

  #raise(name: OwnLimitName, { target }: ScriptJob): string {
    return raiseFor(name, target, this.#policy)
  }

  /** With a last line that says what is missing. */
  #logsOf({ target }: ScriptJob, { logs, logsDropped }: ExecutionOutcome): readonly LogLine[] {
    if (logsDropped === 0) return logs
    const note = droppedLinesNote(logsDropped, Date.now(), { target, policy: this.#policy })
    return note === null ? logs : [...logs, note]
  }

  /** The executor promises not to reject; when it does, it is broken or out of reach. */
  #unavailable({ parts }: ScriptJob, cause: unknown): ExecutionOutcome {
    const error = cause instanceof PicloudError ? cause : new ExecutorUnavailableError(cause)
    const { code, status, message, audience } = asPicloudError(error)
    this.#options.logger.error({ ...parts.exchange.logFields, code, err: cause }, message)
    return {
      kind: 'failure',
      failure: { code, status, exposed: audience === 'user', message },
      operations: 0,
      durationMs: Date.now() - parts.exchange.arrivedAt,
      logs: [],
      logsDropped: 0,
    }
  }

  #record(
    job: ScriptJob,
    outcome: ExecutionOutcome,
    end: { readonly status: number; readonly failure: ExecutionFailure | null },
  ): void {
    const { exchange, target } = job.parts
    const { failure } = end
    this.#options.figures.executed(Date.now() - exchange.arrivedAt, failure?.code ?? null)
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
      logs: this.#logsOf(job, outcome),
      logsDropped: outcome.logsDropped,
      error: failure === null ? null : storedErrorOf(failure),
    }
    this.#options.recorder.record(execution, samplingPercent)
  }
}

/** How long all of it took until now, and how long the script ran, in ms (W3C Server Timing). */
function timingOf({ arrivedAt }: Exchange, { durationMs }: ExecutionOutcome): string {
  return `total;dur=${Date.now() - arrivedAt}, script;dur=${durationMs.toFixed(2)}`
}

function isOpen(response: ServerResponse): boolean {
  return !response.headersSent && !response.destroyed
}

function storedErrorOf(failure: ExecutionFailure): NonNullable<NewExecution['error']> {
  const { code, message, kind = null, line = null, column = null } = failure
  return { code, message, kind, line, column }
}
