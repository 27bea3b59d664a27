/**
 * Functions on maps. What a script sees of the keys is in byte order.
 *
 * None is a property: `map.len` is the entry of that name.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { mixIn } from '../runtime/concatenate.ts'
import { copyValue, takenFrom, writableMap } from '../runtime/copy.ts'
import { setIndex } from '../runtime/indexing.ts'
import {
  deleteEntry,
  emptyMap,
  entryCount,
  getEntry,
  hasEntry,
  keysOf,
  replaceEntries,
  setEntry,
  valuesInOrder,
} from '../runtime/map-entries.ts'
import { chargeEntries, chargeKey, sortedKeysIn } from '../runtime/map-metering.ts'
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
  reads('len', [MAP], (_context, map) => entryCount(map)),
  reads('is_empty', [MAP], (_context, map) => entryCount(map) === 0),
  reads('contains', [MAP, STRING], (context, map, key) => {
    chargeKey(context, map, key)
    return hasEntry(map, key)
  }),
  reads('get', [MAP, STRING], (context, map, key) => {
    chargeKey(context, map, key)
    return copyValue(getEntry(map, key))
  }),
  reads('keys', [MAP], (context, map) => {
    checkArraySize(context, entryCount(map))
    return new RhaiArray([...sortedKeysIn(context, map)])
  }),
  reads('values', [MAP], (context, map) => {
    checkArraySize(context, entryCount(map))
    return new RhaiArray(valuesInOrder(map, sortedKeysIn(context, map)).map(copyValue))
  }),
  mutates('set', [MAP, STRING, ANY], (context, map, key, value) => {
    setIndex(context, map, key, value)
    return undefined
  }),
  mutates('clear', [MAP], (context, map) => {
    replaceEntries(map, emptyMap(context.emptyShape))
    return undefined
  }),
  mutates('remove', [MAP, STRING], (context, map, key) => remove(context, map, key)),
  mutates('mixin', [MAP, MAP], (context, map, other) => {
    mixIn(context, map, other)
    return undefined
  }),
  mutates('fill_with', [MAP, MAP], (context, map, other) => fillWith(context, map, other)),
]

function remove(context: CallContext, map: RhaiMap, key: string): Value {
  chargeKey(context, map, key)
  return map.shared && !hasEntry(map, key) ? undefined : deleteEntry(writableMap(context, map), key)
}

/** Adds what is missing; an entry that holds `()` is not missing. */
function fillWith(context: CallContext, map: RhaiMap, other: RhaiMap): undefined {
  chargeEntries(context, other)
  writableMap(context, map)
  for (const key of keysOf(other)) {
    if (!hasEntry(map, key)) setEntry(map, key, takenFrom(other, getEntry(other, key)))
  }
  checkMapSize(context, entryCount(map))
  context.dataMeter?.include(map, other)
}
