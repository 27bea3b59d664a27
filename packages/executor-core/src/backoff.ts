/**
 * How long to wait before the next attempt at something that may fail again: starting a sandbox,
 * reaching an executor program.
 *
 * What has worked is tried again at once. What fails before it was of any use points at the
 * machine, and trying at once would only burn it: the wait doubles with each failure in a row, up
 * to a bound, and one success ends it.
 *
 * @module
 */

const FIRST_WAIT_MS = 100
const WAIT_MS_MAX = 5_000
/** The first failure may be bad luck. */
const FREE_FAILURES = 1

export class Backoff {
  #failures = 0
  #notBefore = 0

  /** Milliseconds to wait from `now` on; 0 when an attempt is allowed. */
  waitMs(now: number): number {
    return Math.max(0, this.#notBefore - now)
  }

  failed(now: number): void {
    this.#failures += 1
    const doublings = this.#failures - FREE_FAILURES - 1
    if (doublings >= 0) {
      this.#notBefore = now + Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** doublings)
    }
  }

  worked(): void {
    this.#failures = 0
    this.#notBefore = 0
  }
}
