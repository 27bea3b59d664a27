/**
 * Which version of another script an import means, for each activation; and which execution another
 * one was called by.
 *
 * Imports are written down with the activation, so that rolling back brings back what was imported
 * then. Activations from before have none: until then no script could import another.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const scriptImports: Migration = {
  version: 16,
  name: 'script_imports',
  sql: `
    create table script_activation_imports (
      script_id uuid not null,
      activation integer not null,
      -- As scripts write it. One name means one version, in the script and in what it imports.
      name text not null,
      version_id uuid not null references script_versions (id) on delete cascade,
      primary key (script_id, activation, name),
      foreign key (script_id, activation) references script_activations (script_id, number)
        on delete cascade
    );
    create index script_activation_imports_version_idx on script_activation_imports (version_id);

    alter table execution_logs
      add column parent_id uuid,
      -- Named so by PostgreSQL, which named one of the table before it already.
      drop constraint execution_logs_trigger_check1,
      add constraint execution_logs_trigger_check
        check (trigger in ('http', 'execute', 'schedule', 'queue', 'test', 'call'));
  `,
}
