/**
 * The first set-up: a one-time token that is exchanged for the first admin token.
 *
 * Open until it was used once, then closed for good. While open, each start brings a new token
 * (only its hash is kept) and the last one counts.
 *
 * @module
 */
import type { Queries } from './queries.ts'
import { insertToken, type NewToken, type TokenRow } from './token-store.ts'

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

  /** Closes set-up and makes the token, both or neither. Null: that hash opens nothing. */
  async consume(hash: Uint8Array, token: NewToken): Promise<TokenRow | null> {
    return await this.#queries.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('setup')
        .set({ tokenHash: null, completedAt: new Date() })
        .where('completedAt', 'is', null)
        .where('tokenHash', '=', Buffer.from(hash))
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n ? await insertToken(transaction, token) : null
    })
  }
}
