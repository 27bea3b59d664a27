/**
 * Routes without a script: holes, which answer 404 where a broader route would fit too.
 *
 * The key to the script names its app as well, and PostgreSQL leaves a key with a null part alone.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const routeHoles: Migration = {
  version: 10,
  name: 'route_holes',
  sql: `
    alter table routes alter column script_id drop not null;
  `,
}
