/**
 * Requests that are kept to try a script with, each by a name. They go with their script.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const scriptSamples: Migration = {
  version: 19,
  name: 'script_samples',
  sql: `
    create table script_samples (
      script_id uuid not null references scripts (id) on delete cascade,
      name text not null,
      method text not null,
      -- With its query.
      path text not null,
      -- By name: the values of all fields of that name.
      headers jsonb not null,
      body text not null,
      updated_at timestamptz not null default now(),
      primary key (script_id, name)
    );
  `,
}
