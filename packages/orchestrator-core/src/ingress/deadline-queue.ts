/**
 * Deadlines on one timer, nearly all of them equally far away.
 *
 * Adding one that is later than the next one due, and removing one, touch no timer. With nothing to
 * wait for there is no timer either, but for the one firing that finds the queue empty.
 *
 * @module
 */
export interface Deadline {
  readonly at: number
  readonly pass: () => void
}

/** All entries are looked at when one is due, so no more often than this. */
const GRAIN_MS = 10

export class DeadlineQueue {
  readonly #entries = new Set<Deadline>()
  #timer: NodeJS.Timeout | undefined
  #armedFor = Number.POSITIVE_INFINITY

  /** `pass` is called once, soon after `at`, unless {@link remove} was called first. */
  add(at: number, pass: () => void): Deadline {
    const deadline = { at, pass }
    this.#entries.add(deadline)
    if (at < this.#armedFor) this.#arm(at)
    return deadline
  }

  remove(deadline: Deadline): void {
    this.#entries.delete(deadline)
  }

  stop(): void {
    this.#disarm()
    this.#entries.clear()
  }

  #arm(at: number): void {
    this.#disarm()
    this.#armedFor = at
    this.#timer = setTimeout(() => this.#passDue(), Math.max(GRAIN_MS, at - Date.now()))
    this.#timer.unref()
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#armedFor = Number.POSITIVE_INFINITY
  }

  #passDue(): void {
    this.#disarm()
    const now = Date.now()
    let next = Number.POSITIVE_INFINITY
    for (const deadline of this.#entries) {
      if (deadline.at > now) {
        next = Math.min(next, deadline.at)
        continue
      }
      this.#entries.delete(deadline)
      deadline.pass()
    }
    if (next < this.#armedFor) this.#arm(next)
  }
}
