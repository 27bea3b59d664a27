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
  type ExecutionOutcome,
  type Executor,
  type LimitPolicy,
  type Logger,
  NO_STATUS,
  type OwnLimitName,
  PicloudError,
  type StreamedAnswer,
} from '@picloud/shared'
import type { IdempotencyStore } from '@picloud/storage'
import {
  AnswerInvalidError,
  BodyTimeoutError,
  BodyTooLargeError,
  ContentOverloadedError,
  ExecutorUnavailableError,
  IdempotencyUnavailableError,
  RequestTimeoutError,
} from '../errors.ts'
import type { ExecutionRecorder } from '../recording/execution-recorder.ts'
import { Admission } from './admission.ts'
import { writeAnswer } from './answer.ts'
import { BodyPlaces } from './body-places.ts'
import { checkBodyHead, hasBody, NO_BODY, readBody } from './body-reader.ts'
import { Cancellation } from './cancellation.ts'
import { DeadlineQueue } from './deadline-queue.ts'
import { ExecutionRecords, endOfInvalid } from './execution-records.ts'
import { HeldContent } from './held-content.ts'
import { type Claim, IdempotentRuns } from './idempotency/idempotent-runs.ts'
import type { IngressLimits } from './ingress-limits.ts'
import { advised, raiseFor } from './limit-advice.ts'
import { type AnswerNotes, noteAnswer } from './note-answer.ts'
import { answerFailure, type RefusalOptions, refuse } from './refusal.ts'
import type { ScriptJob } from './script-job.ts'
import { scriptRequestOf } from './script-request.ts'
import { serverTimingOf } from './server-timing.ts'
import { StreamRunner } from './stream-runner.ts'
import type { TrustedProxies } from './trusted-proxies.ts'
import { UnsentAnswers } from './unsent-answers.ts'

const REPLAYED = { 'idempotency-replayed': 'true' }

export interface ScriptRunnerOptions extends AnswerNotes {
  readonly executor: Executor
  readonly recorder: Pick<ExecutionRecorder, 'record'>
  readonly idempotency?: IdempotencyStore
  readonly limits: IngressLimits
  readonly ceilings?: LimitPolicy['ceilings']
  readonly proxies: TrustedProxies
  readonly logger: Logger
}

export class ScriptRunner {
  readonly admission: Admission
  readonly bodyPlaces: BodyPlaces
  readonly content: HeldContent
  readonly #options: ScriptRunnerOptions
  readonly #policy: LimitPolicy
  readonly #refusal: RefusalOptions
  readonly #records: ExecutionRecords
  readonly #streams: StreamRunner
  readonly #once: IdempotentRuns
  readonly #bodyDeadlines = new DeadlineQueue()
  readonly #unsent = new UnsentAnswers()

  constructor(options: ScriptRunnerOptions) {
    this.#options = options
    const { limits, ceilings = defaultCeilings(limits) } = options
    this.#policy = { limits, ceilings }
    this.#refusal = { ...options, bodyBytesMax: options.limits.bodyBytesMax }
    this.#records = new ExecutionRecords({ ...options, policy: this.#policy })
    this.#streams = new StreamRunner({
      refusal: this.#refusal,
      records: this.#records,
      policy: this.#policy,
    })
    const { idempotency: store = null } = options
    this.#once = new IdempotentRuns({ ...options, store })
    this.admission = new Admission(options.limits)
    this.bodyPlaces = new BodyPlaces(options.limits)
    this.content = new HeldContent(options.limits.contentBytesMax)
  }

  /** @throws the IngressError of what the head alone already forbids */
  start(job: ScriptJob): void {
    const { headers } = job.parts.exchange.head
    if (!hasBody(headers)) {
      this.admission.enter(job.target.app)
      this.#begin(job, NO_BODY)
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
    const { contentBytesMax } = this.#options.limits
    const { app } = job.target
    if (exchange.request.destroyed) {
      // The client went away while its right to this was looked up: nothing more will be heard.
      noteAnswer(exchange, NO_STATUS, this.#options)
      return
    }
    const place = this.bodyPlaces.enter(app, () => {
      stopReading()
      giveUp(new RequestTimeoutError())
    })
    let held = 0
    const giveUp = (error: PicloudError | null): void => {
      this.#bodyDeadlines.remove(deadline)
      this.bodyPlaces.leave(place)
      this.content.give(app.id, held)
      if (error !== null) refuse(exchange, error, this.#refusal)
      else noteAnswer(exchange, NO_STATUS, this.#options)
    }
    const stopReading = readBody(exchange.request, {
      bytesMax: bodyBytesMax,
      take: (bytes) => {
        const hasRoom = this.content.take(app.id, bytes)
        if (hasRoom) held += bytes
        return hasRoom
      },
      noRoom: () => giveUp(new ContentOverloadedError(contentBytesMax)),
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
      this.content.give(job.target.app.id, body.length)
      refuse(job.parts.exchange, error, this.#refusal)
      return
    }
    this.#begin(job, body)
  }

  #begin(job: ScriptJob, body: Uint8Array): void {
    if (job.key === null) void this.#run(job, body, null)
    else void this.#runOnce(job, job.key, body)
  }

  /** Never rejects. Runs what has not run yet, and answers the rest. */
  async #runOnce(job: ScriptJob, key: string, body: Uint8Array): Promise<void> {
    try {
      const taken = await this.#once.take(job, key, body)
      if (taken.kind === 'run') return await this.#run(job, body, taken.claim)
      this.#leave(job, body)
      this.#replay(job, taken.outcome)
    } catch (error) {
      this.#leave(job, body)
      if (error instanceof IdempotencyUnavailableError) {
        const fields = { ...job.parts.exchange.logFields, err: error.cause }
        this.#options.logger.warn(fields, 'A request with a key was refused.')
      }
      refuse(job.parts.exchange, error, this.#refusal)
    }
  }

  /** Never rejects: whatever happens is the client's answer and the record's. */
  async #run(job: ScriptJob, body: Uint8Array, claim: Claim | null): Promise<void> {
    const { exchange } = job.parts
    const { app, script, source, imports, limits } = job.target
    // One that is to run once runs to its end: its client comes back for the answer.
    const cancellation = claim === null ? exchange.connection.begin() : new Cancellation()
    let result: ExecutionOutcome | StreamedAnswer
    try {
      result = await this.#options.executor.execute(
        {
          id: exchange.id,
          app,
          script,
          source,
          imports,
          trigger: job.trigger,
          hops: exchange.head.hops,
          request: scriptRequestOf(job.parts, body, this.#options.proxies),
          deadlineAt: exchange.arrivedAt + limits.deadlineMs,
          limits: limits.execution,
        },
        cancellation,
      )
    } catch (error) {
      result = this.#unavailable(job, error)
    }
    if (claim !== null) {
      await (result.kind === 'stream' ? claim.settleUnkept() : claim.settle(result))
    }
    if (result.kind === 'stream') await this.#streams.run(job, result, cancellation)
    exchange.connection.ended(cancellation)
    this.#leave(job, body)
    if (result.kind !== 'stream') this.#finish(job, result)
  }

  #leave({ target: { app } }: ScriptJob, body: Uint8Array): void {
    this.admission.leave(app)
    if (body.length > 0) this.content.give(app.id, body.length)
  }

  /** Answers with what came of the first request. No script ran, so there is no record. */
  #replay(job: ScriptJob, outcome: ExecutionOutcome): void {
    const { exchange } = job.parts
    if (outcome.kind === 'failure') {
      const { showErrorDetail } = job.target
      const failure = advised(outcome.failure, job.target, this.#policy)
      const options = { ...this.#refusal, showErrorDetail, timing: null, headers: REPLAYED }
      answerFailure(exchange, failure, options)
      return
    }
    const { response } = outcome
    const hasClient = isOpen(exchange.response)
    try {
      const headers = { ...response.headers, ...REPLAYED }
      const status = hasClient ? writeAnswer(exchange, { ...response, headers }, null) : NO_STATUS
      if (hasClient) this.#unsent.add(job.target.app, exchange.response, response.body.length)
      noteAnswer(exchange, status, this.#options)
    } catch (cause) {
      refuse(exchange, new AnswerInvalidError(cause), this.#refusal)
    }
  }

  #finish(job: ScriptJob, outcome: ExecutionOutcome): void {
    const { exchange } = job.parts
    const timing = job.target.serverTiming ? serverTimingOf(exchange, outcome) : null
    if (outcome.kind === 'failure') {
      const { showErrorDetail } = job.target
      const failure = advised(outcome.failure, job.target, this.#policy)
      const status = answerFailure(exchange, failure, { ...this.#refusal, showErrorDetail, timing })
      this.#records.add(job, outcome, { status, failure })
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
      this.#records.add(job, outcome, { status, failure: null })
    } catch (cause) {
      const error = new AnswerInvalidError(cause)
      refuse(exchange, error, this.#refusal)
      this.#records.add(job, outcome, endOfInvalid(error))
    }
  }

  #raise(name: OwnLimitName, { target }: ScriptJob): string {
    return raiseFor(name, target, this.#policy)
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
}

function isOpen(response: ServerResponse): boolean {
  return !response.headersSent && !response.destroyed
}
