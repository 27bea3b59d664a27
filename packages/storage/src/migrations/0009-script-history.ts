/**
 * Versions that are saved without being active, and which version was active when.
 *
 * Until now the newest version was the active one, so every version was activated once, in order:
 * the history that is filled in here is exact. What a version uses was not written down; it is null
 * for those that exist, since only a program that knows the language can tell.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const scriptHistory: Migration = {
  version: 9,
  name: 'script_history',
  sql: `
    alter table script_versions
      add column sha256 bytea,
      add column bytes integer,
      -- A word of whoever saved it, and who that was.
      add column message text,
      add column saved_by text,
      -- What the source defines and uses. Not jsonb, which cannot hold the NUL of a literal.
      add column description json,
      -- Names of the scripts it imports. Null where that was never looked at.
      add column imports text[];

    alter table script_versions disable trigger script_versions_immutable;
    update script_versions set
      sha256 = sha256(convert_to(source, 'UTF8')),
      bytes = octet_length(convert_to(source, 'UTF8'));
    alter table script_versions enable trigger script_versions_immutable;
    alter table script_versions
      alter column sha256 set not null,
      alter column bytes set not null;

    -- Filling in what was true before is no change that a client could have missed.
    alter table scripts disable trigger scripts_next_revision;
    alter table scripts add column latest_version integer;
    update scripts set latest_version = version;
    alter table scripts enable trigger scripts_next_revision;

    create table script_activations (
      script_id uuid not null references scripts (id) on delete cascade,
      -- Counts up by one for each script; the highest tells what is active.
      number integer not null check (number >= 1),
      version integer not null,
      -- The activation that a roll back from this one returns to.
      before integer,
      cause text not null check (cause in ('save', 'activate', 'rollback')),
      activated_by text,
      activated_at timestamptz not null default now(),
      primary key (script_id, number),
      foreign key (script_id, version) references script_versions (script_id, version)
        on delete cascade,
      foreign key (script_id, before) references script_activations (script_id, number)
    );
    insert into script_activations (script_id, number, version, before, cause, activated_at)
      select script_id, version, version, nullif(version - 1, 0), 'save', created_at
      from script_versions order by script_id, version;

    alter table scripts
      alter column latest_version set not null,
      add constraint scripts_latest_version_fkey
        foreign key (id, latest_version) references script_versions (script_id, version)
        deferrable initially deferred,
      add constraint scripts_version_check1 check (version <= latest_version);
  `,
}
