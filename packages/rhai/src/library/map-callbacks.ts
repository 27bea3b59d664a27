/**
 * Functions on maps that call back for each entry, with `(key, value)`, or with `(key)` and the
 * value as `this`.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { copyOfMap, copyValue, writableMap } from '../runtime/copy.ts'
import {
  emptyMap,
  getEntry,
  replaceEntries,
  setEntry,
  sharesEntries,
} from '../runtime/map-entries.ts'
import { sortedKeysIn } from '../runtime/map-metering.ts'
import { chargeCopy } from '../runtime/metering.ts'
import { FN, MAP, mutates, type NativeFunction, reads } from '../runtime/native-function.ts'
import { tagOf } from '../runtime/tag.ts'
import {
  Cell,
  type FunctionPointer,
  RhaiArray,
  RhaiBlob,
  RhaiMap,
  untagged,
  type Value,
} from '../runtime/value.ts'
import { Callback } from './callback.ts'

export const mapCallbackFunctions: readonly NativeFunction[] = [
  reads('map', [MAP, FN], map),
  reads('filter', [MAP, FN], filter),
  mutates('drain', [MAP, FN], (context, target, pointer) =>
    partition(context, target, pointer, { caller: 'drain', keeps: false }),
  ),
  mutates('retain', [MAP, FN], (context, target, pointer) =>
    partition(context, target, pointer, { caller: 'retain', keeps: true }),
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
  return results
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
  return taken
}

class EntryCallback {
  readonly #context: CallContext
  readonly #callback: Callback

  constructor(context: CallContext, pointer: FunctionPointer, caller: string) {
    this.#context = context
    this.#callback = new Callback(context, pointer, { caller, args: 1, extras: 0, elementAt: 1 })
  }

  call(key: string, value: Cell): Value {
    this.#context.charge(1)
    return this.#callback.call(value, [key], [])
  }

  /** Anything but a boolean counts as false. */
  isTrue(key: string, value: Cell): boolean {
    return untagged(this.call(key, value)) === true
  }
}

/** Stores a value that the callback replaced through `this`. */
function keepChange(context: CallContext, target: RhaiMap, key: string, cell: Cell): void {
  const held = getEntry(target, key)
  if (held === cell.value) return
  if (isUntouched(held, cell.value)) return
  setEntry(writableMap(context, target), key, cell.value)
}

/** Whether two handles still share their storage and tag, so that nothing was written. */
function isUntouched(held: Value, value: Value): boolean {
  if (tagOf(held) !== tagOf(value)) return false
  if (held instanceof RhaiMap && value instanceof RhaiMap) return sharesEntries(held, value)
  if (held instanceof RhaiArray && value instanceof RhaiArray) return held.items === value.items
  if (held instanceof RhaiBlob && value instanceof RhaiBlob) return held.bytes === value.bytes
  return false
}
