/**
 * The sort of `merge-sort.ts` for a comparer that may wait. It asks the same questions in the same
 * order, so a comparer that contradicts itself gives the same result, too.
 *
 * @module
 */
import type { Value } from '../../runtime/value.ts'
import { RUN_LENGTH } from '../merge-sort.ts'

type Compare = (left: Value, right: Value) => Promise<number>

/** Sorts in place. `compare` answers a number above zero when its arguments must change places. */
export async function mergeSortLater(items: Value[], compare: Compare): Promise<void> {
  for (let start = 0; start < items.length; start += RUN_LENGTH) {
    await insertionSort(items, start, Math.min(start + RUN_LENGTH, items.length), compare)
  }
  let from = items
  let to = items.slice()
  for (let width = RUN_LENGTH; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width) {
      await merge(from, to, { start, middle: start + width, end: start + 2 * width }, compare)
    }
    const swapped = from
    from = to
    to = swapped
  }
  if (from !== items) for (let i = 0; i < items.length; i++) items[i] = from[i]
}

async function insertionSort(
  items: Value[],
  start: number,
  end: number,
  compare: Compare,
): Promise<void> {
  for (let i = start + 1; i < end; i++) {
    const item = items[i]
    let at = i
    while (at > start && (await compare(items[at - 1], item)) > 0) {
      items[at] = items[at - 1]
      at--
    }
    items[at] = item
  }
}

async function merge(
  from: readonly Value[],
  to: Value[],
  runs: { readonly start: number; readonly middle: number; readonly end: number },
  compare: Compare,
): Promise<void> {
  const middle = Math.min(runs.middle, from.length)
  const end = Math.min(runs.end, from.length)
  let left = runs.start
  let right = middle
  for (let at = runs.start; at < end; at++) {
    const takesLeft =
      left < middle && (right >= end || (await compare(from[left], from[right])) <= 0)
    to[at] = takesLeft ? from[left++] : from[right++]
  }
}
