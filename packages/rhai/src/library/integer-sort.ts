/**
 * Sorting integers by their digits instead of by comparing them.
 *
 * Each pass puts the numbers in order of eleven more bits, keeping the order of the passes before.
 * Worth it from some hundreds of numbers on, and only where they lie close enough together.
 *
 * @module
 */
import type { Value } from '../runtime/value.ts'

const DIGIT_BITS = 11
const DIGIT_COUNT = 2 ** DIGIT_BITS
const DIGIT_MASK = DIGIT_COUNT - 1
/** Distances from the smallest number fit an unsigned integer of 32 bits. */
const SPAN_END = 2 ** 32
const LENGTH_MIN = 500

/** Sorts integers upwards, in place; false when one of them is no number or something else. */
export function sortIntegers(items: Value[]): boolean {
  const numbers = new Float64Array(items.length)
  let smallest = Number.POSITIVE_INFINITY
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    if (typeof item !== 'number') return false
    numbers[i] = item
    if (item < smallest) smallest = item
    if (item > largest) largest = item
  }
  const span = largest - smallest
  if (items.length < LENGTH_MIN || span >= SPAN_END) {
    numbers.sort()
    for (let i = 0; i < items.length; i++) items[i] = numbers[i]
    return true
  }
  const sorted = sortedByDigits(distancesFrom(smallest, numbers), span)
  for (let i = 0; i < items.length; i++) items[i] = (sorted[i] as number) + smallest
  return true
}

function distancesFrom(smallest: number, numbers: Float64Array): Uint32Array {
  const distances = new Uint32Array(numbers.length)
  for (let i = 0; i < numbers.length; i++) distances[i] = (numbers[i] as number) - smallest
  return distances
}

function sortedByDigits(numbers: Uint32Array, largest: number): Uint32Array {
  let from: Uint32Array = numbers
  let to: Uint32Array = new Uint32Array(numbers.length)
  for (let bit = 0; largest >= 2 ** bit; bit += DIGIT_BITS) {
    sortByDigit(from, to, bit)
    const swapped = from
    from = to
    to = swapped
  }
  return from
}

/** Puts the numbers into `to` in the order of the digit that begins at a bit. */
function sortByDigit(from: Uint32Array, to: Uint32Array, bit: number): void {
  const starts = new Uint32Array(DIGIT_COUNT + 1)
  for (let i = 0; i < from.length; i++) {
    const next = (((from[i] as number) >>> bit) & DIGIT_MASK) + 1
    starts[next] = (starts[next] as number) + 1
  }
  for (let digit = 1; digit < DIGIT_COUNT; digit++) {
    starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number)
  }
  for (let i = 0; i < from.length; i++) {
    const number = from[i] as number
    const digit = (number >>> bit) & DIGIT_MASK
    const at = starts[digit] as number
    to[at] = number
    starts[digit] = at + 1
  }
}
