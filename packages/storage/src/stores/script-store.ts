/**
 * Scripts and their immutable versions. Saving adds a version and makes it the active one.
 *
 * @module
 */
import { type AppId, newId, type ScriptId, type ScriptVersionId } from '@picloud/shared'
import { explaining } from '../constraint-error.ts'
import { ReferenceMissingError, ScriptInUseError, ScriptNameTakenError } from '../errors.ts'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import { deleteRecords } from './execution-store.ts'
import type { Queries, Touch } from './queries.ts'

export interface ScriptSummaryRow {
  readonly id: ScriptId
  readonly appId: AppId
  readonly name: string
  /** Number and id of the active version. */
  readonly version: number
  readonly versionId: ScriptVersionId
  /** Counts up with every change. */
  readonly revision: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface ScriptRow extends ScriptSummaryRow {
  readonly source: string
}

export interface NewScript {
  readonly appId: AppId
  readonly name: string
  readonly source: string
}

export interface ScriptListRequest extends PageRequest {
  readonly appId?: AppId | undefined
}

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

  /** The text of any version, active or not. */
  async source(id: ScriptId, version: number): Promise<string | null> {
    const row = await this.queries
      .selectFrom('scriptVersions')
      .select('source')
      .where('scriptId', '=', id)
      .where('version', '=', version)
      .executeTakeFirst()
    return row?.source ?? null
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

  /** @throws ScriptNameTakenError, ReferenceMissingError */
  async create(script: NewScript): Promise<ScriptRow> {
    const { appId, name, source } = script
    const row = await explaining(
      () =>
        this.queries
          .insertInto('scripts')
          .values({ id: newId<ScriptId>(), appId, name, version: 1 })
          .returningAll()
          .executeTakeFirstOrThrow(),
      {
        scripts_app_id_name_key: () => new ScriptNameTakenError(name),
        scripts_app_id_fkey: () => new ReferenceMissingError('app'),
      },
    )
    const versionId = await this.#addVersion(row.id, 1, source)
    this.#touch(appId)
    return { ...row, versionId, source }
  }

  /** Null: there is no such script. */
  async saveVersion(id: ScriptId, source: string): Promise<ScriptRow | null> {
    const row = await this.queries
      .updateTable('scripts')
      .set((eb) => ({ version: eb('version', '+', 1), updatedAt: new Date() }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (row === undefined) return null
    const versionId = await this.#addVersion(id, row.version, source)
    this.#touch(row.appId)
    return { ...row, versionId, source }
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

  async #addVersion(id: ScriptId, version: number, source: string): Promise<ScriptVersionId> {
    const versionId = newId<ScriptVersionId>()
    await this.queries
      .insertInto('scriptVersions')
      .values({ id: versionId, scriptId: id, version, source })
      .execute()
    return versionId
  }

  async #delete(id: ScriptId): Promise<boolean> {
    await deleteRecords(this.queries, { scriptId: id })
    const row = await this.queries
      .deleteFrom('scripts')
      .where('id', '=', id)
      .returning('appId')
      .executeTakeFirst()
    if (row === undefined) return false
    this.#touch(row.appId)
    return true
  }
}
