/**
 * Bearer tokens of administrators. Only hashes come in and none goes out.
 *
 * @module
 */
import { newId, type TokenId, type TokenScope } from '@picloud/shared'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import type { Queries } from './queries.ts'

export interface TokenRow {
  readonly id: TokenId
  readonly name: string
  /** What it may be used for; never empty. */
  readonly scopes: readonly TokenScope[]
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
}

export interface NewToken {
  readonly name: string
  /** SHA-256 of the token: 32 bytes. */
  readonly hash: Uint8Array
  readonly scopes: readonly TokenScope[]
  /** Null or left out: never. */
  readonly expiresAt?: Date | null | undefined
}

/** A token used all day is written once a minute, not at each request. */
const TOUCH_INTERVAL_MS = 60_000

const COLUMNS = ['id', 'name', 'scopes', 'createdAt', 'expiresAt', 'lastUsedAt'] as const

export class TokenReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** An expired token is not found. */
  async findByHash(hash: Uint8Array): Promise<TokenRow | null> {
    const row = await this.queries
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
    let query = this.queries.selectFrom('adminTokens').select(COLUMNS)
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
    await this.queries
      .updateTable('adminTokens')
      .set({ lastUsedAt: at })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('lastUsedAt', 'is', null), eb('lastUsedAt', '<', before)]))
      .execute()
  }
}

export class TokenWriter extends TokenReader {
  async create(token: NewToken): Promise<TokenRow> {
    return await this.queries
      .insertInto('adminTokens')
      .values({
        id: newId<TokenId>(),
        name: token.name,
        tokenHash: Buffer.from(token.hash),
        scopes: token.scopes,
        expiresAt: token.expiresAt ?? null,
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow()
  }

  /** What was deleted; null: there was no such token. */
  async delete(id: TokenId): Promise<TokenRow | null> {
    const query = this.queries.deleteFrom('adminTokens').where('id', '=', id).returning(COLUMNS)
    return (await query.executeTakeFirst()) ?? null
  }
}
