/**
 * Access tokens: made once and shown once; what is kept is a hash. Knows nothing of HTTP.
 *
 * Only who may do everything makes tokens, so no token makes one that may do more than itself.
 *
 * @module
 */
import { isId, type TokenId } from '@picloud/shared'
import type { Database, NewToken, Page, PageRequest, TokenRow } from '@picloud/storage'
import { hashSecret, makeAccessToken } from '../auth/access-token.ts'
import { TokenNotFoundError } from '../errors/access.ts'
import type { Author } from './author.ts'
import type { ControlTransaction, ControlWrites } from './control-writes.ts'
import { tokenSnapshot, tokenSubject } from './snapshots.ts'

export interface MadeToken {
  readonly row: TokenRow
  /** The token itself; nothing can tell it again. */
  readonly text: string
}

type WantedToken = Omit<NewToken, 'hash'>

export class Tokens {
  readonly #database: Database
  readonly #writes: ControlWrites

  constructor(database: Database, writes: ControlWrites) {
    this.#database = database
    this.#writes = writes
  }

  list(page: PageRequest): Promise<Page<TokenRow>> {
    return this.#database.tokens.list(page)
  }

  create(by: Author, wanted: WantedToken): Promise<MadeToken> {
    return this.#writes.run(by, (tx) => createToken(tx, wanted))
  }

  delete(by: Author, id: string): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const row = isId(id) ? await tx.tokens.delete(id as TokenId) : null
      if (row === null) throw new TokenNotFoundError(id)
      tx.record({
        action: 'token.delete',
        ...tokenSubject(row),
        before: tokenSnapshot(row),
        after: null,
      })
    })
  }
}

export async function createToken(tx: ControlTransaction, wanted: WantedToken): Promise<MadeToken> {
  const text = makeAccessToken()
  const row = await tx.tokens.create({ ...wanted, hash: hashSecret(text) })
  tx.record({
    action: 'token.create',
    ...tokenSubject(row),
    before: null,
    after: tokenSnapshot(row),
  })
  return { row, text }
}
