/**
 * Wakes those who wait for executions to be recorded.
 *
 * A wake says only that something new may be there; whoever is woken looks for itself. The caller
 * notes {@link RecordedSignal.count} before it looks, so a record that arrives between the look
 * and the wait is not missed. Nothing here runs while nobody waits.
 *
 * @module
 */
import { FollowersTooManyError } from '../errors/executions.ts'

/** Each waiting client holds a connection and looks once per wake. */
const FOLLOWERS_MAX = 256

export class RecordedSignal {
  readonly #waiting = new Set<() => void>()
  readonly #waitingMax: number
  #count = 0

  constructor(waitingMax: number = FOLLOWERS_MAX) {
    this.#waitingMax = waitingMax
  }

  /** How many times something was recorded. */
  get count(): number {
    return this.#count
  }

  get waiting(): number {
    return this.#waiting.size
  }

  notify(): void {
    this.#count += 1
    for (const wake of this.#waiting) wake()
  }

  /**
   * Resolves once something was recorded after `count`, after `deadlineMs`, or when aborted.
   *
   * @throws {@link FollowersTooManyError}
   */
  async waitBeyond(count: number, deadlineMs: number, signal: AbortSignal): Promise<void> {
    if (this.#count > count || signal.aborted) return
    if (this.#waiting.size >= this.#waitingMax) throw new FollowersTooManyError(this.#waitingMax)
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = (): void => resolve()
    const timer = setTimeout(wake, deadlineMs)
    this.#waiting.add(wake)
    signal.addEventListener('abort', wake)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(wake)
      signal.removeEventListener('abort', wake)
    }
  }
}
