import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Value } from '../runtime/value.ts'
import { sortIntegers } from './integer-sort.ts'

const SAFE_MAX = Number.MAX_SAFE_INTEGER

it('sorts integers of every size and number', () => {
  const bounds = [1, 2 ** 11, 2 ** 22, 2 ** 31, 2 ** 32, 2 ** 40]
  const values = fc
    .tuple(
      fc.constantFrom(...bounds),
      fc.constantFrom(0, -5, -SAFE_MAX, 2 ** 40),
      fc.nat(SAFE_MAX),
      fc.constantFrom(0, 3, 499, 500, 1500),
    )
    .map(([bound, offset, seed, length]) =>
      Array.from({ length }, (_, index) => offset + (((seed % 9973) * index * 7919) % bound)),
    )
  fc.assert(
    fc.property(values, (numbers) => {
      const sorted: Value[] = [...numbers]
      expect(sortIntegers(sorted)).toBe(true)
      expect(sorted).toEqual(numbers.toSorted((left, right) => left - right))
    }),
  )
})

it('leaves alone what holds a number too large for a plain one', () => {
  const items: Value[] = [3, 2n ** 60n, 1]
  expect(sortIntegers(items)).toBe(false)
  expect(items).toEqual([3, 2n ** 60n, 1])
})
