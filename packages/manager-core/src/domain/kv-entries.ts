/**
 * What scripts keep, looked at and changed by the operator, within the limits of the app.
 *
 * The audit log tells of keys and sizes, never of values: they are the app's own.
 *
 * @module
 */
import { type AppId, type OwnLimitName, ownLimitKey } from '@picloud/shared'
import {
  hostValueOfJson,
  type StoredValue,
  storedBytes,
  storedValueOf,
  ValueTooLongError,
} from '@picloud/shared/value-bytes'
import type { AppRow, AuditSnapshot, Database, KvEntry, KvKey, Page } from '@picloud/storage'
import { KvEntryNotFoundError, KvEntryRefusedError } from '../errors/kv.ts'
import { findApp } from './apps.ts'
import type { Author } from './author.ts'
import type { ControlWrites } from './control-writes.ts'
import { heldLimitsOf, type ManagedLimits } from './limit-rules.ts'

export interface KvPageRequest {
  readonly prefix: string
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface KvPut {
  readonly key: string
  readonly value: unknown
  /** Null: no end. */
  readonly ttlMs: number | null
}

export class KvEntries {
  readonly #database: Database
  readonly #writes: ControlWrites
  readonly #limits: ManagedLimits

  constructor(database: Database, writes: ControlWrites, limits: ManagedLimits) {
    this.#database = database
    this.#writes = writes
    this.#limits = limits
  }

  /** In the order of keys. */
  async list(appReference: string, request: KvPageRequest): Promise<Page<KvKey>> {
    const { prefix, cursor = null, limit } = request
    const app = await findApp(this.#database, appReference)
    const keys = await this.#database.kv.keys(app.id, { prefix, after: cursor, limit: limit + 1 })
    const items = keys.slice(0, limit)
    return { items, nextCursor: keys.length > limit ? (items.at(-1)?.key ?? null) : null }
  }

  /** @throws KvEntryNotFoundError */
  async get(appReference: string, key: string): Promise<KvEntry> {
    const app = await findApp(this.#database, appReference)
    return await this.#entry(app.id, key)
  }

  /** @throws KvEntryRefusedError for what is no value, or more than the app may hold */
  put(by: Author, appReference: string, { key, value, ttlMs }: KvPut): Promise<KvEntry> {
    return this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, appReference)
      const limitOf = this.#limitsOf(app)
      const bytes = Buffer.byteLength(key)
      if (bytes > limitOf('kvKeyBytesMax')) {
        throw new KvEntryRefusedError(`The key has ${bytes} bytes, more than kvKeyBytesMax.`)
      }
      const stored = storedOf(value, limitOf('kvValueBytesMax'))
      const quota = { keysMax: limitOf('kvKeysMax'), bytesMax: limitOf('kvBytesMax') }
      const [before] = await this.#database.kv.get(app.id, [key])
      const written = await this.#database.kv.put(app.id, { key, value: stored, ttlMs }, quota)
      if (written === 'full') {
        throw new KvEntryRefusedError('The app holds as much as it may: kvKeysMax, kvBytesMax.')
      }
      const snapshot = snapshotOf({ key, value: stored })
      tx.record({
        action: 'kv.put',
        ...subjectOf(app.id, key),
        before: before === undefined ? null : snapshotOf(before),
        after: snapshot,
      })
      return { key, value: stored, ttlMs, version: '' }
    })
  }

  /** @throws KvEntryNotFoundError */
  delete(by: Author, appReference: string, key: string): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const app = await findApp(tx, appReference)
      const before = await this.#entry(app.id, key)
      await this.#database.kv.delete(app.id, key)
      tx.record({
        action: 'kv.delete',
        ...subjectOf(app.id, key),
        before: snapshotOf(before),
        after: null,
      })
    })
  }

  async #entry(appId: AppId, key: string): Promise<KvEntry> {
    const [entry] = await this.#database.kv.get(appId, [key])
    if (entry === undefined) throw new KvEntryNotFoundError(key)
    return entry
  }

  #limitsOf(app: AppRow): (name: OwnLimitName) => number {
    const held = new Map(
      heldLimitsOf(app.settings.limits, this.#limits).map((each) => [each.name, each.value]),
    )
    return (name) => held.get(ownLimitKey(name)) ?? 0
  }
}

function storedOf(json: unknown, bytesMax: number): StoredValue {
  const made = hostValueOfJson(json)
  if (made === null) throw new KvEntryRefusedError('This is no value of a script as JSON.')
  try {
    return storedValueOf(made.value, bytesMax)
  } catch (error) {
    if (!(error instanceof ValueTooLongError)) throw error
    throw new KvEntryRefusedError(`The value has more than ${bytesMax} bytes: kvValueBytesMax.`)
  }
}

function subjectOf(appId: AppId, key: string) {
  return { target: { type: 'kv', id: null, name: key }, appId }
}

function snapshotOf({ value }: Pick<KvEntry, 'key' | 'value'>): AuditSnapshot {
  return { bytes: storedBytes(value) }
}
