/**
 * How often each app, script and route was changed, so that nobody overwrites what they have not
 * seen.
 *
 * The database counts, not the code that writes: a statement somebody adds later cannot forget it.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const revisions: Migration = {
  version: 6,
  name: 'revisions',
  sql: `
    create function next_revision() returns trigger language plpgsql as $$
    begin
      new.revision := old.revision + 1;
      return new;
    end
    $$;

    alter table apps add column revision bigint not null default 1;
    alter table scripts add column revision bigint not null default 1;
    alter table routes add column revision bigint not null default 1;

    create trigger apps_next_revision before update on apps
      for each row execute function next_revision();
    create trigger scripts_next_revision before update on scripts
      for each row execute function next_revision();
    create trigger routes_next_revision before update on routes
      for each row execute function next_revision();
  `,
}
