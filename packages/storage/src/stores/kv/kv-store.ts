/**
 * What scripts keep, in the database. Every method names the app, and sees nothing of another.
 *
 * Keys are well-formed texts without NUL, of a length an index can hold; the caller sees to that.
 * An operation is one statement, and done when it answers. What spans several keys is in
 * `kv-commit.ts`. Connections are of this store alone, made when they are first needed.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import type { StoredValue } from '@picloud/shared/value-bytes'
import { storedBytes, storedValueOf } from '@picloud/shared/value-bytes'
import {
  ConnectionPool,
  type ConnectionPoolOptions,
  type PooledClient,
  type PreparedStatement,
} from '../../connection-pool.ts'
import { explaining } from '../../constraint-error.ts'
import { ReferenceMissingError } from '../../errors.ts'
import {
  KV_CONNECTIONS_MAX,
  KV_LOCK_DEADLINE_MS,
  KV_STATEMENT_DEADLINE_MS,
} from '../../timeouts.ts'
import { commitKv, type KvCommit, type KvCommitted } from './kv-commit.ts'
import {
  columnsOf,
  type EntryColumns,
  entryOf,
  intOf,
  type KvEntry,
  type KvQuota,
  type KvUsage,
  type KvWritten,
} from './kv-entry.ts'
import { rangeOf } from './kv-range.ts'
import * as statements from './kv-statements.ts'

export interface KvWrite {
  readonly key: string
  readonly value: StoredValue
  /** Milliseconds until it expires; null: never. */
  readonly ttlMs: number | null
}

/** `other`: the entry is not as expected. */
export type KvCompared = KvWritten | 'other'

export interface KvIncrement {
  readonly key: string
  readonly by: number | bigint
  /** Of an entry that this makes. */
  readonly ttlMs: number | null
}

export interface KvListRequest {
  readonly prefix: string
  /** The last key that was given out; null: from the first. */
  readonly after: string | null
  readonly limit: number
}

export interface KvKey {
  readonly key: string
  readonly version: string
  /** Of key and value. */
  readonly bytes: number
}

const DEADLOCK_DETECTED = '40P01'
/** Each takes the second after which the database looks. */
const DEADLOCK_ATTEMPTS_MAX = 3

export class KvStore {
  readonly #pool: ConnectionPool

  constructor(options: Omit<ConnectionPoolOptions, 'connectionsMax'>) {
    this.#pool = new ConnectionPool({
      ...options,
      connectionsMax: KV_CONNECTIONS_MAX,
      statementDeadlineMs: KV_STATEMENT_DEADLINE_MS,
      lockDeadlineMs: KV_LOCK_DEADLINE_MS,
    })
  }

  /** Those of the keys that there are, in no order. */
  async get(appId: AppId, keys: readonly string[]): Promise<readonly KvEntry[]> {
    const rows = await this.#run<EntryColumns>(statements.GET, [appId, keys])
    return rows.map(entryOf)
  }

  /** @throws ReferenceMissingError when there is no such app */
  async put(appId: AppId, write: KvWrite, quota: KvQuota): Promise<KvWritten> {
    const written = await this.#put(appId, write, { quota, onlyNew: false })
    return written === 'other' ? 'done' : written
  }

  /**
   * Writes where the entry is as expected; null: absent, or `()`.
   *
   * @throws ReferenceMissingError
   */
  async compareAndPut(
    appId: AppId,
    write: KvWrite,
    { expected, quota }: { readonly expected: StoredValue | null; readonly quota: KvQuota },
  ): Promise<KvCompared> {
    if (expected === null) return await this.#put(appId, write, { quota, onlyNew: true })
    const values = [appId, ...writeParameters(write, quota), ...columnsOf(expected)]
    return comparedOf(await this.#run<Outcome>(statements.REPLACE, values))
  }

  /** Whether there was such an entry. */
  async delete(appId: AppId, key: string): Promise<boolean> {
    const rows = await this.#run<{ live: boolean }>(statements.DELETE, [appId, key])
    return rows.some(({ live }) => live)
  }

  /** Whether there is such an entry. */
  async expire(appId: AppId, key: string, ttlMs: number | null): Promise<boolean> {
    return (await this.#run(statements.EXPIRE, [appId, key, ttlMs])).length > 0
  }

  /**
   * Counts, each key no more than once. Answers what the entries hold now, by key; those that were
   * not counted are missing: see {@link KvStore.get} why.
   *
   * @throws ReferenceMissingError
   */
  async increment(
    appId: AppId,
    increments: readonly KvIncrement[],
    { keysMax, bytesMax }: KvQuota,
  ): Promise<ReadonlyMap<string, number | bigint>> {
    const rows = await this.#run<{ key: string; int: string }>(statements.COUNT, [
      appId,
      increments.map(({ key }) => key),
      increments.map(({ by }) => String(by)),
      increments.map(({ ttlMs }) => ttlMs),
      keysMax,
      bytesMax,
    ])
    return new Map(rows.map(({ key, int }) => [key, intOf(int)]))
  }

  /** A page of keys in order. */
  async keys(appId: AppId, { prefix, after, limit }: KvListRequest): Promise<readonly KvKey[]> {
    const { from, below } = rangeOf(prefix, after)
    const bound = below === null ? [] : [below]
    const statement = statements.listStatement(below !== null)
    return await this.#run<KvKey>(statement, [appId, from, limit, ...bound])
  }

  async usage(appId: AppId): Promise<KvUsage> {
    const [usage = { keys: 0, bytes: 0 }] = await this.#run<KvUsage>(statements.USAGE, [appId])
    return usage
  }

  /** Deletes so many expired entries; answers how many there were. */
  async purge(appId: AppId, entriesMax: number): Promise<number> {
    return (await this.#run(statements.PURGE, [appId, entriesMax])).length
  }

  /** All of it or nothing. @throws ReferenceMissingError */
  async commit(appId: AppId, commit: KvCommit): Promise<KvCommitted> {
    return await this.#withClient((client) => commitKv(client, appId, commit))
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #put(
    appId: AppId,
    write: KvWrite,
    { quota, onlyNew }: { readonly quota: KvQuota; readonly onlyNew: boolean },
  ): Promise<KvCompared> {
    const values = [appId, ...writeParameters(write, quota), onlyNew, UNIT_BYTES]
    return comparedOf(await this.#run<Outcome>(statements.PUT, values))
  }

  /**
   * A count of many keys and the end of a transaction may wait for each other: keys that are there
   * and keys that are made cannot be taken in one order. What the database then ends was not done.
   */
  async #run<Row>(
    statement: PreparedStatement,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    return await this.#withClient(async (client) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await client.execute<Row>(statement, values)
        } catch (error) {
          if (attempt >= DEADLOCK_ATTEMPTS_MAX || !isDeadlock(error)) throw error
        }
      }
    })
  }

  async #withClient<T>(work: (client: PooledClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    try {
      return await explaining(() => work(client), {
        kv_entries_app_id_fkey: () => new ReferenceMissingError('app'),
        kv_usage_app_id_fkey: () => new ReferenceMissingError('app'),
      })
    } finally {
      client.release()
    }
  }
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === DEADLOCK_DETECTED
}

interface Outcome {
  readonly ok: boolean
  readonly done: boolean
}

const [, UNIT_BYTES] = columnsOf(storedValueOf(null, 8))

function writeParameters(
  { key, value, ttlMs }: KvWrite,
  { keysMax, bytesMax }: KvQuota,
): readonly unknown[] {
  const size = Buffer.byteLength(key) + storedBytes(value)
  return [key, ...columnsOf(value), ttlMs, size, keysMax, bytesMax]
}

function comparedOf([outcome]: readonly Outcome[]): KvCompared {
  if (outcome?.done === true) return 'done'
  return outcome?.ok === true ? 'other' : 'full'
}
