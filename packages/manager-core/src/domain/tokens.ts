/**
 * Access tokens: made once and shown once; what is kept is a hash. Knows nothing of HTTP.
 *
 * @module
 */
import { isId, type TokenId } from '@picloud/shared'
import type { Database, Page, PageRequest, TokenRow } from '@picloud/storage'
import { hashSecret, makeAccessToken } from '../auth/access-token.ts'
import { TokenNotFoundError } from '../errors/access.ts'

export interface MadeToken {
  readonly row: TokenRow
  /** The token itself; nothing can tell it again. */
  readonly text: string
}

export class Tokens {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest): Promise<Page<TokenRow>> {
    return this.#database.tokens.list(page)
  }

  async create(name: string, expiresAt: Date | null): Promise<MadeToken> {
    const text = makeAccessToken()
    const row = await this.#database.tokens.create({ name, hash: hashSecret(text), expiresAt })
    return { row, text }
  }

  async delete(id: string): Promise<void> {
    const deleted = isId(id) && (await this.#database.tokens.delete(id as TokenId))
    if (!deleted) throw new TokenNotFoundError(id)
  }
}
