/**
 * Callbacks on the entries of a map, one after the other.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { writableMap } from '../runtime/copy.ts'
import { getEntry, setEntry, sharesEntries } from '../runtime/map-entries.ts'
import { tagOf } from '../runtime/tag.ts'
import {
  type Cell,
  type FunctionPointer,
  RhaiArray,
  RhaiBlob,
  RhaiMap,
  untagged,
  type Value,
} from '../runtime/value.ts'
import { Callback } from './callback.ts'

export class EntryCallback {
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

  /** The same for a callback that may wait. */
  async callLater(key: string, value: Cell): Promise<Value> {
    this.#context.charge(1)
    return this.#callback.callLater(value, [key], [])
  }

  async isTrueLater(key: string, value: Cell): Promise<boolean> {
    return untagged(await this.callLater(key, value)) === true
  }
}

/** Stores a value that the callback replaced through `this`. */
export function keepChange(context: CallContext, target: RhaiMap, key: string, cell: Cell): void {
  const held = getEntry(target, key)
  if (held === cell.value) return
  if (isUntouched(held, cell.value)) return
  setEntry(writableMap(context, target), key, cell.value)
  context.dataMeter?.replace(target, cell.value, held)
}

/** Whether two handles still share their storage and tag, so that nothing was written. */
function isUntouched(held: Value, value: Value): boolean {
  if (tagOf(held) !== tagOf(value)) return false
  if (held instanceof RhaiMap && value instanceof RhaiMap) return sharesEntries(held, value)
  if (held instanceof RhaiArray && value instanceof RhaiArray) return held.items === value.items
  if (held instanceof RhaiBlob && value instanceof RhaiBlob) return held.bytes === value.bytes
  return false
}
