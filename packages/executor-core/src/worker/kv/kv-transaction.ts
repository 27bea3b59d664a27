/**
 * What one attempt of a `kv::transaction` has seen and wants to write.
 *
 * Everything is read from the host once; read again, it is what it was, or what the transaction has
 * written meanwhile. Values that are kept are copies: the script may change its own.
 *
 * @module
 */
import {
  arrayItems,
  type CallContext,
  isArray,
  isMap,
  makeArray,
  makeMap,
  mapGet,
  type RhaiError,
  type Value,
} from '@picloud/rhai'
import type { ExecutionLimits } from '@picloud/shared'
import { ValueRefusedError, ValueTooLongError } from '@picloud/shared/value-bytes'
import type { CallInternal } from '../host-modules.ts'
import { refusal } from '../refusal.ts'
import { bytesOfArguments, valueOfAnswer } from '../rhai-value-bytes.ts'
import { runLimitError } from '../run-limit-error.ts'

export interface Entry {
  readonly value: Value
  /** Milliseconds; undefined: it has no end. */
  readonly ttl: Value
}

export interface Item {
  readonly key: string
  readonly value: Value
}

export interface Page {
  readonly items: readonly Item[]
  /** The last key that was looked at; undefined: there are no more. */
  readonly cursor: string | undefined
}

export interface PageRequest {
  readonly prefix: string
  readonly after: string | undefined
  readonly limit: number
  readonly hasValues: boolean
}

/** How long what is written lives: milliseconds, without end, or as long as before. */
export type WrittenTtl = number | undefined | 'keep'

type Written =
  | {
      readonly kind: 'put'
      readonly value: Value
      readonly ttl: WrittenTtl
      /** No more than it takes to be sent. */
      readonly bytes: number
    }
  | { readonly kind: 'deleted' }

interface Seen {
  readonly version: Value
  /** Undefined: there is none. */
  readonly entry: Entry | undefined
}

export class KvTransaction {
  readonly #limits: ExecutionLimits
  readonly #call: CallInternal
  readonly #seen = new Map<string, Seen>()
  readonly #listings: Value[] = []
  #written = new Map<string, Written>()

  constructor(limits: ExecutionLimits, call: CallInternal) {
    this.#limits = limits
    this.#call = call
  }

  /** Undefined: there is none. */
  async read(context: CallContext, key: string): Promise<Entry | undefined> {
    const written = this.#written.get(key)
    if (written?.kind === 'deleted') return undefined
    if (written?.kind === 'put' && written.ttl !== 'keep') {
      return { value: written.value, ttl: written.ttl }
    }
    const seen = await this.#see(context, key)
    if (written === undefined) return seen.entry
    return { value: written.value, ttl: seen.entry?.ttl }
  }

  write(context: CallContext, key: string, value: Value, ttl: WrittenTtl): void {
    this.#note(key)
    const { copy, bytes } = copyOf(context, value, this.#limits)
    this.#takeRoom(key, bytes)
    this.#written.set(key, { kind: 'put', value: copy, ttl, bytes })
  }

  delete(key: string): void {
    this.#note(key)
    this.#written.set(key, { kind: 'deleted' })
  }

  /** A page in which what was written is there, and what was deleted is not. */
  async list(context: CallContext, request: PageRequest): Promise<Page> {
    const { prefix, after, limit, hasValues } = request
    const own = [...this.#written].filter(
      ([key]) => key.startsWith(prefix) && (after === undefined || comparePoints(key, after) > 0),
    )
    const pageMax = this.#limits.kvListItemsMax
    const asked = Math.min(pageMax, limit + own.filter(([, { kind }]) => kind === 'deleted').length)
    this.#checkCount(1)
    const answer = await this.#call('transaction_list', context, [
      makeMap([
        ['prefix', prefix],
        ['cursor', after],
        ['limit', asked],
        ['values', hasValues],
      ]),
    ])
    const found = itemsOf(isMap(answer) ? mapGet(answer, 'items') : undefined).map(itemsOf)
    const hasMore = isMap(answer) && mapGet(answer, 'has_more') === true
    const keys = found.map(([key, version]) => makeArray([key, version]))
    // To its end, one more was looked for and not found; it must not come.
    const seenLimit = hasMore ? found.length : asked + 1
    this.#listings.push(makeArray([prefix, after, seenLimit, makeArray(keys)]))
    return mergedPage(
      found.map(([key, , value]) => ({ key: String(key), value })),
      { own, hasMore, limit },
    )
  }

  forgetWrites(): void {
    this.#written = new Map()
  }

  /** Whether all that was seen is still so, and what was written is kept. */
  async commit(context: CallContext, attempt: number): Promise<boolean> {
    const isTrivial =
      this.#written.size === 0 && this.#listings.length === 0 && this.#seen.size <= 1
    if (isTrivial) return true
    const reads = [...this.#seen].map(([key, { version }]) => makeArray([key, version]))
    const writes = [...this.#written].map(([key, written]) =>
      written.kind === 'deleted'
        ? makeArray([key, false])
        : makeArray([key, true, written.value, written.ttl]),
    )
    const answer = await this.#call('transaction_commit', context, [
      makeMap([
        ['reads', makeArray(reads)],
        ['listings', makeArray(this.#listings)],
        ['writes', makeArray(writes)],
        ['attempt', attempt],
      ]),
    ])
    return answer === true
  }

  async #see(context: CallContext, key: string): Promise<Seen> {
    const before = this.#seen.get(key)
    if (before !== undefined) return before
    this.#note(key)
    const answer = await this.#call('transaction_read', context, [key])
    const [version, value, ttl] = itemsOf(answer)
    const seen: Seen = isArray(answer)
      ? { version, entry: { value, ttl } }
      : { version: undefined, entry: undefined }
    this.#seen.set(key, seen)
    return seen
  }

  /** More than can be sent at the end is not kept until then. */
  #takeRoom(key: string, bytes: number): void {
    let held = bytes
    for (const [other, written] of this.#written) {
      if (other !== key && written.kind === 'put') held += written.bytes
    }
    if (held > this.#limits.hostValueBytesMax) throw tooLong(this.#limits)
  }

  #note(key: string): void {
    if (!this.#seen.has(key) && !this.#written.has(key)) this.#checkCount(1)
  }

  #checkCount(more: number): void {
    const { kvTransactionKeysMax } = this.#limits
    const keys = new Set([...this.#seen.keys(), ...this.#written.keys()]).size
    if (keys + this.#listings.length + more <= kvTransactionKeysMax) return
    throw refusal(
      'PIC_KV_TRANSACTION_TOO_LARGE',
      `The transaction touches too many keys: the limit kvTransactionKeysMax is ` +
        `${kvTransactionKeysMax}. The app's limit kv_transaction_keys raises it, ` +
        'up to what the operator allows.',
    )
  }
}

interface Own {
  readonly own: readonly (readonly [string, Written])[]
  readonly hasMore: boolean
  readonly limit: number
}

function mergedPage(found: readonly Item[], { own, hasMore, limit }: Own): Page {
  const last = found.at(-1)?.key
  const merged = new Map(found.map((item) => [item.key, item]))
  for (const [key, written] of own) {
    if (written.kind === 'deleted') merged.delete(key)
    // Beyond the page that was read others may come before it.
    else if (!hasMore || (last !== undefined && comparePoints(key, last) <= 0)) {
      merged.set(key, { key, value: written.value })
    }
  }
  const sorted = [...merged.values()].sort((left, right) => comparePoints(left.key, right.key))
  const items = sorted.slice(0, limit)
  if (sorted.length > limit) return { items, cursor: items.at(-1)?.key }
  return { items, cursor: hasMore ? last : undefined }
}

/** By code points, as the database has them. */
function comparePoints(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

/**
 * What the script does with its own does not change it. Charged like sending it.
 *
 * @throws RhaiError for what is no data or too long to be sent
 */
function copyOf(
  context: CallContext,
  value: Value,
  limits: ExecutionLimits,
): { readonly copy: Value; readonly bytes: number } {
  if (typeof value === 'string') return { copy: value, bytes: value.length }
  if (typeof value !== 'object' || value === null) return { copy: value, bytes: 1 }
  try {
    const bytes = bytesOfArguments(context, [value], limits.hostValueBytesMax)
    const [copy] = itemsOf(valueOfAnswer(context, bytes))
    return { copy, bytes: bytes.byteLength }
  } catch (error) {
    if (error instanceof ValueTooLongError) throw tooLong(limits)
    if (!(error instanceof ValueRefusedError)) throw error
    throw refusal('PIC_KV_VALUE_INVALID', `The value is no data: ${error.message}`)
  }
}

function tooLong(limits: ExecutionLimits): RhaiError {
  return runLimitError(limits, 'hostValueBytesMax', 'What the transaction writes is too long')
}

function itemsOf(value: Value): readonly Value[] {
  return isArray(value) ? arrayItems(value) : []
}
