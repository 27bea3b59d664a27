/** What scripts keep, against a real database, by many at the same time. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppId } from '@picloud/shared'
import { storedValueOf, valueOfStored } from '@picloud/shared/value-bytes'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts'
import type { KvCommit } from './kv-commit.ts'
import { rangeOf } from './kv-range.ts'
import type { KvStore } from './kv-store.ts'

const PLENTY = { keysMax: 1_000_000, bytesMax: 1_000_000_000 }
const INT_MAX = 2n ** 63n - 1n

let test: TestDatabase
let kv: KvStore
let app: AppId
let other: AppId
let apps = 0

beforeAll(async () => {
  test = await createTestDatabase()
  kv = test.database.kv
})
afterAll(() => test.drop())
beforeEach(async () => {
  app = await newApp()
  other = await newApp()
})

async function newApp(): Promise<AppId> {
  apps += 1
  const { result } = await test.database.write((tx) => tx.apps.create({ slug: `app-${apps}` }))
  return result.id
}

const value = (of: Parameters<typeof storedValueOf>[0]) => storedValueOf(of, 1_000_000)

async function put(key: string, of: Parameters<typeof value>[0], ttlMs: number | null = null) {
  return await kv.put(app, { key, value: value(of), ttlMs }, PLENTY)
}

async function read(key: string, of = app): Promise<unknown> {
  const [entry] = await kv.get(of, [key])
  return entry === undefined ? undefined : valueOfStored(entry.value)
}

const increment = (key: string, by: number | bigint = 1, ttlMs: number | null = null) =>
  kv.increment(app, [{ key, by, ttlMs }], PLENTY)

const commitOf = (change: Partial<KvCommit>): KvCommit => ({
  reads: new Map(),
  listings: [],
  writes: [],
  quota: PLENTY,
  ...change,
})

const writeOf = (key: string, of: Parameters<typeof value>[0]) => ({
  key,
  value: value(of),
  ttlMs: null,
})

async function versionOf(key: string): Promise<string | null> {
  return (await kv.get(app, [key]))[0]?.version ?? null
}

async function listed(prefix: string, after: string | null = null, limit = 100) {
  return (await kv.keys(app, { prefix, after, limit })).map(({ key }) => key)
}

describe('an entry', () => {
  it('is read as it was written, whatever it holds', async () => {
    for (const each of [
      1,
      -1,
      INT_MAX,
      -(2n ** 63n),
      null,
      'ä',
      true,
      [1, [2]],
      new Map([['a', 1]]),
    ]) {
      expect(await put('key', each)).toBe('done')
      expect(await read('key')).toEqual(each)
    }
  })

  it('of one app is none of another', async () => {
    await put('key', 1)
    expect(await read('key', other)).toBeUndefined()
    expect(await kv.delete(other, 'key')).toBe(false)
    expect(await kv.expire(other, 'key', 1)).toBe(false)
    expect(await kv.keys(other, { prefix: '', after: null, limit: 10 })).toEqual([])
    expect(await read('key')).toBe(1)
  })

  it('is deleted once', async () => {
    await put('key', 1)
    expect([await kv.delete(app, 'key'), await kv.delete(app, 'key')]).toEqual([true, false])
  })

  it('that has expired is not there, and makes room for a new one', async () => {
    await put('key', 5, 1)
    await sleep(20)
    expect(await read('key')).toBeUndefined()
    expect(await listed('')).toEqual([])
    expect(await kv.expire(app, 'key', null)).toBe(false)
    expect((await increment('key')).get('key')).toBe(1)
    await put('key', 'text', 1)
    await sleep(20)
    expect((await increment('key', 7)).get('key')).toBe(7)
    await put('key', 5, 1)
    await sleep(20)
    expect(await kv.delete(app, 'key')).toBe(false)
  })

  it('goes with its app', async () => {
    await put('key', 1)
    await test.database.write((tx) => tx.apps.deleteWithContents(app))
    expect(await read('key')).toBeUndefined()
    expect(await kv.usage(app)).toEqual({ keys: 0, bytes: 0 })
    await expect(put('key', 1)).rejects.toMatchObject({ code: 'PIC_STORAGE_REFERENCE_MISSING' })
  })
})

describe('counting', () => {
  it('loses nothing beside others', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => increment('n')))
    const seen = answers.map((each) => Number(each.get('n'))).sort((a, b) => a - b)
    expect(seen).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
  })

  it('never leaves 64 bits, and counts nothing but integers', async () => {
    await put('max', INT_MAX - 1n)
    expect((await increment('max')).get('max')).toBe(INT_MAX)
    expect((await increment('max')).size).toBe(0)
    await put('min', -(2n ** 63n))
    expect((await increment('min', -1)).size).toBe(0)
    expect((await increment('min', INT_MAX)).get('min')).toBe(-1)
    await put('text', 'x')
    expect((await increment('text')).size).toBe(0)
    expect(await read('max')).toBe(INT_MAX)
  })

  it('keeps the time an entry has, and gives one to what it makes', async () => {
    await increment('n', 1, 60_000)
    await increment('n', 1, 1)
    const [entry] = await kv.get(app, ['n'])
    expect(entry?.ttlMs).toBeGreaterThan(50_000)
  })
})

describe('comparing', () => {
  const compare = (expected: Parameters<typeof value>[0], next: number) =>
    kv.compareAndPut(
      app,
      { key: 'key', value: value(next), ttlMs: null },
      { expected: expected === null ? null : value(expected), quota: PLENTY },
    )

  it('writes only where the entry is as expected', async () => {
    expect(await compare(1, 2)).toBe('other')
    expect(await compare(null, 1)).toBe('done')
    expect(await compare(null, 2)).toBe('other')
    expect(await compare(1, 3)).toBe('done')
    await put('key', null)
    expect(await compare(null, 4)).toBe('done')
    await put('key', ['a'])
    expect(await compare('a', 4)).toBe('other')
    expect(await compare(['a'], 4)).toBe('done')
  })

  it('lets one of many win', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => compare(null, i)))
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(1)
  })
})

describe('a list', () => {
  it('has the keys that begin with a text, in the order of code points, page by page', async () => {
    const keys = [
      'a',
      'a%',
      'a_',
      'ab',
      'a/b',
      'A',
      'b',
      'a\u{10ffff}',
      'ä',
      '\ud7ff',
      '\u{1f408}',
      '\ue000',
    ]
    for (const key of keys) await put(key, 1)
    const inOrder = keys.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)))
    expect(await listed('')).toEqual(inOrder)
    expect(await listed('a')).toEqual(inOrder.filter((key) => key.startsWith('a')))
    for (const prefix of ['%', '_', 'a%', 'a_', 'a/', '\ud7ff', 'a\u{10ffff}', '\\', "'"]) {
      expect(await listed(prefix)).toEqual(inOrder.filter((key) => key.startsWith(prefix)))
    }
    const first = await listed('a', null, 2)
    expect([...first, ...(await listed('a', first[1]))]).toEqual(await listed('a'))
    expect(await listed('b', 'a')).toEqual(['b'])
  })

  it('of all that begin with the last code points has no end', () => {
    expect(rangeOf('\u{10ffff}', null)).toEqual({ from: '\u{10ffff}', below: null })
    expect(rangeOf('a\u{10ffff}', null).below).toBe('b')
    expect(rangeOf('\ud7ff', null).below).toBe('\ue000')
  })
})

describe('what an app holds', () => {
  it('is counted to the byte, however it came and went', async () => {
    await put('a', 1)
    await put('b', 'x'.repeat(100))
    await put('b', 'x')
    await increment('c')
    await increment('c')
    await kv.delete(app, 'a')
    await kv.commit(
      app,
      commitOf({
        writes: [writeOf('d', 1), writeOf('e', 'ä'), { key: 'c', value: null, ttlMs: null }],
      }),
    )
    await Promise.all(Array.from({ length: 40 }, (_, i) => put(`many-${i % 10}`, 'y'.repeat(i))))
    const keys = await kv.keys(app, { prefix: '', after: null, limit: 100 })
    const bytes = keys.reduce((sum, each) => sum + each.bytes, 0)
    expect(await kv.usage(app)).toEqual({ keys: 13, bytes })
    await put('gone', 1, 1)
    await sleep(10)
    expect(await kv.purge(app, 10)).toBe(1)
    expect(await kv.usage(app)).toEqual({ keys: 13, bytes })
  })

  it('is no more than it may, but what is there can be changed and made smaller', async () => {
    const quota = { keysMax: 2, bytesMax: 100 }
    const write = (key: string, text: string) =>
      kv.put(app, { key, value: value(text), ttlMs: null }, quota)
    expect(await write('a', 'x'.repeat(40))).toBe('done')
    expect(await write('b', 'x')).toBe('done')
    expect(await write('c', 'x')).toBe('full')
    expect((await kv.increment(app, [{ key: 'c', by: 1, ttlMs: null }], quota)).size).toBe(0)
    expect(await write('b', 'x'.repeat(100))).toBe('full')
    expect(await kv.commit(app, commitOf({ writes: [writeOf('c', 1)], quota }))).toBe('full')
    expect(await write('a', 'y'.repeat(40))).toBe('done')
    const smaller = { keysMax: 1, bytesMax: 1 }
    expect(await kv.put(app, { key: 'a', value: value(1), ttlMs: null }, smaller)).toBe('done')
    expect(await listed('')).toEqual(['a', 'b'])
  })
})

describe('a transaction', () => {
  it('writes where all is as it was seen', async () => {
    await put('a', 1)
    const reads = new Map([
      ['a', await versionOf('a')],
      ['b', null],
    ])
    const writes = [writeOf('a', 2), writeOf('b', 3)]
    expect(await kv.commit(app, commitOf({ reads, writes }))).toBe('done')
    expect([await read('a'), await read('b')]).toEqual([2, 3])
    expect(await kv.commit(app, commitOf({ reads, writes }))).toBe('conflict')
  })

  it.each([
    ['was changed', () => put('a', 1)],
    ['was deleted', () => kv.delete(app, 'a')],
    ['was counted', () => increment('a')],
    ['was given a time to live', () => kv.expire(app, 'a', 60_000)],
    ['expired', () => kv.expire(app, 'a', 1).then(() => sleep(20))],
  ])('writes nothing where an entry %s', async (_what, change) => {
    await put('a', 1)
    const reads = new Map([['a', await versionOf('a')]])
    await change()
    const writes = [writeOf('b', 1)]
    expect(await kv.commit(app, commitOf({ reads, writes }))).toBe('conflict')
    expect(await read('b')).toBeUndefined()
  })

  it('writes nothing where a list has changed', async () => {
    await put('p/1', 1)
    const keys = await kv.keys(app, { prefix: 'p/', after: null, limit: 10 })
    const listings = [{ prefix: 'p/', after: null, limit: 10, keys }]
    await put('q', 1)
    expect(await kv.commit(app, commitOf({ listings, writes: [writeOf('x', 1)] }))).toBe('done')
    await put('p/0', 1)
    expect(await kv.commit(app, commitOf({ listings, writes: [writeOf('x', 2)] }))).toBe('conflict')
    expect(await read('x')).toBe(1)
  })

  it.each(['keys that are absent', 'keys that are there', 'a list'])(
    'beside another that reads what it writes lets one win: %s',
    async (what) => {
      for (let round = 0; round < 20; round += 1) {
        const [left, right] = [`${round}/left`, `${round}/right`]
        if (what === 'keys that are there') await Promise.all([put(left, 1), put(right, 1)])
        const listings = [{ prefix: `${round}/`, after: null, limit: 10, keys: [] }]
        const versions = new Map([
          [left, await versionOf(left)],
          [right, await versionOf(right)],
        ])
        const seen = what === 'a list' ? { listings } : { reads: versions }
        const outcomes = await Promise.all(
          [left, right].map((key) =>
            kv.commit(app, commitOf({ ...seen, writes: [writeOf(key, 2)] })),
          ),
        )
        expect(outcomes.toSorted()).toEqual(['conflict', 'done'])
      }
    },
  )

  it('loses no single statement that comes meanwhile', async () => {
    await put('n', 0)
    let done = 0
    const transact = async () => {
      for (let i = 0; i < 20; ) {
        const [entry] = await kv.get(app, ['n'])
        const reads = new Map([['n', entry?.version ?? null]])
        const next = Number(valueOfStored(entry?.value ?? value(0))) + 1
        const outcome = await kv.commit(app, commitOf({ reads, writes: [writeOf('n', next)] }))
        if (outcome !== 'done') continue
        i += 1
        done += 1
      }
    }
    const count = async () => {
      for (let i = 0; i < 100; i += 1) await increment('n')
    }
    await Promise.all([transact(), transact(), count(), count()])
    expect([await read('n'), done]).toEqual([240, 40])
  })

  it('does not overwrite what came where it saw nothing', async () => {
    for (let round = 0; round < 30; round += 1) {
      const key = `new-${round}`
      const reads = new Map([[key, null]])
      const [outcome] = await Promise.all([
        kv.commit(app, commitOf({ reads, writes: [writeOf(key, 'seen as absent')] })),
        put(key, 'put'),
      ])
      expect([outcome, await read(key)]).toEqual([expect.any(String), 'put'])
    }
  })

  it('does not fail a count that waits for a transaction which waits for it', async () => {
    await put('z', 1)
    const other = new pg.Client({ connectionString: test.connectionString })
    await other.connect()
    try {
      // As a transaction goes on: what is there is held, then what is not is made.
      await other.query('begin')
      await other.query("select from kv_entries where app_id = $1 and key = 'z' for update", [app])
      const counts = ['m', 'z'].map((key) => ({ key, by: 1, ttlMs: null }))
      const counted = kv.increment(app, counts, PLENTY)
      await sleep(200)
      const insert = "insert into kv_entries (app_id, key, int_value) values ($1, 'm', 5)"
      await Promise.all([other.query(insert, [app]), sleep(50)])
      await other.query('commit')
      expect([...(await counted)].toSorted()).toEqual([
        ['m', 6],
        ['z', 2],
      ])
    } finally {
      await other.end()
    }
  })

  /** A key can be found for any number that a hash shall be: it must be nobody else's. */
  it('waits for no lock but those of its app', async () => {
    const commit = (of: AppId) =>
      kv.commit(of, commitOf({ reads: new Map([['key', null]]), writes: [writeOf('x', 1)] }))
    const platform = new pg.Client({ connectionString: test.connectionString })
    await platform.connect()
    try {
      await platform.query('begin')
      await platform.query('select pg_advisory_xact_lock(hashtextextended($1, 14))', [`${app}/key`])
      await platform.query('select pg_advisory_xact_lock(hashtext($1), hashtext($2))', [
        other,
        'key',
      ])
      expect(await commit(app)).toBe('done')
      await expect(commit(other)).rejects.toThrow()
    } finally {
      await platform.end()
    }
  })

  it('keeps the time of an entry where that is asked for', async () => {
    await put('a', 1, 60_000)
    await kv.commit(
      app,
      commitOf({ writes: [{ ...writeOf('a', 2), ttlMs: 'keep' }, writeOf('b', 1)] }),
    )
    const entries = await kv.get(app, ['a', 'b'])
    expect(entries.map(({ key, ttlMs }) => [key, ttlMs !== null])).toEqual(
      expect.arrayContaining([
        ['a', true],
        ['b', false],
      ]),
    )
    await kv.commit(app, commitOf({ writes: [writeOf('a', 3)] }))
    expect((await kv.get(app, ['a']))[0]?.ttlMs).toBeNull()
  })
})
