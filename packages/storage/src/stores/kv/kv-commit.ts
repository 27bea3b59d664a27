/**
 * The end of a transaction of a script: one short transaction of the database that does all of it
 * or nothing.
 *
 * The script has read without any lock and remembered versions. Here they are compared: if all are
 * as they were, everything has happened at this one moment, and transactions come one after the
 * other. What guards that:
 *
 * - *Each key read or written is locked by its name*, in the order of lock numbers; those that are
 *   only read are shared. Of two transactions that meet in a key one of them writes, the second
 *   waits for the first. A key that is absent can be locked, too.
 * - *Each entry that is there is held*, in the order of keys, so that single statements wait, too.
 * - *A key that was absent must be made here.* One that came meanwhile is a conflict.
 * - *Who has listed is alone* among the transactions of the app, and lists again.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { type StoredValue, storedBytes } from '@picloud/shared/value-bytes'
import type { PooledClient } from '../../connection-pool.ts'
import { columnsOf, type KvQuota, type KvUsage } from './kv-entry.ts'
import { rangeOf } from './kv-range.ts'
import * as statements from './kv-statements.ts'

export interface KvCommit {
  /** What was seen; null: nothing. */
  readonly reads: ReadonlyMap<string, string | null>
  readonly listings: readonly KvListing[]
  readonly writes: readonly KvTransactionWrite[]
  readonly quota: KvQuota
}

/** A page that was read, in order. */
export interface KvListing {
  readonly prefix: string
  readonly after: string | null
  readonly limit: number
  readonly keys: readonly { readonly key: string; readonly version: string }[]
}

export interface KvTransactionWrite {
  readonly key: string
  /** Null: the entry is deleted. */
  readonly value: StoredValue | null
  /** Milliseconds until it expires; null: never; keep: as it was, a new one never. */
  readonly ttlMs: number | null | 'keep'
}

/** `conflict`: something that was seen has changed, and nothing was written. */
export type KvCommitted = 'done' | 'conflict' | 'full'

interface HeldEntry {
  readonly key: string
  readonly version: string
  readonly bytes: number
  readonly live: boolean
}

/** Of all keys of an app. No key is empty. */
const APP_LOCK = ''
/** The database found that two wait for each other, or that one has waited too long. */
const IN_THE_WAY = /^(?:40P01|40001)$/

export async function commitKv(
  client: PooledClient,
  appId: AppId,
  commit: KvCommit,
): Promise<KvCommitted> {
  await client.query('begin', [])
  let committed: KvCommitted = 'conflict'
  try {
    committed = await writeIfUnchanged(client, appId, commit)
  } catch (error) {
    if (!isInTheWay(error)) throw error
  } finally {
    await client.query(committed === 'done' ? 'commit' : 'rollback', [])
  }
  return committed
}

async function writeIfUnchanged(
  client: PooledClient,
  appId: AppId,
  commit: KvCommit,
): Promise<KvCommitted> {
  await lock(client, appId, commit)
  const keys = [...new Set([...commit.reads.keys(), ...commit.writes.map(({ key }) => key)])]
  const rows = await client.execute<HeldEntry>(statements.HOLD, [appId, keys])
  const held = new Map(rows.map((row) => [row.key, row]))
  for (const [key, version] of commit.reads) {
    const entry = held.get(key)
    if ((entry?.live === true ? entry.version : null) !== version) return 'conflict'
  }
  for (const listing of commit.listings) {
    if (!(await isUnchanged(client, appId, listing))) return 'conflict'
  }
  return await write(client, appId, { commit, held })
}

async function lock(
  client: PooledClient,
  appId: AppId,
  { reads, listings, writes }: KvCommit,
): Promise<void> {
  const written = new Set(writes.map(({ key }) => key))
  const readOnly = [...reads.keys()].filter((key) => !written.has(key))
  const keys = [APP_LOCK, ...written, ...readOnly]
  const alone = [listings.length > 0, ...[...written].map(() => true), ...readOnly.map(() => false)]
  await client.execute(statements.LOCK, [appId, keys, alone])
}

async function isUnchanged(
  client: PooledClient,
  appId: AppId,
  { prefix, after, limit, keys }: KvListing,
): Promise<boolean> {
  const { from, below } = rangeOf(prefix, after)
  const bound = below === null ? [] : [below]
  const statement = statements.listStatement(below !== null)
  const now = await client.execute<{ key: string; version: string }>(statement, [
    appId,
    from,
    limit,
    ...bound,
  ])
  return (
    now.length === keys.length &&
    now.every(({ key, version }, index) => {
      const then = keys[index]
      return then?.key === key && then.version === version
    })
  )
}

async function write(
  client: PooledClient,
  appId: AppId,
  { commit, held }: { readonly commit: KvCommit; readonly held: ReadonlyMap<string, HeldEntry> },
): Promise<KvCommitted> {
  const puts = commit.writes.flatMap(({ key, value, ttlMs }) =>
    value === null ? [] : [{ key, value, ttlMs }],
  )
  const erased = commit.writes.filter(({ value, key }) => value === null && held.has(key))
  if (puts.length > 0) {
    const columns = puts.map(({ value }) => columnsOf(value))
    const rows = await client.execute<{ key: string; made: boolean }>(statements.WRITE, [
      appId,
      puts.map(({ key }) => key),
      columns.map(([int]) => int),
      columns.map(([, bytes]) => bytes),
      puts.map(({ ttlMs }) => (ttlMs === 'keep' ? null : ttlMs)),
      puts.flatMap(({ key, ttlMs }) => (ttlMs === 'keep' ? [key] : [])),
    ])
    const came = rows.some(({ key, made }) => !made && !held.has(key) && commit.reads.has(key))
    if (came) return 'conflict'
  }
  if (erased.length > 0) {
    await client.execute(statements.ERASE, [appId, erased.map(({ key }) => key)])
  }
  const sizeOf = (key: string): number => held.get(key)?.bytes ?? 0
  const moreBytes =
    puts.reduce(
      (sum, { key, value }) => sum + Buffer.byteLength(key) + storedBytes(value) - sizeOf(key),
      0,
    ) - erased.reduce((sum, { key }) => sum + sizeOf(key), 0)
  const moreKeys = puts.filter(({ key }) => !held.has(key)).length - erased.length
  return (await isWithin(client, appId, { ...commit.quota, moreBytes, moreKeys })) ? 'done' : 'full'
}

interface Growth extends KvQuota {
  readonly moreBytes: number
  readonly moreKeys: number
}

/** Who does not hold more than before may go on, whatever the quota. */
async function isWithin(
  client: PooledClient,
  appId: AppId,
  { keysMax, bytesMax, moreBytes, moreKeys }: Growth,
): Promise<boolean> {
  if (moreBytes <= 0 && moreKeys <= 0) return true
  const [usage] = await client.execute<KvUsage>(statements.USAGE, [appId])
  if (usage === undefined) return true
  return (moreKeys <= 0 || usage.keys <= keysMax) && (moreBytes <= 0 || usage.bytes <= bytesMax)
}

function isInTheWay(error: unknown): boolean {
  return error instanceof Error && 'code' in error && IN_THE_WAY.test(String(error.code))
}
