/**
 * What scripts keep: keys and values of each app, with what an app holds of them counted.
 *
 * An INT is kept as a number, so that counting is one statement; every other value as its bytes.
 * What an app holds is counted in several rows, of which a connection uses one: with a single row
 * all writers of an app would wait for each other. Rows are made for all of them at once, so that
 * deleting never has to make one, which it could not while the app itself is deleted.
 * Expired entries are there until somebody deletes them; nobody reads them.
 *
 * @module
 */
import type { Migration } from './migration.ts'

export const kv: Migration = {
  version: 14,
  name: 'kv',
  sql: `
    create table kv_entries (
      app_id uuid not null references apps (id) on delete cascade,
      key text collate "C" not null,
      int_value bigint,
      value bytea,
      -- Null: never.
      expires_at timestamptz,
      bytes integer not null
        generated always as (octet_length(key) + coalesce(octet_length(value), 8)) stored,
      primary key (app_id, key),
      constraint kv_entries_one_value check (num_nonnulls(int_value, value) = 1)
    ) with (fillfactor = 80);
    create index kv_entries_expiry_idx on kv_entries (app_id, expires_at)
      where expires_at is not null;

    create table kv_usage (
      app_id uuid not null references apps (id) on delete cascade,
      shard smallint not null,
      keys bigint not null default 0,
      bytes bigint not null default 0,
      primary key (app_id, shard)
    ) with (fillfactor = 50);

    create function kv_count(of_app uuid, more_keys bigint, more_bytes bigint) returns void
    language plpgsql as $$
    begin
      update kv_usage set keys = keys + more_keys, bytes = bytes + more_bytes
        where app_id = of_app and shard = pg_backend_pid() % 16;
      if found or more_keys < 1 then return; end if;
      insert into kv_usage (app_id, shard)
        select of_app, shard from generate_series(0, 15) as shard
        on conflict do nothing;
      update kv_usage set keys = keys + more_keys, bytes = bytes + more_bytes
        where app_id = of_app and shard = pg_backend_pid() % 16;
    end $$;

    create function kv_entry_made() returns trigger language plpgsql as $$
    begin
      perform kv_count(new.app_id, 1, new.bytes);
      return null;
    end $$;
    create trigger kv_entry_made after insert on kv_entries
      for each row execute function kv_entry_made();

    create function kv_entry_resized() returns trigger language plpgsql as $$
    begin
      perform kv_count(new.app_id, 0, new.bytes - old.bytes);
      return null;
    end $$;
    create trigger kv_entry_resized after update on kv_entries
      for each row when (old.bytes <> new.bytes) execute function kv_entry_resized();

    -- Once for each statement: one that deletes many would change the same row as often.
    create function kv_entries_gone() returns trigger language plpgsql as $$
    begin
      perform kv_count(app_id, -count(*), -sum(gone.bytes)::bigint) from gone group by app_id;
      return null;
    end $$;
    create trigger kv_entries_gone after delete on kv_entries
      referencing old table as gone for each statement execute function kv_entries_gone();
  `,
}
