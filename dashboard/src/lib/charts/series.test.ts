import { expect, it } from 'vitest'
import {
  barAt,
  gridSteps,
  highestStep,
  loneSteps,
  type Series,
  spanOfSteps,
  stepsWithValues,
} from './series.ts'

const bars = (label: string, values: readonly number[]): Series => ({
  ...{ label, values },
  ...{ shape: 'bars', colour: '--accent' },
})
const all = bars('all', [0, 4, 0, 9])
const failed = bars('failed', [0, 1, 0, 0])

it('spans whole steps, whichever way they were drawn over', () => {
  const steps = { starts: [new Date(0), new Date(60_000), new Date(120_000)], seconds: 60 }
  const span = { since: new Date(60_000), until: new Date(180_000) }
  expect(spanOfSteps(steps, 1, 2)).toEqual(span)
  expect(spanOfSteps(steps, 2, 1)).toEqual(span)
})

it('lists the steps in which something was, and finds the highest', () => {
  expect(stepsWithValues([all, failed])).toEqual([3, 1])
  expect(highestStep(all.values)).toBe(3)
  expect(highestStep([null, 0])).toBeNull()
})

it('tells which bar was meant', () => {
  expect(barAt([all, failed], 1, 0.5)).toBe(failed)
  expect(barAt([all, failed], 1, 2)).toBe(all)
  expect(barAt([all, failed], 3, 0.5)).toBe(all)
  expect(barAt([all, failed], 1, 7)).toBeUndefined()
})

it('finds values that no line leads to', () => {
  expect(loneSteps([1, null, 2, 3, null, null, 0])).toEqual([0, 6])
  expect(loneSteps([null, null])).toEqual([])
})

it('draws no line at half of what is counted', () => {
  expect(gridSteps([all, failed]).slice(0, 4)).toEqual([1, 2, 5, 10])
  expect(gridSteps([bars('ms', [0.5])]).slice(0, 4)).toEqual([0.001, 0.002, 0.005, 0.01])
})
