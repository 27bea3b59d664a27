/**
 * What an app decides for itself, and who still comes by the slugs it had before.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const appSettings: Migration = {
  version: 8,
  name: 'app_settings',
  sql: `
    -- Only what was set: what is missing has the default of the program that reads it.
    alter table apps add column settings jsonb not null default '{}'
      constraint apps_settings_object check (jsonb_typeof(settings) = 'object');

    alter table app_slug_history
      add column hits bigint not null default 0,
      add column last_hit_at timestamptz;
  `,
}
