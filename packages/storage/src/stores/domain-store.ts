/**
 * Claims of host names. A shape key is owned once across all apps, and the database sees to it.
 *
 * @module
 */
import { type AppId, type DomainId, newId } from '@picloud/shared'
import { explaining } from '../constraint-error.ts'
import { DomainTakenError, ReferenceMissingError } from '../errors.ts'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import type { Queries, Touch } from './queries.ts'

export interface DomainRow {
  readonly id: DomainId
  readonly appId: AppId
  readonly pattern: string
  readonly shapeKey: string
  readonly createdAt: Date
}

export interface NewDomain {
  readonly appId: AppId
  readonly pattern: string
  readonly shapeKey: string
}

export interface DomainListRequest extends PageRequest {
  readonly appId?: AppId | undefined
}

export class DomainReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** Sorted by pattern. */
  async list(request: DomainListRequest): Promise<Page<DomainRow>> {
    const { appId, limit } = request
    const after = request.cursor === undefined ? null : decodeTextCursor(request.cursor)
    let query = this.queries.selectFrom('appDomains').selectAll()
    if (appId !== undefined) query = query.where('appId', '=', appId)
    if (after !== null) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('pattern', 'id'), '>', tuple(after.text, after.id as DomainId)),
      )
    }
    const rows = await query
      .orderBy('pattern')
      .orderBy('id')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => encodeTextCursor(row.pattern, row.id))
  }

  async listAll(appId: AppId): Promise<readonly DomainRow[]> {
    return await this.queries
      .selectFrom('appDomains')
      .selectAll()
      .where('appId', '=', appId)
      .orderBy('pattern')
      .execute()
  }

  async find(id: DomainId): Promise<DomainRow | null> {
    const row = await this.queries
      .selectFrom('appDomains')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row ?? null
  }

  async findByShapeKey(shapeKey: string): Promise<DomainRow | null> {
    const row = await this.queries
      .selectFrom('appDomains')
      .selectAll()
      .where('shapeKey', '=', shapeKey)
      .executeTakeFirst()
    return row ?? null
  }

  /** Those of any app; the ones that could answer for a host, say. */
  async listByShapeKeys(shapeKeys: readonly string[]): Promise<readonly DomainRow[]> {
    return await this.queries
      .selectFrom('appDomains')
      .selectAll()
      .where('shapeKey', 'in', shapeKeys)
      .execute()
  }
}

export class DomainWriter extends DomainReader {
  readonly #touch: Touch

  constructor(queries: Queries, touch: Touch) {
    super(queries)
    this.#touch = touch
  }

  /** @throws DomainTakenError naming the claim it meets, ReferenceMissingError */
  async claim(domain: NewDomain): Promise<DomainRow> {
    // Looked up first: after a violation the transaction could not be asked any more.
    const met = await this.findByShapeKey(domain.shapeKey)
    if (met !== null) throw new DomainTakenError(domain.pattern, met.pattern)
    const row = await explaining(
      () =>
        this.queries
          .insertInto('appDomains')
          .values({ id: newId<DomainId>(), ...domain })
          .returningAll()
          .executeTakeFirstOrThrow(),
      { app_domains_app_id_fkey: () => new ReferenceMissingError('app') },
    )
    this.#touch(row.appId)
    return row
  }

  async release(id: DomainId): Promise<boolean> {
    const row = await this.queries
      .deleteFrom('appDomains')
      .where('id', '=', id)
      .returning('appId')
      .executeTakeFirst()
    if (row === undefined) return false
    this.#touch(row.appId)
    return true
  }
}
