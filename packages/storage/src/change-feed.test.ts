import type { AppId } from '@picloud/shared'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Change, ChangeFeed, type ChangeFeedOptions } from './change-feed.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

let test: TestDatabase
const feeds: ChangeFeed[] = []

beforeEach(async () => {
  test = await createTestDatabase()
})

afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.stop()
  await test.drop()
})

function startFeed(options: Partial<ChangeFeedOptions> = {}) {
  const changes: Change[] = []
  const feed = new ChangeFeed({
    connectionString: test.connectionString,
    onChange: (change) => {
      changes.push(change)
    },
    ...options,
  })
  feeds.push(feed)
  feed.start()
  return { feed, changes }
}

async function createApp(slug: string) {
  const { result, sequence } = await test.database.write((tx) => tx.apps.create({ slug }))
  return { id: result.id, sequence }
}

/** Runs as another session of the database the feed listens on. */
async function administrate(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: test.connectionString })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

async function cutFeeds(): Promise<void> {
  await administrate(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'picloud change feed' and datname = current_database()`,
  )
}

describe('ChangeFeed', () => {
  it('counts everything as changed when it first connects', async () => {
    const { sequence } = await createApp('before')
    const { feed, changes } = startFeed()
    expect(await feed.waitFor(0, 5_000)).toBe(true)
    expect(changes).toEqual([{ sequence, appIds: 'all' }])
    expect(feed.connected).toBe(true)
  })

  it('tells which app a write changed, on every node', async () => {
    const nodes = [startFeed(), startFeed()]
    await Promise.all(nodes.map(({ feed }) => feed.waitFor(0, 5_000)))
    const { id, sequence } = await createApp('shop')
    for (const { feed, changes } of nodes) {
      expect(await feed.waitFor(sequence, 5_000)).toBe(true)
      expect(changes.at(-1)).toEqual({ sequence, appIds: [id] })
    }
  })

  it('tells of deleted apps too', async () => {
    const { id } = await createApp('shop')
    const { feed, changes } = startFeed()
    await feed.waitFor(0, 5_000)
    const { sequence } = await test.database.write((tx) => tx.apps.delete(id))
    await feed.waitFor(sequence, 5_000)
    expect(changes.at(-1)).toEqual({ sequence, appIds: [id] })
  })

  it('says a change is seen only when its handling is complete', async () => {
    const gate = Promise.withResolvers<void>()
    const done: number[] = []
    const { feed } = startFeed({
      onChange: async ({ sequence, appIds }) => {
        if (appIds !== 'all') await gate.promise
        done.push(sequence)
      },
    })
    await feed.waitFor(0, 5_000)
    const { sequence } = await createApp('shop')
    expect(await feed.waitFor(sequence, 150)).toBe(false)
    gate.resolve()
    expect(await feed.waitFor(sequence, 5_000)).toBe(true)
    expect(done).toContain(sequence)
    expect(await feed.waitFor(sequence, 0)).toBe(true)
  })

  it('handles one change at a time and folds those that came meanwhile into one', async () => {
    let running = 0
    let overlapped = false
    const { feed, changes } = startFeed()
    const slow = startFeed({
      onChange: async (change) => {
        overlapped ||= running > 0
        running += 1
        await new Promise((resolve) => setTimeout(resolve, 50))
        running -= 1
        slow.changes.push(change)
      },
    })
    await Promise.all([feed.waitFor(0, 5_000), slow.feed.waitFor(0, 5_000)])
    const apps = []
    for (let n = 0; n < 20; n++) apps.push(await createApp(`app-${n}`))
    const last = apps.at(-1)?.sequence ?? 0
    expect(await slow.feed.waitFor(last, 5_000)).toBe(true)
    expect(await feed.waitFor(last, 5_000)).toBe(true)
    expect(overlapped).toBe(false)
    expect(slow.changes.length).toBeLessThan(20)
    for (const seen of [changes, slow.changes]) {
      const ids = seen.flatMap(({ appIds }) => (appIds === 'all' ? [] : appIds))
      expect(new Set<AppId>(ids)).toEqual(new Set(apps.map(({ id }) => id)))
    }
  })

  it('reports what it missed while its connection was away, and only that', async () => {
    const { feed, changes } = startFeed()
    await feed.waitFor(0, 5_000)
    await cutFeeds()
    const { id, sequence } = await createApp('meanwhile')
    expect(await feed.waitFor(sequence, 10_000)).toBe(true)
    expect(changes.slice(1)).toEqual([{ sequence, appIds: [id] }])
  })

  it('counts everything as changed when the log does not reach back far enough', async () => {
    const { feed, changes } = startFeed()
    await feed.waitFor(0, 5_000)
    await administrate(
      'update change_state set sequence = sequence + 50, log_floor = sequence + 50',
    )
    const { sequence } = await createApp('late')
    expect(await feed.waitFor(sequence, 5_000)).toBe(true)
    expect(changes.at(-1)).toEqual({ sequence, appIds: 'all' })
  })

  it('counts everything as changed in a database restored from an older backup', async () => {
    await createApp('one')
    await createApp('two')
    const { feed, changes } = startFeed()
    await feed.waitFor(2, 5_000)
    await administrate('update change_state set sequence = 0, log_floor = 0')
    await createApp('three')
    await expect.poll(() => changes.at(-1)).toEqual({ sequence: 1, appIds: 'all' })
  })

  it('calls again when handling a change failed', async () => {
    let failures = 2
    const { feed, changes } = startFeed({
      onChange: (change) => {
        if (failures-- > 0) throw new Error('the tables could not be built')
        changes.push(change)
      },
    })
    expect(await feed.waitFor(0, 10_000)).toBe(true)
    expect(changes).toHaveLength(1)
  })

  it('connects as soon as a database that was away is there', async () => {
    const name = /\/(test_\w+)/.exec(test.connectionString)?.[1] ?? ''
    const connectionString = test.connectionString.replace(name, `${name}_later`)
    const { feed } = startFeed({ connectionString })
    expect(await feed.waitFor(0, 300)).toBe(false)
    expect(feed.connected).toBe(false)
    await test.database.close()
    const admin = new pg.Client({
      connectionString: test.connectionString.replace(name, 'picloud'),
    })
    await admin.connect()
    await admin.query(`create database ${name}_later template ${name} strategy file_copy`)
    expect(await feed.waitFor(0, 15_000)).toBe(true)
    await feed.stop()
    await admin.query(`drop database ${name}_later with (force)`)
    await admin.end()
    test = await createTestDatabase()
  })

  it('asks the database nothing while nothing changes', async () => {
    const { feed } = startFeed()
    await feed.waitFor(0, 5_000)
    const lastQuery = async () =>
      (
        await administrate(
          `select state, state_change from pg_stat_activity
           where application_name = 'picloud change feed' and datname = current_database()`,
        )
      ).rows
    const before = await lastQuery()
    expect(before).toMatchObject([{ state: 'idle' }])
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await lastQuery()).toEqual(before)
  })

  it('stops while it waits for a database that is away, and wakes who waited', async () => {
    const { feed } = startFeed({ connectionString: 'postgresql://x@127.0.0.1:1/x' })
    const waiting = feed.waitFor(5, 30_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await feed.stop()
    expect(await waiting).toBe(false)
  })

  it('leaves no connection behind when stopped', async () => {
    const { feed } = startFeed()
    await feed.waitFor(0, 5_000)
    await feed.stop()
    await expect
      .poll(
        async () =>
          (
            await administrate(
              `select pid from pg_stat_activity
               where application_name = 'picloud change feed' and datname = current_database()`,
            )
          ).rows,
      )
      .toEqual([])
  })
})
