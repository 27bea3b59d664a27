import {
  type AppId,
  type ExecutionId,
  newId,
  type RouteId,
  type ScriptId,
  SILENT_LOGGER,
} from '@picloud/shared'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../database.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type ExecutionRow, executionCursor, type NewExecution } from './execution-record.ts'

let test: TestDatabase
let database: Database
let appId: AppId
let scriptId: ScriptId

beforeEach(async () => {
  test = await createTestDatabase()
  database = test.database
  appId = (await database.write((tx) => tx.apps.create({ slug: 'shop' }))).result.id
  scriptId = await createScript('hello')
})

afterEach(async () => {
  await test.drop()
})

async function createScript(name: string): Promise<ScriptId> {
  const { result } = await database.write((tx) => tx.scripts.create({ appId, name, source: '1' }))
  return result.id
}

function execution(values: Partial<NewExecution> = {}): NewExecution {
  return {
    id: newId<ExecutionId>(),
    appId,
    scriptId,
    version: 1,
    routeId: null,
    trigger: 'http',
    outcome: 'ok',
    method: 'GET',
    path: '/',
    status: 200,
    startedAt: new Date('2026-01-02T03:04:05.678Z'),
    durationMs: 1.5,
    operations: 3_000_000_000,
    logs: [],
    logsDropped: 0,
    error: null,
    ...values,
  }
}

async function store(count: number, values: Partial<NewExecution> = {}): Promise<NewExecution[]> {
  const batch = Array.from({ length: count }, () => execution(values))
  expect(await database.executions.insertBatch(batch)).toEqual({ stored: count })
  return batch
}

const idsOf = (items: readonly { readonly id: ExecutionId }[]) => items.map(({ id }) => id)

describe('insertBatch', () => {
  it('stores every field as it was given', async () => {
    const given = execution({
      routeId: newId<RouteId>(),
      trigger: 'execute',
      outcome: 'error',
      status: 500,
      logs: [
        { at: 1_700_000_000_000, level: 'info', message: 'größe', fields: { userId: 7, a_b: [1] } },
      ],
      logsDropped: 3,
      parentId: newId<ExecutionId>(),
      error: { code: 'PIC_SCRIPT_ERROR', message: 'no', kind: 'ErrorRuntime', line: 3, column: 1 },
    })
    await database.executions.insertBatch([given])
    expect(await database.executions.find(given.id)).toEqual({
      ...given,
      sequence: expect.any(Number),
      scriptName: 'hello',
    })
  })

  it.each([
    ['a backslash', 'a\\\\N\\b'],
    ['what ends fields and lines', 'a\tb\nc\r\n\\.\n'],
    ['what PostgreSQL cannot hold', 'a\0b\ud800', 'a\u{fffd}b\u{fffd}'],
  ])('stores text with %s', async (_what, text, stored = text) => {
    const given = execution({
      method: text,
      path: text,
      logs: [{ at: 1, level: 'info', message: text, fields: { [text]: text } }],
      error: { code: text, message: text, kind: null, line: null, column: null },
    })
    await database.executions.insertBatch([given, execution()])
    expect(await database.executions.find(given.id)).toMatchObject({
      method: stored,
      path: stored,
      logs: [{ message: stored, fields: { [stored]: stored } }],
      error: { code: stored, message: stored },
    })
  })

  it('stores a record that is in a batch twice once', async () => {
    const twice = execution()
    expect(await database.executions.insertBatch([twice, execution(), twice])).toEqual({
      stored: 2,
    })
  })

  it('drops records of apps and scripts that were deleted meanwhile and keeps the others', async () => {
    const doomed = await createScript('doomed')
    await database.write((tx) => tx.scripts.delete(doomed))
    const kept = execution()
    const batch = [
      execution({ scriptId: doomed }),
      execution({ appId: newId<AppId>() }),
      kept,
      execution({ scriptId: newId<ScriptId>() }),
    ]
    expect(await database.executions.insertBatch(batch)).toEqual({ stored: 1 })
    const { items } = await database.executions.list({ limit: 10 })
    expect(idsOf(items)).toEqual([kept.id])
  })

  it('does not fail when a script is being deleted at that very moment', async () => {
    const deleter = new pg.Client({ connectionString: test.connectionString })
    await deleter.connect()
    await deleter.query('begin')
    await deleter.query('delete from scripts where id = $1', [scriptId])
    const complaints: string[] = []
    const error = (_: object, message: string) => complaints.push(message)
    const other = openDatabase({
      connectionString: test.connectionString,
      logger: { ...SILENT_LOGGER, error },
    })
    const inserting = other.executions.insertBatch([execution(), execution()])
    await new Promise((resolve) => setTimeout(resolve, 100))
    await deleter.query('commit')
    expect(await inserting).toEqual({ stored: 0 })
    expect(complaints).toEqual([])
    await other.close()
    await deleter.end()
  })

  it('stores a record once when a batch is sent again', async () => {
    const batch = await store(3)
    const again = [...batch, execution()]
    expect(await database.executions.insertBatch(again)).toEqual({ stored: 1 })
  })

  it('replaces characters that PostgreSQL cannot hold', async () => {
    const given = execution({
      path: '/a\0',
      logs: [{ at: 1, level: 'warn', message: '\0 and \ud800' }],
    })
    await database.executions.insertBatch([given])
    expect(await database.executions.find(given.id)).toMatchObject({
      path: '/a\u{fffd}',
      logs: [{ at: 1, level: 'warn', message: '\u{fffd} and \u{fffd}' }],
    })
  })

  it('keeps the others when PostgreSQL cannot hold one of them', async () => {
    const others = [execution(), execution(), execution()]
    const batch = [...others, execution({ status: 2 ** 40 })]
    expect(await database.executions.insertBatch(batch)).toEqual({ stored: 3 })
    const { items } = await database.executions.list({ limit: 10 })
    expect(new Set(idsOf(items))).toEqual(new Set(idsOf(others)))
  })

  it('takes an empty batch and a large one', async () => {
    expect(await database.executions.insertBatch([])).toEqual({ stored: 0 })
    await store(5_000, { logs: [{ at: 1, level: 'info', message: 'x'.repeat(100) }] })
  })
})

describe('list', () => {
  it('gives the newest first, page after page, without gaps while records keep coming', async () => {
    const batch = await store(7)
    const first = await database.executions.list({ limit: 3 })
    await store(2)
    const second = await database.executions.list({ limit: 3, cursor: first.nextCursor ?? '' })
    const third = await database.executions.list({ limit: 3, cursor: second.nextCursor ?? '' })
    expect(third.nextCursor).toBeNull()
    const all = [...first.items, ...second.items, ...third.items]
    expect(new Set(idsOf(all))).toEqual(new Set(idsOf(batch)))
    const order = all.map(({ sequence }) => sequence)
    expect(order).toEqual(order.toSorted((a, b) => b - a))
  })

  it('filters by app, script and outcome', async () => {
    const other = await createScript('other')
    await store(2)
    await store(1, { scriptId: other })
    await store(1, { outcome: 'error' })
    const count = async (filter: object) =>
      (await database.executions.list({ limit: 50, ...filter })).items.length
    const defaultApp = await database.apps.find('default')
    expect(await count({})).toBe(4)
    expect(await count({ appId })).toBe(4)
    expect(await count({ appId: defaultApp?.id })).toBe(0)
    expect(await count({ scriptId: other })).toBe(1)
    expect(await count({ outcome: 'error', scriptId })).toBe(1)
  })
})

describe('listAfter', () => {
  it('follows from now on, oldest first', async () => {
    await store(2)
    const start = await database.executions.latestCursor()
    const quiet = await database.executions.listAfter({ after: start, limit: 10 })
    expect(quiet).toEqual({ items: [], cursor: start })
    const batch = await store(3)
    const page = await database.executions.listAfter({ after: quiet.cursor, limit: 2 })
    const rest = await database.executions.listAfter({ after: page.cursor, limit: 2 })
    const items = [...page.items, ...rest.items]
    expect(new Set(idsOf(items))).toEqual(new Set(idsOf(batch)))
    const [first] = items as [ExecutionRow]
    const after = await database.executions.listAfter({ after: executionCursor(first), limit: 10 })
    expect(idsOf(after.items)).toEqual(idsOf(items.slice(1)))
  })

  it('moves past records that the filter leaves out', async () => {
    const start = await database.executions.latestCursor()
    await store(3)
    const filter = { outcome: 'error', limit: 10 } as const
    const page = await database.executions.listAfter({ after: start, ...filter })
    expect(page).toEqual({ items: [], cursor: await database.executions.latestCursor() })
  })

  it('never misses a record of a batch that commits late', async () => {
    const late = new pg.Client({ connectionString: test.connectionString })
    await late.connect()
    await store(1)
    const start = await database.executions.latestCursor()
    // A node that has numbered its records and then stalls before the commit.
    await late.query('begin')
    await late.query('select pg_advisory_xact_lock(716231003)')
    await late.query(
      `insert into execution_logs (partition_id, sequence, id, app_id, script_id, version, trigger,
        outcome, status, started_at, duration_ms, operations)
       select id, nextval('execution_sequence'), gen_random_uuid(), $1, $2, 1, 'http', 'ok', 200,
        now(), 1, 1 from execution_partitions`,
      [appId, scriptId],
    )
    await late.query('update execution_partitions set last_sequence = last_sequence + 1')
    const inserting = database.executions.insertBatch([execution(), execution()])
    await new Promise((resolve) => setTimeout(resolve, 100))
    const early = await database.executions.listAfter({ after: start, limit: 10 })
    expect(early.items).toEqual([])
    await late.query('commit')
    await inserting
    const page = await database.executions.listAfter({ after: early.cursor, limit: 10 })
    expect(page.items).toHaveLength(3)
    await late.end()
  })

  it('misses nothing while many nodes write at once', async () => {
    const seen = new Set<ExecutionId>()
    let cursor = await database.executions.latestCursor()
    let writing = true
    const follow = async () => {
      const page = await database.executions.listAfter({ after: cursor, limit: 7 })
      for (const { id } of page.items) seen.add(id)
      cursor = page.cursor
      return page.items.length
    }
    const follower = (async () => {
      while (writing || (await follow()) > 0) await follow()
    })()
    const batches = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const written: NewExecution[] = []
        for (let n = 0; n < 10; n++) written.push(...(await store(4)))
        return written
      }),
    )
    writing = false
    await follower
    expect(seen).toEqual(new Set(idsOf(batches.flat())))
  })

  it('refuses a cursor it did not give out', async () => {
    const follow = database.executions.listAfter({ after: 'nonsense', limit: 1 })
    await expect(follow).rejects.toMatchObject({ code: 'PIC_STORAGE_CURSOR_INVALID', status: 422 })
  })
})

describe('records and what they belong to', () => {
  it('go with their script and with their app', async () => {
    const other = await createScript('other')
    await store(2)
    await store(1, { scriptId: other })
    await database.write((tx) => tx.scripts.delete(other))
    expect(await database.apps.usage(appId)).toMatchObject({ executions: 2 })
    await database.write((tx) => tx.apps.deleteWithContents(appId))
    expect((await database.executions.list({ limit: 10 })).items).toEqual([])
  })

  it('tell listeners once per batch, and not for a batch of which nothing was stored', async () => {
    const listener = new pg.Client({ connectionString: test.connectionString })
    let told = 0
    listener.on('notification', () => {
      told += 1
    })
    await listener.connect()
    await listener.query('listen picloud_executions')
    await store(5)
    await database.executions.insertBatch([execution({ scriptId: newId<ScriptId>() })])
    await listener.query('select 1')
    expect(told).toBe(1)
    await listener.end()
  })
})
