/**
 * Apps: the boundary everything else belongs to.
 *
 * @module
 */
import {
  type AppId,
  type AppSettings,
  DEFAULT_APP_SETTINGS,
  isId,
  newId,
  storedOwnLimits,
} from '@picloud/shared'
import { type Selectable, sql } from 'kysely'
import { explaining } from '../constraint-error.ts'
import { AppInUseError, SlugTakenError } from '../errors.ts'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import type { AppTable } from '../schema.ts'
import { inPartitions, partitionsOfApp } from './execution-partitions.ts'
import { deleteRecordsOfApp } from './execution-store.ts'
import type { Queries, Touch } from './queries.ts'

export interface AppRow {
  readonly id: AppId
  readonly slug: string
  readonly name: string
  readonly settings: AppSettings
  /** Counts up with every change. */
  readonly revision: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Settings as they are stored: each is written whole, what is left out is not written. */
export type AppSettingsWrite = {
  readonly [Name in keyof AppSettings]?: AppSettings[Name] | undefined
}

export interface NewApp {
  readonly slug: string
  /** Left out: the slug. */
  readonly name?: string | undefined
  /** What is left out has its default. */
  readonly settings?: AppSettingsWrite | undefined
}

/** What is left out stays as it is. */
export interface AppChange {
  readonly slug?: string | undefined
  readonly name?: string | undefined
  readonly settings?: AppSettingsWrite | undefined
}

export interface AppListRequest extends PageRequest {
  /** Only apps whose slug or name contains this, in any case. */
  readonly containing?: string | undefined
}

/** What deleting an app would delete. */
export interface AppUsage {
  readonly scripts: number
  readonly routes: number
  readonly domains: number
  readonly secrets: number
  readonly kvKeys: number
  /** Counted up to {@link USAGE_EXECUTIONS_MAX}: "that many or more". */
  readonly executions: number
}

/** Counting millions of records to tell a person "many" is not worth the disk reads. */
export const USAGE_EXECUTIONS_MAX = 10_000

export class AppReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** Sorted by slug. */
  async list(request: AppListRequest): Promise<Page<AppRow>> {
    const { cursor, containing, limit } = request
    const after = cursor === undefined ? null : decodeTextCursor(cursor)
    const rows = await this.queries
      .selectFrom('apps')
      .selectAll()
      .$if(after !== null, (query) => query.where('slug', '>', after?.text ?? ''))
      .$if(containing !== undefined, (query) =>
        query.where(
          sql<boolean>`(strpos(slug, lower(${containing})) > 0
            or strpos(lower(name), lower(${containing})) > 0)`,
        ),
      )
      .orderBy('slug')
      .limit(limit + 1)
      .execute()
    return pageOf(rows.map(appRowOf), limit, (row) => encodeTextCursor(row.slug, row.id))
  }

  /** A slug may look like an id; the id of another app wins. */
  async find(idOrSlug: string): Promise<AppRow | null> {
    if (isId(idOrSlug)) {
      const row = await this.#findBy('id', idOrSlug as AppId)
      if (row !== null) return row
    }
    return await this.#findBy('slug', idOrSlug)
  }

  async usage(id: AppId): Promise<AppUsage> {
    const partitions = await partitionsOfApp(this.queries, id)
    const { rows } = await sql<AppUsage>`select
      (select count(*) from scripts where app_id = ${id}) as scripts,
      (select count(*) from routes where app_id = ${id}) as routes,
      (select count(*) from app_domains where app_id = ${id}) as domains,
      (select count(*) from secrets where app_id = ${id}) as secrets,
      (select coalesce(sum(keys), 0)::bigint from kv_usage where app_id = ${id}) as kv_keys,
      (select count(*) from (
        select 1 from execution_logs where ${inPartitions(partitions)} and app_id = ${id}
        limit ${USAGE_EXECUTIONS_MAX}
      ) as counted) as executions`.execute(this.queries)
    return rows[0] ?? { scripts: 0, routes: 0, domains: 0, secrets: 0, kvKeys: 0, executions: 0 }
  }

  async #findBy(column: 'id' | 'slug', value: string): Promise<AppRow | null> {
    const row = await this.queries
      .selectFrom('apps')
      .selectAll()
      .where(sql.ref(column), '=', value)
      .executeTakeFirst()
    return row === undefined ? null : appRowOf(row)
  }
}

export class AppWriter extends AppReader {
  readonly #touch: Touch

  constructor(queries: Queries, touch: Touch) {
    super(queries)
    this.#touch = touch
  }

  /** @throws SlugTakenError */
  async create(app: NewApp): Promise<AppRow> {
    const row = await explaining(
      () =>
        this.queries
          .insertInto('apps')
          .values({
            id: newId<AppId>(),
            slug: app.slug,
            name: app.name ?? app.slug,
            settings: JSON.stringify(app.settings ?? {}),
          })
          .returningAll()
          .executeTakeFirstOrThrow(),
      { apps_slug_key: () => new SlugTakenError(app.slug) },
    )
    this.#touch(row.id)
    return appRowOf(row)
  }

  /** Null: there is no such app. @throws SlugTakenError */
  async update(id: AppId, change: AppChange): Promise<AppRow | null> {
    const { slug, name, settings } = change
    const row = await explaining(
      () =>
        this.queries
          .updateTable('apps')
          .set({ updatedAt: sql`now()` })
          .$if(slug !== undefined, (query) => query.set({ slug }))
          .$if(name !== undefined, (query) => query.set({ name }))
          .$if(settings !== undefined, (query) =>
            query.set({ settings: sql`settings || ${JSON.stringify(settings)}::jsonb` }),
          )
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst(),
      { apps_slug_key: () => new SlugTakenError(slug ?? '') },
    )
    if (row === undefined) return null
    this.#touch(id)
    return appRowOf(row)
  }

  /**
   * Deletes an app that has nothing in it. False: there is no such app.
   *
   * @throws AppInUseError
   */
  async delete(id: AppId): Promise<boolean> {
    const usage = await this.usage(id)
    if (usage.scripts + usage.routes + usage.domains + usage.secrets > 0)
      throw new AppInUseError({ ...usage })
    return await this.#delete(id)
  }

  /** Deletes an app with its scripts, routes, domains, secrets and execution records. */
  async deleteWithContents(id: AppId): Promise<boolean> {
    await this.queries.deleteFrom('routes').where('appId', '=', id).execute()
    await this.queries.deleteFrom('scripts').where('appId', '=', id).execute()
    await deleteRecordsOfApp(this.queries, id)
    return await this.#delete(id)
  }

  async #delete(id: AppId): Promise<boolean> {
    const { numDeletedRows } = await this.queries
      .deleteFrom('apps')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (numDeletedRows === 0n) return false
    this.#touch(id)
    return true
  }
}

/** A stored app as the rest of PiCloud sees it: with a value for every setting. */
export function appRowOf(row: Selectable<AppTable>): AppRow {
  const settings = { ...DEFAULT_APP_SETTINGS, ...row.settings }
  return { ...row, settings: { ...settings, limits: storedOwnLimits(settings.limits) } }
}
