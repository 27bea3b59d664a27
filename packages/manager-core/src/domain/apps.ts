/**
 * Rules of apps: the boundary everything else lives inside.
 *
 * Knows nothing of HTTP.
 *
 * @module
 */
import {
  type Ceilings,
  type CreateApp,
  DEFAULT_APP_SETTINGS,
  type HeldLimit,
  isId,
  isSlugForm,
  type UpdateApp,
} from '@picloud/shared'
import type { AppListRequest, AppRow, Database, Page, WriteTransaction } from '@picloud/storage'
import { AppNotEmptyError, AppNotFoundError } from '../errors/apps.ts'
import type { Author } from './author.ts'
import type { ControlTransaction, ControlWrites } from './control-writes.ts'
import { changedSettings, heldLimitsOf, type ManagedLimits } from './limit-rules.ts'
import { type Precondition, requireRevision } from './precondition.ts'
import { appSnapshot, appSubject } from './snapshots.ts'
import { takeSlug } from './take-slug.ts'

export class Apps {
  readonly #database: Database
  readonly #writes: ControlWrites
  readonly #limits: ManagedLimits

  constructor(database: Database, writes: ControlWrites, limits: ManagedLimits) {
    this.#database = database
    this.#writes = writes
    this.#limits = limits
  }

  list(request: AppListRequest): Promise<Page<AppRow>> {
    return this.#database.apps.list(request)
  }

  get(reference: string): Promise<AppRow> {
    return findApp(this.#database, reference)
  }

  /** What holds for its scripts. */
  async limits(reference: string): Promise<readonly HeldLimit[]> {
    const { settings } = await this.get(reference)
    return heldLimitsOf(settings.limits, this.#limits)
  }

  create(by: Author, app: CreateApp): Promise<AppRow> {
    return this.#writes.run(by, (tx) => createApp(tx, app, this.#limits.ceilings))
  }

  /** Its slug until now goes on leading to it. */
  update(
    by: Author,
    reference: string,
    change: UpdateApp,
    precondition: Precondition,
  ): Promise<AppRow> {
    return this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, reference)
      requireRevision(app, precondition)
      return updateApp(tx, app, change, this.#limits.ceilings)
    })
  }

  /** Deletes an app that holds nothing. @throws {@link AppNotEmptyError} saying what it holds */
  delete(by: Author, reference: string, precondition: Precondition): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, reference)
      requireRevision(app, precondition)
      const { domains, scripts, routes, secrets, kvKeys, executions } = await tx.apps.usage(app.id)
      if (domains + scripts + routes + secrets + kvKeys + executions > 0) {
        const contents = { domains, scripts, routes, secrets, kv_keys: kvKeys, executions }
        throw new AppNotEmptyError(app.slug, contents)
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

export async function createApp(
  tx: ControlTransaction,
  { slug, name, settings = {}, force = false }: CreateApp,
  ceilings: Ceilings,
): Promise<AppRow> {
  const allowed = changedSettings(DEFAULT_APP_SETTINGS, settings, ceilings)
  await takeSlug(tx, { slug, appId: null, force })
  const app = await tx.apps.create({ slug, name, settings: allowed })
  tx.record({ action: 'app.create', ...appSubject(app), before: null, after: appSnapshot(app) })
  return app
}

export async function updateApp(
  tx: ControlTransaction,
  app: AppRow,
  { slug, name, settings, force = false }: UpdateApp,
  ceilings: Ceilings,
): Promise<AppRow> {
  const allowed = settings && changedSettings(app.settings, settings, ceilings)
  const renamed = slug !== undefined && slug !== app.slug
  if (renamed) {
    await takeSlug(tx, { slug, appId: app.id, force })
    await tx.formerSlugs.retire(app.slug, app.id)
  }
  const updated = await tx.apps.update(app.id, { slug, name, settings: allowed })
  if (updated === null) throw new AppNotFoundError(app.id)
  tx.record({
    action: renamed ? 'app.rename' : 'app.update',
    ...appSubject(updated),
    before: appSnapshot(app),
    after: appSnapshot(updated),
  })
  return updated
}

type Stores = Pick<Database | WriteTransaction, 'apps' | 'formerSlugs'>

/**
 * The app an id, a slug or a former slug names. What has no such form names none, and never
 * reaches a query.
 *
 * @throws {@link AppNotFoundError}
 */
export async function findApp(stores: Stores, reference: string): Promise<AppRow> {
  const named = isId(reference) || isSlugForm(reference)
  const app = named ? await stores.apps.find(reference) : null
  const found = app ?? (await followFormerSlug(stores, reference))
  if (found === null) throw new AppNotFoundError(reference)
  return found
}

/** The app a former slug leads to now; null for what is none. The use of it is counted. */
export async function followFormerSlug(
  stores: Pick<Stores, 'formerSlugs'>,
  reference: string,
): Promise<AppRow | null> {
  return isSlugForm(reference) && !isId(reference) ? stores.formerSlugs.follow(reference) : null
}
