/**
 * The functions of `kv` inside a transaction. What they are given is of the types the service
 * declares; what makes a key or a value is for the host to judge, when it is asked.
 *
 * @module
 */
import {
  type CallContext,
  isMap,
  makeArray,
  makeMap,
  mapGet,
  RhaiFloat,
  type RhaiMap,
  type Value,
} from '@picloud/rhai'
import { Options } from '../modules/options.ts'
import { refusal } from '../refusal.ts'
import { ScriptRun } from '../script-run.ts'
import type { KvTransaction, PageRequest } from './kv-transaction.ts'
import { isSameValue } from './same-value.ts'

type TransactionFunction = (
  transaction: KvTransaction,
  context: CallContext,
  args: readonly Value[],
) => Promise<Value>

const TTL_MS_MAX = 100 * 365 * 24 * 60 * 60 * 1000
const MS_PER_SECOND = 1000
const INT_BITS = 64
const PAGE_ITEMS_DEFAULT = 100

export const TRANSACTION_FUNCTIONS: Readonly<Record<string, TransactionFunction>> = {
  get: async (transaction, context, [key, fallback]) => {
    const entry = await transaction.read(context, String(key))
    return entry === undefined ? fallback : entry.value
  },
  has: async (transaction, context, [key]) =>
    (await transaction.read(context, String(key))) !== undefined,
  ttl: async (transaction, context, [key]) => (await transaction.read(context, String(key)))?.ttl,
  set: async (transaction, context, [key, value, options]) => {
    transaction.write(context, String(key), value, ttlIn(context, 'kv::set', options))
    return undefined
  },
  delete: async (transaction, context, [key]) => {
    const isThere = (await transaction.read(context, String(key))) !== undefined
    if (isThere) transaction.delete(String(key))
    return isThere
  },
  expire: async (transaction, context, [key, ttl]) => {
    const ttlMs = checkedTtl('kv::expire', ttl)
    const entry = await transaction.read(context, String(key))
    if (entry !== undefined) transaction.write(context, String(key), entry.value, ttlMs)
    return entry !== undefined
  },
  incr: async (transaction, context, [key, by = 1, options]) => {
    const ttl = ttlIn(context, 'kv::incr', options)
    const entry = await transaction.read(context, String(key))
    const sum = sumOf(String(key), entry === undefined ? 0 : entry.value, by)
    transaction.write(context, String(key), sum, entry === undefined ? ttl : 'keep')
    return sum
  },
  compare_and_set: async (transaction, context, [key, expected, value, options]) => {
    const ttl = ttlIn(context, 'kv::compare_and_set', options)
    const entry = await transaction.read(context, String(key))
    const isExpected = isSameValue(entry?.value, expected)
    if (isExpected) transaction.write(context, String(key), value, ttl)
    return isExpected
  },
  list: async (transaction, context, [given]) => {
    const request = requestOf(context, given)
    const { items, cursor } = await transaction.list(context, request)
    const shown = items.map(({ key, value }) =>
      request.hasValues
        ? makeMap([
            ['key', key],
            ['value', value],
          ])
        : key,
    )
    return makeMap([
      ['items', makeArray(shown)],
      ['cursor', cursor],
    ])
  },
}

function requestOf(context: CallContext, given: Value): PageRequest {
  const { kvListItemsMax } = ScriptRun.of(context).invocation.limits
  const map = isMap(given) ? given : undefined
  const options = new Options(context, 'kv::list', map, ['prefix', 'limit', 'cursor', 'values'])
  return {
    prefix: typeof given === 'string' ? given : (options.text('prefix') ?? ''),
    after: options.text('cursor'),
    limit: options.int('limit', 1, kvListItemsMax) ?? Math.min(PAGE_ITEMS_DEFAULT, kvListItemsMax),
    hasValues: options.bool('values') ?? false,
  }
}

function ttlIn(context: CallContext, name: string, given: Value): number | undefined {
  const map: RhaiMap | undefined = isMap(given) ? given : undefined
  new Options(context, name, map, ['ttl_ms', 'ttl'])
  const ms = map === undefined ? undefined : mapGet(map, 'ttl_ms')
  const seconds = map === undefined ? undefined : mapGet(map, 'ttl')
  if (ms !== undefined && seconds !== undefined) {
    throw refusal('PIC_OPTION_INVALID', `${name} takes ttl_ms or ttl, not both`)
  }
  if (seconds === undefined) return checkedTtl(name, ms)
  const number = seconds instanceof RhaiFloat ? seconds.value : seconds
  return checkedTtl(name, typeof number === 'number' ? Math.round(number * MS_PER_SECOND) : seconds)
}

function checkedTtl(name: string, ms: Value): number | undefined {
  if (ms === undefined) return undefined
  if (typeof ms === 'number' && ms >= 1 && ms <= TTL_MS_MAX) return ms
  const what = `takes a time to live from 1 to ${TTL_MS_MAX} milliseconds`
  throw refusal('PIC_OPTION_INVALID', `${name} ${what}`)
}

function sumOf(key: string, value: Value, by: Value): number | bigint {
  if (!isInt(value) || !isInt(by)) {
    throw refusal('PIC_KV_NOT_INT', `${JSON.stringify(key)} holds something else than an INT`)
  }
  const sum = BigInt(value) + BigInt(by)
  if (BigInt.asIntN(INT_BITS, sum) !== sum) {
    const text = `${JSON.stringify(key)} would leave the range of an INT`
    throw refusal('PIC_KV_OVERFLOW', text)
  }
  const number = Number(sum)
  return Number.isSafeInteger(number) ? number : sum
}

function isInt(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}
