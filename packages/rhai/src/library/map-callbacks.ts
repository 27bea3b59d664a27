/**
 * Functions on maps that call back for each entry, with `(key, value)`, or with `(key)` and the
 * value as `this`.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { copyOfMap, copyValue } from '../runtime/copy.ts'
import { emptyMap, getEntry, replaceEntries, setEntry } from '../runtime/map-entries.ts'
import { sortedKeysIn } from '../runtime/map-metering.ts'
import { chargeCopy } from '../runtime/metering.ts'
import { FN, MAP, mutates, type NativeFunction, reads } from '../runtime/native-function.ts'
import { Cell, type FunctionPointer, type RhaiMap } from '../runtime/value.ts'
import { EntryCallback, keepChange } from './entry-callback.ts'
import * as later from './later/entries.ts'

export const mapCallbackFunctions: readonly NativeFunction[] = [
  reads('map', [MAP, FN], map, later.map),
  reads('filter', [MAP, FN], filter, later.filter),
  mutates(
    'drain',
    [MAP, FN],
    (context, target, pointer) =>
      partition(context, target, pointer, { caller: 'drain', keeps: false }),
    later.drain,
  ),
  mutates(
    'retain',
    [MAP, FN],
    (context, target, pointer) =>
      partition(context, target, pointer, { caller: 'retain', keeps: true }),
    later.retain,
  ),
]

/** The reference names `filter` in the errors of `map`, too. */
function map(context: CallContext, target: RhaiMap, pointer: FunctionPointer): RhaiMap {
  const callback = new EntryCallback(context, pointer, 'filter')
  const results = emptyMap(context.emptyShape)
  for (const key of sortedKeysIn(context, target)) {
    const cell = new Cell(copyValue(getEntry(target, key)))
    setEntry(results, key, callback.call(key, cell))
    keepChange(context, target, key, cell)
  }
  return context.dataMeter?.made(results) ?? results
}

function filter(context: CallContext, target: RhaiMap, pointer: FunctionPointer): RhaiMap {
  const callback = new EntryCallback(context, pointer, 'filter')
  const kept = emptyMap(context.emptyShape)
  for (const key of sortedKeysIn(context, target)) {
    const cell = new Cell(copyValue(getEntry(target, key)))
    const isKept = callback.isTrue(key, cell)
    keepChange(context, target, key, cell)
    if (isKept) setEntry(kept, key, copyValue(cell.value))
  }
  return kept
}

/**
 * Splits the map in place. When the callback throws, the entry it saw last and those already taken
 * out are lost, as in the reference; the entries it never saw stay.
 */
function partition(
  context: CallContext,
  target: RhaiMap,
  pointer: FunctionPointer,
  { caller, keeps }: { caller: string; keeps: boolean },
): RhaiMap {
  const callback = new EntryCallback(context, pointer, caller)
  const kept = emptyMap(context.emptyShape)
  const taken = emptyMap(context.emptyShape)
  const keys = sortedKeysIn(context, target)
  const seenAtStart = copyOfMap(target)
  let seen = 0
  try {
    for (const key of keys) {
      seen++
      const cell = new Cell(copyValue(getEntry(seenAtStart, key)))
      const side = callback.isTrue(key, cell) === keeps ? kept : taken
      setEntry(side, key, cell.value)
    }
  } finally {
    chargeCopy(context, keys.length - seen)
    for (const key of keys.slice(seen)) setEntry(kept, key, copyValue(getEntry(seenAtStart, key)))
    replaceEntries(target, kept)
  }
  context.dataMeter?.made(target)
  return context.dataMeter?.made(taken) ?? taken
}
