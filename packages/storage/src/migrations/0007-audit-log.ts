/**
 * Who changed what in the control plane.
 *
 * An entry outlives what it tells of, so it names its target by value and refers to no other table.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const auditLog: Migration = {
  version: 7,
  name: 'audit_log',
  sql: `
    create table audit_log (
      -- A version 7 UUID: the order of ids is the order of the changes.
      id uuid primary key,
      at timestamptz not null default now(),
      actor_kind text not null,
      actor_id uuid,
      actor_name text not null,
      address text not null,
      request_id text not null,
      action text not null,
      target_type text not null,
      target_id uuid not null,
      target_name text not null,
      app_id uuid,
      before jsonb,
      after jsonb
    );
    create index audit_log_app_idx on audit_log (app_id, id);
    create index audit_log_target_idx on audit_log (target_id, id);
  `,
}
