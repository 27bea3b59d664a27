import { type AppId, type ExecutionId, newId, type ScriptId } from '@picloud/shared'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../database.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import type { NewExecution } from './execution-record.ts'
import type { RecordPartition } from './execution-retention-store.ts'
import { PARTITIONS_MADE_MAX } from './execution-writer.ts'

let test: TestDatabase
let database: Database
let client: pg.Client

beforeEach(async () => {
  test = await createTestDatabase()
  database = test.database
  client = new pg.Client({ connectionString: test.connectionString })
  await client.connect()
})

afterEach(async () => {
  await client.end()
  await test.drop()
})

interface App {
  readonly id: AppId
  readonly script: ScriptId
}

async function createApp(slug: string, settings: object = {}): Promise<App> {
  const { result } = await database.write(async (tx) => {
    const app = await tx.apps.create({ slug })
    const script = await tx.scripts.create({ appId: app.id, name: 'main', source: '1' })
    return { id: app.id, script: script.id }
  })
  await client.query('update apps set settings = $2 where id = $1', [result.id, settings])
  return result
}

function executionOf(app: App): NewExecution {
  return {
    id: newId<ExecutionId>(),
    appId: app.id,
    scriptId: app.script,
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

async function store(app: App, count = 1): Promise<ExecutionId[]> {
  const batch = Array.from({ length: count }, () => executionOf(app))
  expect(await database.executions.insertBatch(batch)).toEqual({ stored: count })
  return batch.map(({ id }) => id)
}

async function partitions(): Promise<readonly RecordPartition[]> {
  return (await database.retention.survey()).partitions
}

/** The tables that are there, whatever the catalogue says. */
async function tables(): Promise<string[]> {
  const { rows } = await client.query(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent = 'execution_logs'::regclass order by 1`,
  )
  return rows.map(({ name }) => name)
}

async function idsOf(filter: object, limit = 200): Promise<ExecutionId[]> {
  const { items } = await database.executions.list({ ...filter, limit })
  return items.map(({ id }) => id)
}

describe('partitions', () => {
  it('are made when first needed: one for all apps, one for each that keeps records its own way', async () => {
    const shop = await createApp('shop')
    const blog = await createApp('blog')
    const long = await createApp('long', { retention_days: 90, retention_bytes: null })
    await createApp('silent', { retention_bytes: 1_000_000 })
    expect(await tables()).toEqual([])
    for (const app of [shop, blog, long, shop]) await store(app)
    expect((await partitions()).map(({ appId }) => appId)).toEqual([null, long.id])
    expect(await tables()).toEqual(['execution_logs_1', 'execution_logs_2'])
  })

  it('are made once, also when many write the first record at the same time', async () => {
    const own = await createApp('own', { retention_days: 5 })
    const shop = await createApp('shop')
    await Promise.all(Array.from({ length: 8 }, (_, n) => store(n % 2 === 0 ? own : shop, 3)))
    expect(await tables()).toHaveLength(2)
    expect(await idsOf({})).toHaveLength(24)
  })

  it('are made a few at a time; who waits for one writes to the shared one, once', async () => {
    const apps: App[] = []
    for (let n = 0; n < PARTITIONS_MADE_MAX + 2; n += 1) {
      apps.push(await createApp(`own-${n}`, { retention_days: 5 }))
    }
    const batch = apps.map(executionOf)
    await database.executions.insertBatch(batch)
    expect(await tables()).toHaveLength(PARTITIONS_MADE_MAX + 1)
    expect(await database.executions.insertBatch(batch)).toEqual({ stored: 0 })
    expect(await database.executions.insertBatch(apps.map(executionOf))).toEqual({
      stored: apps.length,
    })
    expect(await tables()).toHaveLength(apps.length + 1)
    expect(await idsOf({})).toHaveLength(2 * apps.length)
  })

  it('take no more once closed; a batch that is sent again is stored once all the same', async () => {
    const shop = await createApp('shop')
    const batch = [executionOf(shop), executionOf(shop)]
    await database.executions.insertBatch(batch)
    await database.retention.close(1)
    const fresh = executionOf(shop)
    expect(await database.executions.insertBatch([...batch, fresh])).toEqual({ stored: 1 })
    expect((await partitions()).map(({ isOpen }) => isOpen)).toEqual([false, true])
    expect(await idsOf({})).toHaveLength(3)
  })

  it('are told apart by app: what an app has in any of them, another never sees', async () => {
    const apps = [
      await createApp('shared'),
      await createApp('also-shared'),
      await createApp('own', { retention_days: 1 }),
      await createApp('also-own', { retention_days: 2 }),
    ]
    const ids = new Map<App, ExecutionId[]>(apps.map((app) => [app, []]))
    for (let round = 0; round < 3; round += 1) {
      for (const app of apps) ids.get(app)?.push(...(await store(app, 2)))
      for (const { id } of await partitions()) await database.retention.close(id)
    }
    for (const [app, own] of ids) {
      expect(new Set(await idsOf({ appId: app.id }))).toEqual(new Set(own))
      expect(new Set(await idsOf({ scriptId: app.script }))).toEqual(new Set(own))
      const since = new Date(0)
      const until = new Date(Date.now() + 60_000)
      const request = { appId: app.id, since, until, stepSeconds: 1e9 }
      expect((await database.executions.statistics(request)).total.count).toBe(own.length)
    }
  })

  it('read as one list in either order, however they overlap and however many there are', async () => {
    const owners = await Promise.all(
      Array.from({ length: 20 }, (_, n) => createApp(`own-${n}`, { retention_days: n + 1 })),
    )
    const shop = await createApp('shop')
    const recorded: ExecutionId[] = []
    for (let round = 0; round < 4; round += 1) {
      for (const [n, app] of [...owners, shop].entries()) {
        if ((n + round) % 3 > 0) recorded.push(...(await store(app)))
      }
      for (const { id } of (await partitions()).filter((_, n) => n % 2 === round % 2)) {
        await database.retention.close(id)
      }
    }
    for (const order of ['newest', 'oldest'] as const) {
      for (const trigger of [undefined, 'http'] as const) {
        const seen: ExecutionId[] = []
        let cursor: string | undefined
        do {
          const page = await database.executions.list({ order, trigger, cursor, limit: 7 })
          seen.push(...page.items.map(({ id }) => id))
          cursor = page.nextCursor ?? undefined
        } while (cursor !== undefined)
        expect(seen).toEqual(order === 'oldest' ? recorded : recorded.toReversed())
      }
    }
  })
})

describe('dropping a partition', () => {
  it('takes the table, its row in the catalogue, and nothing else', async () => {
    const shop = await createApp('shop')
    await store(shop, 3)
    await database.retention.close(1)
    const kept = await store(shop, 2)
    const [first] = (await partitions()) as [RecordPartition]
    expect(first.bytes).toBeGreaterThan(8_192)
    expect(await database.retention.drop(first)).toBe(true)
    expect(await tables()).toEqual(['execution_logs_2'])
    expect(new Set(await idsOf({}))).toEqual(new Set(kept))
    expect(await database.retention.drop(first)).toBe(false)
  })

  it('leaves an open one alone that got a record since it was looked at', async () => {
    const shop = await createApp('shop')
    await store(shop)
    const [first] = (await partitions()) as [RecordPartition]
    await new Promise((resolve) => setTimeout(resolve, 5))
    await store(shop)
    expect(await database.retention.drop(first)).toBe(false)
    expect(await idsOf({})).toHaveLength(2)
  })

  it('gives up soon while somebody reads, and works afterwards', async () => {
    const shop = await createApp('shop')
    await store(shop)
    await database.retention.close(1)
    const [first] = (await partitions()) as [RecordPartition]
    await client.query('begin')
    await client.query('select count(*) from execution_logs')
    await expect(database.retention.drop(first)).rejects.toMatchObject({
      code: 'PIC_STORAGE_TIMEOUT',
    })
    expect(await idsOf({})).toHaveLength(1)
    await client.query('commit')
    expect(await database.retention.drop(first)).toBe(true)
  })

  it('does not make a follower go back', async () => {
    const shop = await createApp('shop')
    await store(shop, 5)
    const start = await database.executions.latestCursor()
    await database.retention.close(1)
    const [first] = (await partitions()) as [RecordPartition]
    await database.retention.drop(first)
    const quiet = await database.executions.listAfter({ after: start, limit: 10 })
    expect(quiet).toEqual({ items: [], cursor: start })
    const [id] = await store(shop)
    const next = await database.executions.listAfter({ after: quiet.cursor, limit: 10 })
    expect(next.items.map((item) => item.id)).toEqual([id])
  })
})

describe('deleting an app', () => {
  it('takes its records at once, and leaves its partitions to be dropped', async () => {
    const own = await createApp('own', { retention_days: 5 })
    const shop = await createApp('shop')
    await store(own, 2)
    const kept = await store(shop, 2)
    expect(await database.apps.usage(own.id)).toMatchObject({ executions: 2 })
    await database.write((tx) => tx.apps.deleteWithContents(own.id))
    expect(new Set(await idsOf({}))).toEqual(new Set(kept))
    const doomed = (await partitions()).filter(({ isDoomed }) => isDoomed)
    expect(doomed.map(({ appId }) => appId)).toEqual([own.id])
  })

  it('takes what it has in shared partitions, closed ones too', async () => {
    const shop = await createApp('shop')
    const blog = await createApp('blog')
    await store(shop, 2)
    const kept = await store(blog, 2)
    await database.retention.close(1)
    await store(shop, 2)
    await database.write((tx) => tx.apps.deleteWithContents(shop.id))
    const { rows } = await client.query('select id from execution_logs')
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(kept))
  })
})
