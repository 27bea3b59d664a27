/**
 * Takes a request whose answer streams through to its end and its record.
 *
 * @module
 */
import {
  type LimitPolicy,
  NO_STATUS,
  type StreamedAnswer,
  type StreamOutcome,
} from '@picloud/shared'
import { AnswerInvalidError } from '../errors.ts'
import { writeStreamHead } from './answer.ts'
import type { Cancellation } from './cancellation.ts'
import { type ExecutionRecords, endOfInvalid } from './execution-records.ts'
import { advised } from './limit-advice.ts'
import { noteAnswer } from './note-answer.ts'
import { type RefusalOptions, refuse } from './refusal.ts'
import type { ScriptJob } from './script-job.ts'
import { serverTimingOf } from './server-timing.ts'
import { cut, writePieces } from './stream-writer.ts'

export interface StreamRunnerOptions {
  readonly refusal: RefusalOptions
  readonly records: ExecutionRecords
  readonly policy: LimitPolicy
}

/** What became of the head: nobody was there to get it, or it cannot be sent and they were told. */
type Begun = 'sent' | 'gone' | AnswerInvalidError

export class StreamRunner {
  readonly #options: StreamRunnerOptions

  constructor(options: StreamRunnerOptions) {
    this.#options = options
  }

  /**
   * Resolves when the script has ended and all it made was given away. Never rejects.
   *
   * @param cancellation ends the execution
   */
  async run(job: ScriptJob, answer: StreamedAnswer, cancellation: Cancellation): Promise<void> {
    const { figures } = this.#options.refusal
    const { exchange } = job.parts
    const headMs = Date.now() - exchange.arrivedAt
    figures.streams += 1
    const begun = this.#begin(job, answer)
    const takesContent = begun === 'sent' && exchange.method !== 'HEAD'
    if (takesContent) await writePieces(exchange.response, answer)
    // Nobody takes what it would still make.
    if (!takesContent || exchange.response.destroyed) cancellation.abort()
    const outcome = await answer.outcome
    figures.streams -= 1
    if (begun instanceof AnswerInvalidError) {
      this.#options.records.add(job, outcome, endOfInvalid(begun), headMs)
    } else {
      this.#end(job, outcome, { headMs, isSent: begun === 'sent' })
    }
  }

  #begin(job: ScriptJob, { head }: StreamedAnswer): Begun {
    const { exchange } = job.parts
    const { response } = exchange
    if (response.headersSent || response.destroyed) return 'gone'
    try {
      const timing = job.target.serverTiming ? serverTimingOf(exchange, null) : null
      writeStreamHead(exchange, head, timing)
      if (exchange.method === 'HEAD') response.end()
      return 'sent'
    } catch (cause) {
      const error = new AnswerInvalidError(cause)
      refuse(exchange, error, this.#options.refusal)
      return error
    }
  }

  #end(
    job: ScriptJob,
    outcome: StreamOutcome,
    { headMs, isSent }: { readonly headMs: number; readonly isSent: boolean },
  ): void {
    const { refusal, records, policy } = this.#options
    const { exchange } = job.parts
    const { response } = exchange
    const { statusCode: status } = response
    noteAnswer(exchange, isSent ? status : NO_STATUS, refusal)
    if (isSent && (outcome.kind === 'streamed' || exchange.method === 'HEAD')) {
      if (!response.writableEnded) response.end()
      records.add(job, outcome, { status, failure: null }, headMs)
      return
    }
    const hasLeft = !isSent || response.destroyed
    if (!hasLeft) cut(response)
    if (outcome.kind === 'streamed') {
      records.add(job, outcome, { status, failure: null }, headMs)
      return
    }
    const failure = advised(outcome.failure, job.target, policy)
    records.add(job, outcome, { status: hasLeft ? failure.status : status, failure }, headMs)
  }
}
