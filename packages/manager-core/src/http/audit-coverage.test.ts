/**
 * Every operation that can change something is done once here, and must be seen in the audit log.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../test/api-document.ts'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'
import { setUp } from '../../test/signed-in.ts'
import { callOperation, prepareGround, SUCCESSFUL_CALLS } from '../../test/successful-calls.ts'

interface Entry {
  readonly id: string
  readonly action: string
  readonly actor: { readonly kind: string }
}

let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest()
  await setUp(api)
})
afterAll(() => api.close())

async function entries(): Promise<readonly Entry[]> {
  return (await api.request('GET', '/api/v1/admin/audit?limit=200')).body.items
}

function operationOf(id: string): Operation {
  const found = api.document.operations.find(({ operationId }) => operationId === id)
  if (found === undefined) throw new Error(`${id} is no operation`)
  return found
}

/** Operations that are no GET and change nothing. */
const CHANGES_NOTHING: readonly string[] = ['checkRoute', 'testScript']
const CHANGING = Object.entries(SUCCESSFUL_CALLS).flatMap(([id, { action }]) =>
  action === null ? [] : [{ id, action }],
)

describe('every operation that changes something', () => {
  it('says how the audit log calls it', () => {
    const changing = api.document.operations
      .filter(({ method, operationId: id }) => method !== 'GET' && !CHANGES_NOTHING.includes(id))
      .map(({ operationId }) => operationId)
    expect(CHANGING.map(({ id }) => id).sort()).toEqual(changing.sort())
  })

  it.each(CHANGING)('$id is seen in the audit log', async ({ id, action }) => {
    // The first of all was the set-up.
    if (id === 'completeSetup') {
      expect((await entries()).map((entry) => entry.action)).toContain(action)
      return
    }
    const ground = await prepareGround(api)
    const known = new Set((await entries()).map((entry) => entry.id))
    const { status, text } = await callOperation(operationOf(id), ground)
    expect([200, 201, 204], text).toContain(status)
    const fresh = (await entries()).filter((entry) => !known.has(entry.id))
    const told = fresh.find((entry) => entry.action === action)
    expect(told, JSON.stringify(fresh.map((entry) => entry.action))).toBeDefined()
    expect(told?.actor.kind).toBe('admin')
  })
})
