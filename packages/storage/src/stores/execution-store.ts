/**
 * Execution records: written in batches, read in pages, followed as they come, and summed up.
 *
 * Records are numbered in the order they were recorded. Numbering and commit happen under one
 * lock, so numbers become visible in order: a follower that asks for "after n" never misses a
 * record that was numbered before n and committed late.
 *
 * @module
 */
import type { AppId, ExecutionId, Logger, ScriptId } from '@picloud/shared'
import { sql } from 'kysely'
import { TextInvalidError } from '../errors.ts'
import { decodeSequenceCursor, encodeSequenceCursor, type Page } from '../page.ts'
import {
  inPartitions,
  latestSequence,
  partitionsOfApp,
  partitionsWithId,
  type SequenceSpan,
} from './execution-partitions.ts'
import { readExecutions } from './execution-reader.ts'
import {
  type ExecutionListRequest,
  type ExecutionRow,
  executionCursor,
  type FollowRequest,
  type FollowResult,
  type NewExecution,
} from './execution-record.ts'
import {
  type ExecutionStatistics,
  type StatisticsRequest,
  sumUpExecutions,
} from './execution-statistics.ts'
import { EXECUTIONS_CHANNEL, writeExecutions } from './execution-writer.ts'
import type { Queries } from './queries.ts'

export interface StoredCount {
  /**
   * Fewer than given: the app or script of the others was deleted meanwhile, or they were stored
   * before, or PostgreSQL cannot hold them (which is logged).
   */
  readonly stored: number
}

export class ExecutionStore {
  readonly #queries: Queries
  readonly #logger: Logger

  constructor(queries: Queries, logger: Logger) {
    this.#queries = queries
    this.#logger = logger
  }

  /**
   * Stores a batch in one transaction. Records of apps and scripts that are gone are left out, and
   * so are ids that are stored already, which makes a retry after a lost answer safe.
   */
  async insertBatch(rows: readonly NewExecution[]): Promise<StoredCount> {
    if (rows.length === 0) return { stored: 0 }
    try {
      return { stored: await writeExecutions(this.#queries, rows) }
    } catch (error) {
      if (!isDataError(error)) throw error
      // One record that PostgreSQL cannot hold must not take the others with it.
      if (rows.length > 1) return await this.#insertHalves(rows)
      this.#logger.error({ err: error, id: rows[0]?.id }, 'an execution record cannot be stored')
      return { stored: 0 }
    }
  }

  /** A page may be short of its limit though more follows: where much was looked at for little. */
  async list(request: ExecutionListRequest): Promise<Page<ExecutionRow>> {
    const { order = 'newest', cursor, limit, ...filter } = request
    const from = cursor === undefined ? null : decodeSequenceCursor(cursor)
    const latest = await latestSequence(this.#queries)
    const span: SequenceSpan =
      order === 'newest'
        ? { from: 0, to: Math.min(latest, from === null ? latest : from - 1) }
        : { from: from === null ? 0 : from + 1, to: latest }
    // One more than asked for tells whether there is a next page.
    const read = await readExecutions(this.#queries, { filter, order, span, limit: limit + 1 })
    const items = read.items.slice(0, limit)
    const last = items.at(-1)
    if (read.items.length > limit && last !== undefined) {
      return { items, nextCursor: executionCursor(last) }
    }
    return { items, nextCursor: read.reached === null ? null : encodeSequenceCursor(read.reached) }
  }

  async find(id: ExecutionId): Promise<ExecutionRow | null> {
    const partitions = await partitionsWithId(this.#queries, id)
    if (partitions.length === 0) return null
    const row = await this.#queries
      .selectFrom('executionLogs')
      .innerJoin('scripts', 'scripts.id', 'executionLogs.scriptId')
      .selectAll('executionLogs')
      .select('scripts.name as scriptName')
      .where(inPartitions(partitions))
      .where('executionLogs.id', '=', id)
      .executeTakeFirst()
    if (row === undefined) return null
    const { partitionId: _, ...execution } = row
    return execution
  }

  /** What was recorded after a cursor. Nothing that commits late is ever missed. */
  async listAfter(request: FollowRequest): Promise<FollowResult> {
    const { after, limit, ...filter } = request
    const seen = decodeSequenceCursor(after)
    // Read before the records: what is numbered later is left for the next question.
    const latest = Math.max(seen, await latestSequence(this.#queries))
    const span = { from: seen + 1, to: latest }
    const { items, reached } = await readExecutions(this.#queries, {
      filter,
      order: 'oldest',
      span,
      limit,
    })
    return { items, cursor: encodeSequenceCursor(reached ?? latest) }
  }

  /** The place to start from to see only what comes from now on. */
  async latestCursor(): Promise<string> {
    return encodeSequenceCursor(await latestSequence(this.#queries))
  }

  statistics(request: StatisticsRequest): Promise<ExecutionStatistics> {
    return sumUpExecutions(this.#queries, request)
  }

  async #insertHalves(rows: readonly NewExecution[]): Promise<StoredCount> {
    const middle = Math.ceil(rows.length / 2)
    const first = await this.insertBatch(rows.slice(0, middle))
    const second = await this.insertBatch(rows.slice(middle))
    return { stored: first.stored + second.stored }
  }
}

/** Records deleted by one statement, so that none of them runs into its deadline. */
const DELETE_RECORDS_MAX = 10_000

/**
 * Deletes the records of an app, inside the caller's transaction: its own partitions whole, and
 * from the shared ones what little it may have there. Its scripts must be deleted before, so that
 * no record comes after.
 */
export async function deleteRecordsOfApp(queries: Queries, appId: AppId): Promise<void> {
  await sql`with doomed as (
      update execution_partitions set doomed = true where app_id = ${appId} returning 1
    ) select pg_notify(${EXECUTIONS_CHANNEL}, '') where exists (select from doomed)`.execute(
    queries,
  )
  await deleteRecords(queries, appId, sql`app_id = ${appId}`)
}

/** The same for one script, which must be deleted before. */
export async function deleteRecordsOfScript(
  queries: Queries,
  script: { readonly id: ScriptId; readonly appId: AppId },
): Promise<void> {
  await deleteRecords(queries, script.appId, sql`script_id = ${script.id}`)
}

async function deleteRecords(
  queries: Queries,
  appId: AppId,
  condition: ReturnType<typeof sql>,
): Promise<void> {
  for (const partition of await partitionsOfApp(queries, appId)) {
    let deleted: bigint | undefined
    do {
      const result = await sql`delete from execution_logs
        where partition_id = ${partition} and ctid = any(array(
          select ctid from execution_logs
          where partition_id = ${partition} and ${condition} limit ${DELETE_RECORDS_MAX}
        ))`.execute(queries)
      deleted = result.numAffectedRows
    } while (deleted !== undefined && deleted >= DELETE_RECORDS_MAX)
  }
}

/**
 * A number that its column cannot hold, and classes of SQLSTATE about the data itself: data
 * exception, integrity, limit exceeded.
 */
function isDataError(error: unknown): boolean {
  if (error instanceof TextInvalidError || error instanceof RangeError) return true
  return error instanceof Error && 'code' in error && /^(?:22|23|54)/.test(String(error.code))
}
