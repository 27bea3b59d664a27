/**
 * Indexes in the order of the lists of all routes and of all scripts, so that a page of them reads
 * a page and not everything.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const listOrder: Migration = {
  version: 13,
  name: 'list_order',
  sql: `
    create index routes_path_pattern_idx on routes (path_pattern, id);
    create index scripts_name_idx on scripts (name, id);
  `,
}
