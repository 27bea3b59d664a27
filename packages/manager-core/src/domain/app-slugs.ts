/**
 * Slugs of apps: which could be had, and which lead to an app that had them before.
 *
 * To look is one thing and to take is another: nothing here gives an app a slug. Knows nothing of
 * HTTP.
 *
 * @module
 */
import { FORMER_SLUG_QUIET_DAYS, isSlugForm, judgeSlug, type SlugCheck } from '@picloud/shared'
import type { AppRow, Database, FormerSlugRow, Page, PageRequest } from '@picloud/storage'
import { FormerSlugNotFoundError } from '../errors/apps.ts'
import { quote } from '../errors/user-error.ts'
import { findApp } from './apps.ts'
import type { Author } from './author.ts'
import type { ControlWrites } from './control-writes.ts'
import { slugSnapshot, slugSubject } from './snapshots.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export class AppSlugs {
  readonly #database: Database
  readonly #writes: ControlWrites

  constructor(database: Database, writes: ControlWrites) {
    this.#database = database
    this.#writes = writes
  }

  /** @param renamed id or slug of the app that would get the slug; undefined: a new one */
  async check(slug: string, renamed: string | undefined): Promise<SlugCheck> {
    const app = renamed === undefined ? null : await findApp(this.#database, renamed)
    const holder = isSlugForm(slug) ? await this.#database.apps.find(slug) : null
    if (holder !== null) return heldSlug('in_use', slug, { holder, app })
    const verdict = judgeSlug(slug)
    if (verdict.kind !== 'allowed') return freeSlug(verdict.kind, slug, verdict.why)
    const former = await this.#database.formerSlugs.appOf(slug)
    if (former !== null) return heldSlug('historical', slug, { holder: former, app })
    return freeSlug('available', slug, `Nobody has the slug ${slug}.`)
  }

  async list(appReference: string, page: PageRequest): Promise<Page<FormerSlugRow>> {
    const app = await findApp(this.#database, appReference)
    return this.#database.formerSlugs.list({ appId: app.id, ...page })
  }

  /** Lets a former slug of the app lead nowhere. @throws {@link FormerSlugNotFoundError} */
  release(by: Author, appReference: string, slug: string): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, appReference)
      const holder = isSlugForm(slug) ? await tx.formerSlugs.appOf(slug) : null
      if (holder?.id !== app.id) throw new FormerSlugNotFoundError(app.slug, slug)
      await tx.formerSlugs.forget(slug)
      const before = slugSnapshot(app)
      tx.record({ action: 'slug.release', ...slugSubject(slug, app.id), before, after: null })
    })
  }
}

/** From when on nobody will miss a former slug, if it is not used until then. */
export function safeToReleaseAt(row: FormerSlugRow): Date {
  const used = row.lastHitAt ?? row.retiredAt
  return new Date(used.getTime() + FORMER_SLUG_QUIET_DAYS * DAY_MS)
}

function freeSlug(
  status: 'available' | 'invalid' | 'reserved',
  slug: string,
  message: string,
): SlugCheck {
  return { slug, status, message, app: null, own: false, needs_force: false }
}

function heldSlug(
  status: 'in_use' | 'historical',
  slug: string,
  { holder, app }: { readonly holder: AppRow; readonly app: AppRow | null },
): SlugCheck {
  const own = holder.id === app?.id
  return {
    slug,
    status,
    message: MESSAGES[status][own ? 'own' : 'other'](slug, quote(holder.slug)),
    app: { id: holder.id, slug: holder.slug, name: holder.name },
    own,
    needs_force: status === 'historical' && !own,
  }
}

const MESSAGES = {
  in_use: {
    own: (slug: string) => `The app has the slug ${slug} now.`,
    other: (slug: string) => `An app has the slug ${slug}; it cannot be taken.`,
  },
  historical: {
    own: (slug: string) => `The app had the slug ${slug} before and can have it again.`,
    other: (slug: string, holder: string) =>
      `The slug ${slug} leads to the app ${holder}, which had it before. ` +
      'Taking it needs force: true, and links by it then lead to another app.',
  },
} as const
