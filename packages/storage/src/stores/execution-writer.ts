/**
 * Writes a batch of execution records, each into the partition its app writes to.
 *
 * One transaction under one lock: records are numbered and committed in one order, and a partition
 * that is missing is made by exactly one writer. App and script of every record are held until the
 * commit, so who deletes them afterwards finds the records.
 *
 * Since nobody else writes meanwhile, what is stored already is known before, the numbers are taken
 * in one piece, and what the batch adds to a partition is counted here. So the rows themselves go
 * by COPY, which costs PostgreSQL half of what INSERT does.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { AppId, ExecutionId, ScriptId } from '@picloud/shared'
import { CompiledQuery, sql } from 'kysely'
import { EXECUTION_SEQUENCE_LOCK } from '../advisory-locks.ts'
import { EXECUTION_COPY, ExecutionCopy } from './execution-copy.ts'
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
    const once = new Map(batch.map((row) => [row.id, row]))
    const wanted = [...once.values()].filter(
      ({ appId, scriptId }) => scripts.get(scriptId)?.appId === appId,
    )
    if (wanted.length === 0) return 0
    const rows = await withoutStored(tx, wanted)
    if (rows.length === 0) return 0
    const hasOwn = new Set([...scripts.values()].filter((s) => s.hasOwn).map((s) => s.appId))
    const owners = new Set(rows.map(({ appId }) => appId).filter((appId) => hasOwn.has(appId)))
    const open = await openPartitions(tx, owners)
    const needsShared = rows.some(({ appId }) => !open.own.has(appId))
    const shared = needsShared ? (open.shared ?? (await openPartition(tx, null))) : null
    await insertRows(tx, rows, ({ appId }) => (open.own.get(appId) ?? shared) as number)
    return rows.length
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
  const [first, last] = [ids[0] as ExecutionId, ids.at(-1) as ExecutionId]
  const apps = [...new Set(batch.map(({ appId }) => appId))]
  const partitions = await tx
    .selectFrom('executionPartitions')
    .select(['id', 'firstId', 'lastId'])
    .where('firstId', '<=', last)
    .where('lastId', '>=', first)
    .where(ofApps(apps))
    .execute()
  // Ids tell the time, so those of a new batch are nearly all above what is there.
  const candidates = ids.filter((id) => partitions.some((partition) => mayHold(partition, id)))
  if (candidates.length === 0) return batch
  const stored = await tx
    .selectFrom('executionLogs')
    .select('id')
    .where(inPartitions(partitions.map(({ id }) => id)))
    .where(sql<boolean>`id = any(${candidates}::uuid[])`)
    .execute()
  const known = new Set(stored.map(({ id }) => id))
  return batch.filter(({ id }) => !known.has(id))
}

function mayHold(
  { firstId, lastId }: { readonly firstId: string | null; readonly lastId: string | null },
  id: ExecutionId,
): boolean {
  return firstId !== null && lastId !== null && firstId <= id && id <= lastId
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

/** Under the lock, so nobody takes a number in between: one question for all of them. */
async function takeSequence(tx: Queries, count: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    select setval('execution_sequence', nextval('execution_sequence') + ${count - 1}::bigint) as last
    `.execute(tx)
  const [row] = rows
  assert(row !== undefined, 'a function answers one row')
  return row.last - count + 1
}

async function insertRows(
  tx: Queries,
  rows: readonly NewExecution[],
  partitionOf: (row: NewExecution) => number,
): Promise<void> {
  const first = await takeSequence(tx, rows.length)
  const extents = new Map<number, Extent>()
  const copy = new ExecutionCopy()
  rows.forEach((row, index) => {
    const partition = partitionOf(row)
    const sequence = first + index
    copy.add(row, partition, sequence)
    extents.set(partition, widened(extents.get(partition), row, sequence))
  })
  await tx.executeQuery(CompiledQuery.raw(EXECUTION_COPY, [copy.end()]))
  await noteExtents(tx, extents)
}

/** What a batch adds to a partition. */
interface Extent {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly firstId: ExecutionId
  readonly lastId: ExecutionId
  readonly startedFrom: Date
  readonly startedTo: Date
}

function widened(
  extent: Extent | undefined,
  { id, startedAt }: NewExecution,
  sequence: number,
): Extent {
  if (extent === undefined) {
    const [ids, times] = [
      { firstId: id, lastId: id },
      { startedFrom: startedAt, startedTo: startedAt },
    ]
    return { firstSequence: sequence, lastSequence: sequence, ...ids, ...times }
  }
  return {
    firstSequence: extent.firstSequence,
    lastSequence: sequence,
    firstId: id < extent.firstId ? id : extent.firstId,
    lastId: id > extent.lastId ? id : extent.lastId,
    startedFrom: startedAt < extent.startedFrom ? startedAt : extent.startedFrom,
    startedTo: startedAt > extent.startedTo ? startedAt : extent.startedTo,
  }
}

/** Says in the catalogue what lies where now, and tells those who follow. */
async function noteExtents(tx: Queries, extents: ReadonlyMap<number, Extent>): Promise<void> {
  const all = [...extents.values()]
  await sql`
    with noted as (
      update execution_partitions as held set
        first_sequence = least(held.first_sequence, touched.first_sequence),
        last_sequence = greatest(held.last_sequence, touched.last_sequence),
        first_id = least(held.first_id, touched.first_id),
        last_id = greatest(held.last_id, touched.last_id),
        started_from = least(held.started_from, touched.started_from),
        started_to = greatest(held.started_to, touched.started_to),
        recorded_to = clock_timestamp()
      from unnest(
        ${[...extents.keys()]}::integer[],
        ${all.map((extent) => extent.firstSequence)}::bigint[],
        ${all.map((extent) => extent.lastSequence)}::bigint[],
        ${all.map((extent) => extent.firstId)}::uuid[],
        ${all.map((extent) => extent.lastId)}::uuid[],
        ${all.map((extent) => extent.startedFrom)}::timestamptz[],
        ${all.map((extent) => extent.startedTo)}::timestamptz[]
      ) as touched (
        partition_id, first_sequence, last_sequence, first_id, last_id, started_from, started_to
      )
      where held.id = touched.partition_id
    )
    select pg_notify(${EXECUTIONS_CHANNEL}, '')`.execute(tx)
}
