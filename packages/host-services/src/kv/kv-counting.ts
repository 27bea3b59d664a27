/**
 * Counts what many scripts ask for in one statement, and tells each what it would have got alone.
 *
 * Of several that count the same key the sum is added, and each sees the number after its own.
 * Where a key was not counted together, those who asked are served one by one, so that each gets
 * its own answer or refusal.
 *
 * @module
 */
import type { AppId, ExecutionLimits, HostServiceError } from '@picloud/shared'
import type { KvStore } from '@picloud/storage'
import { notIntRefusal, overflowRefusal } from './kv-errors.ts'

export interface Count {
  readonly key: string
  readonly by: number | bigint
  /** Of an entry that this makes. */
  readonly ttlMs: number | null
  readonly limits: ExecutionLimits
}

export type Counted =
  | { readonly kind: 'counted'; readonly value: number | bigint }
  | { readonly kind: 'full' }
  | { readonly kind: 'refused'; readonly error: HostServiceError }

const INT_BITS = 64

export async function countTogether(
  kv: KvStore,
  appId: AppId,
  counts: readonly Count[],
): Promise<readonly Counted[]> {
  const [first] = counts
  if (first === undefined) return []
  if (counts.length === 1) return [await countAlone(kv, appId, first)]
  const groups = [...Map.groupBy(counts, ({ key }) => key)].flatMap(([key, group]) => {
    const by = group.reduce((sum, each) => sum + BigInt(each.by), 0n)
    const ttlMs = group[0]?.ttlMs ?? null
    return isInt(by) ? [{ key, by, ttlMs, group }] : []
  })
  const now = await kv.increment(appId, groups, quotaOf(first.limits))
  const counted = new Map<Count, Counted>()
  for (const { key, group } of groups) {
    const value = now.get(key)
    if (value !== undefined) tellEach(group, value, counted)
  }
  const answers: Counted[] = []
  for (const each of counts) answers.push(counted.get(each) ?? (await countAlone(kv, appId, each)))
  return answers
}

/** The last one sees what is there now, those before it what was there before the later ones. */
function tellEach(
  group: readonly Count[],
  now: number | bigint,
  counted: Map<Count, Counted>,
): void {
  let value = BigInt(now)
  for (const each of group.toReversed()) {
    counted.set(each, { kind: 'counted', value: shortest(value) })
    value -= BigInt(each.by)
  }
}

async function countAlone(kv: KvStore, appId: AppId, count: Count): Promise<Counted> {
  const { key, limits } = count
  const value = (await kv.increment(appId, [count], quotaOf(limits))).get(key)
  if (value !== undefined) return { kind: 'counted', value }
  const [entry] = await kv.get(appId, [key])
  if (entry === undefined) return { kind: 'full' }
  const error = 'int' in entry.value ? overflowRefusal(key) : notIntRefusal(key)
  return { kind: 'refused', error }
}

export function quotaOf({ kvKeysMax, kvBytesMax }: ExecutionLimits) {
  return { keysMax: kvKeysMax, bytesMax: kvBytesMax }
}

function isInt(value: bigint): boolean {
  return BigInt.asIntN(INT_BITS, value) === value
}

function shortest(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
