/**
 * `/api/v1/admin/apps/{app}/domains`. Rules live in `domain/domain-claims.ts`.
 *
 * @module
 */
import {
  claimDomainSchema,
  type Domain,
  domainCheckSchema,
  domainListSchema,
  domainSchema,
  forceQuerySchema,
  listQuerySchema,
} from '@picloud/shared'
import type { DomainRow } from '@picloud/storage'
import type { DomainChecks } from '../domain/domain-check/domain-checks.ts'
import type { DomainClaims } from '../domain/domain-claims.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

const DOMAINS = '/api/v1/admin/apps/{app}/domains'
const ONE = '/api/v1/admin/apps/{app}/domains/{domain_id}'

export function domainEndpoints(claims: DomainClaims, checks: DomainChecks): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: DOMAINS,
      guard: 'admin',
      id: 'listDomains',
      summary: 'Domains the app claims',
      query: listQuerySchema,
      result: domainListSchema,
      errors: [404, 422],
      handle: async ({ params, query }) =>
        listAnswer(await claims.list(params.app, query), domainOf),
    }),
    endpoint({
      method: 'POST',
      path: DOMAINS,
      guard: 'admin',
      id: 'claimDomain',
      summary: 'Claim a host or a pattern of hosts for the app',
      body: claimDomainSchema,
      result: domainSchema,
      status: 201,
      errors: [404, 409],
      handle: async ({ by, params, body }) =>
        domainOf(await claims.claim(by, params.app, body.pattern)),
    }),
    endpoint({
      method: 'DELETE',
      path: ONE,
      guard: 'admin',
      id: 'releaseDomain',
      summary: 'Release a claim; with force even if routes need it: they are switched off',
      query: forceQuerySchema,
      errors: [404, 409],
      handle: ({ by, params: { app, domain_id }, query }) =>
        query.force
          ? claims.releaseUnderRoutes(by, app, domain_id)
          : claims.release(by, app, domain_id),
    }),
    endpoint({
      method: 'GET',
      path: `${ONE}/check`,
      guard: 'admin',
      id: 'checkDomain',
      summary: 'Where the name leads right now, and with which certificate',
      result: domainCheckSchema,
      errors: [404],
      handle: ({ params: { app, domain_id }, signal }) => checks.check(app, domain_id, signal),
    }),
  ]
}

function domainOf(row: DomainRow): Domain {
  return {
    id: row.id,
    app_id: row.appId,
    pattern: row.pattern,
    shape_key: row.shapeKey,
    created_at: row.createdAt.toISOString(),
  }
}
