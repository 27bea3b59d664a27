/**
 * An execution record as a line of COPY's text format (PostgreSQL manual, COPY, "Text Format").
 *
 * @module
 */
import { storableJson, storableText } from '../storable-text.ts'
import type { NewExecution } from './execution-record.ts'

/** Its rows are made by {@link executionCopyLine}. */
export const EXECUTION_COPY = `copy execution_logs (
  partition_id, sequence, id, app_id, script_id, version, route_id, trigger, outcome, method, path,
  status, started_at, duration_ms, operations, logs, logs_dropped, error
) from stdin`

const NULL = '\\N'
const NO_LINES = '[]'

export function executionCopyLine(
  row: NewExecution,
  partitionId: number,
  sequence: number,
): string {
  const { id, appId, scriptId, version, routeId, trigger, outcome, status, operations } = row
  const logs = row.logs.length === 0 ? NO_LINES : field(storableJson(row.logs))
  return (
    `${partitionId}\t${sequence}\t${id}\t${appId}\t${scriptId}\t${version}\t` +
    `${routeId ?? NULL}\t${trigger}\t${outcome}\t${field(storableText(row.method))}\t` +
    `${field(storableText(row.path))}\t${status}\t${row.startedAt.toISOString()}\t` +
    `${row.durationMs}\t${operations}\t${logs}\t${row.logsDropped}\t` +
    `${field(storableJson(row.error))}\n`
  )
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

function field(text: string | null): string {
  if (text === null) return NULL
  return /[\\\t\n\r]/.test(text)
    ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character)
    : text
}
