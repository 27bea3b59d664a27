/**
 * Sums of executions over time, for charts: every bucket of the range, those without any too.
 *
 * @module
 */
import {
  type ExecutionStatisticsAnswer,
  type ExecutionStatisticsQuery,
  STATISTICS_BUCKETS_MAX,
} from '@picloud/shared'
import type { Database, StatisticsSum } from '@picloud/storage'
import { QueryInvalidError } from '../errors/requests.ts'
import { findApp } from './apps.ts'
import { executionFilterOf } from './executions.ts'

const RANGE_MS = 24 * 3600 * 1000
const BUCKETS_WANTED = 60
/** Lengths people read easily, in seconds: up to a day, then whole days. */
const STEPS = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400]
const DAY_SECONDS = 86_400

export async function executionStatistics(
  database: Database,
  query: ExecutionStatisticsQuery,
): Promise<ExecutionStatisticsAnswer> {
  const until = query.until === undefined ? new Date() : new Date(query.until)
  const since = query.since === undefined ? before(until, RANGE_MS) : new Date(query.since)
  const step = stepOf(since, until, query.step)
  const { id: appId } = await findApp(database, query.app)
  const { script, route } = query
  const filter = await executionFilterOf(database, { app: appId, script, route })
  const { scriptId, routeId } = filter
  const { total, buckets } = await database.executions.statistics({
    ...{ appId, scriptId, routeId, since, until },
    stepSeconds: step,
  })
  const found = new Map(buckets.map((bucket) => [bucket.at.getTime(), bucket]))
  const times: number[] = []
  for (let at = since.getTime(); at < until.getTime(); at += step * 1000) times.push(at)
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    step,
    total: {
      ...sumOf(total),
      error_rate: total.count === 0 ? 0 : total.errors / total.count,
    },
    buckets: times.map((at) => ({ at: new Date(at).toISOString(), ...sumOf(found.get(at)) })),
  }
}

function before(time: Date, ms: number): Date {
  return new Date(time.getTime() - ms)
}

/** @throws QueryInvalidError when the range is empty, or has more buckets than are answered */
function stepOf(since: Date, until: Date, given: number | undefined): number {
  const seconds = (until.getTime() - since.getTime()) / 1000
  if (seconds <= 0) {
    throw new QueryInvalidError([{ pointer: '/since', message: 'Must be before until.' }])
  }
  const step = given ?? roundStep(seconds / BUCKETS_WANTED)
  if (seconds / step > STATISTICS_BUCKETS_MAX) {
    const message = `Makes more than ${STATISTICS_BUCKETS_MAX} buckets of this range.`
    throw new QueryInvalidError([{ pointer: '/step', message }])
  }
  return step
}

function roundStep(seconds: number): number {
  const step = STEPS.find((length) => length >= seconds)
  return step ?? Math.ceil(seconds / DAY_SECONDS) * DAY_SECONDS
}

function sumOf(sum: StatisticsSum | undefined) {
  return {
    count: sum?.count ?? 0,
    errors: sum?.errors ?? 0,
    p50_ms: sum?.p50Ms ?? null,
    p95_ms: sum?.p95Ms ?? null,
    p99_ms: sum?.p99Ms ?? null,
    operations: sum?.operations ?? 0,
  }
}
