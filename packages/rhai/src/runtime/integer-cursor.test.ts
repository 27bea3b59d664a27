import fc from 'fast-check'
import { expect, it } from 'vitest'
import { intOf } from './int.ts'
import { countBySteps } from './integer-cursor.ts'
import { END, type Int } from './value.ts'

const COUNT_MAX = 20
const SAFE_MAX = Number.MAX_SAFE_INTEGER

/** What a walk gives first, as it should be. */
function expected(from: Int, to: Int, step: Int): Int[] {
  const values: Int[] = []
  const isBeforeEnd = (value: bigint): boolean => (step > 0 ? value < to : value > to)
  for (let value = BigInt(from); isBeforeEnd(value); value += BigInt(step)) {
    if (values.push(intOf(value)) === COUNT_MAX) break
  }
  return values
}

function counted(from: Int, to: Int, step: Int): Int[] {
  const cursor = countBySteps(from, to, step)
  const values: Int[] = []
  while (values.length < COUNT_MAX) {
    const value = cursor.next()
    if (value === END) break
    values.push(value as Int)
  }
  return values
}

it('counts in steps as exactly at the ends of the safe integers as in between', () => {
  const near = (middle: number) =>
    fc.integer({ min: -30, max: 30 }).map((offset) => {
      const value = middle + offset
      return Math.max(-SAFE_MAX, Math.min(SAFE_MAX, value))
    })
  const end = fc.oneof(near(0), near(SAFE_MAX), near(-SAFE_MAX))
  const step = fc.oneof(near(0), near(SAFE_MAX), near(-SAFE_MAX)).filter((value) => value !== 0)
  fc.assert(
    fc.property(end, end, step, (from, to, by) => {
      expect(counted(from, to, by)).toEqual(expected(from, to, by))
    }),
  )
})
