/**
 * Requests that are kept to try a script with.
 *
 * @module
 */
import type { ScriptId } from '@picloud/shared'
import { sql } from 'kysely'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import type { Queries } from './queries.ts'

/** Unique by script and name. */
export interface ScriptSample {
  readonly scriptId: ScriptId
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: string
}

export interface ScriptSampleRow extends ScriptSample {
  readonly updatedAt: Date
}

export class ScriptSampleReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** Sorted by name. */
  async list({
    scriptId,
    cursor,
    limit,
  }: PageRequest & { readonly scriptId: ScriptId }): Promise<Page<ScriptSampleRow>> {
    const after = cursor === undefined ? null : decodeTextCursor(cursor)
    const rows = await this.queries
      .selectFrom('scriptSamples')
      .selectAll()
      .where('scriptId', '=', scriptId)
      .$if(after !== null, (query) => query.where('name', '>', after?.text ?? ''))
      .orderBy('name')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => encodeTextCursor(row.name, row.scriptId))
  }

  async names(scriptId: ScriptId): Promise<readonly string[]> {
    const rows = await this.queries
      .selectFrom('scriptSamples')
      .select('name')
      .where('scriptId', '=', scriptId)
      .execute()
    return rows.map(({ name }) => name)
  }
}

export class ScriptSampleWriter extends ScriptSampleReader {
  /** Makes it, or replaces the one of that name. */
  async put(sample: ScriptSample): Promise<ScriptSampleRow> {
    const headers = JSON.stringify(sample.headers)
    const { method, path, body } = sample
    return await this.queries
      .insertInto('scriptSamples')
      .values({ ...sample, headers })
      .onConflict((conflict) =>
        conflict
          .columns(['scriptId', 'name'])
          .doUpdateSet({ method, path, headers, body, updatedAt: sql`now()` }),
      )
      .returningAll()
      .executeTakeFirstOrThrow()
  }

  /** Null: there is none of that name. */
  async delete(scriptId: ScriptId, name: string): Promise<ScriptSampleRow | null> {
    const row = await this.queries
      .deleteFrom('scriptSamples')
      .where('scriptId', '=', scriptId)
      .where('name', '=', name)
      .returningAll()
      .executeTakeFirst()
    return row ?? null
  }
}
