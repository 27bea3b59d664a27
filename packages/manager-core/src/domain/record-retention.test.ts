import { type AppId, DEFAULT_LIMITS, type ExecutionId, newId, SILENT_LOGGER } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RecordRetention } from './record-retention.ts'

const KIB = 1024
let test: TestDatabase
let retention: RecordRetention

beforeEach(async () => {
  test = await createTestDatabase()
  retention = retentionWith({})
})

afterEach(async () => {
  await retention.stop()
  await test.drop()
})

function retentionWith(limits: object): RecordRetention {
  return new RecordRetention({
    database: test.database,
    limits: { ...DEFAULT_LIMITS, ...limits },
    logger: SILENT_LOGGER,
    intervalMs: 20,
  })
}

async function createApp(slug: string, settings: object = {}): Promise<NewExecution> {
  const { result } = await test.database.write(async (tx) => {
    const app = await tx.apps.create({ slug, settings })
    return tx.scripts.create({ appId: app.id, name: 'main', source: '1' })
  })
  return {
    id: newId<ExecutionId>(),
    appId: result.appId,
    scriptId: result.id,
    version: 1,
    routeId: null,
    trigger: 'http',
    outcome: 'ok',
    method: 'GET',
    path: '/',
    status: 200,
    startedAt: new Date(),
    durationMs: 1,
    operations: 1,
    logs: [],
    logsDropped: 0,
    error: null,
  }
}

async function store(record: NewExecution, bytes = 0): Promise<void> {
  // Hexadecimal digits of random bytes hardly compress.
  const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(2 * KIB))).toString('hex')
  const logs = Array.from({ length: Math.ceil(bytes / (4 * KIB)) }, () => ({
    ...{ at: 1, level: 'info' as const, message: noise() },
  }))
  const id = newId<ExecutionId>()
  await test.database.executions.insertBatch([{ ...record, id, logs }])
}

async function count(appId: AppId): Promise<number> {
  return (await test.database.apps.usage(appId)).executions
}

describe('RecordRetention', () => {
  it('drops what is older than the operator keeps it, without a record to wake it', async () => {
    const shop = await createApp('shop')
    await store(shop)
    await test.ageRecords(29.9)
    retention.wake()
    await expect.poll(test.recordTables).toBe(1)
    await test.ageRecords(0.1)
    const again = retentionWith({})
    again.wake()
    await expect.poll(test.recordTables).toBe(0)
    expect(await count(shop.appId)).toBe(0)
    await again.stop()
  })

  it('wakes by itself when the next partition is too old', async () => {
    const shop = await createApp('shop')
    await store(shop)
    await test.ageRecords(30 - 2 / 86_400)
    retention.wake()
    expect(await test.recordTables()).toBe(1)
    await expect.poll(test.recordTables).toBe(0)
  })

  it('lets an app choose its own time, shorter or longer', async () => {
    const [short, long, usual] = [
      await createApp('short', { retention_days: 1 }),
      await createApp('long', { retention_days: 365 }),
      await createApp('usual'),
    ]
    for (const app of [short, long, usual]) await store(app)
    await test.ageRecords(2)
    retention.wake()
    await expect.poll(test.recordTables).toBe(2)
    expect(await count(short.appId)).toBe(0)
    await test.ageRecords(40)
    await store(short)
    await expect
      .poll(() => count(usual.appId))
      .toBe(0)
      .catch(() => retention.wake())
    await expect.poll(() => count(usual.appId)).toBe(0)
    expect(await count(long.appId)).toBe(1)
  })

  it('keeps an app within its bytes, dropping the oldest and never the newest', async () => {
    const app = await createApp('bytes', { retention_bytes: 1024 * KIB })
    const other = await createApp('other')
    await store(other)
    for (let n = 0; n < 60; n += 1) {
      await store(app, 64 * KIB)
      retention.wake()
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    const bytes = async () => {
      const { partitions } = await test.database.retention.survey()
      const own = partitions.filter(({ appId }) => appId === app.appId)
      return own.reduce((sum, partition) => sum + partition.bytes, 0)
    }
    retention.wake()
    await expect.poll(bytes).toBeLessThanOrEqual(1024 * KIB)
    const { items } = await test.database.executions.list({ appId: app.appId, limit: 100 })
    expect(items.length).toBeGreaterThan(3)
    expect(items.length).toBeLessThan(30)
    expect(items[0]).toEqual((await test.database.executions.list({ limit: 1 })).items[0])
    expect(await count(other.appId)).toBe(1)
  })

  it('gives an app that crowds the shared partitions its own', async () => {
    await retention.stop()
    retention = retentionWith({ recordBytesMax: 1024 * KIB })
    const loud = await createApp('loud')
    const quiet = await createApp('quiet')
    for (let n = 0; n < 6; n += 1) await store(loud, 64 * KIB)
    await store(quiet)
    await test.ageRecords(3.1)
    retention.wake()
    const owner = async () => {
      await store(loud)
      const { partitions } = await test.database.retention.survey()
      return partitions.at(-1)?.appId
    }
    await expect.poll(owner).toBe(loud.appId)
    await store(quiet)
    expect(await count(quiet.appId)).toBe(2)
  })

  it('drops the partitions of an app that was deleted', async () => {
    const app = await createApp('gone', { retention_days: 9 })
    await store(app)
    await test.database.write((tx) => tx.apps.deleteWithContents(app.appId))
    retention.wake()
    await expect.poll(test.recordTables).toBe(0)
  })

  it('has no timer while there are no records', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    // The pool has one for a connection nobody uses.
    await test.database.retention.survey()
    const before = timers()
    retention.wake()
    expect(timers()).toBeGreaterThan(before)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(timers()).toBeLessThanOrEqual(before)
  })
})
