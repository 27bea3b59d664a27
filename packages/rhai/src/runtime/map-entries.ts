/**
 * The entries of a map, whichever way it keeps them.
 *
 * A map with few keys, or with keys that others have too, is a shape and a list of values; any other
 * has a table of its own. Only this file and the fast paths of the machine know the difference.
 * Everything that changes a map takes one that is writable, see `copy.ts`.
 *
 * @module
 */
import { compareText } from './map-keys.ts'
import { type Shape, TABLE_SHAPE } from './map-shape.ts'
import { TextTable } from './text-table.ts'
import { FunctionPointer, RhaiMap, untagged, type Value } from './value.ts'

/** A script that computes its keys has a collection; beyond so many it gets a table. */
const COMPUTED_KEYS_MAX = 8

/** A map without entries. `root` is the shape without keys of the run's tree. */
export function emptyMap(root: Shape): RhaiMap {
  return new RhaiMap(root, [undefined])
}

/** A map with a table, for whoever has no tree of shapes at hand. */
export function mapOfTable(entries: ReadonlyMap<string, Value>): RhaiMap {
  const map = new RhaiMap(TABLE_SHAPE, NO_SLOTS, new TextTable())
  for (const [key, value] of entries) setEntry(map, key, value)
  return map
}

export function entryCount(map: RhaiMap): number {
  return map.table === undefined ? map.shape.size : map.table.size
}

export function getEntry(map: RhaiMap, key: string): Value {
  const { table } = map
  return table === undefined ? map.slots[map.shape.positionOf(key)] : table.get(key)
}

/** What `map.name()` calls, if that is an entry of the map. */
export function methodIn(map: RhaiMap, name: string): FunctionPointer | undefined {
  const { table } = map
  if (table !== undefined && !table.mayHoldMethods) return undefined
  const value = untagged(getEntry(map, name))
  return value instanceof FunctionPointer ? value : undefined
}

export function hasEntry(map: RhaiMap, key: string): boolean {
  const { table } = map
  return table === undefined ? map.shape.positionOf(key) > 0 : table.has(key)
}

/** Sets an entry whose key the script names or a document holds. */
export function setEntry(map: RhaiMap, key: string, value: Value): void {
  const { table, shape } = map
  if (table !== undefined) {
    putInto(table, key, value)
    return
  }
  const position = shape.positionOf(key)
  if (position > 0) map.slots[position] = value
  else addEntry(map, key, value)
}

/** Sets an entry whose key the script computes. */
export function setComputedEntry(map: RhaiMap, key: string, value: Value): void {
  const { table, shape } = map
  if (table !== undefined) {
    putInto(table, key, value)
    return
  }
  const position = shape.positionOf(key)
  if (position > 0) map.slots[position] = value
  else if (shape.size >= COMPUTED_KEYS_MAX) putInto(tableOf(map), key, value)
  else addEntry(map, key, value)
}

/** Removes an entry and answers what it held; a missing one is no error and holds `()`. */
export function deleteEntry(map: RhaiMap, key: string): Value {
  const { table } = map
  if (table !== undefined) {
    return table.delete(key)
  }
  const position = map.shape.positionOf(key)
  if (position === 0) return undefined
  const held = map.slots[position]
  const shape = map.shape.without(key)
  if (shape === undefined) {
    tableOf(map).delete(key)
  } else {
    map.slots.splice(position, 1)
    map.shape = shape
  }
  return held
}

/** Gives a map the entries of a fresh one, which nobody else may hold. */
export function replaceEntries(map: RhaiMap, fresh: RhaiMap): void {
  map.shape = fresh.shape
  map.slots = fresh.slots
  map.table = fresh.table
  map.shared = false
  map.elsewhere = 0
}

/** Whether two handles still share their storage. */
export function sharesEntries(left: RhaiMap, right: RhaiMap): boolean {
  return left.slots === right.slots && left.table === right.table
}

/** The keys in the order they came. */
export function keysOf(map: RhaiMap): Iterable<string> {
  return map.table === undefined ? map.shape.keys : map.table.keys()
}

/** The entries in the order they came. */
export function* entriesOf(map: RhaiMap): IterableIterator<[string, Value]> {
  for (const key of keysOf(map)) yield [key, getEntry(map, key)]
}

/** The keys in the order scripts see them. */
export function sortedKeys(map: RhaiMap): readonly string[] {
  return map.table === undefined ? map.shape.sorted.keys : sortedKeysOfTable(map.table)
}

/** The values in the order of {@link sortedKeys}. */
export function valuesInOrder(map: RhaiMap, keys: readonly string[]): Value[] {
  const { table, slots } = map
  if (table !== undefined) return keys.map((key) => table.get(key))
  return map.shape.sorted.positions.map((position) => slots[position])
}

const NO_SLOTS: Value[] = [undefined]

function addEntry(map: RhaiMap, key: string, value: Value): void {
  const shape = map.shape.with(key)
  if (shape === undefined) {
    putInto(tableOf(map), key, value)
  } else {
    map.slots.push(value)
    map.shape = shape
  }
}

function putInto(table: TextTable<Value>, key: string, value: Value): void {
  if (typeof value === 'object' && isMethod(value)) table.mayHoldMethods = true
  table.set(key, value)
}

/** Whether `map.key()` calls a value rather than the library. */
function isMethod(value: Value): boolean {
  return untagged(value) instanceof FunctionPointer
}

/** The map's table, which it gets now if it had none. */
function tableOf(map: RhaiMap): TextTable<Value> {
  if (map.table !== undefined) return map.table
  const table = new TextTable<Value>()
  map.shape.keys.forEach((key, index) => {
    putInto(table, key, map.slots[index + 1])
  })
  map.shape = TABLE_SHAPE
  map.slots = NO_SLOTS
  map.table = table
  return table
}

function sortedKeysOfTable(table: TextTable<Value>): readonly string[] {
  const keys = table.keys().slice()
  return isSorted(keys) ? keys : keys.sort(compareText)
}

function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) {
    if (compareText(keys[i - 1] ?? '', keys[i] ?? '') > 0) return false
  }
  return true
}
