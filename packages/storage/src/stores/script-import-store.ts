/**
 * What activations pinned: the version that each name imported by a script means.
 *
 * Those of the latest activation of a script are what nodes run it with.
 *
 * @module
 */
import type { AppId, ImportedScript, ScriptId, ScriptVersionId } from '@picloud/shared'
import { sql } from 'kysely'
import type { Queries } from './queries.ts'

/** An active version as scripts that import it find it. */
export interface ImportableRow {
  readonly name: string
  readonly versionId: ScriptVersionId
  readonly bytes: number
  /** Names of the scripts it imports; null: saved by who could not tell, and `source` says it. */
  readonly imports: readonly string[] | null
  readonly source: string | null
}

/** What a name means. */
export interface ScriptImport {
  readonly name: string
  readonly versionId: ScriptVersionId
}

export interface ScriptImportRow extends ScriptImport {
  readonly scriptId: ScriptId
  readonly version: number
  /** The version of that script which is active now. */
  readonly activeVersion: number
}

export interface ImportedByRow {
  readonly scriptId: ScriptId
  readonly name: string
  /** The version it goes on importing. */
  readonly version: number
}

export interface ActivationImportRow {
  readonly activation: number
  readonly name: string
  readonly version: number
}

export class ScriptImportReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** The active versions of those scripts of the app that have one of the names. */
  async importable(appId: AppId, names: readonly string[]): Promise<readonly ImportableRow[]> {
    return await this.queries
      .selectFrom('scripts')
      .innerJoin('scriptVersions', (join) =>
        join
          .onRef('scriptVersions.scriptId', '=', 'scripts.id')
          .onRef('scriptVersions.version', '=', 'scripts.version'),
      )
      .select((eb) => [
        'scripts.name',
        'scriptVersions.id as versionId',
        'scriptVersions.bytes',
        'scriptVersions.imports',
        eb
          .case()
          .when('scriptVersions.imports', 'is', null)
          .then(eb.ref('scriptVersions.source'))
          .end()
          .as('source'),
      ])
      .where('scripts.appId', '=', appId)
      .where('scripts.name', '=', sql<string>`any(${[...names]}::text[])`)
      .execute()
  }

  /** The sources of versions that names mean. */
  async withSources(imports: readonly ScriptImport[]): Promise<readonly ImportedScript[]> {
    if (imports.length === 0) return []
    const versionIds = imports.map(({ versionId }) => versionId)
    const rows = await this.queries
      .selectFrom('scriptVersions')
      .select(['id', 'source'])
      .where('id', '=', sql<ScriptVersionId>`any(${versionIds}::uuid[])`)
      .execute()
    const sources = new Map(rows.map(({ id, source }) => [id, source]))
    return imports.flatMap(({ name, versionId }) => {
      const source = sources.get(versionId)
      return source === undefined ? [] : [{ name, versionId, source }]
    })
  }

  /** What the latest activation pinned, by name. */
  async current(scriptId: ScriptId): Promise<readonly ScriptImportRow[]> {
    return await this.queries
      .selectFrom('scriptActivationImports as pinned')
      .innerJoin('scriptVersions', 'scriptVersions.id', 'pinned.versionId')
      .innerJoin('scripts', 'scripts.id', 'scriptVersions.scriptId')
      .select([
        'pinned.name',
        'pinned.versionId',
        'scriptVersions.scriptId',
        'scriptVersions.version',
        'scripts.version as activeVersion',
      ])
      .where('pinned.scriptId', '=', scriptId)
      .where('pinned.activation', '=', latestActivation('pinned'))
      .orderBy('pinned.name')
      .execute()
  }

  /** Scripts that go on importing a version of this one, itself left out, by name. */
  async importedBy(scriptId: ScriptId, limit: number): Promise<readonly ImportedByRow[]> {
    return await this.queries
      .selectFrom('scriptVersions')
      .innerJoin('scriptActivationImports as pinned', 'pinned.versionId', 'scriptVersions.id')
      .innerJoin('scripts', 'scripts.id', 'pinned.scriptId')
      .select(['pinned.scriptId', 'scripts.name', 'scriptVersions.version'])
      .where('scriptVersions.scriptId', '=', scriptId)
      .where('pinned.scriptId', '<>', scriptId)
      .where('pinned.activation', '=', latestActivation('pinned'))
      .orderBy('scripts.name')
      .limit(limit)
      .execute()
  }

  async ofActivations(
    scriptId: ScriptId,
    activations: readonly number[],
  ): Promise<readonly ActivationImportRow[]> {
    return await this.queries
      .selectFrom('scriptActivationImports as pinned')
      .innerJoin('scriptVersions', 'scriptVersions.id', 'pinned.versionId')
      .select(['pinned.activation', 'pinned.name', 'scriptVersions.version'])
      .where('pinned.scriptId', '=', scriptId)
      .where('pinned.activation', '=', sql<number>`any(${[...activations]}::integer[])`)
      .orderBy('pinned.name')
      .execute()
  }
}

/** Who writes activates the script in the same transaction, which is what nodes hear of. */
export class ScriptImportWriter extends ScriptImportReader {
  /** Of the latest activation, which has none yet. */
  async pin(scriptId: ScriptId, imports: readonly ScriptImport[]): Promise<void> {
    if (imports.length === 0) return
    const activation = await this.#latest(scriptId)
    await this.queries
      .insertInto('scriptActivationImports')
      .values(imports.map(({ name, versionId }) => ({ scriptId, activation, name, versionId })))
      .execute()
  }

  /** Gives the latest activation what an earlier one had, as far as it is still there. */
  async pinAs(scriptId: ScriptId, earlier: number): Promise<void> {
    const activation = await this.#latest(scriptId)
    await this.queries
      .insertInto('scriptActivationImports')
      .columns(['scriptId', 'activation', 'name', 'versionId'])
      .expression((eb) =>
        eb
          .selectFrom('scriptActivationImports')
          .select([
            'scriptId',
            sql<number>`${activation}::integer`.as('activation'),
            'name',
            'versionId',
          ])
          .where('scriptId', '=', scriptId)
          .where('activation', '=', earlier),
      )
      .execute()
  }

  async #latest(scriptId: ScriptId): Promise<number> {
    const { number } = await this.queries
      .selectFrom('scriptActivations')
      .select('number')
      .where('scriptId', '=', scriptId)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    return number
  }
}

/** Of the script whose pinned imports are called `alias` in the query around. */
export function latestActivation(alias: string) {
  return sql<number>`(
    select max(number) from script_activations
    where script_activations.script_id = ${sql.ref(`${alias}.scriptId`)}
  )`
}
