/**
 * Wakes those who wait for executions to be recorded.
 *
 * A wake says only that something new may be there; whoever is woken looks for itself. The caller
 * notes {@link RecordedSignal.count} before it looks, so a record that arrives between the look
 * and the wait is not missed. Nothing here runs while nobody waits.
 *
 * @module
 */
export class RecordedSignal {
  readonly #waiting = new Set<() => void>()
  #count = 0

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

  /** Resolves once something was recorded after `count`, after `deadlineMs`, or when aborted. */
  async waitBeyond(count: number, deadlineMs: number, signal: AbortSignal): Promise<void> {
    if (this.#count > count || signal.aborted) return
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
