/**
 * Writes a batch of execution records, each into the partition its app writes to.
 *
 * One transaction under one lock: records are numbered and committed in one order, and a partition
 * that is missing is made by exactly one writer. App and script of every record are held until the
 * commit, so who deletes them afterwards finds the records.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { AppId, ExecutionId, ScriptId } from '@picloud/shared'
import { sql } from 'kysely'
import { EXECUTION_SEQUENCE_LOCK } from '../advisory-locks.ts'
import { storableJson, storableText } from '../storable-text.ts'
import { inPartitions, ofApps } from './execution-partitions.ts'
import type { NewExecution } from './execution-record.ts'
import type { Queries } from './queries.ts'

/** Told after every batch that stored something, and when partitions are to be dropped. */
export const EXECUTIONS_CHANNEL = 'picloud_executions'

/**
 * Own partitions that one batch makes at most. Making one takes a tenth of a second under the lock,
 * so where many apps come for theirs at once the rest write to the shared one until a later batch.
 */
export const PARTITIONS_MADE_MAX = 4

/** How many of the batch were stored: those whose app and script are there and that are new. */
export async function writeExecutions(
  queries: Queries,
  batch: readonly NewExecution[],
): Promise<number> {
  return await queries.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${EXECUTION_SEQUENCE_LOCK})`.execute(tx)
    const scripts = await holdScripts(tx, batch)
    const wanted = batch.filter(({ appId, scriptId }) => scripts.get(scriptId)?.appId === appId)
    if (wanted.length === 0) return 0
    const rows = await withoutStored(tx, wanted)
    if (rows.length === 0) return 0
    const hasOwn = new Set([...scripts.values()].filter((s) => s.hasOwn).map((s) => s.appId))
    const owners = new Set(rows.map(({ appId }) => appId).filter((appId) => hasOwn.has(appId)))
    const open = await openPartitions(tx, owners)
    const needsShared = rows.some(({ appId }) => !open.own.has(appId))
    const shared = needsShared ? (open.shared ?? (await openPartition(tx, null))) : null
    return await insertRows(tx, rows, ({ appId }) => (open.own.get(appId) ?? shared) as number)
  })
}

interface HeldScript {
  readonly id: ScriptId
  readonly appId: AppId
  /** Whether records of its app go into partitions of their own. */
  readonly hasOwn: boolean
}

async function holdScripts(
  tx: Queries,
  batch: readonly NewExecution[],
): Promise<ReadonlyMap<ScriptId, HeldScript>> {
  const ids = [...new Set(batch.map(({ scriptId }) => scriptId))]
  const { rows } = await sql<HeldScript>`
    select scripts.id, scripts.app_id, (
      apps.settings ->> 'retention_days' is not null
      or apps.settings ->> 'retention_bytes' is not null
      or exists (select from execution_lanes where execution_lanes.app_id = apps.id)
    ) as has_own
    from scripts join apps on apps.id = scripts.app_id
    where scripts.id = any(${ids}::uuid[])
    for key share of scripts`.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * A batch may be sent again after its answer was lost, when its partition has been closed or its
 * app writes to another.
 */
async function withoutStored(
  tx: Queries,
  batch: readonly NewExecution[],
): Promise<readonly NewExecution[]> {
  const ids = batch.map(({ id }) => id).sort()
  const apps = [...new Set(batch.map(({ appId }) => appId))]
  const partitions = await tx
    .selectFrom('executionPartitions')
    .select('id')
    .where('firstId', '<=', ids.at(-1) as ExecutionId)
    .where('lastId', '>=', ids[0] as ExecutionId)
    .where(ofApps(apps))
    .execute()
  if (partitions.length === 0) return batch
  const stored = await tx
    .selectFrom('executionLogs')
    .select('id')
    .where(inPartitions(partitions.map(({ id }) => id)))
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
  const known = new Set(stored.map(({ id }) => id))
  return batch.filter(({ id }) => !known.has(id))
}

interface OpenPartitions {
  readonly own: ReadonlyMap<AppId, number>
  readonly shared: number | undefined
}

/** The partitions that take records: of those apps, as far as they may be made now, and shared. */
async function openPartitions(tx: Queries, owners: ReadonlySet<AppId>): Promise<OpenPartitions> {
  const open = await tx
    .selectFrom('executionPartitions')
    .select(['id', 'appId'])
    .where('closedAt', 'is', null)
    .where('doomed', '=', false)
    .where(ofApps([...owners]))
    .execute()
  const own = new Map<AppId, number>()
  for (const { id, appId } of open) if (appId !== null) own.set(appId, id)
  const missing = [...owners].filter((owner) => !own.has(owner))
  for (const owner of missing.slice(0, PARTITIONS_MADE_MAX)) {
    own.set(owner, await openPartition(tx, owner))
  }
  return { own, shared: open.find(({ appId }) => appId === null)?.id }
}

async function openPartition(tx: Queries, owner: AppId | null): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select open_execution_partition(${owner}::uuid) as id`.execute(tx)
  const [row] = rows
  assert(row !== undefined, 'a function answers one row')
  return row.id
}

async function insertRows(
  tx: Queries,
  rows: readonly NewExecution[],
  partitionOf: (row: NewExecution) => number,
): Promise<number> {
  const { rows: stored } = await sql<{ count: number }>`
    with stored as (
      insert into execution_logs (
        partition_id, id, app_id, script_id, version, route_id, trigger, outcome, method, path,
        status, started_at, duration_ms, operations, logs, logs_dropped, error, sequence
      )
      select batch.*, nextval('execution_sequence') from ${unnestOf(rows, partitionOf)} as batch
      on conflict (id, partition_id) do nothing
      returning partition_id, sequence, id, started_at
    ), touched as (
      select partition_id, min(sequence) as first_sequence, max(sequence) as last_sequence,
        min(id::text)::uuid as first_id, max(id::text)::uuid as last_id,
        min(started_at) as started_from, max(started_at) as started_to, count(*) as count
      from stored group by partition_id
    ), noted as (
      update execution_partitions as held set
        first_sequence = least(held.first_sequence, touched.first_sequence),
        last_sequence = greatest(held.last_sequence, touched.last_sequence),
        first_id = least(held.first_id, touched.first_id),
        last_id = greatest(held.last_id, touched.last_id),
        started_from = least(held.started_from, touched.started_from),
        started_to = greatest(held.started_to, touched.started_to),
        recorded_to = clock_timestamp()
      from touched where held.id = touched.partition_id
    ), told as (
      select pg_notify(${EXECUTIONS_CHANNEL}, '') where exists (select from stored)
    )
    select coalesce(sum(touched.count), 0)::bigint as count from touched left join told on true
    `.execute(tx)
  return stored[0]?.count ?? 0
}

/** One array per column, so the statement's text is the same for every batch size. */
function unnestOf(rows: readonly NewExecution[], partitionOf: (row: NewExecution) => number) {
  const column = <T>(pick: (row: NewExecution) => T): T[] => rows.map(pick)
  return sql`unnest(
    ${column(partitionOf)}::integer[],
    ${column((row) => row.id)}::uuid[],
    ${column((row) => row.appId)}::uuid[],
    ${column((row) => row.scriptId)}::uuid[],
    ${column((row) => row.version)}::integer[],
    ${column((row) => row.routeId)}::uuid[],
    ${column((row) => row.trigger)}::text[],
    ${column((row) => row.outcome)}::text[],
    ${column((row) => storableText(row.method))}::text[],
    ${column((row) => storableText(row.path))}::text[],
    ${column((row) => row.status)}::integer[],
    ${column((row) => row.startedAt)}::timestamptz[],
    ${column((row) => row.durationMs)}::double precision[],
    ${column((row) => row.operations)}::bigint[],
    ${column((row) => storableJson(row.logs))}::jsonb[],
    ${column((row) => row.logsDropped)}::integer[],
    ${column((row) => storableJson(row.error))}::jsonb[]
  )`
}
