/**
 * One invocation on its way from `execute` to its outcome.
 *
 * It settles exactly once; whoever settles it later is ignored. Its sandbox may
 * still hold it after that, when the caller has gone: the sandbox is still busy with it.
 *
 * @module
 */
import type { ExecutionFailure, ExecutionOutcome, ExecutionRequest } from '@picloud/shared'
import { CANCELLED_FAILURE, failureOutcome } from '../failures.ts'

export class Flight {
  readonly request: ExecutionRequest
  readonly #resolve: (outcome: ExecutionOutcome) => void
  readonly #signal: AbortSignal | undefined
  readonly #onAbort: (() => void) | undefined
  readonly #acceptedAt = performance.now()
  #settled = false
  /** Whether it was on a lost sandbox before: a second one is not risked. */
  isRetry = false

  constructor(
    request: ExecutionRequest,
    resolve: (outcome: ExecutionOutcome) => void,
    signal: AbortSignal | undefined,
    onCancel: (flight: Flight) => void,
  ) {
    this.request = request
    this.#resolve = resolve
    this.#signal = signal
    if (signal === undefined) return
    this.#onAbort = () => {
      this.fail(CANCELLED_FAILURE)
      onCancel(this)
    }
    signal.addEventListener('abort', this.#onAbort)
  }

  get isSettled(): boolean {
    return this.#settled
  }

  get ageMs(): number {
    return performance.now() - this.#acceptedAt
  }

  settle(outcome: ExecutionOutcome): void {
    if (this.#settled) return
    this.#settled = true
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#resolve(outcome)
  }

  fail(failure: ExecutionFailure): void {
    this.settle(failureOutcome(failure, this.ageMs))
  }
}

/** What flights are fair between. */
export function appOf({ request }: Flight): string {
  return request.app.id
}
