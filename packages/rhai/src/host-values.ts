/**
 * What a host needs to make and read values without knowing how they are stored.
 *
 * A host meets no tags: it gets values without, and reads the parts of a container through here.
 *
 * @module
 */

import { entriesOf, entryCount, getEntry, mapOfTable } from './runtime/map-entries.ts'
import {
  charOf,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  type RhaiChar,
  RhaiMap,
  untagged,
} from './runtime/value.ts'
import { checkedValue } from './runtime/value-check.ts'

/** @throws TypeError if something in it is no value of the language */
export function makeMap(entries: Iterable<readonly [string, PlainValue]>): RhaiMap {
  const map = new Map<string, PlainValue>()
  for (const [key, value] of entries) map.set(key.toWellFormed(), checkedValue(value, 'An entry'))
  return mapOfTable(map)
}

/** @throws TypeError if something in it is no value of the language */
export function makeArray(items: Iterable<PlainValue>): RhaiArray {
  return new RhaiArray(Array.from(items, (item) => checkedValue(item, 'An item')))
}

/** Takes the bytes over: the caller must not change them afterwards. */
export function makeBlob(bytes: Uint8Array): RhaiBlob {
  return new RhaiBlob(bytes)
}

/** @throws TypeError if the text is not exactly one code point */
export function makeChar(text: string): RhaiChar {
  const [first = ''] = text
  if (first === '' || first !== text || !text.isWellFormed()) {
    throw new TypeError(`No char is ${JSON.stringify(text)}`)
  }
  return charOf(text)
}

export function isMap(value: PlainValue): value is RhaiMap {
  return value instanceof RhaiMap
}

export function isArray(value: PlainValue): value is RhaiArray {
  return value instanceof RhaiArray
}

export function isBlob(value: PlainValue): value is RhaiBlob {
  return value instanceof RhaiBlob
}

/** The value under a key, `undefined` (which is `()`) when there is none. */
export function mapGet(map: RhaiMap, key: string): PlainValue {
  return untagged(getEntry(map, key))
}

/** How many entries there are. */
export function mapSize(map: RhaiMap): number {
  return entryCount(map)
}

/** All entries, in no order. Reading does not copy. */
export function* mapEntries(map: RhaiMap): Generator<readonly [string, PlainValue]> {
  for (const [key, value] of entriesOf(map)) yield [key, untagged(value)]
}

/** All items, themselves and not copies. */
export function arrayItems(array: RhaiArray): PlainValue[] {
  return array.items.map(untagged)
}
