import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChangeFeed } from '../change-feed.ts'
import { connectionNameOf, nodeNamed } from '../connection-name.ts'
import { type Database, openDatabase } from '../database.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'

let test: TestDatabase
let database: Database

beforeAll(async () => {
  test = await createTestDatabase()
  const { connectionString } = test
  const node = { role: 'orchestrator', name: 'box-1', pid: 4711 } as const
  database = openDatabase({ connectionString, node })
})
afterAll(async () => {
  await database.close()
  await test.drop()
})

const feedOf = ({ connectionString, connectionName, queryCounter }: Database) =>
  new ChangeFeed({ connectionString, connectionName, queryCounter, onChange: () => {} })

describe('what the database says of those connected to it', () => {
  it('names a program by its connections, for as long as it has one', async () => {
    const { connectionString } = test
    const other = openDatabase({
      connectionString,
      node: { role: 'executor', name: 'box-2', pid: 12 },
    })
    const feed = feedOf(other)
    feed.start()
    expect(await feed.waitFor(0, 5_000)).toBe(true)
    const { nodes, ...server } = await database.server.read()
    expect(nodes).toEqual([
      { role: 'executor', name: 'box-2', pid: 12, since: expect.any(Date), address: null },
      { role: 'orchestrator', name: 'box-1', pid: 4711, since: expect.any(Date), address: null },
    ])
    expect(server.version).toMatch(/^\d+/)
    expect(server.sizeBytes).toBeGreaterThan(1_000_000)
    expect(server.connections).toBeGreaterThanOrEqual(2)
    expect(server.connectionsMax).toBeGreaterThan(server.connections)
    await feed.stop()
    await other.close()
    expect((await database.server.read()).nodes.map(({ name }) => name)).toEqual(['box-1'])
  })

  it.each([
    ['a long name', 'x'.repeat(200)],
    ['one that is not ASCII', 'büro mit leerzeichen'],
  ])('keeps role and process of %s', (_what, name) => {
    const connection = connectionNameOf({ role: 'all-in-one', name, pid: 4_194_304 })
    expect(connection.length).toBeLessThanOrEqual(63)
    expect(nodeNamed(connection)).toMatchObject({ role: 'all-in-one', pid: 4_194_304 })
  })

  it.each(['picloud', 'picloud change feed', 'picloud program 12', 'psql', 'picloud manager'])(
    'takes %s for no program',
    (connection) => {
      expect(nodeNamed(connection)).toBeNull()
    },
  )
})

describe('the counter of queries', () => {
  it('counts what stores, what transactions and what scripts ask', async () => {
    const { queryCounter } = database
    const before = queryCounter.total
    const app = await database.apps.find('default')
    expect(queryCounter.total).toBe(before + 1)
    const beforeKv = queryCounter.total
    if (app === null) throw new Error('there is no app default')
    await database.kv.usage(app.id)
    expect(queryCounter.total).toBe(beforeKv + 1)
    await database.write(async () => {})
    expect(queryCounter.total).toBeGreaterThan(beforeKv + 3)
  })

  it('counts what a change feed asks, and nothing while nothing happens', async () => {
    const feed = feedOf(database)
    const before = database.queryCounter.total
    feed.start()
    expect(await feed.waitFor(0, 5_000)).toBe(true)
    const listening = database.queryCounter.total
    expect(listening).toBe(before + 2)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(database.queryCounter.total).toBe(listening)
    await feed.stop()
  })
})
