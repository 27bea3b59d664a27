/**
 * How many bytes of requests' content are in memory, from the first byte that arrives until the
 * request is answered: for all apps together, and for each.
 *
 * Places alone do not bound memory: a thousand bodies within their limit are a gigabyte. An app may
 * hold half of all, so that others find room while one is flooded.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'

const APP_SHARE = 1 / 2

export class HeldContent {
  readonly #bytesMax: number
  readonly #byApp = new Map<AppId, number>()
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether there was room; without it nothing is taken. */
  take(app: AppId, bytes: number): boolean {
    const ofApp = (this.#byApp.get(app) ?? 0) + bytes
    if (this.#bytes + bytes > this.#bytesMax || ofApp > this.#bytesMax * APP_SHARE) return false
    this.#bytes += bytes
    this.#byApp.set(app, ofApp)
    return true
  }

  give(app: AppId, bytes: number): void {
    const ofApp = (this.#byApp.get(app) ?? 0) - bytes
    this.#bytes -= bytes
    if (ofApp > 0) this.#byApp.set(app, ofApp)
    else this.#byApp.delete(app)
  }
}
