/**
 * Lists of keys: what scripts ask for, and what they get.
 *
 * The cursor of a page is its last key: what comes and goes meanwhile never shifts what follows.
 *
 * @module
 */
import type { ExecutionLimits, HostValue } from '@picloud/shared'
import { valueOfStored } from '@picloud/shared/value-bytes'
import type { KvEntry, KvKey } from '@picloud/storage'
import { optionsOf, prefixOf } from './kv-arguments.ts'
import { optionRefusal } from './kv-errors.ts'

const OPTIONS = ['prefix', 'limit', 'cursor', 'values'] as const
const LIMIT_DEFAULT = 100
/** Keys and values of one page; a page has one entry at least. */
const PAGE_BYTES_MAX = 1024 * 1024

export interface ListRequest {
  readonly prefix: string
  readonly after: string | null
  readonly limit: number
  readonly hasValues: boolean
  /** Of keys in order, those that make the page. */
  readonly keysWithin: (keys: readonly KvKey[]) => readonly KvKey[]
}

export interface ListPage {
  readonly keys: readonly KvKey[]
  readonly hasMore: boolean
  /** Of those keys, in no order; one may have gone meanwhile. */
  readonly entries: readonly KvEntry[]
}

/** @throws HostServiceError */
export function listRequestOf(
  name: string,
  value: HostValue | undefined,
  limits: ExecutionLimits,
): ListRequest {
  const given = typeof value === 'string' ? new Map([['prefix', value]]) : value
  const options = optionsOf(name, given, OPTIONS)
  const cursor = options.get('cursor') ?? null
  const hasValues = options.get('values') ?? false
  if (typeof hasValues !== 'boolean') throw optionRefusal(name, 'takes true or false as values')
  const limit = limitOf(name, options.get('limit') ?? null, limits)
  const bytesMax = hasValues ? PAGE_BYTES_MAX : Number.POSITIVE_INFINITY
  return {
    prefix: prefixOf(options.get('prefix') ?? '', limits),
    after: cursor === null ? null : prefixOf(cursor, limits),
    limit,
    hasValues,
    keysWithin: (keys) => keys.slice(0, Math.min(limit, countWithin(keys, bytesMax))),
  }
}

export function listAnswer({ hasValues }: ListRequest, page: ListPage): HostValue {
  const { keys, hasMore, entries } = page
  const values = new Map(entries.map(({ key, value }) => [key, value]))
  const items = hasValues
    ? keys.flatMap(({ key }) => {
        const value = values.get(key)
        return value === undefined ? [] : [{ key, value: valueOfStored(value) }]
      })
    : keys.map(({ key }) => key)
  return { items, cursor: hasMore ? (keys.at(-1)?.key ?? null) : null }
}

function limitOf(name: string, value: HostValue, { kvListItemsMax }: ExecutionLimits): number {
  if (value === null) return Math.min(LIMIT_DEFAULT, kvListItemsMax)
  if (typeof value === 'number' && value >= 1 && value <= kvListItemsMax) return value
  throw optionRefusal(name, `takes a limit from 1 to ${kvListItemsMax} (kvListItemsMax)`)
}

function countWithin(keys: readonly KvKey[], bytesMax: number): number {
  let bytes = 0
  const over = keys.findIndex((key) => {
    bytes += key.bytes
    return bytes > bytesMax
  })
  return over < 0 ? keys.length : Math.max(1, over)
}
