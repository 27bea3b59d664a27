/**
 * Routes, and the change feed that tells every node when routing changed.
 *
 * `change_state` has one row. Its sequence goes up by one in the transaction of every
 * control-plane write; its row lock also puts those writes in one order. `change_log` remembers
 * the latest changes, so that a node that was away reloads only what it missed; `log_floor` says
 * how far back the log reaches.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const routes: Migration = {
  version: 2,
  name: 'routes',
  sql: `
    create table routes (
      id uuid primary key,
      -- A script in use cannot vanish under its routes.
      script_id uuid not null constraint routes_script_id_fkey
        references scripts (id) on delete restrict,
      method text not null,
      host_pattern text,
      path_pattern text not null,
      enabled boolean not null default true,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );

    create unique index routes_target_key
      on routes (method, coalesce(host_pattern, ''), path_pattern);
    create index routes_script_id_idx on routes (script_id);

    create table change_state (
      singleton boolean primary key default true check (singleton),
      sequence bigint not null,
      log_floor bigint not null
    );
    insert into change_state (sequence, log_floor) values (0, 0);

    create table change_log (
      sequence bigint constraint change_log_pkey primary key
    );
  `,
}
