/**
 * `/api/v1/admin/routes`, and the preview of one at `/api/v1/admin/routes:check`. Rules live in
 * `domain/routes.ts` and `domain/route-check.ts`.
 *
 * @module
 */
import {
  checkRouteSchema,
  createRouteSchema,
  type Route,
  type RouteCheck,
  routeCheckSchema,
  routeListSchema,
  routeQuerySchema,
  routeSchema,
  updateRouteSchema,
} from '@picloud/shared'
import type { RouteRow } from '@picloud/storage'
import type { RouteChecks, RoutePreview, Shadow } from '../domain/route-check.ts'
import type { Routes } from '../domain/routes.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const ROUTES = '/api/v1/admin/routes'
const ONE = '/api/v1/admin/routes/{route_id}'

/**
 * Patterns with every character escaped fit. Reading a body of the server's limit takes a second,
 * and a token that may only read can have a route checked as often as it likes.
 */
const BODY_BYTES_MAX = 16_384

export function routeEndpoints(routes: Routes, checks: RouteChecks): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: ROUTES,
      guard: 'admin',
      id: 'listRoutes',
      summary: 'Routes',
      query: routeQuerySchema,
      result: routeListSchema,
      errors: [404, 422],
      handle: async ({ query: { app, ...page } }) =>
        listAnswer(await routes.list(app, page), routeOf),
    }),
    endpoint({
      method: 'POST',
      path: ROUTES,
      guard: 'admin',
      id: 'createRoute',
      summary: 'Let requests run a script; without one, the route is a hole in broader ones',
      body: createRouteSchema,
      bodyBytesMax: BODY_BYTES_MAX,
      result: routeSchema,
      status: 201,
      errors: [409],
      handle: async ({ by, body }) => routeOf(await routes.create(by, body)),
    }),
    endpoint({
      method: 'GET',
      path: ONE,
      guard: 'admin',
      id: 'getRoute',
      summary: 'One route',
      result: routeSchema,
      errors: [404],
      handle: async ({ params }) => routeOf(await routes.get(params.route_id)),
    }),
    endpoint({
      method: 'PATCH',
      path: ONE,
      guard: 'admin',
      id: 'updateRoute',
      summary: 'Change what a route matches or runs, or switch it on or off',
      body: updateRouteSchema,
      bodyBytesMax: BODY_BYTES_MAX,
      result: routeSchema,
      errors: [404, 409],
      conditional: true,
      handle: async ({ by, params, body, precondition }) =>
        routeOf(await routes.update(by, params.route_id, body, precondition)),
    }),
    endpoint({
      method: 'DELETE',
      path: ONE,
      guard: 'admin',
      id: 'deleteRoute',
      summary: 'Delete a route',
      errors: [404],
      conditional: true,
      handle: ({ by, params, precondition }) => routes.delete(by, params.route_id, precondition),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/admin/routes:check',
      guard: 'admin',
      need: 'read',
      id: 'checkRoute',
      summary: 'What a route would match, and what it would meet; changes nothing',
      body: checkRouteSchema,
      bodyBytesMax: BODY_BYTES_MAX,
      result: routeCheckSchema,
      handle: async ({ body }) => checkOf(await checks.check(body)),
    }),
  ]
}

export function routeOf(row: RouteRow): Route {
  return {
    id: row.id,
    app_id: row.appId,
    script_id: row.scriptId,
    // Only methods this API took were stored.
    method: row.method as Route['method'],
    host_pattern: row.hostPattern,
    path_pattern: row.pathPattern,
    enabled: row.enabled,
    idempotency: row.idempotency,
    revision: row.revision,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}

function checkOf(preview: RoutePreview): RouteCheck {
  const { wanted, acceptable, captures, problems, warnings } = preview
  return {
    acceptable,
    // One of the schema's own.
    method: wanted.method as RouteCheck['method'],
    host_pattern: wanted.hostPattern?.text ?? null,
    path_pattern: wanted.pathPattern.text,
    claims: preview.claims.map(({ row: { id, pattern } }) => ({ id, pattern })),
    captures,
    problems,
    warnings,
    conflicts: preview.conflicts.map(({ row }) => routeOf(row)),
    shadowed_by: preview.shadowedBy.map(shadowOf),
    shadows: preview.shadows.map(shadowOf),
  }
}

function shadowOf({ route, extent }: Shadow): RouteCheck['shadows'][number] {
  return { route: routeOf(route.row), extent }
}
