/**
 * Secrets of apps, as they were sealed. Knows no key: who reads a value opens it by himself.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { sql } from 'kysely'
import { explaining } from '../constraint-error.ts'
import { ReferenceMissingError } from '../errors.ts'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import type { SecretPlace } from '../secrets/sealed-secret.ts'
import type { Queries } from './queries.ts'

export interface SecretRow {
  readonly appId: AppId
  readonly name: string
  readonly keyId: string
  readonly createdAt: Date
  /** When its value was last set; another key is not another value. */
  readonly updatedAt: Date
}

export interface SealedSecret extends SecretPlace {
  readonly keyId: string
  readonly sealed: Buffer
}

export interface SecretListRequest extends PageRequest {
  readonly appId: AppId
}

const COLUMNS = ['appId', 'name', 'keyId', 'createdAt', 'updatedAt'] as const

export class SecretReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  async find({ appId, name }: SecretPlace): Promise<SealedSecret | null> {
    const row = await this.queries
      .selectFrom('secrets')
      .select(['appId', 'name', 'keyId', 'sealed'])
      .where('appId', '=', appId)
      .where('name', '=', name)
      .executeTakeFirst()
    return row ?? null
  }

  async has({ appId, name }: SecretPlace): Promise<boolean> {
    const row = await this.queries
      .selectFrom('secrets')
      .select('name')
      .where('appId', '=', appId)
      .where('name', '=', name)
      .executeTakeFirst()
    return row !== undefined
  }

  async count(appId: AppId): Promise<number> {
    const { count } = await this.queries
      .selectFrom('secrets')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('appId', '=', appId)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** Sorted by name. */
  async list({ appId, cursor, limit }: SecretListRequest): Promise<Page<SecretRow>> {
    const after = cursor === undefined ? null : decodeTextCursor(cursor)
    const rows = await this.queries
      .selectFrom('secrets')
      .select(COLUMNS)
      .where('appId', '=', appId)
      .$if(after !== null, (query) => query.where('name', '>', after?.text ?? ''))
      .orderBy('name')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => encodeTextCursor(row.name, row.appId))
  }

  /** Ids of the keys that some secret of any app was sealed by. */
  async keyIds(): Promise<readonly string[]> {
    const rows = await this.queries.selectFrom('secrets').select('keyId').distinct().execute()
    return rows.map(({ keyId }) => keyId)
  }
}

export class SecretWriter extends SecretReader {
  /** Makes it or gives it another value. @throws ReferenceMissingError */
  async put({ appId, name, keyId, sealed }: SealedSecret): Promise<SecretRow> {
    return await explaining(
      () =>
        this.queries
          .insertInto('secrets')
          .values({ appId, name, keyId, sealed })
          .onConflict((conflict) =>
            conflict
              .columns(['appId', 'name'])
              .doUpdateSet({ keyId, sealed, updatedAt: sql`now()` }),
          )
          .returning(COLUMNS)
          .executeTakeFirstOrThrow(),
      { secrets_app_id_fkey: () => new ReferenceMissingError('app') },
    )
  }

  /** What was deleted; null: there was no such secret. */
  async delete({ appId, name }: SecretPlace): Promise<SecretRow | null> {
    const row = await this.queries
      .deleteFrom('secrets')
      .where('appId', '=', appId)
      .where('name', '=', name)
      .returning(COLUMNS)
      .executeTakeFirst()
    return row ?? null
  }

  /** Some of those that another key has sealed, of all apps. */
  async sealedByOthers(keyId: string, limit: number): Promise<readonly SealedSecret[]> {
    return await this.queries
      .selectFrom('secrets')
      .select(['appId', 'name', 'keyId', 'sealed'])
      .where('keyId', '!=', keyId)
      .orderBy('appId')
      .orderBy('name')
      .limit(limit)
      .execute()
  }

  /** The same value under another key. */
  async reseal({ appId, name, keyId, sealed }: SealedSecret): Promise<void> {
    await this.queries
      .updateTable('secrets')
      .set({ keyId, sealed })
      .where('appId', '=', appId)
      .where('name', '=', name)
      .execute()
  }
}
