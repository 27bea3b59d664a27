/**
 * What ran, how it ended, what it logged.
 *
 * `sequence` is the order of recording, and pages and followers go by it: rows are numbered and
 * committed under one lock, so a reader that has seen a number has seen all before it.
 * `route_id` is a plain value: a record outlives the route it came through, and removing a route
 * need not search the records.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const executionLogs: Migration = {
  version: 3,
  name: 'execution_logs',
  sql: `
    create table execution_logs (
      id uuid primary key,
      sequence bigint generated always as identity constraint execution_logs_sequence_key unique,
      -- The records of a script go with it.
      script_id uuid not null constraint execution_logs_script_id_fkey
        references scripts (id) on delete cascade,
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
      error jsonb
    );

    create index execution_logs_script_idx on execution_logs (script_id, sequence);
    create index execution_logs_errors_idx on execution_logs (sequence) where outcome = 'error';
  `,
}
