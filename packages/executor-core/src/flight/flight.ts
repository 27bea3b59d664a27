/**
 * One invocation on its way from `execute` to its outcome.
 *
 * It settles exactly once; whoever settles it later is ignored. A streamed answer is handed out
 * before that, and ends when the flight settles. Its sandbox may
 * still hold it after that, when the caller has gone: the sandbox is still busy with it.
 *
 * @module
 */
import type {
  CancelSignal,
  ExecutionBudget,
  ExecutionFailure,
  ExecutionRequest,
  ResponseHead,
  StreamedAnswer,
} from '@picloud/shared'
import {
  CANCELLED_FAILURE,
  DEADLINE_FAILURE,
  failureOutcome,
  streamTimeFailure,
} from '../failures.ts'
import { type Maskable, maskedOutcome } from '../masking/masked-outcome.ts'
import { SecretMask } from '../masking/secret-mask.ts'
import type { RunOutcome } from '../protocol/outcome-message.ts'
import { AnswerStream, type StreamSource } from './answer-stream.ts'

/** What an invocation comes to, seen by whoever asked for it. */
export type FlightResult = Exclude<RunOutcome, { readonly kind: 'streamed' }> | StreamedAnswer

export class Flight {
  readonly request: ExecutionRequest
  /** Milliseconds since the epoch. An answer that has begun to stream gets another one. */
  deadlineAt: number
  readonly #resolve: (result: FlightResult) => void
  readonly #signal: CancelSignal | undefined
  readonly #onAbort: (() => void) | undefined
  readonly #acceptedAt = performance.now()
  #settled = false
  #mask: SecretMask | undefined
  #stream: AnswerStream | null = null
  /** Whether it was on a lost sandbox before: a second one is not risked. */
  isRetry = false
  /** What it used of its limits by calls of the host, known from the first one on. */
  calls: { readonly used: ExecutionBudget } | undefined

  constructor(
    request: ExecutionRequest,
    resolve: (result: FlightResult) => void,
    signal: CancelSignal | undefined,
    onCancel: (flight: Flight) => void,
  ) {
    this.request = request
    this.deadlineAt = request.deadlineAt
    this.#resolve = resolve
    this.#signal = signal
    if (signal === undefined) return
    this.#onAbort = () => {
      this.fail(CANCELLED_FAILURE)
      onCancel(this)
    }
    signal.addEventListener('abort', this.#onAbort)
  }

  /** Of the secrets it was given. */
  get mask(): SecretMask {
    this.#mask ??= new SecretMask(this.request.call?.secrets)
    return this.#mask
  }

  /** What of an outcome may be kept and told. Most flights know no secret, and need no mask. */
  masked<Outcome extends Maskable>(outcome: Outcome): Outcome {
    const knowsNone = this.#mask === undefined && this.request.call === undefined
    return knowsNone ? outcome : maskedOutcome(outcome, this.mask)
  }

  get isSettled(): boolean {
    return this.#settled
  }

  get ageMs(): number {
    return performance.now() - this.#acceptedAt
  }

  get isStreaming(): boolean {
    return this.#stream !== null
  }

  /** Hands out an answer whose pieces will come. */
  beginStream(head: ResponseHead, source: StreamSource): AnswerStream {
    const { streamMs, streamBytesMax } = this.request.limits
    const stream = new AnswerStream(head, streamBytesMax, source)
    this.#stream = stream
    this.deadlineAt = Date.now() + streamMs
    this.#resolve(stream)
    return stream
  }

  /** Whether such an outcome can follow what came so far; nobody looks at what comes too late. */
  canEndWith({ kind }: RunOutcome): boolean {
    if (this.#settled || kind === 'failure') return true
    if (this.request.call !== undefined) return kind === 'value'
    return kind !== 'value' && (kind === 'streamed') === this.isStreaming
  }

  settle(outcome: RunOutcome): void {
    if (this.#settled) return
    this.#settled = true
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort)
    if (outcome.kind === 'streamed') this.#stream?.end(outcome)
    else if (outcome.kind !== 'failure' || this.#stream === null) this.#resolve(outcome)
    else this.#stream.end(outcome)
  }

  fail(failure: ExecutionFailure): void {
    this.settle(failureOutcome(failure, this.ageMs))
  }

  /** Its deadline has passed. */
  failLate(): void {
    this.fail(this.isStreaming ? streamTimeFailure(this.request.limits.streamMs) : DEADLINE_FAILURE)
  }
}

/** What flights are fair between. */
export function appOf({ request }: Flight): string {
  return request.app.id
}
