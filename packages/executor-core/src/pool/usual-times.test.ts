import { expect, it } from 'vitest'
import { UsualTimes } from './usual-times.ts'

it('learns how long a script usually takes, and follows when that changes', () => {
  const times = new UsualTimes()
  expect(times.of('a')).toBe(4)
  // The first run compiles the script, which says little about the next ones.
  times.learn('a', 11)
  expect(times.of('a')).toBe(3)
  for (let i = 0; i < 30; i += 1) times.learn('a', 0.1)
  expect(times.of('a')).toBeLessThan(0.11)
  for (let i = 0; i < 30; i += 1) times.learn('a', 20)
  expect(times.of('a')).toBeGreaterThan(19)
  expect(times.of('b')).toBe(4)
})

it('forgets rather than grow without end', () => {
  const times = new UsualTimes()
  for (let i = 0; i < 4096; i += 1) times.learn(String(i), 29)
  expect(times.of('0')).toBeGreaterThan(4)
  times.learn('one more', 29)
  expect(times.of('0')).toBe(4)
  expect(times.of('one more')).toBeGreaterThan(4)
})
