import { expect, it } from 'vitest'
import { changesOf } from './changes.ts'

it('tells what is new, changed and gone, and is silent about the rest', () => {
  const before = { name: 'shop', limits: { a: 1 }, note: 'old' }
  const after = { name: 'shop', limits: { a: 2 }, grants: ['http'] }
  expect(changesOf(before, after)).toEqual([
    { name: 'limits', before: '{"a":1}', after: '{"a":2}' },
    { name: 'note', before: 'old', after: null },
    { name: 'grants', before: null, after: '["http"]' },
  ])
})

it('knows what was made and what was deleted', () => {
  expect(changesOf(null, { slug: 'shop' })).toEqual([{ name: 'slug', before: null, after: 'shop' }])
  expect(changesOf({ slug: 'shop' }, null)).toEqual([{ name: 'slug', before: 'shop', after: null }])
  expect(changesOf(null, null)).toEqual([])
})
