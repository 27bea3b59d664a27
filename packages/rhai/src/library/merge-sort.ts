/**
 * A stable sort that works for every value and every comparer.
 *
 * JavaScript's own sort moves `undefined`, which is `()` here, to the end without asking the
 * comparer, and calls the comparer at the price of leaving compiled code.
 *
 * @module
 */
import type { Runs } from '../runtime/call-context.ts'
import type { Value } from '../runtime/value.ts'

export const RUN_LENGTH = 8

/** Merges two sorted runs of `from` into the same places of `to`; answers false if it did not. */
export type MergeRuns = (from: readonly Value[], to: Value[], runs: Runs) => boolean

/**
 * Sorts in place. `compare` answers a number above zero when its arguments must change places;
 * `ownMerge` may know a faster way to merge with it.
 */
export function mergeSort(
  items: Value[],
  compare: (left: Value, right: Value) => number,
  ownMerge?: MergeRuns,
): void {
  for (let start = 0; start < items.length; start += RUN_LENGTH) {
    insertionSort(items, start, Math.min(start + RUN_LENGTH, items.length), compare)
  }
  let from = items
  let to = items.slice()
  for (let width = RUN_LENGTH; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length)
      const runs = { start, middle, end: Math.min(middle + width, from.length) }
      if (ownMerge?.(from, to, runs) !== true) merge(from, to, runs, compare)
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
  { start, middle, end }: Runs,
  compare: (left: Value, right: Value) => number,
): void {
  let left = start
  let right = middle
  for (let at = start; at < end; at++) {
    const takesLeft = left < middle && (right >= end || compare(from[left], from[right]) <= 0)
    to[at] = takesLeft ? from[left++] : from[right++]
  }
}
