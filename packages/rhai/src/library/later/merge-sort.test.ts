import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Value } from '../../runtime/value.ts'
import { mergeSort } from '../merge-sort.ts'
import { mergeSortLater } from './merge-sort.ts'

/** A comparer that may contradict itself, and what it was asked. */
function comparer(answers: readonly number[]) {
  const asked: [Value, Value][] = []
  const compare = (left: Value, right: Value): number => {
    asked.push([left, right])
    return answers[asked.length % answers.length] ?? 0
  }
  return { asked, compare }
}

it('asks the questions of the sort that does not wait, and gives its result', async () => {
  const answers = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 1, maxLength: 20 })
  const values = fc.array(fc.nat(99), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(values, answers, async (given, replies) => {
      const atOnce = comparer(replies)
      const sorted: Value[] = [...given]
      mergeSort(sorted, atOnce.compare)
      const later = comparer(replies)
      const sortedLater: Value[] = [...given]
      await mergeSortLater(sortedLater, async (left, right) => later.compare(left, right))
      expect(sortedLater).toEqual(sorted)
      expect(later.asked).toEqual(atOnce.asked)
    }),
  )
})
