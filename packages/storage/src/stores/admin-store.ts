/**
 * Accounts of administrators. Passwords come in and go out as hashes only.
 *
 * @module
 */
import type { AdminId } from '@picloud/shared'
import type { Queries } from './queries.ts'

export interface AdminRow {
  readonly id: AdminId
  readonly name: string
  /** PHC string. */
  readonly passwordHash: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface NewAdmin {
  readonly id: AdminId
  readonly name: string
  readonly passwordHash: string
}

export class AdminReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  async find(id: AdminId): Promise<AdminRow | null> {
    const query = this.queries.selectFrom('admins').selectAll().where('id', '=', id)
    return (await query.executeTakeFirst()) ?? null
  }

  async findByName(name: string): Promise<AdminRow | null> {
    const query = this.queries.selectFrom('admins').selectAll().where('name', '=', name)
    return (await query.executeTakeFirst()) ?? null
  }
}

export class AdminWriter extends AdminReader {
  async create(admin: NewAdmin): Promise<AdminRow> {
    return await this.queries
      .insertInto('admins')
      .values(admin)
      .returningAll()
      .executeTakeFirstOrThrow()
  }

  async setPasswordHash(id: AdminId, passwordHash: string): Promise<void> {
    await this.queries
      .updateTable('admins')
      .set({ passwordHash, updatedAt: new Date() })
      .where('id', '=', id)
      .execute()
  }
}
