/**
 * What a host needs to make and read values without knowing how they are stored.
 *
 * @module
 */

import { entriesOf, getEntry, mapOfTable } from './runtime/map-entries.ts'
import { RhaiArray, RhaiBlob, RhaiMap, type Value } from './runtime/value.ts'

export function makeMap(entries: Iterable<readonly [string, Value]>): RhaiMap {
  return mapOfTable(new Map(entries))
}

export function makeArray(items: Iterable<Value>): RhaiArray {
  return new RhaiArray([...items])
}

/** Takes the bytes over: the caller must not change them afterwards. */
export function makeBlob(bytes: Uint8Array): RhaiBlob {
  return new RhaiBlob(bytes)
}

export function isMap(value: Value): value is RhaiMap {
  return value instanceof RhaiMap
}

export function isArray(value: Value): value is RhaiArray {
  return value instanceof RhaiArray
}

export function isBlob(value: Value): value is RhaiBlob {
  return value instanceof RhaiBlob
}

/** The value under a key, `undefined` (which is `()`) when there is none. */
export function mapGet(map: RhaiMap, key: string): Value {
  return getEntry(map, key)
}

/** Entries in the order scripts see them is `mapKeys`; reading does not copy. */
export function mapEntries(map: RhaiMap): IterableIterator<[string, Value]> {
  return entriesOf(map)
}
