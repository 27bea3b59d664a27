/**
 * Value semantics by lazy copy.
 *
 * `copyValue` costs the same for any size: it makes a second handle on the same storage and marks
 * both as shared. Whoever writes first calls `writable…`, which gives its handle storage of its
 * own, one level deep: nested containers become shared handles in turn.
 *
 * A copy carries the tag of the original, except where it is made to become another value.
 *
 * Invariant: storage reachable from a handle with `shared === false` is reachable from no other.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { chargeBytes, chargeCopy, TABLE_ENTRY } from './metering.ts'
import { type PlainValue, RhaiArray, RhaiBlob, RhaiMap, untagged, type Value } from './value.ts'

/** The same value, safe to be kept beside the original. */
export function copyValue(value: Value): Value {
  if (typeof value !== 'object') return value
  if (value instanceof RhaiArray) {
    value.shared = true
    return new RhaiArray(value.items, true, value.tag)
  }
  if (value instanceof RhaiMap) return copyOfMap(value, value.tag)
  if (value instanceof RhaiBlob) {
    value.shared = true
    return new RhaiBlob(value.bytes, true, value.tag)
  }
  return value
}

/** The same value without its tag, for an operator that makes another value of it. */
export function copyUntagged(value: Value): PlainValue {
  if (typeof value !== 'object') return value
  if (value instanceof RhaiArray) {
    value.shared = true
    return new RhaiArray(value.items, true)
  }
  if (value instanceof RhaiMap) return copyOfMap(value)
  if (value instanceof RhaiBlob) {
    value.shared = true
    return new RhaiBlob(value.bytes, true)
  }
  return untagged(value)
}

/** Part of a container that goes over into another one: its own, unless others hold it too. */
export function takenFrom(container: RhaiArray | RhaiMap, part: Value): Value {
  return container.shared ? copyValue(part) : part
}

export function copyOfMap(map: RhaiMap, tag = 0): RhaiMap {
  map.shared = true
  return new RhaiMap(map.shape, map.slots, map.table, true, tag)
}

/** The items of an array, to be changed in place. */
export function writableItems(context: CallContext, array: RhaiArray): Value[] {
  if (array.shared) {
    chargeCopy(context, array.items.length)
    array.items = copiedItems(array.items)
    array.shared = false
    array.elsewhere = 0
  }
  return array.items
}

/** The map itself, to be changed in place. */
export function writableMap(context: CallContext, map: RhaiMap): RhaiMap {
  if (map.shared) {
    if (map.table === undefined) {
      chargeCopy(context, map.slots.length)
      map.slots = copiedItems(map.slots)
    } else {
      context.charge(map.table.size * TABLE_ENTRY)
      map.table = map.table.copy(copyValue)
    }
    map.shared = false
    map.elsewhere = 0
  }
  return map
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

/** Items to be kept beside the original ones. */
export function copiedItems(items: readonly Value[]): Value[] {
  const copies = items.slice()
  for (let i = 0; i < copies.length; i++) {
    const item = copies[i]
    if (typeof item === 'object') copies[i] = copyValue(item)
  }
  return copies
}
