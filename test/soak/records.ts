/**
 * Which executions that were answered have no record in the end, beyond those counted as lost.
 *
 * @module
 */
import type { PicloudServer } from '../../bench/picloud-server.ts'
import { pause } from './abuse.ts'
import { metricsOf, sumOf } from './metrics.ts'

const SETTLED_MS_MAX = 60_000

export interface RecordCount {
  readonly missing: number
  /** Lost, or left out on purpose, by the program's own account. */
  readonly accounted: number
}

/** @throws when records still wait after a minute */
export async function countRecords(
  server: PicloudServer,
  ids: { readonly app: string; readonly answered: readonly string[] }[],
): Promise<RecordCount> {
  const metrics = await settledMetrics(server)
  let missing = 0
  for (const { app, answered } of ids) {
    if (answered.length === 0) continue
    const recorded = await recordedOf(server, app)
    missing += answered.filter((id) => !recorded.has(id)).length
  }
  const accounted =
    sumOf(metrics, 'picloud_records_lost_total') +
    sumOf(metrics, 'picloud_records_sampled_out_total')
  return { missing, accounted }
}

async function settledMetrics(server: PicloudServer): Promise<ReadonlyMap<string, number>> {
  const giveUpAt = Date.now() + SETTLED_MS_MAX
  for (;;) {
    const metrics = await metricsOf(server)
    const waiting = sumOf(metrics, 'picloud_records_waiting')
    if (waiting === 0) return metrics
    if (Date.now() > giveUpAt) throw new Error(`${waiting} records still wait`)
    await pause(100)
  }
}

async function recordedOf(server: PicloudServer, app: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  let cursor = ''
  do {
    const query = new URLSearchParams({ app, limit: '200', ...(cursor && { cursor }) })
    const { items, next_cursor: next } = await server.ask('GET', `/executions?${query}`)
    for (const { id } of items) ids.add(id)
    cursor = next ?? ''
  } while (cursor !== '')
  return ids
}
