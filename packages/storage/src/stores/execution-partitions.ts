/**
 * Which partitions of the execution records hold what: every query on the records asks here first.
 *
 * A query that does not name its partitions makes PostgreSQL plan and lock all of them, of which
 * there may be thousands.
 *
 * @module
 */
import type { AppId, ExecutionId } from '@picloud/shared'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { ExecutionFilter } from './execution-record.ts'
import type { Queries } from './queries.ts'

/** Where the records of a partition begin and end in the order of recording. */
export interface PartitionExtent {
  readonly id: number
  readonly firstSequence: number
  readonly lastSequence: number
}

/** Sequence numbers from one to another, both included. */
export interface SequenceSpan {
  readonly from: number
  readonly to: number
}

/** Partitions that may hold such records, in no order. */
export async function partitionsWith(
  queries: Queries,
  filter: Pick<ExecutionFilter, 'appId' | 'since' | 'until'>,
  span: SequenceSpan,
): Promise<PartitionExtent[]> {
  const { appId, since, until } = filter
  const rows = await queries
    .selectFrom('executionPartitions')
    .select(['id', 'firstSequence', 'lastSequence'])
    .where('doomed', '=', false)
    .where('firstSequence', '<=', span.to)
    .where('lastSequence', '>=', span.from)
    .$if(appId !== undefined, (query) => query.where(ofApps([appId as AppId])))
    .$if(since !== undefined, (query) => query.where('startedTo', '>=', since as Date))
    .$if(until !== undefined, (query) => query.where('startedFrom', '<', until as Date))
    .$narrowType<PartitionExtent>()
    .execute()
  return rows
}

/** The partitions that may hold the record with an id. */
export async function partitionsWithId(queries: Queries, id: ExecutionId): Promise<number[]> {
  const rows = await queries
    .selectFrom('executionPartitions')
    .select('id')
    .where('doomed', '=', false)
    .where('firstId', '<=', id)
    .where('lastId', '>=', id)
    .execute()
  return rows.map((row) => row.id)
}

/** The partitions that may hold records of an app: its own and the shared ones. */
export async function partitionsOfApp(queries: Queries, appId: AppId): Promise<number[]> {
  const rows = await queries
    .selectFrom('executionPartitions')
    .select('id')
    .where('doomed', '=', false)
    .where(ofApps([appId]))
    .execute()
  return rows.map((row) => row.id)
}

/** The last number given to a record. */
export async function latestSequence(queries: Queries): Promise<number> {
  const { latest } = await queries
    .selectFrom('executionPartitions')
    .select((eb) => eb.fn.coalesce(eb.fn.max('lastSequence'), sql<number>`0`).as('latest'))
    .executeTakeFirstOrThrow()
  return latest
}

/** The condition by which the planner leaves out all other partitions. */
export function inPartitions(ids: readonly number[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref('executionLogs.partitionId')} = any(${ids}::integer[])`
}

/** The condition on the catalogue by which partitions of other apps are left out. */
export function ofApps(appIds: readonly AppId[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`(app_id is null or app_id = any(${appIds}::uuid[]))`
}

export function partitionTable(id: number) {
  return sql.table(`execution_logs_${id}`)
}
