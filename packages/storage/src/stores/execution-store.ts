/**
 * Execution records: written in batches, read in pages, followed as they come.
 *
 * Records are numbered in the order they were recorded. Numbering and commit happen under one
 * lock, so numbers become visible in order: a follower that asks for "after n" never misses a
 * record that was numbered before n and committed late.
 *
 * @module
 */
import type {
  AppId,
  ExecutionId,
  Logger,
  LogLine,
  RouteId,
  ScriptId,
  Trigger,
} from '@picloud/shared'
import { sql } from 'kysely'
import { EXECUTION_SEQUENCE_LOCK } from '../advisory-locks.ts'
import { TextInvalidError } from '../errors.ts'
import {
  decodeSequenceCursor,
  encodeSequenceCursor,
  type Page,
  type PageRequest,
  pageOf,
} from '../page.ts'
import type { StoredExecutionError } from '../schema.ts'
import { storableJson, storableText } from '../storable-text.ts'
import type { Queries } from './queries.ts'

/** Told after every batch that stored something. */
export const EXECUTIONS_CHANNEL = 'picloud_executions'

export interface NewExecution {
  readonly id: ExecutionId
  readonly appId: AppId
  readonly scriptId: ScriptId
  readonly version: number
  readonly routeId: RouteId | null
  readonly trigger: Trigger
  readonly outcome: 'ok' | 'error'
  readonly method: string | null
  readonly path: string | null
  readonly status: number
  readonly startedAt: Date
  readonly durationMs: number
  readonly operations: number
  readonly logs: readonly LogLine[]
  readonly logsDropped: number
  readonly error: StoredExecutionError | null
}

export interface ExecutionRow extends NewExecution {
  readonly sequence: number
  readonly scriptName: string
}

export interface ExecutionFilter {
  readonly appId?: AppId | undefined
  readonly scriptId?: ScriptId | undefined
  readonly outcome?: 'ok' | 'error' | undefined
}

export interface ExecutionListRequest extends ExecutionFilter, PageRequest {}

export interface FollowRequest extends ExecutionFilter {
  /** From an earlier answer, `latestCursor` or `executionCursor`. */
  readonly after: string
  readonly limit: number
}

export interface FollowResult {
  /** Oldest first. */
  readonly items: readonly ExecutionRow[]
  /** Go on from here; it moves past records that the filter left out. */
  readonly cursor: string
}

export interface StoredCount {
  /**
   * Fewer than given: the app or script of the others was deleted meanwhile, or they were stored
   * before, or PostgreSQL cannot hold them (which is logged).
   */
  readonly stored: number
}

/** The cursor that follows right after a record. */
export function executionCursor(row: Pick<ExecutionRow, 'sequence'>): string {
  return encodeSequenceCursor(row.sequence)
}

export class ExecutionStore {
  readonly #queries: Queries
  readonly #logger: Logger

  constructor(queries: Queries, logger: Logger) {
    this.#queries = queries
    this.#logger = logger
  }

  /**
   * Stores a batch with one statement. Records of apps and scripts that are gone are left out, and
   * so are ids that are stored already, which makes a retry after a lost answer safe.
   */
  async insertBatch(rows: readonly NewExecution[]): Promise<StoredCount> {
    if (rows.length === 0) return { stored: 0 }
    try {
      return { stored: await this.#insert(rows) }
    } catch (error) {
      if (!isDataError(error)) throw error
      // One record that PostgreSQL cannot hold must not take the others with it.
      if (rows.length > 1) return await this.#insertHalves(rows)
      this.#logger.error({ err: error, id: rows[0]?.id }, 'an execution record cannot be stored')
      return { stored: 0 }
    }
  }

  /** Newest first. */
  async list(request: ExecutionListRequest): Promise<Page<ExecutionRow>> {
    let query = this.#filtered(request)
    if (request.cursor !== undefined) {
      query = query.where('executionLogs.sequence', '<', decodeSequenceCursor(request.cursor))
    }
    const rows = await query
      .orderBy('executionLogs.sequence', 'desc')
      .limit(request.limit + 1)
      .execute()
    return pageOf(rows, request.limit, executionCursor)
  }

  async find(id: ExecutionId): Promise<ExecutionRow | null> {
    const row = await this.#filtered({}).where('executionLogs.id', '=', id).executeTakeFirst()
    return row ?? null
  }

  /** What was recorded after a cursor. Nothing that commits late is ever missed. */
  async listAfter(request: FollowRequest): Promise<FollowResult> {
    const after = decodeSequenceCursor(request.after)
    const latest = await this.#latestSequence()
    const items = await this.#filtered(request)
      .where('executionLogs.sequence', '>', after)
      .orderBy('executionLogs.sequence')
      .limit(request.limit)
      .execute()
    const last = items.at(-1)?.sequence
    // A short page has seen all up to `latest`, which was read before it.
    const seen = items.length < request.limit ? Math.max(latest, last ?? after) : (last ?? after)
    return { items, cursor: encodeSequenceCursor(Math.max(seen, after)) }
  }

  /** The place to start from to see only what comes from now on. */
  async latestCursor(): Promise<string> {
    return encodeSequenceCursor(await this.#latestSequence())
  }

  async #latestSequence(): Promise<number> {
    const { latest } = await this.#queries
      .selectFrom('executionLogs')
      .select((eb) => eb.fn.coalesce(eb.fn.max('sequence'), sql<number>`0`).as('latest'))
      .executeTakeFirstOrThrow()
    return latest
  }

  async #insert(rows: readonly NewExecution[]): Promise<number> {
    const { rows: stored } = await sql<{ count: number }>`
      with turn as materialized (
        select pg_advisory_xact_lock(${EXECUTION_SEQUENCE_LOCK})
      ), stored as (
        insert into execution_logs (
          id, app_id, script_id, version, route_id, trigger, outcome, method, path, status,
          started_at, duration_ms, operations, logs, logs_dropped, error
        )
        select batch.* from turn cross join ${unnestOf(rows)} as batch
          (id, app_id, script_id, version, route_id, trigger, outcome, method, path, status,
           started_at, duration_ms, operations, logs, logs_dropped, error)
        join scripts on scripts.id = batch.script_id and scripts.app_id = batch.app_id
        for key share of scripts
        on conflict (id) do nothing
        returning 1
      ), told as (
        select pg_notify(${EXECUTIONS_CHANNEL}, '') where exists (select from stored)
      )
      select count(*) as count from stored left join told on true`.execute(this.#queries)
    return stored[0]?.count ?? 0
  }

  async #insertHalves(rows: readonly NewExecution[]): Promise<StoredCount> {
    const middle = Math.ceil(rows.length / 2)
    const first = await this.insertBatch(rows.slice(0, middle))
    const second = await this.insertBatch(rows.slice(middle))
    return { stored: first.stored + second.stored }
  }

  #filtered(filter: ExecutionFilter) {
    let query = this.#queries
      .selectFrom('executionLogs')
      .innerJoin('scripts', 'scripts.id', 'executionLogs.scriptId')
      .selectAll('executionLogs')
      .select('scripts.name as scriptName')
    const { appId, scriptId, outcome } = filter
    if (appId !== undefined) query = query.where('executionLogs.appId', '=', appId)
    if (scriptId !== undefined) query = query.where('executionLogs.scriptId', '=', scriptId)
    if (outcome !== undefined) query = query.where('executionLogs.outcome', '=', outcome)
    return query
  }
}

/** Records deleted by one statement, so that none of them runs into its deadline. */
const DELETE_RECORDS_MAX = 10_000

/** Deletes all records of an app or a script, inside the caller's transaction. */
export async function deleteRecords(
  queries: Queries,
  of: { readonly appId: AppId } | { readonly scriptId: ScriptId },
): Promise<void> {
  const [column, id] =
    'appId' in of ? ['appId' as const, of.appId] : ['scriptId' as const, of.scriptId]
  let deleted: bigint
  do {
    const result = await queries
      .deleteFrom('executionLogs')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('executionLogs')
          .select('id')
          .where(sql.ref(column), '=', id)
          .limit(DELETE_RECORDS_MAX),
      )
      .executeTakeFirstOrThrow()
    deleted = result.numDeletedRows
  } while (deleted >= DELETE_RECORDS_MAX)
}

/** Classes of SQLSTATE about the data itself: data exception, integrity, limit exceeded. */
function isDataError(error: unknown): boolean {
  if (error instanceof TextInvalidError) return true
  return error instanceof Error && 'code' in error && /^(?:22|23|54)/.test(String(error.code))
}

/** One array per column, so the statement's text is the same for every batch size. */
function unnestOf(rows: readonly NewExecution[]) {
  const column = <T>(pick: (row: NewExecution) => T): T[] => rows.map(pick)
  return sql`unnest(
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
