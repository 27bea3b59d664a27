import { OWN_LIMIT_KEYS } from '@picloud/shared'
import { expect, it } from 'vitest'
import { type HeldLimit, limitGroups, limitText } from './limit-groups.ts'

function limit(name: string): HeldLimit {
  return {
    name,
    unit: 'items',
    value: 1,
    source: 'operator',
    own: null,
    default: 1,
    ceiling: 1,
    setting: '',
    ceiling_setting: '',
  }
}

it('has words for every limit an app may set', () => {
  const groups = limitGroups(OWN_LIMIT_KEYS.map(limit))
  expect(groups.map(({ title }) => title)).not.toContain('Others')
  expect(groups.flatMap(({ limits }) => limits)).toHaveLength(OWN_LIMIT_KEYS.length)
})

it('shows one it has no words for under its name', () => {
  expect(limitGroups([limit('later')])).toEqual([
    { title: 'Others', limits: [{ label: 'later', limit: limit('later') }] },
  ])
})

it.each([
  [1024, 'bytes', '1 KiB'],
  [10_000, 'ms', '10 s'],
  [100_000_000, 'operations', '100M'],
])('says %d %s as %s', (value, unit, text) => {
  expect(limitText(value, unit)).toBe(text)
})
