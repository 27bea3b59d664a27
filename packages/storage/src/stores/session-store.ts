/**
 * Sessions of administrators who signed in. Of a session's token only the hash is kept.
 *
 * A session ends at its time, or when it was not used for a while: what "a while" is, the caller
 * says as the moment after which it must have been used. Nothing runs to remove what has ended;
 * it is not found any more, and the next sign-in removes it.
 *
 * @module
 */
import type { AdminId, SessionId } from '@picloud/shared'
import type { Queries } from './queries.ts'

export interface SessionRow {
  readonly id: SessionId
  readonly adminId: AdminId
  readonly adminName: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly lastUsedAt: Date
  /** Of the client that signed in. */
  readonly address: string
  readonly userAgent: string
}

export interface NewSession {
  readonly id: SessionId
  readonly adminId: AdminId
  /** SHA-256 of the token: 32 bytes. */
  readonly hash: Uint8Array
  readonly expiresAt: Date
  readonly address: string
  readonly userAgent: string
}

export class SessionReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** Null also for one that has ended. */
  async findByHash(hash: Uint8Array, usedSince: Date): Promise<SessionRow | null> {
    const query = this.#living(usedSince).where('sessions.tokenHash', '=', Buffer.from(hash))
    return (await query.executeTakeFirst()) ?? null
  }

  /** Those that have not ended, the newest first. @param adminId null: of all */
  async list(adminId: AdminId | null, usedSince: Date): Promise<readonly SessionRow[]> {
    return await this.#living(usedSince)
      .$if(adminId !== null, (query) => query.where('adminId', '=', adminId as AdminId))
      .orderBy('sessions.id', 'desc')
      .execute()
  }

  async touch(id: SessionId, at: Date): Promise<void> {
    await this.queries
      .updateTable('sessions')
      .set({ lastUsedAt: at })
      .where('id', '=', id)
      .where('lastUsedAt', '<', at)
      .execute()
  }

  #living(usedSince: Date) {
    return this.queries
      .selectFrom('sessions')
      .innerJoin('admins', 'admins.id', 'sessions.adminId')
      .select([
        'sessions.id',
        'sessions.adminId',
        'admins.name as adminName',
        'sessions.createdAt',
        'sessions.expiresAt',
        'sessions.lastUsedAt',
        'sessions.address',
        'sessions.userAgent',
      ])
      .where('sessions.expiresAt', '>', new Date())
      .where('sessions.lastUsedAt', '>', usedSince)
  }
}

export class SessionWriter extends SessionReader {
  async create(session: NewSession): Promise<void> {
    const { hash, ...rest } = session
    await this.queries
      .insertInto('sessions')
      .values({ ...rest, tokenHash: Buffer.from(hash), lastUsedAt: new Date() })
      .execute()
  }

  /** Removes what has ended, of every admin, and the oldest of this one beyond `keepMax`. */
  async removeEnded(adminId: AdminId, usedSince: Date, keepMax: number): Promise<void> {
    await this.queries
      .deleteFrom('sessions')
      .where((eb) => eb.or([eb('expiresAt', '<=', new Date()), eb('lastUsedAt', '<=', usedSince)]))
      .execute()
    await this.queries
      .deleteFrom('sessions')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('sessions')
          .select('id')
          .where('adminId', '=', adminId)
          .orderBy('id', 'desc')
          .offset(keepMax),
      )
      .execute()
  }

  async delete(ids: readonly SessionId[]): Promise<void> {
    if (ids.length === 0) return
    await this.queries.deleteFrom('sessions').where('id', 'in', ids).execute()
  }
}
