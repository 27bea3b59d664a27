import { createHash } from 'node:crypto'
import { newId, type TokenId } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../database.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'

let test: TestDatabase
let database: Database

beforeEach(async () => {
  test = await createTestDatabase()
  database = test.database
})

afterEach(async () => {
  await test.drop()
})

const hashOf = (text: string) => createHash('sha256').update(text).digest()
const PAST = new Date(Date.now() - 1_000)
const FUTURE = new Date(Date.now() + 60_000)

describe('tokens', () => {
  it('finds a token by its hash and never shows the hash', async () => {
    const created = await database.tokens.create({ name: 'ci', hash: hashOf('a') })
    expect(await database.tokens.findByHash(hashOf('a'))).toEqual(created)
    expect(await database.tokens.findByHash(hashOf('b'))).toBeNull()
    expect(created).toEqual({
      id: expect.any(String),
      name: 'ci',
      createdAt: expect.any(Date),
      expiresAt: null,
      lastUsedAt: null,
    })
  })

  it('does not find a token that has expired', async () => {
    await database.tokens.create({ name: 'old', hash: hashOf('old'), expiresAt: PAST })
    await database.tokens.create({ name: 'new', hash: hashOf('new'), expiresAt: FUTURE })
    expect(await database.tokens.findByHash(hashOf('old'))).toBeNull()
    expect(await database.tokens.findByHash(hashOf('new'))).toMatchObject({ expiresAt: FUTURE })
  })

  it('notes the last use at most once a minute', async () => {
    const { id } = await database.tokens.create({ name: 'ci', hash: hashOf('a') })
    const lastUse = async () => (await database.tokens.findByHash(hashOf('a')))?.lastUsedAt
    const first = new Date('2026-01-01T00:00:00Z')
    await database.tokens.touch(id, first)
    await database.tokens.touch(id, new Date('2026-01-01T00:00:59Z'))
    expect(await lastUse()).toEqual(first)
    const later = new Date('2026-01-01T00:01:01Z')
    await database.tokens.touch(id, later)
    expect(await lastUse()).toEqual(later)
  })

  it('lists by name and deletes', async () => {
    for (const name of ['b', 'a', 'c']) await database.tokens.create({ name, hash: hashOf(name) })
    const page = await database.tokens.list({ limit: 2 })
    const rest = await database.tokens.list({ limit: 2, cursor: page.nextCursor ?? '' })
    expect([...page.items, ...rest.items].map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    const [first] = page.items
    expect(await database.tokens.delete(first?.id as TokenId)).toBe(true)
    expect(await database.tokens.delete(newId<TokenId>())).toBe(false)
    expect(await database.tokens.findByHash(hashOf('a'))).toBeNull()
  })
})

describe('setup', () => {
  const first = { name: 'admin', hash: hashOf('admin') }

  it('opens with the last token only, once, and makes the first admin token', async () => {
    expect(await database.setup.ensure(hashOf('one'))).toBe(true)
    expect(await database.setup.ensure(hashOf('two'))).toBe(true)
    expect(await database.setup.consume(hashOf('one'), first)).toBeNull()
    expect(await database.setup.consume(hashOf('two'), first)).toMatchObject({ name: 'admin' })
    expect(await database.tokens.findByHash(hashOf('admin'))).toMatchObject({ name: 'admin' })
    expect(await database.setup.consume(hashOf('two'), first)).toBeNull()
    expect(await database.setup.ensure(hashOf('three'))).toBe(false)
  })

  it('lets exactly one of several win that use it at once', async () => {
    await database.setup.ensure(hashOf('one'))
    const used = await Promise.all(
      [1, 2, 3].map((n) =>
        database.setup.consume(hashOf('one'), { name: 'admin', hash: hashOf(`admin ${n}`) }),
      ),
    )
    expect(used.filter((token) => token !== null)).toHaveLength(1)
    expect((await database.tokens.list({ limit: 10 })).items).toHaveLength(1)
  })
})
