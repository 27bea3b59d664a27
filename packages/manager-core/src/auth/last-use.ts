/**
 * Notes when something was last used, seldom enough that a busy client costs few writes.
 *
 * @module
 */
import type { Logger } from '@picloud/shared'

const REMEMBERED_MAX = 10_000

export class LastUse<Id extends string> {
  readonly #intervalMs: number
  readonly #write: (id: Id, at: Date) => Promise<void>
  readonly #logger: Logger
  readonly #notedAt = new Map<Id, number>()

  constructor(options: {
    readonly intervalMs: number
    readonly write: (id: Id, at: Date) => Promise<void>
    readonly logger: Logger
  }) {
    this.#intervalMs = options.intervalMs
    this.#write = options.write
    this.#logger = options.logger
  }

  async note(id: Id): Promise<void> {
    const now = Date.now()
    if (now - (this.#notedAt.get(id) ?? 0) < this.#intervalMs) return
    if (this.#notedAt.size >= REMEMBERED_MAX) this.#notedAt.clear()
    this.#notedAt.set(id, now)
    try {
      await this.#write(id, new Date(now))
    } catch (error) {
      // The caller proved who it is; a note about it that cannot be written is no reason to refuse.
      this.#logger.warn({ err: error, id }, 'could not note the use of a token or session')
    }
  }
}
