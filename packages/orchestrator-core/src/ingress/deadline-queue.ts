/**
 * Deadlines that are all equally far away, on one timer.
 *
 * Entries come in the order of their deadlines, so the oldest is the next one due and adding or
 * removing one touches no timer. With nothing to wait for there is no timer either, but for the
 * one firing that finds the queue empty.
 *
 * @module
 */
export interface Deadline {
  readonly at: number
  readonly pass: () => void
}

export class DeadlineQueue {
  readonly #entries = new Set<Deadline>()
  #timer: NodeJS.Timeout | undefined
  #isPassing = false

  /** `pass` is called once, soon after `at`, unless {@link remove} was called first. */
  add(at: number, pass: () => void): Deadline {
    const deadline = { at, pass }
    this.#entries.add(deadline)
    if (this.#timer === undefined && !this.#isPassing) this.#arm(at)
    return deadline
  }

  remove(deadline: Deadline): void {
    this.#entries.delete(deadline)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#entries.clear()
  }

  #arm(at: number): void {
    this.#timer = setTimeout(() => this.#passDue(), Math.max(1, at - Date.now()))
    this.#timer.unref()
  }

  #passDue(): void {
    this.#timer = undefined
    const now = Date.now()
    // What is added meanwhile is due later than what is here: it is not for it to set the timer.
    this.#isPassing = true
    try {
      for (const deadline of this.#entries) {
        if (deadline.at > now) break
        this.#entries.delete(deadline)
        deadline.pass()
      }
    } finally {
      this.#isPassing = false
      const [first] = this.#entries
      if (first !== undefined) this.#arm(first.at)
    }
  }
}
