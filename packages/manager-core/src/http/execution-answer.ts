/**
 * Executions as the API shows them.
 *
 * @module
 */
import type { Execution, LogLine } from '@picloud/shared'
import type { ExecutionRow } from '@picloud/storage'

/** All of a record but its place among the others. */
export function executionOf(row: Omit<ExecutionRow, 'sequence'>): Execution {
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
    parent_id: row.parentId ?? null,
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
