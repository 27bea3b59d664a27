import { expect, it } from 'vitest'
import { closestName } from './closest-name.ts'

it.each([
  ['PICLOUD_PROT', ['PICLOUD_PORT', 'PICLOUD_HOST'], 'PICLOUD_PORT'],
  ['PICLOUD_LOGLEVEL', ['PICLOUD_PORT', 'PICLOUD_LOG_LEVEL'], 'PICLOUD_LOG_LEVEL'],
  ['helo', ['hello', 'primes'], 'hello'],
  ['nope', ['empty', 'hello'], undefined],
  ['x', ['y', 'zz'], 'y'],
  ['anything', [], undefined],
])('takes %s for the nearest of %j: %s', (typed, names, expected) => {
  expect(closestName(typed, names)).toBe(expected)
})
