/**
 * Answers that were written and that their clients have not taken yet.
 *
 * An answer leaves admission when it is written, but stays in memory until its client has read it,
 * and a client may read as slowly as it likes. So the bytes that wait are bounded: past the limit
 * the app that holds the most loses its oldest, whose client sees its connection end. What one
 * app's clients leave lying never costs another app an answer it takes at a usual pace.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { AppId } from '@picloud/shared'

/** Up to here the system's own buffers take an answer at once, so it is not worth counting. */
const COUNTED_BYTES_MIN = 64 * 1024
/** Some dozens of the longest answers: a modest server has the memory for that besides its work. */
const UNSENT_BYTES_MAX = 256 * 1024 * 1024

interface Held {
  bytes: number
  /** The oldest first. */
  readonly answers: Set<ServerResponse>
}

export class UnsentAnswers {
  readonly #bytesMax: number
  readonly #byApp = new Map<AppId, Held>()
  #bytes = 0

  constructor(bytesMax: number = UNSENT_BYTES_MAX) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Counts an answer whose last byte was given to the response, until that byte has left. */
  add(app: { readonly id: AppId }, response: ServerResponse, bytes: number): void {
    if (bytes < COUNTED_BYTES_MIN || response.writableFinished || response.destroyed) return
    const held = this.#byApp.get(app.id) ?? { bytes: 0, answers: new Set() }
    this.#byApp.set(app.id, held)
    held.answers.add(response)
    held.bytes += bytes
    this.#bytes += bytes
    // Emitted when the answer has left as well as when its connection ends before.
    response.once('close', () => {
      held.bytes -= bytes
      this.#bytes -= bytes
      held.answers.delete(response)
      if (held.answers.size === 0) this.#byApp.delete(app.id)
    })
    if (this.#bytes > this.#bytesMax) this.#cutOldestOfLargest()
  }

  #cutOldestOfLargest(): void {
    let largest: Held | undefined
    for (const held of this.#byApp.values()) {
      if (largest === undefined || held.bytes > largest.bytes) largest = held
    }
    for (const response of largest?.answers ?? []) {
      // One that is ending already counts until its close is heard.
      if (response.destroyed) continue
      response.destroy()
      return
    }
  }
}
