/**
 * The first set-up: a one-time token that is exchanged for the first admin.
 *
 * Open until it was used once, then closed for good. While open, each start brings a new token
 * (only its hash is kept) and the last one counts.
 *
 * @module
 */
import type { Queries } from './queries.ts'

export class SetupStore {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  /** True: set-up is open, and this is now the hash that opens it. */
  async ensure(hash: Uint8Array): Promise<boolean> {
    const { numUpdatedRows } = await this.#queries
      .updateTable('setup')
      .set({ tokenHash: Buffer.from(hash) })
      .where('completedAt', 'is', null)
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }

  /** Whether that hash opens set-up now. */
  async isOpenedBy(hash: Uint8Array): Promise<boolean> {
    const row = await this.#queries
      .selectFrom('setup')
      .select('singleton')
      .where('completedAt', 'is', null)
      .where('tokenHash', '=', Buffer.from(hash))
      .executeTakeFirst()
    return row !== undefined
  }
}

export class SetupWriter {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  /** Closes set-up. False: that hash opens nothing, and nothing was done. */
  async consume(hash: Uint8Array): Promise<boolean> {
    const { numUpdatedRows } = await this.#queries
      .updateTable('setup')
      .set({ tokenHash: null, completedAt: new Date() })
      .where('completedAt', 'is', null)
      .where('tokenHash', '=', Buffer.from(hash))
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }

  /** Closes set-up where it is open: there is an admin by another way. */
  async close(): Promise<void> {
    await this.#queries
      .updateTable('setup')
      .set({ tokenHash: null, completedAt: new Date() })
      .where('completedAt', 'is', null)
      .execute()
  }
}
