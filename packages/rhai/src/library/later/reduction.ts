/**
 * `reduce`, `zip` and `dedup` for callbacks that may wait.
 *
 * Twins of the functions in `array-reduction.ts`, see `elements.ts`.
 *
 * @module
 */
import type { CallContext } from '../../runtime/call-context.ts'
import { copyValue } from '../../runtime/copy.ts'
import { madeOf } from '../../runtime/made-array.ts'
import {
  Cell,
  type FunctionPointer,
  type RhaiArray,
  untagged,
  type Value,
} from '../../runtime/value.ts'
import { replaceItems } from '../arrays.ts'
import { Callback, ignoreFailure } from '../callback.ts'

/** One walk over an array, from a value to start with. */
export interface Walk {
  readonly caller: string
  readonly initial: Value
  readonly from: number
  readonly step: number
}

export async function reduce(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  { caller, initial, from, step }: Walk,
): Promise<Value> {
  const callback = new Callback(context, pointer, { caller, args: 1, extras: 1, elementAt: 1 })
  array.shared = true
  const { items } = array
  let result = initial
  for (let i = from; i >= 0 && i < items.length; i += step) {
    context.charge(1)
    result = await callback.callLater(new Cell(copyValue(items[i])), [result], [i])
  }
  return result
}

export async function zip(
  context: CallContext,
  left: RhaiArray,
  right: RhaiArray,
  pointer: FunctionPointer,
): Promise<RhaiArray> {
  const callback = new Callback(context, pointer, { caller: 'zip', args: 2, extras: 1 })
  left.shared = true
  right.shared = true
  const lefts = left.items
  const rights = right.items
  const length = Math.min(lefts.length, rights.length)
  const results: Value[] = []
  for (let i = 0; i < length; i++) {
    context.charge(1)
    const pair = [copyValue(lefts[i]), copyValue(rights[i])]
    results.push(await callback.callLater(undefined, pair, [i]))
  }
  return madeOf(context, results)
}

export async function dedupBy(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
): Promise<undefined> {
  array.shared = true
  const kept: Value[] = []
  for (const item of array.items) {
    context.charge(1)
    if (kept.length === 0 || !(await isSame(context, pointer, kept[kept.length - 1], item))) {
      kept.push(copyValue(item))
    }
  }
  return replaceItems(array, kept)
}

async function isSame(
  context: CallContext,
  pointer: FunctionPointer,
  left: Value,
  right: Value,
): Promise<boolean> {
  try {
    const pair = [copyValue(left), copyValue(right)]
    return untagged(await context.callFunctionPointerLater(pointer, pair)) === true
  } catch (error) {
    ignoreFailure(context, error)
    return false
  }
}
