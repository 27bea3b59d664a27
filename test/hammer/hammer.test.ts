import { expect, it } from 'vitest'
import { hammer } from './hammer.ts'
import { brokenInvariants, isMade } from './invariants.ts'

it('keeps every invariant while 16 clients change the same things at once', async () => {
  const evidence = await hammer({ seed: 1, clients: 16, operations: 40 })
  expect(brokenInvariants(evidence)).toEqual([])
  // They got something done, and stood in each other's way.
  expect(evidence.told.filter(isMade).length).toBeGreaterThan(100)
  const statuses = new Set(evidence.told.map(({ status }) => status))
  expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 204, 308, 404, 409, 412, 422]))
})
