/**
 * `/api/v1/admin/audit`. What is written there: `domain/control-writes.ts`.
 *
 * @module
 */
import { type AuditEntry, auditListSchema, auditQuerySchema } from '@picloud/shared'
import type { AuditRow } from '@picloud/storage'
import type { AuditLog } from '../domain/audit-log.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

export function auditEndpoints(audit: AuditLog): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/audit',
      guard: 'admin',
      id: 'listAudit',
      summary: 'Who changed what, the newest first',
      query: auditQuerySchema,
      result: auditListSchema,
      errors: [404, 422],
      handle: async ({ query }) => {
        const { target_id: targetId, since, until, ...rest } = query
        const page = await audit.list({ ...rest, targetId, since: at(since), until: at(until) })
        return listAnswer(page, entryOf)
      },
    }),
  ]
}

function at(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time)
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    address: row.address,
    request_id: row.requestId,
    action: row.action,
    target: row.target,
    app_id: row.appId,
    before: row.before,
    after: row.after,
  }
}
