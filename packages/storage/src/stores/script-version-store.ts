/**
 * Versions of scripts, which never change, and the history of which one was active.
 *
 * An activation remembers the one a roll back from it returns to, so rolling back twice goes two
 * steps back, and a roll back after an activation undoes that activation alone.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { newId, type ScriptDescription, type ScriptId, type ScriptVersionId } from '@picloud/shared'
import {
  decodeSequenceCursor,
  encodeSequenceCursor,
  type Page,
  type PageRequest,
  pageOf,
} from '../page.ts'
import type { ActivationCause } from '../schema.ts'
import type { Queries } from './queries.ts'

export interface ScriptVersionSummaryRow {
  readonly id: ScriptVersionId
  readonly scriptId: ScriptId
  readonly version: number
  readonly sha256: Buffer
  /** Of the source in UTF-8. */
  readonly bytes: number
  readonly message: string | null
  readonly savedBy: string | null
  readonly createdAt: Date
}

export interface ScriptVersionRow extends ScriptVersionSummaryRow {
  readonly source: string
  /** Null: saved by a program that could not tell. */
  readonly description: ScriptDescription | null
}

export interface NewScriptVersion {
  readonly source: string
  readonly message?: string | undefined
  readonly savedBy?: string | undefined
  readonly description?: ScriptDescription | null | undefined
  /** Names of the scripts it imports. */
  readonly imports?: readonly string[] | undefined
  /** Names of the modules of the host that it uses. */
  readonly hostModules?: readonly string[] | undefined
}

export interface ScriptActivationRow {
  readonly number: number
  readonly version: number
  /** Number of the activation that a roll back from this one returns to. */
  readonly before: number | null
  readonly cause: ActivationCause
  readonly activatedBy: string | null
  readonly activatedAt: Date
}

export interface NewActivation {
  readonly version: number
  readonly cause: ActivationCause
  readonly before: number | null
  readonly activatedBy?: string | undefined
}

export class ScriptVersionReader {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  /** Newest first; sources are left out. */
  async list(scriptId: ScriptId, page: PageRequest): Promise<Page<ScriptVersionSummaryRow>> {
    const { limit, cursor } = page
    let query = this.#summaries().where('scriptId', '=', scriptId)
    if (cursor !== undefined) query = query.where('version', '<', decodeSequenceCursor(cursor))
    const rows = await query
      .orderBy('version', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => encodeSequenceCursor(row.version))
  }

  async find(scriptId: ScriptId, version: number): Promise<ScriptVersionRow | null> {
    const row = await this.#summaries()
      .select(['source', 'description'])
      .where('scriptId', '=', scriptId)
      .where('version', '=', version)
      .executeTakeFirst()
    return row ?? null
  }

  /** Latest first: the first of all is the one that made active what is active. */
  async activations(scriptId: ScriptId, page: PageRequest): Promise<Page<ScriptActivationRow>> {
    const { limit, cursor } = page
    let query = this.#activations(scriptId)
    if (cursor !== undefined) query = query.where('number', '<', decodeSequenceCursor(cursor))
    const rows = await query
      .orderBy('number', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => encodeSequenceCursor(row.number))
  }

  async currentActivation(scriptId: ScriptId): Promise<ScriptActivationRow | null> {
    return (await this.activations(scriptId, { limit: 1 })).items[0] ?? null
  }

  async activation(scriptId: ScriptId, number: number): Promise<ScriptActivationRow | null> {
    const row = await this.#activations(scriptId).where('number', '=', number).executeTakeFirst()
    return row ?? null
  }

  /** When a version was made active for the last time; null: it never was. */
  async lastActivationOf(scriptId: ScriptId, version: number): Promise<ScriptActivationRow | null> {
    const row = await this.#activations(scriptId)
      .where('version', '=', version)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row ?? null
  }

  #summaries() {
    return this.#queries
      .selectFrom('scriptVersions')
      .select(['id', 'scriptId', 'version', 'sha256', 'bytes', 'message', 'savedBy', 'createdAt'])
  }

  #activations(scriptId: ScriptId) {
    return this.#queries
      .selectFrom('scriptActivations')
      .select(['number', 'version', 'before', 'cause', 'activatedBy', 'activatedAt'])
      .where('scriptId', '=', scriptId)
  }
}

/** For {@link ScriptWriter} only, which keeps the script itself in step. */
export async function insertVersion(
  queries: Queries,
  scriptId: ScriptId,
  version: number,
  saved: NewScriptVersion,
): Promise<void> {
  const { source, message, savedBy, description, imports, hostModules } = saved
  await queries
    .insertInto('scriptVersions')
    .values({
      id: newId<ScriptVersionId>(),
      scriptId,
      version,
      source,
      sha256: createHash('sha256').update(source, 'utf8').digest(),
      bytes: Buffer.byteLength(source, 'utf8'),
      message: message ?? null,
      savedBy: savedBy ?? null,
      description: description == null ? null : JSON.stringify(description),
      imports: imports ?? null,
      hostModules: hostModules ?? null,
    })
    .execute()
}

/** For {@link ScriptWriter} only. @param current the number of the latest activation, 0 for none */
export async function insertActivation(
  queries: Queries,
  scriptId: ScriptId,
  current: number,
  activation: NewActivation,
): Promise<void> {
  const { version, cause, before, activatedBy } = activation
  await queries
    .insertInto('scriptActivations')
    .values({
      scriptId,
      number: current + 1,
      version,
      cause,
      before,
      activatedBy: activatedBy ?? null,
    })
    .execute()
}
