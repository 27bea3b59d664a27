/**
 * What an ingress counts of the requests that came to it.
 *
 * On the request path this is a few additions; metrics are made of it when somebody asks.
 *
 * @module
 */
import { DurationHistogram, StatusCounts } from '@picloud/shared'

/** Failure codes are the executor's few; no more are told apart than this. */
const CODES_MAX = 64
const OTHER_CODES = 'other'

export class IngressFigures {
  readonly answers = new StatusCounts()
  /** From the head of a request that reached a script to its answer, or to the head of a stream. */
  readonly durations = new DurationHistogram()
  readonly failures = new Map<string, number>()
  /** What keys of requests stood at, by what came of them. */
  readonly idempotent = new Map<string, number>()
  /** Streamed answers that have begun and not ended. */
  streams = 0
  #succeeded = 0
  #failed = 0

  get executions(): { readonly ok: number; readonly error: number } {
    return { ok: this.#succeeded, error: this.#failed }
  }

  /** @param state of a few kinds */
  keyed(state: string): void {
    this.idempotent.set(state, (this.idempotent.get(state) ?? 0) + 1)
  }

  executed(durationMs: number, failureCode: string | null): void {
    this.durations.observe(durationMs)
    if (failureCode === null) {
      this.#succeeded += 1
      return
    }
    this.#failed += 1
    const isKnown = this.failures.has(failureCode) || this.failures.size < CODES_MAX
    const code = isKnown ? failureCode : OTHER_CODES
    this.failures.set(code, (this.failures.get(code) ?? 0) + 1)
  }
}
