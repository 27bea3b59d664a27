/**
 * Functions on the entries of a map, for callbacks that may wait: one after the other, in order.
 *
 * Twins of the functions in `map-callbacks.ts`, see `elements.ts`.
 *
 * @module
 */
import type { CallContext } from '../../runtime/call-context.ts'
import { copyOfMap, copyValue } from '../../runtime/copy.ts'
import { emptyMap, getEntry, replaceEntries, setEntry } from '../../runtime/map-entries.ts'
import { sortedKeysIn } from '../../runtime/map-metering.ts'
import { chargeCopy } from '../../runtime/metering.ts'
import { Cell, type FunctionPointer, type RhaiMap } from '../../runtime/value.ts'
import { EntryCallback, keepChange } from '../entry-callback.ts'

type EntryFunction = (
  context: CallContext,
  target: RhaiMap,
  pointer: FunctionPointer,
) => Promise<RhaiMap>

export const map: EntryFunction = async (context, target, pointer) => {
  const callback = new EntryCallback(context, pointer, 'filter')
  const results = emptyMap(context.emptyShape)
  for (const key of sortedKeysIn(context, target)) {
    const cell = new Cell(copyValue(getEntry(target, key)))
    setEntry(results, key, await callback.callLater(key, cell))
    keepChange(context, target, key, cell)
  }
  return context.dataMeter?.made(results) ?? results
}

export const filter: EntryFunction = async (context, target, pointer) => {
  const callback = new EntryCallback(context, pointer, 'filter')
  const kept = emptyMap(context.emptyShape)
  for (const key of sortedKeysIn(context, target)) {
    const cell = new Cell(copyValue(getEntry(target, key)))
    const isKept = await callback.isTrueLater(key, cell)
    keepChange(context, target, key, cell)
    if (isKept) setEntry(kept, key, copyValue(cell.value))
  }
  return kept
}

export const drain: EntryFunction = (context, target, pointer) =>
  partition(context, target, pointer, { caller: 'drain', keeps: false })

export const retain: EntryFunction = (context, target, pointer) =>
  partition(context, target, pointer, { caller: 'retain', keeps: true })

async function partition(
  context: CallContext,
  target: RhaiMap,
  pointer: FunctionPointer,
  { caller, keeps }: { caller: string; keeps: boolean },
): Promise<RhaiMap> {
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
      const side = (await callback.isTrueLater(key, cell)) === keeps ? kept : taken
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
