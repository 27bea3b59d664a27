/**
 * `/api/v1/admin/explain`. Rules live in `domain/explain.ts`.
 *
 * @module
 */
import { type ExplanationOfRequest, explainQuerySchema, explanationSchema } from '@picloud/shared'
import type { AppRow } from '@picloud/storage'
import type { ExplainedRequest, Explanations } from '../domain/explain.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { routeOf } from './routes.ts'

export function explainEndpoints(explanations: Explanations): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/explain',
      guard: 'admin',
      id: 'explainRequest',
      summary: 'How a request would be placed: every claim and route in question, and why',
      query: explainQuerySchema,
      result: explanationSchema,
      handle: async ({ query }) =>
        explanationOf(await explanations.explain(query.url, query.method)),
    }),
  ]
}

function explanationOf(explained: ExplainedRequest): ExplanationOfRequest {
  const { method, host, path, outcome, status, reason, allow, params, apps } = explained
  const winningClaim = explained.claims.find(({ verdict }) => verdict === 'wins')
  const winner = explained.routes.find(({ verdict }) => verdict === 'wins')?.route.row
  return {
    method,
    host,
    path,
    outcome,
    status,
    reason,
    app: appOf(winningClaim === undefined ? undefined : apps.get(winningClaim.claim.row.appId)),
    route_id: winner?.id ?? null,
    script_id: winner?.scriptId ?? null,
    params: { ...params },
    allow: [...allow],
    claims: explained.claims.flatMap(({ claim: { row }, verdict, reason: why }) => {
      const app = appOf(apps.get(row.appId))
      // Deleted between the two readings.
      if (app === null) return []
      return [{ id: row.id, pattern: row.pattern, app, verdict, reason: why }]
    }),
    routes: explained.routes.map(({ route, verdict, reason: why }) => ({
      route: routeOf(route.row),
      verdict,
      reason: why,
    })),
  }
}

function appOf(row: AppRow | undefined): { id: string; slug: string } | null {
  return row === undefined ? null : { id: row.id, slug: row.slug }
}
