/**
 * `/api/v1/admin/executions`. Rules live in `domain/executions.ts`.
 *
 * @module
 */
import {
  type Execution,
  executionListSchema,
  executionQuerySchema,
  executionSchema,
  type LogLine,
} from '@picloud/shared'
import type { ExecutionRow } from '@picloud/storage'
import type { Executions } from '../domain/executions.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer } from './list-answer.ts'

export function executionEndpoints(executions: Executions): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/executions',
      guard: 'admin',
      id: 'listExecutions',
      summary: 'Executions, newest first; or, with after, as they are recorded',
      query: executionQuerySchema,
      result: executionListSchema,
      errors: [404, 422],
      handle: async ({ query, signal }) =>
        listAnswer(await executions.list(query, signal), executionOf),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/executions/{execution_id}',
      guard: 'admin',
      id: 'getExecution',
      summary: 'One execution with its log lines and its error',
      result: executionSchema,
      errors: [404],
      handle: async ({ params }) => executionOf(await executions.get(params.execution_id)),
    }),
  ]
}

function executionOf(row: ExecutionRow): Execution {
  return {
    id: row.id,
    app_id: row.appId,
    script_id: row.scriptId,
    script_name: row.scriptName,
    version: row.version,
    route_id: row.routeId,
    trigger: row.trigger,
    outcome: row.outcome,
    method: row.method,
    path: row.path,
    status: row.status,
    started_at: row.startedAt.toISOString(),
    duration_ms: row.durationMs,
    operations: row.operations,
    logs: row.logs.map(logLineOf),
    logs_dropped: row.logsDropped,
    error: row.error,
  }
}

function logLineOf(line: LogLine): Execution['logs'][number] {
  return {
    at: new Date(line.at).toISOString(),
    level: line.level,
    message: line.message,
    ...(line.fields === undefined ? {} : { fields: { ...line.fields } }),
  }
}
