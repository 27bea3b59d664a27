/**
 * Scripts. Saving adds a version; one of the versions is the active one, which nodes run.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { type AppId, newId, type ScriptId, type ScriptVersionId } from '@picloud/shared'
import { sql } from 'kysely'
import { explaining } from '../constraint-error.ts'
import { ReferenceMissingError, ScriptInUseError, ScriptNameTakenError } from '../errors.ts'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import { deleteRecordsOfScript } from './execution-store.ts'
import type { Queries, Touch } from './queries.ts'
import {
  insertActivation,
  insertVersion,
  type NewActivation,
  type NewScriptVersion,
} from './script-version-store.ts'

export interface ScriptSummaryRow {
  readonly id: ScriptId
  readonly appId: AppId
  readonly name: string
  /** Number and id of the active version. */
  readonly version: number
  readonly versionId: ScriptVersionId
  readonly latestVersion: number
  /** Modules of the host that the active version names; null: saved by who could not tell. */
  readonly hostModules: readonly string[] | null
  /** Host services its app is granted; null: all. */
  readonly granted: readonly string[] | null
  /** Counts up with every change. */
  readonly revision: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface ScriptRow extends ScriptSummaryRow {
  readonly source: string
}

export interface SourceUsage {
  readonly scripts: number
  readonly bytes: number
}

export interface NewScript extends NewScriptVersion {
  readonly appId: AppId
  readonly name: string
}

/** An active version that imports a script, or may: then there is its source to look at. */
export interface ImporterRow {
  readonly id: ScriptId
  readonly name: string
  readonly unknownSource: string | null
}

/** A script by its name, with the source of its active version. */
export interface NamedSourceRow {
  readonly id: ScriptId
  readonly name: string
  readonly source: string
}

export interface ScriptListRequest extends PageRequest {
  readonly appId?: AppId | undefined
}

const granted = sql<readonly string[] | null>`(
  select nullif(settings->'services', 'null') from apps where apps.id = scripts.app_id)`

export class ScriptReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** Sorted by name; sources are left out. */
  async list(request: ScriptListRequest): Promise<Page<ScriptSummaryRow>> {
    const { appId, limit } = request
    const after = request.cursor === undefined ? null : decodeTextCursor(request.cursor)
    let query = this.#summaries()
    if (appId !== undefined) query = query.where('scripts.appId', '=', appId)
    if (after !== null) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('scripts.name', 'scripts.id'), '>', tuple(after.text, after.id as ScriptId)),
      )
    }
    const rows = await query
      .orderBy('scripts.name')
      .orderBy('scripts.id')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => encodeTextCursor(row.name, row.id))
  }

  async find(id: ScriptId): Promise<ScriptRow | null> {
    const row = await this.#summaries()
      .select('scriptVersions.source')
      .where('scripts.id', '=', id)
      .executeTakeFirst()
    return row ?? null
  }

  async findByName(appId: AppId, name: string): Promise<ScriptRow | null> {
    const row = await this.#summaries()
      .select('scriptVersions.source')
      .where('scripts.appId', '=', appId)
      .where('scripts.name', '=', name)
      .executeTakeFirst()
    return row ?? null
  }

  /** All of the app with their sources; look at {@link sourceUsage} before. */
  async listAll(appId: AppId): Promise<readonly ScriptRow[]> {
    return await this.#summaries()
      .select('scriptVersions.source')
      .where('scripts.appId', '=', appId)
      .orderBy('scripts.name')
      .execute()
  }

  /** How many scripts the app has, and the bytes of all active versions together. */
  async sourceUsage(appId: AppId): Promise<SourceUsage> {
    return await this.queries
      .selectFrom('scripts')
      .innerJoin('scriptVersions', (join) =>
        join
          .onRef('scriptVersions.scriptId', '=', 'scripts.id')
          .onRef('scriptVersions.version', '=', 'scripts.version'),
      )
      .select((eb) => [
        eb.fn.countAll<number>().as('scripts'),
        eb.fn.coalesce(eb.fn.sum<number>('scriptVersions.bytes'), eb.lit(0)).as('bytes'),
      ])
      .where('scripts.appId', '=', appId)
      .executeTakeFirstOrThrow()
  }

  /** Scripts of the app whose active version imports one of that name, or may, by name. */
  async importersOf(appId: AppId, name: string): Promise<readonly ImporterRow[]> {
    return await this.queries
      .selectFrom('scripts')
      .innerJoin('scriptVersions', (join) =>
        join
          .onRef('scriptVersions.scriptId', '=', 'scripts.id')
          .onRef('scriptVersions.version', '=', 'scripts.version'),
      )
      .select((eb) => [
        'scripts.id',
        'scripts.name',
        eb
          .case()
          .when('scriptVersions.imports', 'is', null)
          .then(eb.ref('scriptVersions.source'))
          .end()
          .as('unknownSource'),
      ])
      .where('scripts.appId', '=', appId)
      .where((eb) =>
        eb.or([
          eb('scriptVersions.imports', 'is', null),
          eb(eb.val(name), '=', eb.fn.any('scriptVersions.imports')),
        ]),
      )
      .orderBy('scripts.name')
      .execute()
  }

  /** Scripts of the app whose active version uses a module of the host, or may, by name. */
  async usersOfModule(appId: AppId, path: string): Promise<readonly NamedSourceRow[]> {
    // Descriptions are looked through as texts: a NUL that one may hold ends any other way.
    const named = JSON.stringify({ path }).slice(1, -1)
    return await this.queries
      .selectFrom('scripts')
      .innerJoin('scriptVersions', (join) =>
        join
          .onRef('scriptVersions.scriptId', '=', 'scripts.id')
          .onRef('scriptVersions.version', '=', 'scripts.version'),
      )
      .select(['scripts.id', 'scripts.name', 'scriptVersions.source'])
      .where('scripts.appId', '=', appId)
      .where(
        sql<boolean>`(description is null or strpos(description::text, '"uses_eval":true') > 0
          or strpos(description::text, ${named}) > 0)`,
      )
      .orderBy('scripts.name')
      .execute()
  }

  /** How many routes run it. */
  async routeCount(id: ScriptId): Promise<number> {
    const { count } = await this.queries
      .selectFrom('routes')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('scriptId', '=', id)
      .executeTakeFirstOrThrow()
    return count
  }

  #summaries() {
    return this.queries
      .selectFrom('scripts')
      .innerJoin('scriptVersions', (join) =>
        join
          .onRef('scriptVersions.scriptId', '=', 'scripts.id')
          .onRef('scriptVersions.version', '=', 'scripts.version'),
      )
      .select([
        'scripts.id',
        'scripts.appId',
        'scripts.name',
        'scripts.version',
        'scriptVersions.id as versionId',
        'scripts.latestVersion',
        'scriptVersions.hostModules',
        granted.as('granted'),
        'scripts.revision',
        'scripts.createdAt',
        'scripts.updatedAt',
      ])
  }
}

export class ScriptWriter extends ScriptReader {
  readonly #touch: Touch

  constructor(queries: Queries, touch: Touch) {
    super(queries)
    this.#touch = touch
  }

  /** The first version is active at once. @throws ScriptNameTakenError, ReferenceMissingError */
  async create({ appId, name, ...version }: NewScript): Promise<ScriptRow> {
    const { id } = await explaining(
      () =>
        this.queries
          .insertInto('scripts')
          .values({ id: newId<ScriptId>(), appId, name, version: 1, latestVersion: 1 })
          .returning('id')
          .executeTakeFirstOrThrow(),
      {
        scripts_app_id_name_key: () => new ScriptNameTakenError(name),
        scripts_app_id_fkey: () => new ReferenceMissingError('app'),
      },
    )
    await insertVersion(this.queries, id, 1, version)
    await insertActivation(this.queries, id, 0, {
      version: 1,
      cause: 'save',
      before: null,
      activatedBy: version.savedBy,
    })
    this.#touch(appId)
    return await this.#written(id)
  }

  /** Stores a version and makes it the active one. Null: there is no such script. */
  async saveVersion(id: ScriptId, version: NewScriptVersion): Promise<ScriptRow | null> {
    const row = await this.queries
      .updateTable('scripts')
      .set((eb) => ({
        version: eb('latestVersion', '+', 1),
        latestVersion: eb('latestVersion', '+', 1),
        updatedAt: new Date(),
      }))
      .where('id', '=', id)
      .returning(['appId', 'version'])
      .executeTakeFirst()
    if (row === undefined) return null
    await insertVersion(this.queries, id, row.version, version)
    const current = await this.#currentActivation(id)
    await insertActivation(this.queries, id, current ?? 0, {
      version: row.version,
      cause: 'save',
      before: current,
      activatedBy: version.savedBy,
    })
    this.#touch(row.appId)
    return await this.#written(id)
  }

  /** Stores a version and leaves the active one active. Null: there is no such script. */
  async addVersion(id: ScriptId, version: NewScriptVersion): Promise<ScriptRow | null> {
    const row = await this.queries
      .updateTable('scripts')
      .set((eb) => ({ latestVersion: eb('latestVersion', '+', 1), updatedAt: new Date() }))
      .where('id', '=', id)
      .returning('latestVersion')
      .executeTakeFirst()
    if (row === undefined) return null
    await insertVersion(this.queries, id, row.latestVersion, version)
    return await this.#written(id)
  }

  /** Makes a version that exists the active one. Null: there is no such script. */
  async activate(id: ScriptId, activation: NewActivation): Promise<ScriptRow | null> {
    const row = await this.queries
      .updateTable('scripts')
      .set({ version: activation.version, updatedAt: new Date() })
      .where('id', '=', id)
      .returning('appId')
      .executeTakeFirst()
    if (row === undefined) return null
    const current = await this.#currentActivation(id)
    await insertActivation(this.queries, id, current ?? 0, activation)
    this.#touch(row.appId)
    return await this.#written(id)
  }

  /** Null: there is no such script. @throws ScriptNameTakenError */
  async rename(id: ScriptId, name: string): Promise<ScriptRow | null> {
    const row = await explaining(
      () =>
        this.queries
          .updateTable('scripts')
          .set({ name, updatedAt: new Date() })
          .where('id', '=', id)
          .returning('appId')
          .executeTakeFirst(),
      { scripts_app_id_name_key: () => new ScriptNameTakenError(name) },
    )
    if (row === undefined) return null
    this.#touch(row.appId)
    return await this.#written(id)
  }

  /**
   * False: there is no such script.
   *
   * @throws ScriptInUseError while routes run it.
   */
  async delete(id: ScriptId): Promise<boolean> {
    const routes = await this.routeCount(id)
    if (routes > 0) throw new ScriptInUseError(routes)
    return await this.#delete(id)
  }

  async deleteWithRoutes(id: ScriptId): Promise<boolean> {
    await this.queries.deleteFrom('routes').where('scriptId', '=', id).execute()
    return await this.#delete(id)
  }

  async #written(id: ScriptId): Promise<ScriptRow> {
    const row = await this.find(id)
    assert(row !== null, 'a script written by this transaction is there to be read')
    return row
  }

  /** Its number; null for none. */
  async #currentActivation(id: ScriptId): Promise<number | null> {
    const { number } = await this.queries
      .selectFrom('scriptActivations')
      .select((eb) => eb.fn.max('number').as('number'))
      .where('scriptId', '=', id)
      .executeTakeFirstOrThrow()
    return number
  }

  async #delete(id: ScriptId): Promise<boolean> {
    const row = await this.queries
      .deleteFrom('scripts')
      .where('id', '=', id)
      .returning('appId')
      .executeTakeFirst()
    if (row === undefined) return false
    await deleteRecordsOfScript(this.queries, { id, appId: row.appId })
    this.#touch(row.appId)
    return true
  }
}
