/**
 * The ends of transactions that sandboxes run, see `executor-core/src/worker/kv`.
 *
 * A sandbox says what its script has seen and wants to write; whether that still holds is found out
 * here. A sandbox is not trusted: whatever it says is checked like the arguments of a script, and
 * reaches no further than its app.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ExecutionLimits,
  type HostServiceCall,
  HostServiceError,
  type HostValue,
} from '@picloud/shared'
import { valueOfStored } from '@picloud/shared/value-bytes'
import type {
  KvCommit,
  KvCommitted,
  KvEntry,
  KvListing,
  KvTransactionWrite,
} from '@picloud/storage'
import { keyOf, prefixOf, storedOf, ttlOf } from './kv-arguments.ts'
import { quotaOf } from './kv-counting.ts'
import { limitRefusal } from './kv-errors.ts'
import type { ListPage, ListRequest } from './kv-listing.ts'

/** The wait before the next attempt is up to 2, 4, 8 ... milliseconds, never more than this. */
const WAIT_MS_MAX = 128

/** `[version, value, ttl]`, null where there is nothing. */
export function readAnswer(entry: KvEntry | null): HostValue {
  return entry === null ? null : [entry.version, valueOfStored(entry.value), entry.ttlMs]
}

/** `[key, version]` of a page, with the value where it was asked for. */
export function transactionListAnswer({ hasValues }: ListRequest, page: ListPage): HostValue {
  const entries = new Map(page.entries.map((entry) => [entry.key, entry]))
  const items = page.keys.map(({ key, version }) => {
    if (!hasValues) return [key, version]
    const entry = entries.get(key)
    // One that went or changed since is found out at the end.
    return [key, version, entry === undefined ? null : valueOfStored(entry.value)]
  })
  return { items, has_more: page.hasMore }
}

export interface AskedCommit {
  readonly commit: KvCommit
  /** How often it was tried before. */
  readonly attempt: number
}

/** @throws HostServiceError */
export function commitOf({ args, limits }: HostServiceCall): AskedCommit {
  const asked = args[0]
  if (!(asked instanceof Map)) throw malformed()
  const reads = new Map(
    listOf(asked.get('reads')).map((each) => {
      const [key, version] = listOf(each)
      return [keyOf(key, limits), version === null ? null : textOf(version)]
    }),
  )
  const listings = listOf(asked.get('listings')).map((each) => listingOf(each, limits))
  const writes = listOf(asked.get('writes')).map((each) => writeOf(each, limits))
  const written = new Set(writes.map(({ key }) => key))
  const keys = reads.size + [...written].filter((key) => !reads.has(key)).length
  if (written.size < writes.length) throw malformed()
  if (keys + listings.length > limits.kvTransactionKeysMax) {
    throw limitRefusal('PIC_KV_TRANSACTION_TOO_LARGE', 'The transaction touches too many keys', {
      limits,
      name: 'kvTransactionKeysMax',
    })
  }
  const attempt = Number(asked.get('attempt') ?? 0)
  return { commit: { reads, listings, writes, quota: quotaOf(limits) }, attempt }
}

/** Whether it is done; if not, after a wait, so that those who met do not meet again. */
export async function commitAnswer(
  outcome: KvCommitted,
  { attempt, signal }: { readonly attempt: number; readonly signal: AbortSignal },
): Promise<HostValue> {
  if (outcome !== 'conflict') return true
  const waitMs = Math.random() * Math.min(WAIT_MS_MAX, 2 ** (attempt + 1))
  await sleep(waitMs, undefined, { signal })
  return false
}

function listingOf(value: HostValue, limits: ExecutionLimits): KvListing {
  const [prefix, after = null, limit, keys] = listOf(value)
  if (typeof limit !== 'number' || limit < 0 || limit > limits.kvListItemsMax + 1) throw malformed()
  return {
    prefix: prefixOf(prefix, limits),
    after: after === null ? null : prefixOf(after, limits),
    limit,
    keys: listOf(keys).map((each) => {
      const [key, version] = listOf(each)
      return { key: textOf(key), version: textOf(version) }
    }),
  }
}

function writeOf(value: HostValue, limits: ExecutionLimits): KvTransactionWrite {
  const [key, isPut, content = null, ttl = null] = listOf(value)
  return {
    key: keyOf(key, limits),
    value: isPut === true ? storedOf(content, limits) : null,
    ttlMs: ttl === 'keep' ? 'keep' : ttlOf('transaction', ttl),
  }
}

function listOf(value: HostValue | undefined): readonly HostValue[] {
  if (Array.isArray(value)) return value
  throw malformed()
}

function textOf(value: HostValue | undefined): string {
  if (typeof value === 'string') return value
  throw malformed()
}

/** No honest sandbox gets this. */
function malformed(): HostServiceError {
  return new HostServiceError('PIC_OPTION_INVALID', 'This is no transaction')
}
