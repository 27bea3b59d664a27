import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Value } from '../runtime/value.ts'
import { mergeSort } from './merge-sort.ts'

it('sorts stably, as JavaScript does where it can', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(999), { maxLength: 300 }), (values) => {
      const byTens = (left: Value, right: Value) =>
        Math.floor(Number(left) / 10) - Math.floor(Number(right) / 10)
      const sorted: Value[] = [...values]
      mergeSort(sorted, byTens)
      expect(sorted).toEqual(values.toSorted(byTens))
    }),
  )
})

it('shows undefined to the comparer, too', () => {
  const items: Value[] = [1, undefined, 2]
  mergeSort(items, (left, right) => Number(left ?? 0) - Number(right ?? 0))
  expect(items).toEqual([undefined, 1, 2])
})

it('ends for a comparer that makes no sense, and loses nothing', () => {
  const items: Value[] = Array.from({ length: 100 }, (_, index) => index)
  mergeSort(items, () => 1)
  expect(new Set(items).size).toBe(100)
})
