/**
 * What deciding about the age and size of execution records needs, and doing what was decided.
 *
 * Holds no rule. Dropping a partition locks everyone out of the records for a moment, so it waits
 * only briefly for its turn; what could not be dropped now is found again next time.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { sql } from 'kysely'
import { EXECUTION_SEQUENCE_LOCK } from '../advisory-locks.ts'
import { partitionTable } from './execution-partitions.ts'
import type { Queries } from './queries.ts'

export interface RecordPartition {
  readonly id: number
  /** Null: shared. */
  readonly appId: AppId | null
  readonly openedAt: Date
  readonly isOpen: boolean
  /** Its app is deleted: nobody can read it any more. */
  readonly isDoomed: boolean
  /** Of the newest record; null: it has none. */
  readonly recordedTo: Date | null
  /** On disk, with its indexes. */
  readonly bytes: number
}

export interface RecordsOfApp {
  readonly appId: AppId
  /** What the app chose; null: the operator's. */
  readonly retentionDays: number | null
  readonly retentionBytes: number | null
  /** About what it has in closed shared partitions. */
  readonly sharedBytes: number
  readonly hasLane: boolean
}

export interface RecordsSurvey {
  /** Oldest first. */
  readonly partitions: readonly RecordPartition[]
  /** Apps that have partitions of their own or something in closed shared ones. */
  readonly apps: readonly RecordsOfApp[]
}

/** Readers wait behind a drop that waits, so it gives up soon. */
const DROP_PATIENCE = '500ms'

export class ExecutionRetentionStore {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  async survey(): Promise<RecordsSurvey> {
    const partitions = await sql<RecordPartition>`
      select id, app_id, opened_at, closed_at is null as is_open, doomed as is_doomed, recorded_to,
        coalesce(bytes, pg_total_relation_size(to_regclass('execution_logs_' || id)), 0) as bytes
      from execution_partitions order by id`.execute(this.#queries)
    const apps = await sql<RecordsOfApp>`
      with shared as (
        select app_id, sum(bytes)::bigint as bytes from execution_partition_apps group by app_id
      )
      select apps.id as app_id, ${setting('retention_days')} as retention_days,
        ${setting('retention_bytes')} as retention_bytes,
        coalesce(shared.bytes, 0) as shared_bytes, lanes.app_id is not null as has_lane
      from apps left join shared on shared.app_id = apps.id
        left join execution_lanes as lanes on lanes.app_id = apps.id
      where shared.app_id is not null or apps.id in (select app_id from execution_partitions)
      `.execute(this.#queries)
    return { partitions: partitions.rows, apps: apps.rows }
  }

  /** The next record of its owner begins a new one. */
  async close(id: number): Promise<void> {
    await this.#queries.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${EXECUTION_SEQUENCE_LOCK})`.execute(tx)
      const { rows } = await sql<{ appId: AppId | null }>`
        update execution_partitions
        set closed_at = now(), bytes = pg_total_relation_size(to_regclass('execution_logs_' || id))
        where id = ${id} and closed_at is null
        returning app_id`.execute(tx)
      if (rows[0]?.appId !== null) return
      await sql`insert into execution_partition_apps (partition_id, app_id, bytes)
        select ${id}, app_id, sum(pg_column_size(logs) + ${RECORD_BYTES})
        from ${partitionTable(id)} group by app_id`.execute(tx)
    })
  }

  /** From now on the records of these apps go into partitions of their own. */
  async giveLanes(appIds: readonly AppId[]): Promise<void> {
    if (appIds.length === 0) return
    await sql`insert into execution_lanes (app_id)
      select id from apps where id = any(${appIds}::uuid[]) on conflict do nothing`.execute(
      this.#queries,
    )
  }

  /**
   * Drops a partition with all that is in it. False: something was recorded in it meanwhile.
   *
   * @throws DatabaseTimeoutError while somebody reads records for long
   */
  async drop(partition: RecordPartition): Promise<boolean> {
    const { id, appId, recordedTo } = partition
    return await this.#queries.transaction().execute(async (tx) => {
      await sql`select set_config('lock_timeout', ${DROP_PATIENCE}, true)`.execute(tx)
      // Before the partition: a writer holds this while it takes the other.
      await sql`select pg_advisory_xact_lock(${EXECUTION_SEQUENCE_LOCK})`.execute(tx)
      const { rows } = await sql`delete from execution_partitions where id = ${id}
        and (doomed or closed_at is not null
          or date_trunc('milliseconds', recorded_to) is not distinct from ${recordedTo})
        returning id`.execute(tx)
      if (rows.length === 0) return false
      await sql`drop table if exists ${partitionTable(id)}`.execute(tx)
      if (appId !== null) {
        await sql`delete from execution_lanes where app_id = ${appId} and not exists (
          select from execution_partitions where app_id = ${appId}
        )`.execute(tx)
      }
      return true
    })
  }
}

/** A row without its log lines, with its part of the indexes. */
const RECORD_BYTES = 300

/** Another form than a number counts as not set. */
function setting(name: 'retention_days' | 'retention_bytes') {
  return sql`case when jsonb_typeof(apps.settings -> ${name}) = 'number'
    then (apps.settings ->> ${name})::double precision end`
}
