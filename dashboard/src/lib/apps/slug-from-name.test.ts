import { expect, it } from 'vitest'
import { slugFromName } from './slug-from-name.ts'

it.each([
  ['Shop', 'shop'],
  ['  Café Ünter, 2! ', 'cafe-unter-2'],
  ['a -- b', 'a-b'],
  ['日本', ''],
  [`${'x'.repeat(62)} yz`, 'x'.repeat(62)],
])('suggests for the name %j the slug %j', (name, slug) => {
  expect(slugFromName(name)).toBe(slug)
})
