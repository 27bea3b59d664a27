/**
 * Functions that walk an array with something beside the element: `reduce`, `zip` and `dedup`.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { copyValue } from '../runtime/copy.ts'
import { equalItems } from '../runtime/equality.ts'
import { madeOf } from '../runtime/made-array.ts'
import {
  ANY,
  ARRAY,
  FN,
  mutates,
  type NativeFunction,
  reads,
  STRING,
} from '../runtime/native-function.ts'
import { type FunctionPointer, type RhaiArray, untagged, type Value } from '../runtime/value.ts'
import { byName } from './array-callbacks.ts'
import { replaceItems } from './arrays.ts'
import { Callback, ignoreFailure, preparedCall } from './callback.ts'
import type { Walk } from './later/reduction.ts'
import * as later from './later/reduction.ts'

type Reduce<R> = (
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  initial?: Value,
) => R

type Comparer = (context: CallContext, left: Value, right: Value) => boolean

export const arrayReductionFunctions: readonly NativeFunction[] = [
  ...reductions(
    'reduce',
    (context, array, pointer, initial) => reduce(context, array, pointer, forwards(initial)),
    (context, array, pointer, initial) => later.reduce(context, array, pointer, forwards(initial)),
  ),
  ...reductions(
    'reduce_rev',
    (context, array, pointer, initial) =>
      reduce(context, array, pointer, backwards(array, initial)),
    (context, array, pointer, initial) =>
      later.reduce(context, array, pointer, backwards(array, initial)),
  ),
  reads('zip', [ARRAY, ARRAY, FN], zip, later.zip),
  mutates('dedup', [ARRAY], (context, array) => dedup(context, array, equalItems)),
  mutates('dedup', [ARRAY, FN], dedupBy, later.dedupBy),
  mutates('dedup', [ARRAY, STRING], byName(dedupBy), byName(later.dedupBy)),
]

/** Both forms of a reduction: one starts from a given value, the other from `()`. */
function reductions(
  name: string,
  apply: Reduce<Value>,
  applyLater: Reduce<Promise<Value>>,
): NativeFunction[] {
  return [
    reads(name, [ARRAY, FN], apply, applyLater),
    reads(name, [ARRAY, FN, ANY], apply, applyLater),
    reads(name, [ARRAY, STRING], byName(apply), byName(applyLater)),
    reads(name, [ARRAY, STRING, ANY], byName(apply), byName(applyLater)),
  ]
}

function forwards(initial: Value): Walk {
  return { caller: 'reduce', initial, from: 0, step: 1 }
}

function backwards({ items }: RhaiArray, initial: Value): Walk {
  return { caller: 'reduce_rev', initial, from: items.length - 1, step: -1 }
}

function reduce(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  { caller, initial, from, step }: Walk,
): Value {
  const callback = new Callback(context, pointer, { caller, args: 1, extras: 1, elementAt: 1 })
  array.shared = true
  const { items } = array
  if (step === 1) {
    const results: Value[] = [undefined]
    if (callback.walk('fold', items, results, from, initial) !== undefined) return results[0]
  }
  let result = initial
  for (let i = from; i >= 0 && i < items.length; i += step) {
    context.charge(1)
    result = callback.callAfter(result, copyValue(items[i]), i)
  }
  return result
}

/** Pairs the elements of two arrays, as far as the shorter one goes. */
function zip(
  context: CallContext,
  left: RhaiArray,
  right: RhaiArray,
  pointer: FunctionPointer,
): RhaiArray {
  const callback = new Callback(context, pointer, { caller: 'zip', args: 2, extras: 1 })
  left.shared = true
  right.shared = true
  const lefts = left.items
  const rights = right.items
  const length = Math.min(lefts.length, rights.length)
  const results: Value[] = []
  for (let i = 0; i < length; i++) {
    context.charge(1)
    results.push(callback.call(undefined, [copyValue(lefts[i]), copyValue(rights[i])], [i]))
  }
  return madeOf(context, results)
}

/** A comparer that fails, or answers no boolean, finds its two elements different. */
function dedupBy(context: CallContext, array: RhaiArray, pointer: FunctionPointer): undefined {
  const compare = preparedCall(context, pointer, 2)
  return dedup(context, array, (_, left, right) => {
    try {
      return untagged(compare.call2(undefined, copyValue(left), copyValue(right))) === true
    } catch (error) {
      ignoreFailure(context, error)
      return false
    }
  })
}

/** Removes each element that equals the one kept before it. */
function dedup(context: CallContext, array: RhaiArray, isSame: Comparer): undefined {
  array.shared = true
  const kept: Value[] = []
  for (const item of array.items) {
    context.charge(1)
    if (kept.length === 0 || !isSame(context, kept[kept.length - 1], item)) {
      kept.push(copyValue(item))
    }
  }
  return replaceItems(array, kept)
}
