/**
 * Scripts and their versions.
 *
 * A save never changes a version; it adds one. A trigger holds the database to that. The active
 * version is a number on the script, and the deferred key makes sure that it exists, although
 * script and first version are made one after the other.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const scripts: Migration = {
  version: 1,
  name: 'scripts',
  sql: `
    create table scripts (
      id uuid primary key,
      name text not null constraint scripts_name_key unique,
      version integer not null check (version >= 1),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );

    create table script_versions (
      id uuid primary key,
      -- A version is part of its script.
      script_id uuid not null references scripts (id) on delete cascade,
      version integer not null check (version >= 1),
      source text not null,
      created_at timestamptz not null default now(),
      unique (script_id, version)
    );

    alter table scripts add constraint scripts_active_version_fkey
      foreign key (id, version) references script_versions (script_id, version)
      deferrable initially deferred;

    create function refuse_version_change() returns trigger language plpgsql as $$
    begin
      raise exception 'script versions are immutable';
    end
    $$;

    create trigger script_versions_immutable before update on script_versions
      for each row execute function refuse_version_change();
  `,
}
