import { expect, it } from 'vitest'
import { durationText, relativeTime } from './moments.ts'

const NOW = new Date('2026-06-01T12:00:00Z')

it.each([
  [0, 'just now'],
  [-4, 'just now'],
  [-30, '30 seconds ago'],
  [-90, '1 minute ago'],
  [-3 * 3_600, '3 hours ago'],
  [-86_400, 'yesterday'],
  [2 * 86_400, 'in 2 days'],
  [-400 * 86_400, 'last year'],
])('says %d seconds from now as "%s"', (seconds, text) => {
  expect(relativeTime(new Date(NOW.getTime() + seconds * 1000), NOW)).toBe(text)
})

it.each([
  [0, '0 ms'],
  [0.44, '0.4 ms'],
  [12.4, '12 ms'],
  [1_250, '1.25 s'],
  [200_000, '3 min 20 s'],
  [3_600_000, '1 h'],
  [90_061_000, '1 d 1 h'],
])('says %d milliseconds as "%s"', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
