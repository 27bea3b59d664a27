/**
 * Which modules of the host a version names, in a column of its own: a description may hold text that
 * PostgreSQL cannot look into.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const hostModules: Migration = {
  version: 18,
  name: 'host_modules',
  sql: `
    -- Null where that was never looked at.
    alter table script_versions add column host_modules text[];
  `,
}
