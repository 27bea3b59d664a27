/**
 * A stable sort that works for every value and every comparer.
 *
 * JavaScript's own sort moves `undefined`, which is `()` here, to the end without asking the
 * comparer, and calls the comparer at the price of leaving compiled code.
 *
 * @module
 */
import type { Value } from '../runtime/value.ts'

export const RUN_LENGTH = 8

/** Sorts in place. `compare` answers a number above zero when its arguments must change places. */
export function mergeSort(items: Value[], compare: (left: Value, right: Value) => number): void {
  for (let start = 0; start < items.length; start += RUN_LENGTH) {
    insertionSort(items, start, Math.min(start + RUN_LENGTH, items.length), compare)
  }
  let from = items
  let to = items.slice()
  for (let width = RUN_LENGTH; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width) {
      merge(from, to, { start, middle: start + width, end: start + 2 * width }, compare)
    }
    const swapped = from
    from = to
    to = swapped
  }
  if (from !== items) for (let i = 0; i < items.length; i++) items[i] = from[i]
}

function insertionSort(
  items: Value[],
  start: number,
  end: number,
  compare: (left: Value, right: Value) => number,
): void {
  for (let i = start + 1; i < end; i++) {
    const item = items[i]
    let at = i
    while (at > start && compare(items[at - 1], item) > 0) {
      items[at] = items[at - 1]
      at--
    }
    items[at] = item
  }
}

/** Merges two sorted runs of `from` into the same places of `to`. */
function merge(
  from: readonly Value[],
  to: Value[],
  runs: { readonly start: number; readonly middle: number; readonly end: number },
  compare: (left: Value, right: Value) => number,
): void {
  const middle = Math.min(runs.middle, from.length)
  const end = Math.min(runs.end, from.length)
  let left = runs.start
  let right = middle
  for (let at = runs.start; at < end; at++) {
    const takesLeft = left < middle && (right >= end || compare(from[left], from[right]) <= 0)
    to[at] = takesLeft ? from[left++] : from[right++]
  }
}
