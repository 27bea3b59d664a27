import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import type { NewAuditEntry } from './audit-store.ts'

let test: TestDatabase
beforeEach(async () => {
  test = await createTestDatabase()
})
afterEach(async () => {
  await test.drop()
})

function entry(name: string, action = 'app.create'): NewAuditEntry {
  return {
    actor: { kind: 'operator', id: null, name: 'operator' },
    address: '192.0.2.1',
    requestId: 'r',
    action,
    target: { type: 'app', id: null, name },
    appId: null,
    before: null,
    after: null,
  }
}

async function names(): Promise<readonly string[]> {
  const { items } = await test.database.audit.list({ limit: 1_000 })
  return items.map(({ target }) => target.name).reverse()
}

describe('the bounds of the audit log', () => {
  it('keep the newest, and refused sign-ins in a number of their own', async () => {
    const written = [
      entry('a'),
      entry('b'),
      entry('x1', 'session.refuse'),
      entry('x2', 'session.refuse'),
      entry('x3', 'session.refuse'),
      entry('c'),
    ]
    await test.database.write((tx) => tx.audit.append(written))
    const remove = (entriesMax: number, refusalsMax: number) =>
      test.database.write((tx) => tx.audit.removeOldest({ entriesMax, refusalsMax }))
    await remove(6, 3)
    expect(await names()).toEqual(['a', 'b', 'x1', 'x2', 'x3', 'c'])
    await remove(6, 1)
    expect(await names()).toEqual(['a', 'b', 'x3', 'c'])
    await remove(2, 1)
    expect(await names()).toEqual(['x3', 'c'])
  })

  it('are kept by the writes themselves, now and then', async () => {
    const removals: number[] = []
    for (let write = 0; write < 600; write += 1) {
      await test.database.write(async (tx) => {
        const { audit } = tx
        audit.removeOldest = async () => {
          removals.push(write)
        }
        await audit.append([entry('a')])
      })
    }
    expect(removals.length).toBeGreaterThanOrEqual(2)
    expect((removals[1] ?? 0) - (removals[0] ?? 0)).toBe(256)
  }, 60_000)
})
