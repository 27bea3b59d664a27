/**
 * Functions on maps. What a script sees of the keys is in byte order.
 *
 * None is a property: `map.len` is the entry of that name.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { mixIn } from '../runtime/concatenate.ts'
import { copyValue, writableEntries } from '../runtime/copy.ts'
import { setMapEntry } from '../runtime/indexing.ts'
import { sortedKeys } from '../runtime/map-keys.ts'
import {
  ANY,
  MAP,
  mutates,
  type NativeFunction,
  reads,
  STRING,
} from '../runtime/native-function.ts'
import { checkArraySize, checkMapSize } from '../runtime/size-limits.ts'
import { RhaiArray, type RhaiMap, type Value } from '../runtime/value.ts'

export const mapFunctions: readonly NativeFunction[] = [
  reads('len', [MAP], (_context, { entries }) => entries.size),
  reads('is_empty', [MAP], (_context, { entries }) => entries.size === 0),
  reads('contains', [MAP, STRING], (_context, { entries }, key) => entries.has(key)),
  reads('get', [MAP, STRING], (_context, { entries }, key) => copyValue(entries.get(key))),
  reads('keys', [MAP], (context, map) => {
    chargeEntries(context, map)
    return new RhaiArray(sortedKeys(map))
  }),
  reads('values', [MAP], (context, map) => {
    chargeEntries(context, map)
    return new RhaiArray(sortedKeys(map).map((key) => copyValue(map.entries.get(key))))
  }),
  mutates('set', [MAP, STRING, ANY], (context, map, key, value) => {
    setMapEntry(context, map, key, value)
    return undefined
  }),
  mutates('clear', [MAP], (_context, map) => {
    map.entries = new Map()
    map.shared = false
    return undefined
  }),
  mutates('remove', [MAP, STRING], (context, map, key) => remove(context, map, key)),
  mutates('mixin', [MAP, MAP], (context, map, other) => {
    mixIn(context, map, other)
    return undefined
  }),
  mutates('fill_with', [MAP, MAP], (context, map, other) => fillWith(context, map, other)),
]

function chargeEntries(context: CallContext, map: RhaiMap): void {
  context.charge(map.entries.size)
  checkArraySize(context, map.entries.size)
}

function remove(context: CallContext, map: RhaiMap, key: string): Value {
  if (!map.entries.has(key)) return undefined
  const entries = writableEntries(context, map)
  const value = entries.get(key)
  entries.delete(key)
  return value
}

/** Adds what is missing; an entry that holds `()` is not missing. */
function fillWith(context: CallContext, map: RhaiMap, other: RhaiMap): undefined {
  context.charge(other.entries.size)
  const entries = writableEntries(context, map)
  for (const [key, value] of writableEntries(context, other)) {
    if (!entries.has(key)) entries.set(key, value)
  }
  checkMapSize(context, entries.size)
}
