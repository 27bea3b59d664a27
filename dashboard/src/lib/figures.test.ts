import { expect, it } from 'vitest'
import { bytesText, counted, countText, shareText } from './figures.ts'

it.each([
  [0, '0'],
  [9_999, '9,999'],
  [12_345, '12.3K'],
  [2_500_000, '2.5M'],
])('says the count %d as %s', (count, text) => {
  expect(countText(count)).toBe(text)
})

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 KiB'],
  [1_048_576, '1 MiB'],
])('says %d bytes as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

it.each([
  [0, '0 %'],
  [0.004, '0.4 %'],
  [0.123, '12 %'],
  [1, '100 %'],
])('says the share %d as %s', (share, text) => {
  expect(shareText(share)).toBe(text)
})

it('says one and many', () => {
  expect([counted(1, 'route'), counted(2, 'route')]).toEqual(['1 route', '2 routes'])
})
