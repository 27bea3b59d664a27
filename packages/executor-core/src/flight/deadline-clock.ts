/**
 * One timer for any number of deadlines.
 *
 * The timer is set for the earliest time anyone asked for. When it fires, `sweep` looks for what is
 * due and answers when the next thing will be. A deadline met early costs nothing: the timer fires
 * once, finds nothing due, and is not set again when nothing is under way.
 *
 * Times are milliseconds since the epoch, as deadlines are.
 *
 * @module
 */

/** Deadlines closer together than this are swept together. */
const GRAIN_MS = 5
/** setTimeout fires at once when asked for more than 31 bits of milliseconds. */
const TIMER_MS_MAX = 0x7fff_ffff

export class DeadlineClock {
  readonly #sweep: (now: number) => number | null
  #timer: NodeJS.Timeout | null = null
  #armedFor = Number.POSITIVE_INFINITY

  constructor(sweep: (now: number) => number | null) {
    this.#sweep = sweep
  }

  /** Makes sure that the sweep runs at `at` or shortly after. */
  watch(at: number): void {
    if (at + GRAIN_MS > this.#armedFor) return
    this.#arm(at)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#armedFor = Number.POSITIVE_INFINITY
  }

  #arm(at: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#armedFor = at
    const wait = Math.min(TIMER_MS_MAX, Math.max(0, at - Date.now()) + GRAIN_MS)
    this.#timer = setTimeout(() => this.#fire(), wait)
  }

  #fire(): void {
    this.stop()
    const next = this.#sweep(Date.now())
    if (next !== null) this.#arm(next)
  }
}
