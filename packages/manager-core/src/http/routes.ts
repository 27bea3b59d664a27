/**
 * `/api/v1/admin/routes`. Rules live in `domain/routes.ts`.
 *
 * @module
 */
import {
  createRouteSchema,
  type Route,
  routeListSchema,
  routeQuerySchema,
  routeSchema,
  updateRouteSchema,
} from '@picloud/shared'
import type { RouteRow } from '@picloud/storage'
import type { Routes } from '../domain/routes.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const ROUTES = '/api/v1/admin/routes'
const ONE = '/api/v1/admin/routes/{route_id}'

export function routeEndpoints(routes: Routes): readonly Endpoint[] {
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
      summary: 'Let requests run a script',
      body: createRouteSchema,
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
      summary: 'Point a route at another script of its app, or switch it on or off',
      body: updateRouteSchema,
      result: routeSchema,
      errors: [404],
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
  ]
}

function routeOf(row: RouteRow): Route {
  return {
    id: row.id,
    app_id: row.appId,
    script_id: row.scriptId,
    // Only methods this API took were stored.
    method: row.method as Route['method'],
    host_pattern: row.hostPattern,
    path_pattern: row.pathPattern,
    enabled: row.enabled,
    revision: row.revision,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}
