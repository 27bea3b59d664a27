/**
 * Whether an app may be given a slug, and what becomes of it where it led before.
 *
 * A slug in use is never taken. One that leads to another app, which had it before, is taken by
 * `force` only: links to that app then lead elsewhere. An app's own former slug is simply its own
 * again. Called inside the write that gives the slug, where nobody else can take it meanwhile.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { AppSlugHistoricalError, AppSlugTakenError } from '../errors/apps.ts'
import type { ControlTransaction } from './control-writes.ts'
import { slugSnapshot, slugSubject } from './snapshots.ts'

/**
 * @param request.appId null: an app that is about to be made
 * @throws {@link AppSlugTakenError}, {@link AppSlugHistoricalError}
 */
export async function takeSlug(
  tx: ControlTransaction,
  request: { readonly slug: string; readonly appId: AppId | null; readonly force: boolean },
): Promise<void> {
  const { slug, appId, force } = request
  if ((await tx.apps.find(slug)) !== null) throw new AppSlugTakenError(slug)
  const former = await tx.formerSlugs.appOf(slug)
  if (former === null) return
  if (former.id !== appId) {
    if (!force) throw new AppSlugHistoricalError(slug, former)
    const before = slugSnapshot(former)
    tx.record({ action: 'slug.release', ...slugSubject(slug, former.id), before, after: null })
  }
  await tx.formerSlugs.forget(slug)
}
