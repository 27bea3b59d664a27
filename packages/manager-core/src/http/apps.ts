/**
 * `/api/v1/admin/apps`. Rules live in `domain/apps.ts`.
 *
 * @module
 */
import {
  type App,
  appListSchema,
  appQuerySchema,
  appSchema,
  createAppSchema,
  forceQuerySchema,
  heldLimitsSchema,
  updateAppSchema,
} from '@picloud/shared'
import type { AppRow } from '@picloud/storage'
import type { Apps } from '../domain/apps.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const APPS = '/api/v1/admin/apps'
const ONE = '/api/v1/admin/apps/{app}'

export function appEndpoints(apps: Apps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: APPS,
      guard: 'admin',
      id: 'listApps',
      summary: 'Apps, by slug',
      query: appQuerySchema,
      result: appListSchema,
      errors: [422],
      handle: async ({ query: { q, ...page } }) =>
        listAnswer(await apps.list({ containing: q, ...page }), appOf),
    }),
    endpoint({
      method: 'POST',
      path: APPS,
      guard: 'admin',
      id: 'createApp',
      summary: 'Make an app; with force also by a slug that leads to another',
      body: createAppSchema,
      result: appSchema,
      status: 201,
      errors: [409],
      handle: async ({ by, body }) => appOf(await apps.create(by, body)),
    }),
    endpoint({
      method: 'GET',
      path: ONE,
      guard: 'admin',
      id: 'getApp',
      summary: 'One app, by id or slug',
      result: appSchema,
      errors: [404],
      handle: async ({ params }) => appOf(await apps.get(params.app)),
    }),
    endpoint({
      method: 'PATCH',
      path: ONE,
      guard: 'admin',
      id: 'updateApp',
      summary: 'Change the members given; a former slug goes on leading to the app',
      body: updateAppSchema,
      result: appSchema,
      errors: [404, 409],
      conditional: true,
      handle: async ({ by, params, body, precondition }) =>
        appOf(await apps.update(by, params.app, body, precondition)),
    }),
    endpoint({
      method: 'GET',
      path: `${ONE}/limits`,
      guard: 'admin',
      id: 'listAppLimits',
      summary: 'What holds for the scripts of an app, and how far it may go',
      result: heldLimitsSchema,
      errors: [404],
      handle: async ({ params }) => ({ items: [...(await apps.limits(params.app))] }),
    }),
    endpoint({
      method: 'DELETE',
      path: ONE,
      guard: 'admin',
      id: 'deleteApp',
      summary: 'Delete an app; with force also all it holds, which is told without',
      query: forceQuerySchema,
      errors: [404, 409],
      conditional: true,
      handle: ({ by, params, query, precondition }) =>
        query.force
          ? apps.deleteWithContents(by, params.app, precondition)
          : apps.delete(by, params.app, precondition),
    }),
  ]
}

export function appOf(row: AppRow): App {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    settings: row.settings,
    revision: row.revision,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}
