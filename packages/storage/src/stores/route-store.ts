/**
 * Routes. The database refuses two with one target in an app, and a script of another app;
 * patterns that overlap without being equal are the control plane's rule, not storage's.
 *
 * @module
 */
import {
  type AppId,
  newId,
  type RouteId,
  type RouteIdempotency,
  type ScriptId,
} from '@picloud/shared'
import { explaining } from '../constraint-error.ts'
import { ReferenceMissingError, RouteTakenError } from '../errors.ts'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import type { Queries, Touch } from './queries.ts'

export interface RouteRow {
  readonly id: RouteId
  readonly appId: AppId
  /** Null: a hole. */
  readonly scriptId: ScriptId | null
  readonly method: string
  readonly hostPattern: string | null
  readonly pathPattern: string
  readonly enabled: boolean
  /** Null: every request runs. */
  readonly idempotency: RouteIdempotency | null
  /** Counts up with every change. */
  readonly revision: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface NewRoute {
  readonly appId: AppId
  /** Null: a hole. */
  readonly scriptId: ScriptId | null
  readonly method: string
  readonly hostPattern: string | null
  readonly pathPattern: string
  readonly enabled: boolean
  readonly idempotency?: RouteIdempotency | null | undefined
}

/** What is left out stays as it is. */
export interface RouteChange {
  readonly scriptId?: ScriptId | null | undefined
  readonly method?: string | undefined
  readonly hostPattern?: string | null | undefined
  readonly pathPattern?: string | undefined
  readonly enabled?: boolean | undefined
  readonly idempotency?: RouteIdempotency | null | undefined
}

export interface RouteListRequest extends PageRequest {
  readonly appId?: AppId | undefined
  readonly scriptId?: ScriptId | undefined
}

export class RouteReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** Sorted by path. */
  async list(request: RouteListRequest): Promise<Page<RouteRow>> {
    const { appId, scriptId, limit } = request
    const after = request.cursor === undefined ? null : decodeTextCursor(request.cursor)
    let query = this.queries.selectFrom('routes').selectAll()
    if (appId !== undefined) query = query.where('appId', '=', appId)
    if (scriptId !== undefined) query = query.where('scriptId', '=', scriptId)
    if (after !== null) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('pathPattern', 'id'), '>', tuple(after.text, after.id as RouteId)),
      )
    }
    const rows = await query
      .orderBy('pathPattern')
      .orderBy('id')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => encodeTextCursor(row.pathPattern, row.id))
  }

  async listAll(appId: AppId): Promise<readonly RouteRow[]> {
    return await this.queries
      .selectFrom('routes')
      .selectAll()
      .where('appId', '=', appId)
      .orderBy('pathPattern')
      .orderBy('id')
      .execute()
  }

  async find(id: RouteId): Promise<RouteRow | null> {
    const row = await this.queries
      .selectFrom('routes')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row ?? null
  }
}

export class RouteWriter extends RouteReader {
  readonly #touch: Touch

  constructor(queries: Queries, touch: Touch) {
    super(queries)
    this.#touch = touch
  }

  /** @throws RouteTakenError, ReferenceMissingError */
  async create(route: NewRoute): Promise<RouteRow> {
    const row = await explaining(
      () =>
        this.queries
          .insertInto('routes')
          .values({ id: newId<RouteId>(), ...route, idempotency: jsonOf(route.idempotency) })
          .returningAll()
          .executeTakeFirstOrThrow(),
      refusals(route),
    )
    this.#touch(row.appId)
    return row
  }

  /**
   * Null: there is no such route.
   *
   * @throws ReferenceMissingError when the script is not one of the route's app, RouteTakenError
   */
  async update(id: RouteId, change: RouteChange): Promise<RouteRow | null> {
    const row = await explaining(
      () =>
        this.queries
          .updateTable('routes')
          .set({
            updatedAt: new Date(),
            ...Object.fromEntries(
              Object.entries({ ...change, idempotency: jsonOf(change.idempotency) }).filter(
                ([, value]) => value !== undefined,
              ),
            ),
          })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst(),
      refusals(change),
    )
    if (row === undefined) return null
    this.#touch(row.appId)
    return row
  }

  /** Switches routes off; those that are off already stay untouched. Answers the changed ones. */
  async disable(ids: readonly RouteId[]): Promise<readonly RouteRow[]> {
    if (ids.length === 0) return []
    const rows = await this.queries
      .updateTable('routes')
      .set({ enabled: false, updatedAt: new Date() })
      .where('id', 'in', ids)
      .where('enabled', '=', true)
      .returningAll()
      .execute()
    for (const row of rows) this.#touch(row.appId)
    return rows
  }

  async delete(id: RouteId): Promise<boolean> {
    const row = await this.queries
      .deleteFrom('routes')
      .where('id', '=', id)
      .returning('appId')
      .executeTakeFirst()
    if (row === undefined) return false
    this.#touch(row.appId)
    return true
  }
}

function jsonOf(value: RouteIdempotency | null | undefined): string | null | undefined {
  return value === undefined || value === null ? value : JSON.stringify(value)
}

function refusals(wanted: Partial<NewRoute> | RouteChange) {
  const { method = '', hostPattern = null, pathPattern = '' } = wanted
  return {
    routes_target_key: () =>
      new RouteTakenError(`${method} ${hostPattern ?? '(any host)'} ${pathPattern}`),
    routes_app_id_fkey: () => new ReferenceMissingError('app'),
    routes_script_fkey: () => new ReferenceMissingError('script in this app'),
  }
}
