/**
 * The statements of `kv`, each of which is a whole operation. All name the app first.
 *
 * Statements that touch several entries do so in the order of their keys, so that two of them do not
 * wait for each other in a circle. A transaction has several statements: see `kv-store.ts`.
 *
 * @module
 */
import type { PreparedStatement } from '../../connection-pool.ts'
import { ENTRY_COLUMNS, expiry, IS_LIVE } from './kv-entry.ts'

/** What the app holds, counted. */
const HELD = `held as (
  select coalesce(sum(keys), 0)::bigint as keys, coalesce(sum(bytes), 0)::bigint as bytes
  from kv_usage where app_id = $1)`

/** Whether an entry of so many bytes in the place of `before` is within what the app may hold. */
function fits(size: string, keysMax: string, bytesMax: string): string {
  return `fits as (
    select (held.keys < ${keysMax}::bigint or before.bytes is not null)
      and (held.bytes + ${size}::integer - coalesce(before.bytes, 0) <= ${bytesMax}::bigint
        or ${size}::integer <= before.bytes) is true as ok
    from held left join before on true)`
}

/** An expired entry counts until it is deleted. */
const BEFORE = 'before as (select bytes from kv_entries where app_id = $1 and key = $2)'

export const GET: PreparedStatement = {
  name: 'kv_get',
  text: `select ${ENTRY_COLUMNS} from kv_entries
    where app_id = $1 and key = any ($2::text[]) and ${IS_LIVE}`,
}

/**
 * key, INT, bytes, time to live, size, most keys, most bytes; then whether it must be absent, and
 * the bytes of `()`, which count as absent then.
 */
export const PUT: PreparedStatement = {
  name: 'kv_put',
  text: `with ${HELD}, ${BEFORE}, ${fits('$6', '$7', '$8')},
    done as (
      insert into kv_entries as e (app_id, key, int_value, value, expires_at)
      select $1, $2, $3::bigint, $4::bytea, ${expiry('$5')} from fits where ok
      on conflict (app_id, key) do update set int_value = excluded.int_value,
        value = excluded.value, expires_at = excluded.expires_at
      where not $9::boolean or e.expires_at <= now() or e.value = $10::bytea
      returning 1)
    select fits.ok, exists (select from done) as done from fits`,
}

/** key, INT, bytes, time to live, size, most keys, most bytes; then the INT and bytes expected. */
export const REPLACE: PreparedStatement = {
  name: 'kv_replace',
  text: `with ${HELD}, ${BEFORE}, ${fits('$6', '$7', '$8')},
    done as (
      update kv_entries set int_value = $3::bigint, value = $4::bytea, expires_at = ${expiry('$5')}
      from fits
      where ok and app_id = $1 and key = $2 and ${IS_LIVE}
        and int_value is not distinct from $9::bigint and value is not distinct from $10::bytea
      returning 1)
    select fits.ok, exists (select from done) as done from fits`,
}

export const DELETE: PreparedStatement = {
  name: 'kv_delete',
  text: `delete from kv_entries where app_id = $1 and key = $2 returning ${IS_LIVE} as live`,
}

/** key, time to live or null. */
export const EXPIRE: PreparedStatement = {
  name: 'kv_expire',
  text: `update kv_entries set expires_at = ${expiry('$3')}
    where app_id = $1 and key = $2 and ${IS_LIVE} returning 1 as done`,
}

const INT_MAX = '9223372036854775807'
const INT_MIN = '(-9223372036854775808)'

/**
 * keys, what is added to each, time to live of each that is new; most keys, most bytes. Answers the
 * keys that were counted: not those that hold something else, would overflow or find no room.
 */
export const COUNT: PreparedStatement = {
  name: 'kv_count',
  text: `with ${HELD},
    asked as (
      select key, added, ttl
      from unnest($2::text[], $3::bigint[], $4::float8[]) as asked (key, added, ttl)),
    room as (
      select held.keys + new.keys <= $5::bigint and held.bytes + new.bytes <= $6::bigint as ok
      from held, (select count(*) as keys, sum(octet_length(key) + 8) as bytes from asked) as new)
    insert into kv_entries as e (app_id, key, int_value, expires_at)
    select $1, asked.key, asked.added, ${expiry('asked.ttl')}
    from asked, room
    where room.ok or exists (
      select from kv_entries as old where old.app_id = $1 and old.key = asked.key)
    order by asked.key collate "C"
    on conflict (app_id, key) do update set
      int_value = case when e.expires_at <= now() then excluded.int_value
        else e.int_value + excluded.int_value end,
      value = null,
      expires_at = case when e.expires_at <= now() then excluded.expires_at else e.expires_at end
    where e.expires_at <= now() or (e.int_value is not null and case
      when excluded.int_value >= 0 then e.int_value <= ${INT_MAX} - excluded.int_value
      else e.int_value >= ${INT_MIN} - excluded.int_value end)
    returning key, int_value::text as int`,
}

/** A page of keys in order: from a key on, up to another where there is one, so many. */
export function listStatement(isBounded: boolean): PreparedStatement {
  return {
    name: isBounded ? 'kv_list_below' : 'kv_list',
    text: `select key, xmin::text as version, bytes from kv_entries
      where app_id = $1 and key >= $2 and ${IS_LIVE} ${isBounded ? 'and key < $4' : ''}
      order by key limit $3`,
  }
}

export const USAGE: PreparedStatement = {
  name: 'kv_usage',
  text: `with ${HELD} select keys, bytes from held`,
}

/** So many of the app's expired entries, the oldest first; those in use stay for the next time. */
export const PURGE: PreparedStatement = {
  name: 'kv_purge',
  text: `delete from kv_entries where app_id = $1 and key in (
      select key from kv_entries where app_id = $1 and expires_at <= now()
      order by expires_at limit $2 for update skip locked)
    returning 1 as done`,
}

/**
 * What a transaction locks, by key, and whether alone: in the order of the locks' numbers.
 *
 * A key can be made for any number it shall hash to. So the app is a number of its own: no key is
 * the lock of another app, and locks of two numbers are apart from those of one, which the platform
 * takes.
 */
export const LOCK: PreparedStatement = {
  name: 'kv_lock',
  text: `select case when alone then pg_advisory_xact_lock(app, lock)
      else pg_advisory_xact_lock_shared(app, lock) end
    from (
      select hashtext($1::uuid::text) as app, hashtext(key) as lock, bool_or(alone) as alone
      from unnest($2::text[], $3::boolean[]) as asked (key, alone)
      group by 1, 2 order by 2 offset 0) as locks`,
}

/** What there is of these keys, expired entries too, held until the end of the transaction. */
export const HOLD: PreparedStatement = {
  name: 'kv_hold',
  text: `select key, xmin::text as version, bytes, ${IS_LIVE} as live from kv_entries
    where app_id = $1 and key = any ($2::text[]) order by key for no key update`,
}

/** keys, INTs, bytes, times to live, and whether an entry keeps the time it had. */
export const WRITE: PreparedStatement = {
  name: 'kv_write',
  text: `insert into kv_entries as e (app_id, key, int_value, value, expires_at)
    select $1, key, int, value, ${expiry('ttl')}
    from unnest($2::text[], $3::bigint[], $4::bytea[], $5::float8[])
      as written (key, int, value, ttl)
    order by key collate "C"
    on conflict (app_id, key) do update set int_value = excluded.int_value,
      value = excluded.value, expires_at = case
        when e.key = any ($6::text[]) and e.expires_at > now() then e.expires_at
        else excluded.expires_at end
    returning key, xmax = 0 as made`,
}

export const ERASE: PreparedStatement = {
  name: 'kv_erase',
  text: 'delete from kv_entries where app_id = $1 and key = any ($2::text[])',
}
