/**
 * Bearer tokens of administrators. Only hashes come in and none goes out.
 *
 * @module
 */
import { newId, type TokenId } from '@picloud/shared'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import type { Queries } from './queries.ts'

export interface TokenRow {
  readonly id: TokenId
  readonly name: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
}

export interface NewToken {
  readonly name: string
  /** SHA-256 of the token: 32 bytes. */
  readonly hash: Uint8Array
  /** Null or left out: never. */
  readonly expiresAt?: Date | null | undefined
}

/** A token used all day is written once a minute, not at each request. */
const TOUCH_INTERVAL_MS = 60_000

const COLUMNS = ['id', 'name', 'createdAt', 'expiresAt', 'lastUsedAt'] as const

export class TokenStore {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  async create(token: NewToken): Promise<TokenRow> {
    return await insertToken(this.#queries, token)
  }

  /** An expired token is not found. */
  async findByHash(hash: Uint8Array): Promise<TokenRow | null> {
    const row = await this.#queries
      .selectFrom('adminTokens')
      .select(COLUMNS)
      .where('tokenHash', '=', Buffer.from(hash))
      .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', new Date())]))
      .executeTakeFirst()
    return row ?? null
  }

  /** Sorted by name. */
  async list(page: PageRequest): Promise<Page<TokenRow>> {
    const after = page.cursor === undefined ? null : decodeTextCursor(page.cursor)
    let query = this.#queries.selectFrom('adminTokens').select(COLUMNS)
    if (after !== null) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('name', 'id'), '>', tuple(after.text, after.id as TokenId)),
      )
    }
    const rows = await query
      .orderBy('name')
      .orderBy('id')
      .limit(page.limit + 1)
      .execute()
    return pageOf(rows, page.limit, (row) => encodeTextCursor(row.name, row.id))
  }

  async touch(id: TokenId, at: Date): Promise<void> {
    const before = new Date(at.getTime() - TOUCH_INTERVAL_MS)
    await this.#queries
      .updateTable('adminTokens')
      .set({ lastUsedAt: at })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('lastUsedAt', 'is', null), eb('lastUsedAt', '<', before)]))
      .execute()
  }

  async delete(id: TokenId): Promise<boolean> {
    const { numDeletedRows } = await this.#queries
      .deleteFrom('adminTokens')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return numDeletedRows > 0n
  }
}

export async function insertToken(queries: Queries, token: NewToken): Promise<TokenRow> {
  return await queries
    .insertInto('adminTokens')
    .values({
      id: newId<TokenId>(),
      name: token.name,
      tokenHash: Buffer.from(token.hash),
      expiresAt: token.expiresAt ?? null,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}
