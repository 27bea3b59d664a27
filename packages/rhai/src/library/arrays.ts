/**
 * Functions on arrays that look at or move single items. Positions beyond the beginning are held
 * at it, except where a function says otherwise.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { appendItems } from '../runtime/concatenate.ts'
import { copyValue, writableItems } from '../runtime/copy.ts'
import { indexOfInt } from '../runtime/int.ts'
import { chargeCopy } from '../runtime/metering.ts'
import {
  ANY,
  ARRAY,
  INT,
  mutates,
  type NativeFunction,
  property,
} from '../runtime/native-function.ts'
import { offsetIn } from '../runtime/range.ts'
import { checkArraySize } from '../runtime/size-limits.ts'
import type { Int, RhaiArray, Value } from '../runtime/value.ts'

export const arrayFunctions: readonly NativeFunction[] = [
  property('len', [ARRAY], (_context, { items }) => items.length),
  property('is_empty', [ARRAY], (_context, { items }) => items.length === 0),
  mutates('get', [ARRAY, INT], (_context, { items }, index) =>
    copyValue(items[offsetIn(index, items.length)]),
  ),
  mutates('set', [ARRAY, INT, ANY], (context, array, index, value) => {
    const offset = offsetIn(index, array.items.length)
    if (offset >= array.items.length) return undefined
    const items = writableItems(context, array)
    const replaced = items[offset]
    items[offset] = value
    context.dataMeter?.replace(array, value, replaced)
    return undefined
  }),
  mutates('push', [ARRAY, ANY], push),
  mutates('append', [ARRAY, ARRAY], (context, array, added) => {
    appendItems(context, array, added)
    return undefined
  }),
  mutates('insert', [ARRAY, INT, ANY], (context, array, index, item) => {
    checkArraySize(context, array.items.length + 1)
    const items = moved(context, array)
    items.splice(offsetIn(index, items.length), 0, item)
    context.dataMeter?.put(array, item)
    return undefined
  }),
  mutates('pop', [ARRAY], pop),
  mutates('shift', [ARRAY], shift),
  mutates('remove', [ARRAY, INT], remove),
  mutates('clear', [ARRAY], (_context, array) => replaceItems(array, [])),
  mutates('truncate', [ARRAY, INT], (context, array, length) => {
    const kept = Math.max(indexOfInt(length), 0)
    const items = writableItems(context, array)
    if (kept < items.length) items.length = kept
    return undefined
  }),
  mutates('chop', [ARRAY, INT], (context, array, length) => {
    const kept = Math.max(indexOfInt(length), 0)
    const items = moved(context, array)
    if (kept < items.length) items.splice(0, items.length - kept)
    return undefined
  }),
  mutates('reverse', [ARRAY], (context, array) => {
    moved(context, array).reverse()
    return undefined
  }),
  mutates('pad', [ARRAY, INT, ANY], (context, array, length, item) => {
    pad(context, array, indexOfInt(length), item)
    return undefined
  }),
]

export function push(context: CallContext, array: RhaiArray, item: Value): undefined {
  checkArraySize(context, array.items.length + 1)
  writableItems(context, array).push(item)
  context.dataMeter?.put(array, item)
  return undefined
}

export function pop(context: CallContext, array: RhaiArray): Value {
  return writableItems(context, array).pop()
}

export function shift(context: CallContext, array: RhaiArray): Value {
  return moved(context, array).shift()
}

/** Unlike other functions, it does nothing for a position before the beginning. */
export function remove(context: CallContext, array: RhaiArray, index: Int): Value {
  const { length } = array.items
  const offset = index < 0 ? length + indexOfInt(index) : indexOfInt(index)
  if (offset < 0 || offset >= length) return undefined
  return moved(context, array).splice(offset, 1)[0]
}

/** Gives an array new items, and answers `()`. */
export function replaceItems(array: RhaiArray, items: Value[]): undefined {
  array.items = items
  array.shared = false
  array.elsewhere = 0
  return undefined
}

/** The items, to be changed in a way that may move them all. */
function moved(context: CallContext, array: RhaiArray): Value[] {
  chargeCopy(context, array.items.length)
  return writableItems(context, array)
}

function pad(context: CallContext, array: RhaiArray, length: number, item: Value): void {
  const missing = length - array.items.length
  if (missing <= 0) return
  checkArraySize(context, length)
  context.charge(missing)
  const items = writableItems(context, array)
  const first = items.length
  items.length = length
  items.fill(item, first)
  if (typeof item === 'object') {
    for (let i = first; i < length; i++) items[i] = copyValue(item)
  }
  context.dataMeter?.putMany(array, item, missing)
}
