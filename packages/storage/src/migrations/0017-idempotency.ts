/**
 * Routes on which a request that is sent again runs nothing a second time, and the answers they keep.
 *
 * A row is a key somebody sent. It is made before the script runs and says who runs it, until when
 * that may take, and once it has ended, the answer. Old rows are deleted by whoever makes new ones.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const idempotency: Migration = {
  version: 17,
  name: 'idempotency',
  sql: `
    -- Null: every request runs.
    alter table routes add column idempotency jsonb
      constraint routes_idempotency_object check (jsonb_typeof(idempotency) = 'object');

    create table idempotency_keys (
      route_id uuid not null constraint idempotency_keys_route_id_fkey
        references routes (id) on delete cascade,
      -- SHA-256 of the key, whatever its length.
      key_hash bytea not null,
      app_id uuid not null,
      -- SHA-256 of what the request asks for.
      fingerprint bytea not null,
      -- The execution that answers it.
      owner uuid not null,
      -- Until then nobody else may; null once it has ended.
      held_until timestamptz,
      -- Null: in flight, or the answer was not one that is kept.
      answer jsonb,
      body bytea,
      bytes integer not null,
      expires_at timestamptz not null,
      constraint idempotency_keys_pkey primary key (route_id, key_hash)
    );
    create index idempotency_keys_expires_at_idx on idempotency_keys (expires_at);
    create index idempotency_keys_app_id_idx on idempotency_keys (app_id) include (expires_at, bytes);
  `,
}
