import type { Machine } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

const SYSTEM = '/api/v1/admin/system'
let cpuSeconds: number | null = 10
const MACHINE: Machine = {
  cpuSeconds: () => cpuSeconds,
  processes: () => [
    { role: 'program', memoryBytes: 60 },
    { role: 'sandbox', memoryBytes: 25 },
    { role: 'sandbox', memoryBytes: 26 },
    { role: 'database', memoryBytes: null },
  ],
  addresses: () => [],
}

let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest({ machine: MACHINE, databaseKind: 'embedded' })
})
afterAll(() => api.close())

describe('GET /api/v1/admin/system', () => {
  it('says what runs, since when, and on which database', async () => {
    const { status, body } = await api.request('GET', SYSTEM)
    expect(status).toBe(200)
    const version = (await api.request('GET', '/version')).body
    expect(body).toMatchObject(version)
    expect(Date.parse(body.started_at)).toBeLessThan(Date.now())
    expect(body.database).toMatchObject({ kind: 'embedded', version: expect.stringMatching(/^1/) })
    expect(body.database.connections).toBeGreaterThan(0)
  })

  it('counts the queries and the time of the interval it names', async () => {
    const before = (await api.request('GET', SYSTEM)).body.idle
    cpuSeconds = 13
    await api.request('GET', '/api/v1/admin/apps')
    const { idle } = (await api.request('GET', SYSTEM)).body
    expect(idle.since).toBe(before.since)
    expect(Date.parse(idle.until)).toBeGreaterThan(Date.parse(before.until))
    expect(idle.queries).toBeGreaterThan(before.queries)
    expect(idle.cpu_seconds).toBe(3)
    const seconds = (Date.parse(idle.until) - Date.parse(idle.since)) / 1_000
    expect(idle.cpu_percent).toBeCloseTo((100 * 3) / seconds)
    cpuSeconds = null
    const unknown = (await api.request('GET', SYSTEM)).body.idle
    expect([unknown.cpu_seconds, unknown.cpu_percent]).toEqual([null, null])
  })

  it('says how much memory what takes, and no sum where a part is not known', async () => {
    const { body } = await api.request('GET', SYSTEM)
    expect(body.processes).toEqual([
      { role: 'program', count: 1, memory_bytes: 60 },
      { role: 'sandbox', count: 2, memory_bytes: 51 },
      { role: 'database', count: 1, memory_bytes: null },
    ])
    expect(body.idle.memory_bytes).toBeNull()
  })

  it('says that the system tells nothing', async () => {
    const other = await startManagerUnderTest()
    const { body } = await other.request('GET', SYSTEM)
    expect(body.processes).toBeNull()
    expect(body.idle).toMatchObject({ cpu_seconds: null, cpu_percent: null, memory_bytes: null })
    await other.close()
  })

  it('asks the database nothing while nobody asks', async () => {
    const before = api.database.queryCounter.total
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(api.database.queryCounter.total).toBe(before)
  })
})
