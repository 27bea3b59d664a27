/**
 * How much processor time one invocation has computed, over the stretches between its waits.
 *
 * Stretches are short as a rule, and asking the system for processor time is dear. So a stretch is
 * timed by the clock until someone looks at it while it runs; from then on the thread's processor
 * time counts, so that a busy machine does not make a script seem to compute longer than it does.
 *
 * @module
 */

const MICROSECONDS_PER_MS = 1000

export class ComputingTime {
  #ms = 0
  #stretchBeganAt = 0
  /** When the running stretch was first looked at: how long it was by then, and processor time. */
  #firstLook: { readonly ms: number; readonly processorMs: number } | null = null

  begin(now: number): void {
    this.#stretchBeganAt = now
    this.#firstLook = null
  }

  end(now: number): void {
    this.#ms = this.until(now)
  }

  /** Counts what was computed elsewhere. */
  add(ms: number): void {
    this.#ms += ms
  }

  /** All of it, the running stretch included. */
  until(now: number): number {
    return this.#ms + (this.#firstLook === null ? now - this.#stretchBeganAt : this.#lookAgain())
  }

  /** Whether all of it is more than `ms`; asked again and again while a stretch runs. */
  exceeds(ms: number): boolean {
    const stretchMs = performance.now() - this.#stretchBeganAt
    this.#firstLook ??= { ms: stretchMs, processorMs: processorMs() }
    // Processor time is never more than the time that has passed.
    return this.#ms + stretchMs > ms && this.#ms + this.#lookAgain() > ms
  }

  /** Of the stretches that are over. */
  get ms(): number {
    return this.#ms
  }

  #lookAgain(): number {
    const first = this.#firstLook
    return first === null ? 0 : first.ms + processorMs() - first.processorMs
  }
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / MICROSECONDS_PER_MS
}
