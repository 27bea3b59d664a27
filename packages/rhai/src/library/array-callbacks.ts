/**
 * Functions on arrays that call back for each element: `map`, `filter` and their kin.
 *
 * Most also take the name of a function as a string, an older form; some of those count as changing
 * the array although they do not.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { copyValue } from '../runtime/copy.ts'
import { functionNamed } from '../runtime/function-name.ts'
import { madeOf } from '../runtime/made-array.ts'
import { chargeCopy } from '../runtime/metering.ts'
import {
  ARRAY,
  FN,
  mutates,
  type NativeFunction,
  reads,
  STRING,
} from '../runtime/native-function.ts'
import { type FunctionPointer, RhaiArray, type Value } from '../runtime/value.ts'
import { ArrayCallback } from './array-callback.ts'
import { replaceItems } from './arrays.ts'
import * as later from './later/elements.ts'

export const arrayCallbackFunctions: readonly NativeFunction[] = [
  reads('map', [ARRAY, FN], map, later.map),
  mutates('map', [ARRAY, STRING], byName(map), byName(later.map)),
  reads('filter', [ARRAY, FN], filter, later.filter),
  mutates('filter', [ARRAY, STRING], byName(filter), byName(later.filter)),
  reads('some', [ARRAY, FN], some, later.some),
  reads('some', [ARRAY, STRING], byName(some), byName(later.some)),
  reads('all', [ARRAY, FN], all, later.all),
  reads('all', [ARRAY, STRING], byName(all), byName(later.all)),
  mutates('for_each', [ARRAY, FN], forEach, later.forEach),
  mutates('drain', [ARRAY, FN], drain, later.drain),
  mutates('drain', [ARRAY, STRING], byName(drain), byName(later.drain)),
  mutates('retain', [ARRAY, FN], retain, later.retain),
  mutates('retain', [ARRAY, STRING], byName(retain), byName(later.retain)),
]

/** The same function, given the name of its callback. */
export function byName<R, Rest extends readonly Value[]>(
  apply: (context: CallContext, array: RhaiArray, pointer: FunctionPointer, ...rest: Rest) => R,
): (context: CallContext, array: RhaiArray, name: string, ...rest: Rest) => R {
  return (context, array, name, ...rest) =>
    apply(context, array, functionNamed(context, name), ...rest)
}

function map(context: CallContext, array: RhaiArray, pointer: FunctionPointer): RhaiArray {
  const callback = new ArrayCallback(context, array, pointer, 'map')
  // Filling a copy spares growing a list, and JavaScript keeps it as dense as the original.
  const results = array.items.slice()
  callback.collect(results)
  return madeOf(context, results)
}

function filter(context: CallContext, array: RhaiArray, pointer: FunctionPointer): RhaiArray {
  const callback = new ArrayCallback(context, array, pointer, 'filter')
  const kept = array.items.slice()
  kept.length = callback.select(kept)
  return new RhaiArray(kept)
}

function some(context: CallContext, array: RhaiArray, pointer: FunctionPointer): boolean {
  const callback = new ArrayCallback(context, array, pointer, 'some')
  return callback.findTrue() < callback.length
}

function all(context: CallContext, array: RhaiArray, pointer: FunctionPointer): boolean {
  const callback = new ArrayCallback(context, array, pointer, 'all')
  return callback.findUntrue() >= callback.length
}

function forEach(context: CallContext, array: RhaiArray, pointer: FunctionPointer): undefined {
  const callback = new ArrayCallback(context, array, pointer, 'for_each')
  for (let i = 0; i < callback.length; i++) callback.at(i)
}

/** Takes out the elements for which the callback answers true. */
function drain(context: CallContext, array: RhaiArray, pointer: FunctionPointer): RhaiArray {
  return partition(context, array, pointer, { caller: 'drain', keeps: false })
}

/** Keeps the elements for which the callback answers true, and answers the others. */
function retain(context: CallContext, array: RhaiArray, pointer: FunctionPointer): RhaiArray {
  return partition(context, array, pointer, { caller: 'retain', keeps: true })
}

/**
 * Splits the array in place. When the callback throws, what was taken out already is lost, and the
 * elements it never saw stay.
 */
function partition(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  { caller, keeps }: { caller: string; keeps: boolean },
): RhaiArray {
  const callback = new ArrayCallback(context, array, pointer, caller)
  const kept: Value[] = []
  const taken: Value[] = []
  let index = 0
  try {
    for (; index < callback.length; index++) {
      const side = callback.isTrueAt(index) === keeps ? kept : taken
      side.push(copyValue(callback.itemAt(index)))
    }
  } finally {
    chargeCopy(context, callback.length - index)
    for (; index < callback.length; index++) kept.push(copyValue(callback.itemAt(index)))
    replaceItems(array, kept)
  }
  return new RhaiArray(taken)
}
