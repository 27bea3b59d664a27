/**
 * What the stores of `kv` give and take, and how it looks in a row.
 *
 * @module
 */
import type { StoredValue } from '@picloud/shared/value-bytes'

export interface KvEntry {
  readonly key: string
  readonly value: StoredValue
  /** Changes with every change of the entry, and never comes back. */
  readonly version: string
  /** Milliseconds until it expires; null: never. */
  readonly ttlMs: number | null
}

/** What an app may hold. Held as nearly as writers beside each other allow, see `docs/decisions`. */
export interface KvQuota {
  readonly keysMax: number
  readonly bytesMax: number
}

export interface KvUsage {
  readonly keys: number
  readonly bytes: number
}

/** `full`: the app would hold more than it may, and nothing was written. */
export type KvWritten = 'done' | 'full'

/** Columns of an entry, as {@link entryOf} reads them. INT8 as text: it may be no safe integer. */
export const ENTRY_COLUMNS = `key, int_value::text as int, value, xmin::text as version,
  (extract(epoch from expires_at - now()) * 1000)::float8 as ttl`

export interface EntryColumns {
  readonly key: string
  readonly int: string | null
  readonly value: Buffer | null
  readonly version: string
  readonly ttl: number | null
}

/** Of the rows, those that have not expired. */
export const IS_LIVE = '(expires_at is null or expires_at > now())'

/** When an entry expires that is given so many milliseconds; null: never. */
export function expiry(parameter: string): string {
  return `now() + ${parameter}::float8 * interval '1 millisecond'`
}

export function entryOf({ key, int, value, version, ttl }: EntryColumns): KvEntry {
  const ttlMs = ttl === null ? null : Math.max(0, Math.ceil(ttl))
  return {
    key,
    value: value === null ? { int: intOf(int ?? '0') } : { bytes: value },
    version,
    ttlMs,
  }
}

export function intOf(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

/** The values of the two columns that hold a value. */
export function columnsOf(value: StoredValue): readonly [int: string | null, bytes: Buffer | null] {
  if ('int' in value) return [String(value.int), null]
  const { buffer, byteOffset, byteLength } = value.bytes
  return [null, Buffer.from(buffer, byteOffset, byteLength)]
}
