/**
 * Apps become the boundary: every script, route and record belongs to exactly one.
 *
 * All that existed before moves into the app `default`, which is made on every install and claims
 * `localhost`. What happens when an app is deleted is chosen per table:
 *
 * - scripts: refused. Sources cannot be had back, so a deletion must name them first.
 * - routes, app_domains, app_slug_history: go along. Without their app they mean nothing.
 * - execution_logs: go along. They are the app's own data and nobody else's.
 *
 * Routes and records name their script together with its app, so the database itself refuses a
 * route of one app that runs a script of another.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const apps: Migration = {
  version: 5,
  name: 'apps',
  sql: `
    create table apps (
      id uuid primary key,
      slug text not null constraint apps_slug_key unique
        check (slug ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' and length(slug) <= 63),
      name text not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );

    create table app_domains (
      id uuid primary key,
      app_id uuid not null constraint app_domains_app_id_fkey
        references apps (id) on delete cascade,
      pattern text not null,
      -- Two patterns that match the same hosts have one key, and one owner, across all apps.
      shape_key text not null constraint app_domains_shape_key_key unique,
      created_at timestamptz not null default now()
    );
    create index app_domains_app_id_idx on app_domains (app_id);

    -- A slug an app had before; it leads to the app until another takes it over.
    create table app_slug_history (
      slug text primary key,
      app_id uuid not null references apps (id) on delete cascade,
      retired_at timestamptz not null default now()
    );
    create index app_slug_history_app_id_idx on app_slug_history (app_id);

    insert into apps (id, slug, name) values (gen_random_uuid(), 'default', 'Default');
    insert into app_domains (id, app_id, pattern, shape_key)
      select gen_random_uuid(), id, 'localhost', 'localhost' from apps where slug = 'default';

    alter table scripts add column app_id uuid;
    update scripts set app_id = (select id from apps where slug = 'default');
    alter table scripts
      alter column app_id set not null,
      add constraint scripts_app_id_fkey foreign key (app_id)
        references apps (id) on delete restrict,
      drop constraint scripts_name_key,
      add constraint scripts_app_id_name_key unique (app_id, name),
      add constraint scripts_app_id_id_key unique (app_id, id);

    alter table routes add column app_id uuid;
    update routes set app_id = (select id from apps where slug = 'default');
    alter table routes
      alter column app_id set not null,
      add constraint routes_app_id_fkey foreign key (app_id)
        references apps (id) on delete cascade,
      drop constraint routes_script_id_fkey,
      add constraint routes_script_fkey foreign key (app_id, script_id)
        references scripts (app_id, id) on delete restrict;
    drop index routes_target_key;
    create unique index routes_target_key
      on routes (app_id, method, coalesce(host_pattern, ''), path_pattern);

    alter table execution_logs add column app_id uuid;
    update execution_logs set app_id = (select id from apps where slug = 'default');
    alter table execution_logs
      alter column app_id set not null,
      add constraint execution_logs_app_id_fkey foreign key (app_id)
        references apps (id) on delete cascade,
      drop constraint execution_logs_script_id_fkey,
      add constraint execution_logs_script_fkey foreign key (app_id, script_id)
        references scripts (app_id, id) on delete cascade;
    create index execution_logs_app_idx on execution_logs (app_id, sequence);

    -- Entries from before apps cannot say whose change they were: nodes reload everything once.
    truncate change_log;
    update change_state set sequence = sequence + 1, log_floor = sequence + 1;
    alter table change_log
      add column app_id uuid not null,
      drop constraint change_log_pkey,
      add constraint change_log_pkey primary key (sequence, app_id);
  `,
}
