/**
 * How many bytes of kept answers each app has, near enough to hold it to its limit.
 *
 * Asked of the database when what is known is old, and counted on from there: a number that all
 * requests of an app would change together would make them wait for each other. What other nodes
 * add meanwhile is not seen, so an app can go past its limit by what they keep in that time.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'

const FRESH_MS = 60_000
/** An app that is full learns sooner that it no longer is. */
const FRESH_FULL_MS = 1_000
const APPS_MAX = 10_000

interface Usage {
  bytes: number
  readonly at: number
}

export class KeyUsage {
  readonly #ask: (app: AppId) => Promise<number>
  readonly #bytesMax: number
  readonly #byApp = new Map<AppId, Usage>()

  constructor(ask: (app: AppId) => Promise<number>, bytesMax: number) {
    this.#ask = ask
    this.#bytesMax = bytesMax
  }

  async hasRoom(app: AppId, bytes: number): Promise<boolean> {
    const fits = (usage: Usage) => usage.bytes + bytes <= this.#bytesMax
    const known = this.#byApp.get(app)
    const ageMs = known === undefined ? Infinity : performance.now() - known.at
    if (known !== undefined && ageMs < (fits(known) ? FRESH_MS : FRESH_FULL_MS)) return fits(known)
    const usage = { bytes: await this.#ask(app), at: performance.now() }
    if (this.#byApp.size >= APPS_MAX) this.#byApp.clear()
    this.#byApp.set(app, usage)
    return fits(usage)
  }

  add(app: AppId, bytes: number): void {
    const usage = this.#byApp.get(app)
    if (usage !== undefined) usage.bytes += bytes
  }
}
