/**
 * Secrets of apps, sealed by a key that the database does not hold.
 *
 * `sealed` is nonce, ciphertext and tag; which key opens it, `key_id` says. They go with their app.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const secrets: Migration = {
  version: 15,
  name: 'secrets',
  sql: `
    create table secrets (
      app_id uuid not null references apps (id) on delete cascade,
      name text not null,
      key_id text not null,
      sealed bytea not null check (length(sealed) > 28),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (app_id, name)
    );
    -- Rotation of the key looks for what others have sealed.
    create index secrets_key_idx on secrets (key_id);
  `,
}
