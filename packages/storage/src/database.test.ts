import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { type AppId, DEFAULT_APP_SETTINGS } from '@picloud/shared'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import { POOL_WAITING_MAX } from './timeouts.ts'

let test: TestDatabase
let database: Database

beforeEach(async () => {
  test = await createTestDatabase()
  database = test.database
})

afterEach(async () => {
  await test.drop()
})

async function administrate(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: test.connectionString })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

describe('Database.write', () => {
  it('numbers writes one after the other and notes which apps they touched', async () => {
    const before = await database.routing.sequence()
    const first = await database.write((tx) => tx.apps.create({ slug: 'one' }))
    const second = await database.write((tx) => tx.apps.create({ slug: 'two' }))
    expect([first.sequence, second.sequence]).toEqual([before + 1, before + 2])
    const { rows } = await administrate('select sequence, app_id from change_log order by 1')
    expect(rows).toEqual([
      { sequence: String(before + 1), app_id: first.result.id },
      { sequence: String(before + 2), app_id: second.result.id },
    ])
  })

  it('does nothing at all when the work throws', async () => {
    const before = await database.routing.sequence()
    const work = database.write(async (tx) => {
      await tx.apps.create({ slug: 'never' })
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    expect(await database.apps.find('never')).toBeNull()
    expect(await database.routing.sequence()).toBe(before)
  })

  it('lets a check made inside hold until the commit', async () => {
    // Without the order of writes all of them would see none and create one.
    const createFirst = (slug: string) =>
      database.write(async (tx) => {
        const { items } = await tx.apps.list({ limit: 200 })
        if (items.some((app) => app.slug.startsWith('only-'))) return null
        return await tx.apps.create({ slug })
      })
    const writes = await Promise.all([1, 2, 3, 4, 5].map((n) => createFirst(`only-${n}`)))
    expect(writes.filter(({ result }) => result !== null)).toHaveLength(1)
    expect(new Set(writes.map(({ sequence }) => sequence)).size).toBe(5)
  })

  it('keeps the change log bounded and says how far back it reaches', async () => {
    await administrate(`update change_state set sequence = 20000;
      insert into change_log select n, gen_random_uuid() from generate_series(1, 20000) as n`)
    const { sequence } = await database.write((tx) => tx.apps.create({ slug: 'shop' }))
    const { rows } = await administrate(
      `select min(log.sequence) as oldest, count(*) as length, max(log_floor) as floor
       from change_log as log, change_state`,
    )
    expect(sequence).toBe(20_001)
    expect(rows).toEqual([{ oldest: '10002', length: '10000', floor: '10001' }])
  })
})

describe('a database that is away', () => {
  it('is reported with what to do, by every kind of access', async () => {
    const away = openDatabase({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' })
    const unreachable = {
      code: 'PIC_STORAGE_DATABASE_UNREACHABLE',
      audience: 'system',
      status: 503,
      message: expect.stringContaining('Check that PostgreSQL is running'),
    }
    await expect(away.ping(1_000)).rejects.toMatchObject(unreachable)
    await expect(away.apps.find('default')).rejects.toMatchObject(unreachable)
    await expect(away.write((tx) => tx.apps.create({ slug: 'a' }))).rejects.toMatchObject(
      unreachable,
    )
    await away.close()
  })

  it('is reported when it was never made or the password is wrong', async () => {
    const other = test.connectionString.replace(/\/test_\w+/, '/no_such_database')
    const away = openDatabase({ connectionString: other })
    await expect(away.ping(5_000)).rejects.toMatchObject({
      code: 'PIC_STORAGE_DATABASE_UNREACHABLE',
      message: expect.stringContaining('database "no_such_database" does not exist'),
    })
    await away.close()
  })

  it('does not end the program when it drops idle connections, and is used again', async () => {
    await Promise.all([1, 2, 3].map(() => database.ping(5_000)))
    await administrate(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    )
    await expect.poll(() => database.ping(5_000).then(() => 'there', String)).toBe('there')
  })

  it('fails the query that was under way when its connection died', async () => {
    const write = database.write(async (tx) => {
      await administrate(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      )
      return await tx.apps.create({ slug: 'lost' })
    })
    await expect(write).rejects.toMatchObject({ code: 'PIC_STORAGE_DATABASE_UNREACHABLE' })
    expect(await database.apps.find('lost')).toBeNull()
  })
})

describe('limits', () => {
  it('refuses callers at once when too many wait for a connection', async () => {
    const narrow = openDatabase({ connectionString: test.connectionString, poolMax: 1 })
    const asked = Array.from({ length: POOL_WAITING_MAX + 10 }, () => narrow.routing.sequence())
    const outcomes = await Promise.allSettled(asked)
    const errors = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    )
    const refused = errors.filter(({ code }) => code === 'PIC_STORAGE_BUSY')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThan(20)
    expect(refused[0]).toMatchObject({ status: 503 })
    // On a busy machine some of those that may wait are not served in time.
    const others = new Set(errors.map(({ code }) => code)).difference(new Set(['PIC_STORAGE_BUSY']))
    expect([[], ['PIC_STORAGE_DATABASE_UNREACHABLE']]).toContainEqual([...others])
    await narrow.close()
  })

  it('gives up on a server that takes connections and never answers', async () => {
    const { server, port } = await listenSilently()
    const silent = openDatabase({ connectionString: `postgresql://x@127.0.0.1:${port}/x` })
    await expect(silent.ping(200)).rejects.toMatchObject({
      code: 'PIC_STORAGE_DATABASE_UNREACHABLE',
      message: expect.stringContaining('no answer within 200 ms'),
    })
    await expect(silent.apps.find('default')).rejects.toMatchObject({
      code: 'PIC_STORAGE_DATABASE_UNREACHABLE',
    })
    await silent.close()
    server.close()
  })

  it('ends a statement that waits too long for a lock', async () => {
    const holder = new pg.Client({ connectionString: test.connectionString })
    await holder.connect()
    await holder.query('begin; lock table apps')
    await expect(database.apps.find('default')).rejects.toMatchObject({
      code: 'PIC_STORAGE_TIMEOUT',
    })
    await holder.end()
  })
})

describe('an external database by URL', () => {
  it('is used over TCP like the embedded one over its socket', async () => {
    const { server, port } = await forwardTo(socketOf(test.connectionString))
    const name = /\/(test_\w+)/.exec(test.connectionString)?.[1]
    const external = openDatabase({
      connectionString: `postgresql://picloud@127.0.0.1:${port}/${name}`,
    })
    await external.ping(5_000)
    const { result } = await external.write((tx) => tx.apps.create({ slug: 'far' }))
    expect(await database.apps.find('far')).toEqual(result)
    await external.close()
    server.close()
  })
})

describe('what comes out', () => {
  it('has camelCase names, Date times and numbers for counters', async () => {
    const app = await database.apps.find('default')
    expect(app).toEqual({
      id: expect.any(String),
      slug: 'default',
      name: 'Default',
      settings: DEFAULT_APP_SETTINGS,
      revision: 1,
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
    })
    expect(await database.routing.sequence()).toEqual(expect.any(Number))
  })

  it('refuses text that PostgreSQL cannot hold', async () => {
    const app = await database.apps.find('default')
    const save = database.write((tx) =>
      tx.scripts.create({ appId: app?.id as AppId, name: 'nul', source: '"\0"' }),
    )
    await expect(save).rejects.toMatchObject({ code: 'PIC_STORAGE_TEXT_INVALID', status: 422 })
  })
})

function socketOf(connectionString: string): string {
  const host = /host=([^&]+)/.exec(connectionString)?.[1] ?? ''
  return `${decodeURIComponent(host)}/.s.PGSQL.5432`
}

async function listen(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

async function listenSilently() {
  return await listen((socket) => socket.resume())
}

async function forwardTo(path: string) {
  return await listen((socket) => {
    const target = connect(path)
    target.on('error', () => socket.destroy())
    socket.pipe(target).pipe(socket)
  })
}
