/**
 * Value semantics by lazy copy.
 *
 * `copyValue` costs the same for any size: it makes a second handle on the same storage and marks
 * both as shared. Whoever writes first calls `writable…`, which gives its handle storage of its
 * own, one level deep: nested containers become shared handles in turn.
 *
 * Invariant: storage reachable from a handle with `shared === false` is reachable from no other.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { chargeBytes, chargeCopy } from './metering.ts'
import { RhaiArray, RhaiBlob, RhaiMap, type Value } from './value.ts'

/** The same value, safe to be kept beside the original. */
export function copyValue(value: Value): Value {
  if (typeof value !== 'object') return value
  if (value instanceof RhaiArray) {
    value.shared = true
    return new RhaiArray(value.items, true)
  }
  if (value instanceof RhaiMap) {
    value.shared = true
    return new RhaiMap(value.entries, true)
  }
  if (value instanceof RhaiBlob) {
    value.shared = true
    return new RhaiBlob(value.bytes, true)
  }
  return value
}

/** The items of an array, to be changed in place. */
export function writableItems(context: CallContext, array: RhaiArray): Value[] {
  if (array.shared) {
    chargeCopy(context, array.items.length)
    const items = array.items.slice()
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      if (typeof item === 'object') items[i] = copyValue(item)
    }
    array.items = items
    array.shared = false
  }
  return array.items
}

/** The entries of a map, to be changed in place. */
export function writableEntries(context: CallContext, map: RhaiMap): Map<string, Value> {
  if (map.shared) {
    context.charge(map.entries.size)
    const entries = new Map(map.entries)
    for (const [key, value] of entries) {
      if (typeof value === 'object') entries.set(key, copyValue(value))
    }
    map.entries = entries
    map.shared = false
  }
  return map.entries
}

/** The bytes of a blob, to be changed in place. */
export function writableBytes(context: CallContext, blob: RhaiBlob): Uint8Array {
  if (blob.shared) {
    chargeBytes(context, blob.bytes.length)
    blob.bytes = blob.bytes.slice()
    blob.shared = false
  }
  return blob.bytes
}
