/**
 * Who may administrate: bearer tokens, and the one-time token of the first set-up.
 *
 * Only SHA-256 hashes are stored. The tokens are 256 random bits, so there is nothing to guess
 * that a slow hash would protect. `setup` has one row; once completed it stays so.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const adminAuth: Migration = {
  version: 4,
  name: 'admin_auth',
  sql: `
    create table admin_tokens (
      id uuid primary key,
      name text not null,
      token_hash bytea not null constraint admin_tokens_hash_key unique
        check (length(token_hash) = 32),
      expires_at timestamptz,
      last_used_at timestamptz,
      created_at timestamptz not null default now()
    );

    create table setup (
      singleton boolean primary key default true check (singleton),
      token_hash bytea check (length(token_hash) = 32),
      completed_at timestamptz
    );
    insert into setup default values;
  `,
}
