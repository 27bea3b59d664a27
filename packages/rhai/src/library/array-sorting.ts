/**
 * Sorting arrays, by the order of their one type or by a comparer of the script.
 *
 * @module
 */
import { isInt } from '../runtime/arithmetic.ts'
import type { CallContext, PreparedCall } from '../runtime/call-context.ts'
import { copiedItems, copyValue, writableItems } from '../runtime/copy.ts'
import { KIND, type Kind, typeNameOfKind } from '../runtime/kind.ts'
import { compareText } from '../runtime/map-keys.ts'
import { chargeCopy, chargeLook, chargeSort, chargeText } from '../runtime/metering.ts'
import { ARRAY, FN, mutates, type NativeFunction, STRING } from '../runtime/native-function.ts'
import { numberOf, textIn } from '../runtime/ordering.ts'
import { elementsNotSortable } from '../runtime/raise.ts'
import { type FunctionPointer, kindOf, RhaiArray, untagged, type Value } from '../runtime/value.ts'
import { byName } from './array-callbacks.ts'
import { replaceItems } from './arrays.ts'
import { ignoreFailure, preparedCall } from './callback.ts'
import { sortIntegers } from './integer-sort.ts'
import { mergeSortLater } from './later/merge-sort.ts'
import { mergeSort } from './merge-sort.ts'

type Order = (left: Value, right: Value) => number

export const arraySortingFunctions: readonly NativeFunction[] = [
  mutates('sort', [ARRAY], (context, array) => sortNaturally(context, array)),
  mutates('sort_desc', [ARRAY], (context, array) => sortDescending(context, array)),
  mutates('sort', [ARRAY, FN], sortBy, sortByLater),
  mutates('sort', [ARRAY, STRING], byName(sortBy), byName(sortByLater)),
  mutates('sort_by', [ARRAY, FN], sortBy, sortByLater),
  mutates('order', [ARRAY], (context, array) =>
    sorted(array, (copy) => sortNaturally(context, copy)),
  ),
  mutates('order_desc', [ARRAY], (context, array) =>
    sorted(array, (copy) => sortDescending(context, copy)),
  ),
  mutates('order', [ARRAY, FN], orderBy, orderByLater),
  mutates('order_by', [ARRAY, FN], orderBy, orderByLater),
]

function sorted(array: RhaiArray, sort: (copy: RhaiArray) => void): RhaiArray {
  const copy = copyOf(array)
  sort(copy)
  return copy
}

function orderBy(context: CallContext, array: RhaiArray, pointer: FunctionPointer): RhaiArray {
  return sorted(array, (copy) => sortBy(context, copy, pointer))
}

async function orderByLater(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
): Promise<RhaiArray> {
  const copy = copyOf(array)
  await sortByLater(context, copy, pointer)
  return copy
}

function copyOf(array: RhaiArray): RhaiArray {
  array.shared = true
  return new RhaiArray(array.items, true)
}

function sortNaturally(context: CallContext, array: RhaiArray): undefined {
  sortInPlace(context, array, (order) => order)
}

function sortDescending(context: CallContext, array: RhaiArray): undefined {
  sortInPlace(context, array, (order) => (left, right) => order(right, left))
}

function sortInPlace(
  context: CallContext,
  array: RhaiArray,
  direction: (order: Order) => Order,
): void {
  const { items } = array
  if (items.length <= 1) return
  chargeCopy(context, items.length)
  const kind = kindOf(untagged(items[0]))
  if (items.some((item) => kindOf(item) !== kind && kindOf(untagged(item)) !== kind)) {
    throw elementsNotSortable('elements of different types')
  }
  chargeSort(context, items.length)
  if (kind === KIND.string) chargeTexts(context, items)
  const order = orderOf(kind, items)
  if (order === undefined) return
  const sortable = writableItems(context, array)
  if (kind === KIND.int && sortIntegers(sortable)) {
    if (direction(compareInts)(0, 1) > 0) sortable.reverse()
    return
  }
  mergeSort(sortable, direction(order))
}

/** Each text is compared about as often as their number has binary digits. */
function chargeTexts(context: CallContext, items: readonly Value[]): void {
  let units = 0
  for (const item of items) units += textIn(untagged(item))?.length ?? 0
  chargeText(context, units)
  chargeLook(context, units * Math.ceil(Math.log2(items.length)))
}

/** The order of a type, or undefined for `()`, whose values are all alike. */
function orderOf(kind: Kind, items: readonly Value[]): Order | undefined {
  switch (kind) {
    case KIND.int:
      return compareInts
    case KIND.float:
      return (left, right) => compareNumbers(numberOf(untagged(left)), numberOf(untagged(right)))
    case KIND.string:
      return items.some(isOutOfOrderInUnits) ? compareTexts : compareUnits
    case KIND.char:
      return compareTexts
    case KIND.bool:
      return (left, right) => Number(untagged(left)) - Number(untagged(right))
    case KIND.unit:
      return undefined
    default:
      throw elementsNotSortable(`elements of ${typeNameOfKind(kind)}`)
  }
}

function compareInts(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const a = untagged(left)
  const b = untagged(right)
  if (!isInt(a) || !isInt(b)) return 0
  return a < b ? -1 : a > b ? 1 : 0
}

function compareTexts(left: Value, right: Value): number {
  return compareText(textIn(untagged(left)) ?? '', textIn(untagged(right)) ?? '')
}

/**
 * The order of strings to JavaScript, which is the language's own below the surrogates. Whatever has
 * a tag is compared as text.
 */
function compareUnits(left: Value, right: Value): number {
  if (typeof left !== 'string' || typeof right !== 'string') return compareTexts(left, right)
  if (left === right) return 0
  return left < right ? -1 : 1
}

const FROM_SURROGATES_ON = /[\ud800-\uffff]/

function isOutOfOrderInUnits(text: Value): boolean {
  return typeof text === 'string' && FROM_SURROGATES_ON.test(text)
}

/** NaN equals everything. */
function compareNumbers(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** Sorts by a comparer, which answers an INT, or a boolean that says whether the first is less. */
function sortBy(context: CallContext, array: RhaiArray, pointer: FunctionPointer): undefined {
  if (array.items.length <= 1) return undefined
  const items = itemsToSort(context, array)
  const compare = preparedCall(context, pointer, 2)
  mergeSort(
    items,
    (left, right) => orderGiven(answerOf(context, compare, left, right), left, right),
    (from, to, runs) => compare.merge(from, to, runs),
  )
  return replaceItems(array, items)
}

/** The same for a comparer that may wait. */
async function sortByLater(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
): Promise<undefined> {
  if (array.items.length <= 1) return undefined
  const items = itemsToSort(context, array)
  await mergeSortLater(items, async (left, right) =>
    orderGiven(await answerOfLater(context, pointer, left, right), left, right),
  )
  return replaceItems(array, items)
}

function itemsToSort(context: CallContext, array: RhaiArray): Value[] {
  chargeSort(context, array.items.length)
  array.shared = true
  return copiedItems(array.items)
}

/** A comparer that answers something else leaves it to the types, which have an order. */
export function orderGiven(given: Value, left: Value, right: Value): number {
  if (typeof given === 'number') return given
  const answer = untagged(given)
  if (typeof answer === 'number') return answer
  if (typeof answer === 'boolean') return answer ? -1 : 1
  if (typeof answer === 'bigint') return answer < 0n ? -1 : 1
  return kindOf(untagged(left)) - kindOf(untagged(right))
}

/** What a comparer answers; `()` if it fails. */
function answerOf(context: CallContext, compare: PreparedCall, left: Value, right: Value): Value {
  try {
    return compare.call2(undefined, copyValue(left), copyValue(right))
  } catch (error) {
    return comparerFailed(context, error)
  }
}

/** What a comparer that failed answers. @throws the error if it ends the run */
export function comparerFailed(context: CallContext, error: unknown): undefined {
  ignoreFailure(context, error)
  return undefined
}

async function answerOfLater(
  context: CallContext,
  pointer: FunctionPointer,
  left: Value,
  right: Value,
): Promise<Value> {
  try {
    return await context.callFunctionPointerLater(pointer, [copyValue(left), copyValue(right)])
  } catch (error) {
    ignoreFailure(context, error)
    return undefined
  }
}
