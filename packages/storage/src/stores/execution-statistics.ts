/**
 * Counts, failures, durations and operations of executions over time, summed up by PostgreSQL.
 *
 * Percentiles are exact, over every record of a bucket. They are of records, so what was lost
 * under overload or is older than records are kept is not in them.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { sql } from 'kysely'
import { inPartitions, partitionsWith } from './execution-partitions.ts'
import type { ExecutionFilter } from './execution-record.ts'
import type { Queries } from './queries.ts'

export interface StatisticsRequest extends Pick<ExecutionFilter, 'scriptId' | 'routeId'> {
  /** Of one app, whose partitions are few: a sum locks all it reads at once. */
  readonly appId: AppId
  readonly since: Date
  readonly until: Date
  /** Length of a bucket; buckets begin at `since`. */
  readonly stepSeconds: number
}

export interface StatisticsSum {
  readonly count: number
  /** Executions that gave no answer. */
  readonly errors: number
  /** Milliseconds; null without an execution. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly operations: number
}

export interface ExecutionStatistics {
  readonly total: StatisticsSum
  /** By time; those in which nothing ran are left out. */
  readonly buckets: readonly (StatisticsSum & { readonly at: Date })[]
}

interface SummedRow {
  readonly at: Date | null
  readonly count: number
  readonly errors: number
  readonly percentiles: readonly number[] | null
  readonly operations: number | null
}

const EMPTY: StatisticsSum = {
  count: 0,
  errors: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  operations: 0,
}

export async function sumUpExecutions(
  queries: Queries,
  request: StatisticsRequest,
): Promise<ExecutionStatistics> {
  const { appId, scriptId, routeId, since, until, stepSeconds } = request
  const span = { from: 0, to: Number.MAX_SAFE_INTEGER }
  const partitions = await partitionsWith(queries, request, span)
  if (partitions.length === 0) return { total: EMPTY, buckets: [] }
  const step = `${stepSeconds} seconds`
  const { rows } = await sql<SummedRow>`
    select at, count(*) as count, count(*) filter (where outcome = 'error') as errors,
      percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration_ms) as percentiles,
      sum(operations)::double precision as operations
    from (
      select date_bin(${step}::interval, started_at, ${since}::timestamptz) as at, outcome,
        duration_ms, operations
      from execution_logs
      where ${inPartitions(partitions.map(({ id }) => id))}
        and started_at >= ${since} and started_at < ${until}
        and app_id = ${appId}
        ${scriptId === undefined ? sql`` : sql`and script_id = ${scriptId}`}
        ${routeId === undefined ? sql`` : sql`and route_id = ${routeId}`}
    ) as ran
    group by grouping sets ((at), ())
    order by at`.execute(queries)
  const total = rows.find((row) => row.at === null)
  return {
    total: total === undefined ? EMPTY : sumOf(total),
    buckets: rows.flatMap((row) => (row.at === null ? [] : [{ at: row.at, ...sumOf(row) }])),
  }
}

function sumOf(row: SummedRow): StatisticsSum {
  const [p50Ms = null, p95Ms = null, p99Ms = null] = row.percentiles ?? []
  const { count, errors, operations } = row
  return { count, errors, p50Ms, p95Ms, p99Ms, operations: operations ?? 0 }
}
