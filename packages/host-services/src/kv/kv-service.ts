/**
 * `kv`: what scripts keep. Each app has keys of its own, and a call can name no other app.
 *
 *     kv::get(key)                  the value; () when there is none
 *     kv::get(key, default)         the value, or the default
 *     kv::set(key, value)           keeps it until it is deleted
 *     kv::set(key, value, options)  #{ ttl_ms } or #{ ttl }: for so many milliseconds or seconds
 *     kv::has(key)                  whether there is one
 *     kv::delete(key)               whether there was one
 *     kv::incr(key)                 adds 1; the number that is there now. An absent one is 0
 *     kv::incr(key, by)             adds so much
 *     kv::incr(key, by, options)    likewise; what it makes lives as long as the options say
 *     kv::compare_and_set(key, expected, value [, options])
 *                                   writes where it is as expected, () for none; whether it did
 *     kv::ttl(key)                  milliseconds it has left; () when it has no end or is not there
 *     kv::expire(key, ttl_ms)       sets that, () for no end; whether there is such a key
 *     kv::list(), kv::list(prefix), kv::list(options)
 *                                   #{ items, cursor }; options prefix, limit, cursor, values
 *     kv::transaction(closure)      in the sandbox, from the internal functions at the end
 *
 * Every operation is done when it is answered, and one statement; reads and counts that come at the
 * same time share one. Transactions are in `kv-transactions.ts`.
 *
 * @module
 */
import type {
  AppId,
  HostService,
  HostServiceCall,
  HostServiceFunction,
  HostValue,
  Logger,
  PicloudError,
} from '@picloud/shared'
import { valueOfStored } from '@picloud/shared/value-bytes'
import type { KvEntry, KvStore, KvWritten } from '@picloud/storage'
import { AppBatches } from './app-batches.ts'
import { AppTurns } from './app-turns.ts'
import { ExpiredEntries } from './expired-entries.ts'
import { keyOf, optionsOf, storedOf, TTL_OPTIONS, ttlMsOf, ttlOf } from './kv-arguments.ts'
import { type Count, type Counted, countTogether, quotaOf } from './kv-counting.ts'
import { isUnavailable, quotaRefusal, unavailableRefusal } from './kv-errors.ts'
import { type ListRequest, listAnswer, listRequestOf } from './kv-listing.ts'
import { commitAnswer, commitOf, readAnswer, transactionListAnswer } from './kv-transactions.ts'

/** Of the connections there are; an app that is busy leaves the others to others. */
const APP_STATEMENTS_AT_ONCE = 4
const APP_BATCHES_AT_ONCE = 2
const BATCH_ITEMS_MAX = 256
const LOG_EVERY_MS = 1_000

const FUNCTIONS: readonly HostServiceFunction[] = [
  { name: 'get', parameters: ['string'] },
  { name: 'get', parameters: ['string', 'any'] },
  { name: 'set', parameters: ['string', 'any'] },
  { name: 'set', parameters: ['string', 'any', 'map'] },
  { name: 'has', parameters: ['string'] },
  { name: 'delete', parameters: ['string'] },
  { name: 'incr', parameters: ['string'] },
  { name: 'incr', parameters: ['string', 'int'] },
  { name: 'incr', parameters: ['string', 'int', 'map'] },
  { name: 'compare_and_set', parameters: ['string', 'any', 'any'] },
  { name: 'compare_and_set', parameters: ['string', 'any', 'any', 'map'] },
  { name: 'ttl', parameters: ['string'] },
  { name: 'expire', parameters: ['string', 'any'] },
  { name: 'list', parameters: [] },
  { name: 'list', parameters: ['string'] },
  { name: 'list', parameters: ['map'] },
  { name: 'transaction_read', parameters: ['string'], isInternal: true },
  { name: 'transaction_list', parameters: ['map'], isInternal: true },
  { name: 'transaction_commit', parameters: ['map'], isInternal: true },
]

export interface KvServiceOptions {
  readonly kv: KvStore
  readonly logger: Logger
}

export function kvService(options: KvServiceOptions): HostService {
  const operations = new KvOperations(options)
  return {
    name: 'kv',
    functions: FUNCTIONS,
    call: (call, signal) => operations.call(call, signal),
  }
}

type Handler = (call: HostServiceCall, signal: AbortSignal) => Promise<HostValue>

class KvOperations {
  readonly #kv: KvStore
  readonly #logger: Logger
  readonly #turns = new AppTurns(APP_STATEMENTS_AT_ONCE)
  readonly #expired: ExpiredEntries
  readonly #reads: AppBatches<string, KvEntry | null>
  readonly #counts: AppBatches<Count, Counted>
  #loggedAt = Number.NEGATIVE_INFINITY

  readonly #handlers: Readonly<Record<string, Handler>> = {
    get: async (call, signal) => {
      const entry = await this.#read(call, signal)
      return entry === null ? (call.args[1] ?? null) : valueOfStored(entry.value)
    },
    has: async (call, signal) => (await this.#read(call, signal)) !== null,
    ttl: async (call, signal) => (await this.#read(call, signal))?.ttlMs ?? null,
    set: (call, signal) => this.#set(call, signal),
    delete: async ({ app, args, limits }, signal) => {
      const key = keyOf(args[0], limits)
      return await this.#turns.take(app.id, signal, () => this.#kv.delete(app.id, key))
    },
    expire: async ({ app, args, limits }, signal) => {
      const key = keyOf(args[0], limits)
      const ttlMs = ttlOf('expire', args[1] ?? null)
      return await this.#turns.take(app.id, signal, () => this.#kv.expire(app.id, key, ttlMs))
    },
    incr: (call, signal) => this.#count(call, signal),
    compare_and_set: (call, signal) => this.#compareAndSet(call, signal),
    list: async ({ app, args, limits }, signal) => {
      const request = listRequestOf('list', args[0], limits)
      return listAnswer(request, await this.#page(app.id, request, signal))
    },
    transaction_read: async (call, signal) => readAnswer(await this.#read(call, signal)),
    transaction_list: async ({ app, args, limits }, signal) => {
      const request = listRequestOf('list', args[0], limits)
      return transactionListAnswer(request, await this.#page(app.id, request, signal))
    },
    transaction_commit: (call, signal) => this.#commit(call, signal),
  }

  constructor({ kv, logger }: KvServiceOptions) {
    this.#kv = kv
    this.#logger = logger
    this.#expired = new ExpiredEntries(kv)
    const bounds = { atOnceMax: APP_BATCHES_AT_ONCE, itemsMax: BATCH_ITEMS_MAX }
    this.#reads = new AppBatches({
      ...bounds,
      run: (appId, keys) => this.#turns.take(appId, null, () => readTogether(kv, appId, keys)),
    })
    this.#counts = new AppBatches({
      ...bounds,
      run: (appId, counts) => this.#turns.take(appId, null, () => countTogether(kv, appId, counts)),
    })
  }

  async call(call: HostServiceCall, signal: AbortSignal): Promise<HostValue> {
    try {
      return (await this.#handlers[call.function]?.(call, signal)) ?? null
    } catch (error) {
      if (!isUnavailable(error)) throw error
      this.#noteUnavailable(error, signal)
      throw unavailableRefusal()
    }
  }

  #read({ app, args, limits }: HostServiceCall, signal: AbortSignal): Promise<KvEntry | null> {
    return this.#reads.ask(app.id, keyOf(args[0], limits), signal)
  }

  async #set({ app, args, limits }: HostServiceCall, signal: AbortSignal): Promise<HostValue> {
    const write = {
      key: keyOf(args[0], limits),
      value: storedOf(args[1] ?? null, limits),
      ttlMs: ttlMsOf('set', optionsOf('set', args[2], TTL_OPTIONS)),
    }
    await this.#written({ app, limits }, signal, () =>
      this.#turns.take(app.id, signal, () => this.#kv.put(app.id, write, quotaOf(limits))),
    )
    return null
  }

  async #count({ app, args, limits }: HostServiceCall, signal: AbortSignal): Promise<HostValue> {
    const by = args[1] ?? 1
    const count: Count = {
      key: keyOf(args[0], limits),
      by: typeof by === 'bigint' ? by : Number(by),
      ttlMs: ttlMsOf('incr', optionsOf('incr', args[2], TTL_OPTIONS)),
      limits,
    }
    let answer: HostValue = null
    await this.#written({ app, limits }, signal, async () => {
      const counted = await this.#counts.ask(app.id, count, signal)
      if (counted.kind === 'refused') throw counted.error
      if (counted.kind === 'counted') answer = counted.value
      return counted.kind === 'full' ? 'full' : 'done'
    })
    return answer
  }

  async #compareAndSet(
    { app, args, limits }: HostServiceCall,
    signal: AbortSignal,
  ): Promise<HostValue> {
    const [, expected = null, value = null] = args
    const write = {
      key: keyOf(args[0], limits),
      value: storedOf(value, limits),
      ttlMs: ttlMsOf('compare_and_set', optionsOf('compare_and_set', args[3], TTL_OPTIONS)),
    }
    const stored = expected === null ? null : storedOf(expected, limits)
    const quota = quotaOf(limits)
    const outcome = await this.#written({ app, limits }, signal, () =>
      this.#turns.take(app.id, signal, () =>
        this.#kv.compareAndPut(app.id, write, { expected: stored, quota }),
      ),
    )
    return outcome === 'done'
  }

  async #page(appId: AppId, request: ListRequest, signal: AbortSignal) {
    return await this.#turns.take(appId, signal, async () => {
      const keys = await this.#kv.keys(appId, { ...request, limit: request.limit + 1 })
      const wanted = request.keysWithin(keys)
      const entries = request.hasValues
        ? await this.#kv.get(
            appId,
            wanted.map(({ key }) => key),
          )
        : []
      return { keys: wanted, hasMore: keys.length > wanted.length, entries }
    })
  }

  async #commit(call: HostServiceCall, signal: AbortSignal): Promise<HostValue> {
    const { app, limits } = call
    const { commit, attempt } = commitOf(call)
    const outcome = await this.#written({ app, limits }, signal, () =>
      this.#turns.take(app.id, signal, () => this.#kv.commit(app.id, commit)),
    )
    return await commitAnswer(outcome, { attempt, signal })
  }

  /** A write, once more after making room where there is none, and what comes with every write. */
  async #written<Outcome extends string>(
    { app: { id: appId }, limits }: Pick<HostServiceCall, 'app' | 'limits'>,
    signal: AbortSignal,
    write: () => Promise<Outcome | KvWritten>,
  ): Promise<Outcome | KvWritten> {
    let outcome = await write()
    if (outcome === 'full') {
      const isRoomier = await this.#turns.take(appId, signal, () => this.#expired.makeRoom(appId))
      if (isRoomier) outcome = await write()
    }
    if (outcome === 'full') {
      const { keys } = await this.#turns.take(appId, signal, () => this.#kv.usage(appId))
      throw quotaRefusal(limits, keys >= limits.kvKeysMax ? 'kvKeysMax' : 'kvBytesMax')
    }
    if (this.#expired.isDue(appId)) {
      this.#turns
        .take(appId, null, () => this.#expired.deleteSome(appId))
        .catch((error: unknown) => this.#logger.debug({ err: error }, 'kv was not cleaned up'))
    }
    return outcome
  }

  /** Every script meets it at once: the log has it once in a while. */
  #noteUnavailable(error: PicloudError, signal: AbortSignal): void {
    const now = performance.now()
    if (signal.aborted || now - this.#loggedAt < LOG_EVERY_MS) return
    this.#loggedAt = now
    this.#logger.error({ err: error, code: error.code }, 'kv cannot reach the database')
  }
}

/** What there is under each of the keys, one of which may be there more than once. */
async function readTogether(
  kv: KvStore,
  appId: AppId,
  keys: readonly string[],
): Promise<readonly (KvEntry | null)[]> {
  const entries = await kv.get(appId, [...new Set(keys)])
  const found = new Map(entries.map((entry) => [entry.key, entry]))
  return keys.map((key) => found.get(key) ?? null)
}
