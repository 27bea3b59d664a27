/**
 * Rules of apps: the boundary everything else lives inside.
 *
 * Knows nothing of HTTP.
 *
 * @module
 */
import { type CreateApp, isId, slugSchema } from '@picloud/shared'
import type { AppRow, Database, Page, PageRequest, WriteTransaction } from '@picloud/storage'
import { AppNotEmptyError, AppNotFoundError, AppSlugTakenError } from '../errors/apps.ts'
import type { Author } from './author.ts'
import type { ControlWrites } from './control-writes.ts'
import { type Precondition, requireRevision } from './precondition.ts'
import { appSnapshot, appSubject } from './snapshots.ts'

export class Apps {
  readonly #database: Database
  readonly #writes: ControlWrites

  constructor(database: Database, writes: ControlWrites) {
    this.#database = database
    this.#writes = writes
  }

  list(page: PageRequest): Promise<Page<AppRow>> {
    return this.#database.apps.list(page)
  }

  get(reference: string): Promise<AppRow> {
    return findApp(this.#database, reference)
  }

  create(by: Author, { slug, name }: CreateApp): Promise<AppRow> {
    return this.#writes.run(by, async (tx) => {
      if ((await tx.apps.find(slug)) !== null) throw new AppSlugTakenError(slug)
      const app = await tx.apps.create({ slug, ...(name === undefined ? {} : { name }) })
      tx.record({ action: 'app.create', ...appSubject(app), before: null, after: appSnapshot(app) })
      return app
    })
  }

  /** Deletes an app that holds nothing. @throws {@link AppNotEmptyError} saying what it holds */
  delete(by: Author, reference: string, precondition: Precondition): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, reference)
      requireRevision(app, precondition)
      const { domains, scripts, routes, executions } = await tx.apps.usage(app.id)
      if (domains + scripts + routes + executions > 0) {
        throw new AppNotEmptyError(app.slug, { domains, scripts, routes, executions })
      }
      await tx.apps.delete(app.id)
      tx.record({ action: 'app.delete', ...appSubject(app), before: appSnapshot(app), after: null })
    })
  }

  deleteWithContents(by: Author, reference: string, precondition: Precondition): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, reference)
      requireRevision(app, precondition)
      await tx.apps.deleteWithContents(app.id)
      tx.record({ action: 'app.delete', ...appSubject(app), before: appSnapshot(app), after: null })
    })
  }
}

/**
 * The app an id or a slug names. What has neither form names none, and never reaches a query.
 *
 * @throws {@link AppNotFoundError}
 */
export async function findApp(
  stores: Pick<Database, 'apps'> | Pick<WriteTransaction, 'apps'>,
  reference: string,
): Promise<AppRow> {
  const named = isId(reference) || slugSchema.safeParse(reference).success
  const app = named ? await stores.apps.find(reference) : null
  if (app === null) throw new AppNotFoundError(reference)
  return app
}
