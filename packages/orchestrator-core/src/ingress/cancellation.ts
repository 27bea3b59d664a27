/**
 * Ends one execution when nobody waits for it any more.
 *
 * What executors need of an AbortController and no more: one of Node's own for each request costs as
 * much as finding its route does, and two references that every garbage collection looks at.
 *
 * @module
 */
import type { CancelSignal } from '@picloud/shared'

type Listener = () => void

export class Cancellation implements CancelSignal {
  #listeners: Listener[] = []
  #aborted = false

  get aborted(): boolean {
    return this.#aborted
  }

  /** Tells the listeners, each once; more calls change nothing. */
  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    const listeners = this.#listeners
    this.#listeners = []
    for (const listener of listeners) listener()
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener)
  }
}
