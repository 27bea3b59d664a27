/**
 * `/api/v1/admin/apps/slug:check` and `/api/v1/admin/apps/{app}/slugs`. Rules live in
 * `domain/app-slugs.ts`.
 *
 * @module
 */
import {
  type FormerSlug,
  formerSlugListSchema,
  listQuerySchema,
  slugCheckQuerySchema,
  slugCheckSchema,
} from '@picloud/shared'
import type { FormerSlugRow } from '@picloud/storage'
import { type AppSlugs, safeToReleaseAt } from '../domain/app-slugs.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const SLUGS = '/api/v1/admin/apps/{app}/slugs'

export function appSlugEndpoints(slugs: AppSlugs): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/apps/slug:check',
      guard: 'admin',
      id: 'checkSlug',
      summary: 'Whether an app could be given a slug; nothing is changed',
      query: slugCheckQuerySchema,
      result: slugCheckSchema,
      errors: [404],
      handle: ({ query }) => slugs.check(query.slug, query.app),
    }),
    endpoint({
      method: 'GET',
      path: SLUGS,
      guard: 'admin',
      id: 'listFormerSlugs',
      summary: 'Slugs the app had before, and who still comes by them',
      query: listQuerySchema,
      result: formerSlugListSchema,
      errors: [404, 422],
      handle: async ({ params, query }) =>
        listAnswer(await slugs.list(params.app, query), formerSlugOf),
    }),
    endpoint({
      method: 'DELETE',
      path: `${SLUGS}/{slug}`,
      guard: 'admin',
      id: 'releaseFormerSlug',
      summary: 'Let a former slug lead nowhere, so that anyone can have it',
      errors: [404],
      handle: ({ by, params }) => slugs.release(by, params.app, params.slug),
    }),
  ]
}

function formerSlugOf(row: FormerSlugRow): FormerSlug {
  const safeAt = safeToReleaseAt(row)
  return {
    slug: row.slug,
    retired_at: row.retiredAt.toISOString(),
    hits: row.hits,
    last_hit_at: row.lastHitAt?.toISOString() ?? null,
    safe_to_release: safeAt.getTime() <= Date.now(),
    safe_to_release_at: safeAt.toISOString(),
  }
}
