/**
 * Functions on the elements of an array, for callbacks that may wait: one after the other, in order.
 *
 * Twins of the functions in `array-callbacks.ts` and `array-search.ts`, where they are explained. They
 * are written twice because an answer that may be a promise costs more than most callbacks: one
 * form for both made the loops of scripts that never wait slower by a tenth to four fifths.
 *
 * @module
 */
import type { CallContext } from '../../runtime/call-context.ts'
import { copyValue } from '../../runtime/copy.ts'
import { madeOf } from '../../runtime/made-array.ts'
import { chargeCopy } from '../../runtime/metering.ts'
import { offsetIn } from '../../runtime/range.ts'
import {
  type FunctionPointer,
  type Int,
  isUnit,
  RhaiArray,
  type Value,
} from '../../runtime/value.ts'
import { ArrayCallback } from '../array-callback.ts'
import { replaceItems } from '../arrays.ts'

type ElementFunction = (
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  start?: Int,
) => Promise<Value>

export const map: ElementFunction = async (context, array, pointer) => {
  const callback = new ArrayCallback(context, array, pointer, 'map')
  const results: Value[] = []
  for (let i = 0; i < callback.length; i++) results.push(await callback.atLater(i))
  return madeOf(context, results)
}

export const filter = onElements('filter', async (callback) => {
  const kept: Value[] = []
  for (let i = 0; i < callback.length; i++) {
    if (await callback.isTrueAtLater(i)) kept.push(copyValue(callback.itemAt(i)))
  }
  return new RhaiArray(kept)
})

export const some = onElements('some', async (callback) => {
  for (let i = 0; i < callback.length; i++) {
    if (await callback.isTrueAtLater(i)) return true
  }
  return false
})

export const all = onElements('all', async (callback) => {
  for (let i = 0; i < callback.length; i++) {
    if (!(await callback.isTrueAtLater(i))) return false
  }
  return true
})

export const forEach = onElements('for_each', async (callback) => {
  for (let i = 0; i < callback.length; i++) await callback.atLater(i)
  return undefined
})

export const drain: ElementFunction = (context, array, pointer) =>
  partition(context, array, pointer, { caller: 'drain', keeps: false })

export const retain: ElementFunction = (context, array, pointer) =>
  partition(context, array, pointer, { caller: 'retain', keeps: true })

export const indexWhere = onElements('index_of', (callback, _array, start) =>
  firstIndex(callback, start),
)

export const find = onElements('index_of', async (callback, array, start) => {
  const index = await firstIndex(callback, start)
  return index < 0 ? undefined : copyValue(array.items[index])
})

export const findMap = onElements('find_map', async (callback, _array, start) => {
  for (let i = offsetIn(start, callback.length); i < callback.length; i++) {
    const result = await callback.atLater(i)
    if (!isUnit(result)) return result
  }
  return undefined
})

function onElements(
  caller: string,
  walk: (callback: ArrayCallback, array: RhaiArray, start: Int) => Promise<Value>,
): ElementFunction {
  return async (context, array, pointer, start = 0) =>
    walk(new ArrayCallback(context, array, pointer, caller), array, start)
}

async function firstIndex(callback: ArrayCallback, start: Int): Promise<number> {
  for (let i = offsetIn(start, callback.length); i < callback.length; i++) {
    if (await callback.isTrueAtLater(i)) return i
  }
  return -1
}

async function partition(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  { caller, keeps }: { caller: string; keeps: boolean },
): Promise<RhaiArray> {
  const callback = new ArrayCallback(context, array, pointer, caller)
  const kept: Value[] = []
  const taken: Value[] = []
  let index = 0
  try {
    for (; index < callback.length; index++) {
      const side = (await callback.isTrueAtLater(index)) === keeps ? kept : taken
      side.push(copyValue(callback.itemAt(index)))
    }
  } finally {
    chargeCopy(context, callback.length - index)
    for (; index < callback.length; index++) kept.push(copyValue(callback.itemAt(index)))
    replaceItems(array, kept)
  }
  return new RhaiArray(taken)
}
