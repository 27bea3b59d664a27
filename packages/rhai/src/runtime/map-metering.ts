/**
 * What the keys of maps cost.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { entryCount, keysOf, sortedKeys } from './map-entries.ts'
import { chargeLook, chargeSort, TABLE_ENTRY } from './metering.ts'
import type { RhaiMap, Value } from './value.ts'

/** Shorter keys are part of the call. */
const LONG_KEY_UNITS = 256
/** V8 hashes no longer texts than this one. */
const HASHED_UNITS_MAX = 16_383

/** Whether looking the key up costs no more than the call. */
export function isShortKey(key: Value): key is string {
  return typeof key === 'string' && key.length < LONG_KEY_UNITS
}

/**
 * Looking a key up. JavaScript tells very long keys apart by their lengths alone before it compares
 * them, so among many of one length each is compared with all.
 */
export function chargeKey(context: CallContext, map: RhaiMap, key: string): void {
  if (key.length < LONG_KEY_UNITS) return
  chargeLook(context, key.length)
  if (key.length > HASHED_UNITS_MAX) {
    context.charge(entryCount(map) * Math.ceil(key.length / HASHED_UNITS_MAX))
  }
}

/** Looking all keys of one map up in another. */
export function chargeEntries(context: CallContext, source: RhaiMap): void {
  const count = entryCount(source)
  context.charge(source.table === undefined ? count : count * TABLE_ENTRY)
  if (source.table === undefined) return
  for (const key of keysOf(source)) chargeKey(context, source, key)
}

/** The keys in the order scripts see them: a shape knows it, a table sorts its keys anew. */
export function sortedKeysIn(context: CallContext, map: RhaiMap): readonly string[] {
  const count = entryCount(map)
  if (map.table === undefined) {
    context.charge(count)
  } else {
    chargeSort(context, count)
    for (const key of map.table.keys())
      chargeLook(context, key.length * Math.ceil(Math.log2(count + 1)))
  }
  return sortedKeys(map)
}
