/**
 * Deletes what has expired, without a clock: an app that writes cleans up after itself.
 *
 * At most once in a while for each app, and a few entries at a time; where there was more, the next
 * write goes on. An app that writes nothing keeps its expired entries, which nobody sees.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import type { KvStore } from '@picloud/storage'

const EVERY_MS = 1_000
const ENTRIES_MAX = 200
/** Apps that are remembered; one that is forgotten is looked at once more than need be. */
const APPS_MAX = 10_000
/** What is deleted before an app is told that it holds too much. */
const BATCHES_FOR_ROOM_MAX = 20

export class ExpiredEntries {
  readonly #kv: KvStore
  /** When an app is due again, by `performance.now()`. */
  readonly #dueAt = new Map<AppId, number>()

  constructor(kv: KvStore) {
    this.#kv = kv
  }

  /** Whether an app that has just written is to be cleaned up. Says so to one caller. */
  isDue(appId: AppId, now = performance.now()): boolean {
    if (now < (this.#dueAt.get(appId) ?? 0)) return false
    if (this.#dueAt.size >= APPS_MAX) this.#dueAt.clear()
    this.#dueAt.set(appId, now + EVERY_MS)
    return true
  }

  async deleteSome(appId: AppId): Promise<void> {
    const deleted = await this.#kv.purge(appId, ENTRIES_MAX)
    if (deleted === ENTRIES_MAX) this.#dueAt.delete(appId)
  }

  /** Deletes all there is, within bounds. @returns whether there was any */
  async makeRoom(appId: AppId): Promise<boolean> {
    let deleted = 0
    for (let batch = 0; batch < BATCHES_FOR_ROOM_MAX; batch += 1) {
      const some = await this.#kv.purge(appId, ENTRIES_MAX)
      deleted += some
      if (some < ENTRIES_MAX) break
    }
    return deleted > 0
  }
}
