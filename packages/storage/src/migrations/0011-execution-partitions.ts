/**
 * Execution records in partitions, so that old ones go by dropping a table.
 *
 * A partition is a row of `execution_partitions` and a table `execution_logs_<id>`; the writer
 * makes it when it first needs one. Most apps share partitions. An app that keeps its records for
 * a time or a size of its own, or that would crowd the others out, has partitions of its own:
 * those it is listed for in `execution_lanes`.
 *
 * The row of a partition says what lies in it, so a reader names the partitions it needs and
 * PostgreSQL plans and locks no others. `doomed`: no longer there for readers, about to be dropped.
 *
 * Records have no foreign keys: a key from a partition makes every drop lock the table it leads to,
 * and every deletion there search all partitions. The writer checks that app and script exist and
 * holds them until it commits; who deletes them deletes the records in the same transaction.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const executionPartitions: Migration = {
  version: 11,
  name: 'execution_partitions',
  sql: `
    create table execution_partitions (
      id integer generated always as identity primary key,
      -- Null: shared by all apps that have none of their own.
      app_id uuid,
      opened_at timestamptz not null default now(),
      -- Null: new records go here.
      closed_at timestamptz,
      doomed boolean not null default false,
      -- On disk with its indexes, once it takes no more.
      bytes bigint,
      -- What lies in it; null while it is empty.
      first_sequence bigint,
      last_sequence bigint,
      first_id uuid,
      last_id uuid,
      started_from timestamptz,
      started_to timestamptz,
      recorded_to timestamptz
    );
    create unique index execution_partitions_open_key on execution_partitions
      (coalesce(app_id, '00000000-0000-0000-0000-000000000000'))
      where closed_at is null and not doomed;

    create table execution_lanes (
      app_id uuid primary key references apps (id) on delete cascade
    );

    -- How much of a closed, shared partition is whose.
    create table execution_partition_apps (
      partition_id integer not null references execution_partitions (id) on delete cascade,
      app_id uuid not null,
      bytes bigint not null,
      primary key (partition_id, app_id)
    );
    create index execution_partition_apps_app_id_idx on execution_partition_apps (app_id);

    alter table execution_logs rename to execution_logs_before;
    alter table execution_logs_before
      drop constraint execution_logs_pkey,
      drop constraint execution_logs_sequence_key;
    drop index execution_logs_app_idx, execution_logs_script_idx, execution_logs_errors_idx;

    create sequence execution_sequence;
    select setval('execution_sequence', max(sequence)) from execution_logs_before
      having max(sequence) is not null;

    create table execution_logs (
      partition_id integer not null,
      id uuid not null,
      sequence bigint not null,
      app_id uuid not null,
      script_id uuid not null,
      version integer not null,
      route_id uuid,
      trigger text not null check (trigger in ('http', 'execute', 'schedule', 'queue', 'test')),
      outcome text not null check (outcome in ('ok', 'error')),
      method text,
      path text,
      status integer not null,
      started_at timestamptz not null,
      duration_ms double precision not null,
      operations bigint not null,
      logs jsonb not null default '[]',
      logs_dropped integer not null default 0,
      error jsonb,
      primary key (id, partition_id)
    ) partition by list (partition_id);
    create index execution_logs_sequence_idx on execution_logs (sequence);
    create index execution_logs_app_idx on execution_logs (app_id, sequence);
    create index execution_logs_script_idx on execution_logs (script_id, sequence);
    create index execution_logs_errors_idx on execution_logs (sequence) where outcome = 'error';

    create function open_execution_partition(owner uuid) returns integer language plpgsql as $$
    declare
      opened integer;
    begin
      insert into execution_partitions (app_id) values (owner) returning id into opened;
      -- Attached, not made as a partition: that would lock out everyone who reads any of them.
      execute format(
        'create table execution_logs_%s (like execution_logs including all)', opened);
      execute format(
        'alter table execution_logs attach partition execution_logs_%s for values in (%s)',
        opened, opened);
      return opened;
    end
    $$;

    -- What was recorded before stays, in one shared partition that takes nothing more.
    do $$
    declare
      opened integer;
    begin
      if not exists (select from execution_logs_before) then return; end if;
      opened := open_execution_partition(null);
      insert into execution_logs (
        partition_id, id, sequence, app_id, script_id, version, route_id, trigger, outcome, method,
        path, status, started_at, duration_ms, operations, logs, logs_dropped, error
      )
      select opened, id, sequence, app_id, script_id, version, route_id, trigger, outcome, method,
        path, status, started_at, duration_ms, operations, logs, logs_dropped, error
        from execution_logs_before order by sequence;
      update execution_partitions set
        closed_at = now(), first_sequence = held.first_sequence, last_sequence = held.last_sequence,
        first_id = held.first_id::uuid, last_id = held.last_id::uuid,
        started_from = held.started_from, started_to = held.started_to,
        recorded_to = held.started_to
      from (
        select min(sequence) as first_sequence, max(sequence) as last_sequence,
          min(id::text) as first_id, max(id::text) as last_id,
          min(started_at) as started_from, max(started_at) as started_to
        from execution_logs_before
      ) as held
      where execution_partitions.id = opened;
      insert into execution_partition_apps (partition_id, app_id, bytes)
        select opened, app_id, sum(pg_column_size(logs) + 300) from execution_logs_before
        group by app_id;
    end
    $$;
    drop table execution_logs_before;
  `,
}
