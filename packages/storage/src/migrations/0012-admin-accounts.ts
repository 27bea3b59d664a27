/**
 * Accounts with passwords, the sessions they sign in to, and what a token may be used for.
 *
 * A password is kept as an argon2id hash in PHC form; of a session only the SHA-256 of its cookie
 * is kept. Tokens made before could do everything and still can. Removing what is old from the
 * audit log must not cost a scan, so refused sign-ins, which are kept in a smaller number, have an
 * index of their own.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const adminAccounts: Migration = {
  version: 12,
  name: 'admin_accounts',
  sql: `
    create table admins (
      id uuid primary key,
      name text not null constraint admins_name_key unique,
      password_hash text not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );

    create table sessions (
      id uuid primary key,
      admin_id uuid not null references admins (id) on delete cascade,
      token_hash bytea not null constraint sessions_hash_key unique
        check (length(token_hash) = 32),
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      last_used_at timestamptz not null,
      address text not null,
      user_agent text not null
    );
    create index sessions_admin_idx on sessions (admin_id, id);

    alter table admin_tokens add column scopes text[] not null default '{admin}'
      check (cardinality(scopes) > 0 and scopes <@ array['admin', 'execute', 'read']);
    alter table admin_tokens alter column scopes drop default;

    -- Null: what was asked for is nobody's, as the name of a sign-in that was refused.
    alter table audit_log alter column target_id drop not null;
    create index audit_log_actor_idx on audit_log (actor_id, id);
    create index audit_log_refused_idx on audit_log (id) where action = 'session.refuse';
  `,
}
