/**
 * Slugs that apps had before: each leads to its app until the app gives it up, or another takes it.
 *
 * A slug is never both some app's slug and somebody's former one: whoever gives an app a slug calls
 * {@link FormerSlugWriter.forget} in the same transaction.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { sql } from 'kysely'
import { decodeTextCursor, encodeTextCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import { type AppRow, appRowOf } from './app-store.ts'
import type { Queries } from './queries.ts'

export interface FormerSlugRow {
  readonly slug: string
  readonly appId: AppId
  readonly retiredAt: Date
  /** Requests that came with it since. */
  readonly hits: number
  readonly lastHitAt: Date | null
}

export class FormerSlugReader {
  protected readonly queries: Queries

  constructor(queries: Queries) {
    this.queries = queries
  }

  /** Sorted by slug. */
  async list(request: PageRequest & { readonly appId: AppId }): Promise<Page<FormerSlugRow>> {
    const after = request.cursor === undefined ? null : decodeTextCursor(request.cursor)
    const rows = await this.queries
      .selectFrom('appSlugHistory')
      .selectAll()
      .where('appId', '=', request.appId)
      .$if(after !== null, (query) => query.where('slug', '>', after?.text ?? ''))
      .orderBy('slug')
      .limit(request.limit + 1)
      .execute()
    return pageOf(rows, request.limit, (row) => encodeTextCursor(row.slug, row.appId))
  }

  /** The app that had the slug. Asking counts as no use of it. */
  async appOf(slug: string): Promise<AppRow | null> {
    const row = await this.queries
      .selectFrom('apps')
      .innerJoin('appSlugHistory', 'appSlugHistory.appId', 'apps.id')
      .selectAll('apps')
      .where('appSlugHistory.slug', '=', slug)
      .executeTakeFirst()
    return row === undefined ? null : appRowOf(row)
  }

  /** The app that had the slug, for somebody who still uses it: that is counted. */
  async follow(slug: string): Promise<AppRow | null> {
    const row = await this.queries
      .updateTable('appSlugHistory')
      .from('apps')
      .set({ hits: sql`hits + 1`, lastHitAt: sql`now()` })
      .whereRef('apps.id', '=', 'appSlugHistory.appId')
      .where('appSlugHistory.slug', '=', slug)
      .returningAll('apps')
      .executeTakeFirst()
    return row === undefined ? null : appRowOf(row)
  }
}

export class FormerSlugWriter extends FormerSlugReader {
  /** Lets the slug lead to the app, which has another from now on. */
  async retire(slug: string, appId: AppId): Promise<void> {
    await this.queries.insertInto('appSlugHistory').values({ slug, appId }).execute()
  }

  /** Lets the slug lead nowhere, whoever had it. False: it led nowhere. */
  async forget(slug: string): Promise<boolean> {
    const { numDeletedRows } = await this.queries
      .deleteFrom('appSlugHistory')
      .where('slug', '=', slug)
      .executeTakeFirstOrThrow()
    return numDeletedRows > 0n
  }
}
