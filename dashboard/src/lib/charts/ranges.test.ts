import { expect, it } from 'vitest'
import { DEFAULT_RANGE, RANGES, rangeIn, spanOf, withRange } from './ranges.ts'

it('reads the range an address names, or takes the usual one', () => {
  expect(RANGES.map((range) => rangeIn(new URLSearchParams({ range: range.name })))).toEqual(RANGES)
  expect(rangeIn(new URLSearchParams('range=100y'))).toBe(DEFAULT_RANGE)
})

it('keeps what else stands in the address', () => {
  const query = new URLSearchParams('status=5xx')
  for (const range of RANGES) {
    const changed = new URLSearchParams(withRange(query, range))
    expect(rangeIn(changed)).toBe(range)
    expect(changed.get('status')).toBe('5xx')
  }
  expect(withRange(new URLSearchParams('range=7d'), DEFAULT_RANGE)).toBe('?')
})

it('ends with the step that is under way, at whole steps of the local clock', () => {
  const now = new Date(2026, 0, 15, 13, 31, 7)
  const spans = RANGES.map((range) => spanOf(range, now))
  expect(spans.map(({ until }) => until)).toEqual([
    new Date(2026, 0, 15, 13, 32),
    new Date(2026, 0, 15, 14, 0),
    new Date(2026, 0, 15, 15, 0),
    new Date(2026, 0, 16, 0, 0),
  ])
  const lengths = spans.map(({ since, until }) => (until.getTime() - since.getTime()) / 1_000)
  expect(lengths).toEqual(RANGES.map(({ seconds }) => seconds))
})
