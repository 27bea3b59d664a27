import { createHash } from 'node:crypto'
import { newId, type TokenId } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../database.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import type { NewToken, TokenRow } from './token-store.ts'

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

const scopes = ['admin'] as const

async function create(token: Omit<NewToken, 'scopes'>): Promise<TokenRow> {
  return (await database.write((tx) => tx.tokens.create({ scopes, ...token }))).result
}

describe('tokens', () => {
  it('finds a token by its hash and never shows the hash', async () => {
    const created = await create({ name: 'ci', hash: hashOf('a') })
    expect(await database.tokens.findByHash(hashOf('a'))).toEqual(created)
    expect(await database.tokens.findByHash(hashOf('b'))).toBeNull()
    expect(created).toEqual({
      id: expect.any(String),
      name: 'ci',
      scopes: ['admin'],
      createdAt: expect.any(Date),
      expiresAt: null,
      lastUsedAt: null,
    })
  })

  it('does not find a token that has expired', async () => {
    await create({ name: 'old', hash: hashOf('old'), expiresAt: PAST })
    await create({ name: 'new', hash: hashOf('new'), expiresAt: FUTURE })
    expect(await database.tokens.findByHash(hashOf('old'))).toBeNull()
    expect(await database.tokens.findByHash(hashOf('new'))).toMatchObject({ expiresAt: FUTURE })
  })

  it('notes the last use at most once a minute', async () => {
    const { id } = await create({ name: 'ci', hash: hashOf('a') })
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
    for (const name of ['b', 'a', 'c']) await create({ name, hash: hashOf(name) })
    const page = await database.tokens.list({ limit: 2 })
    const rest = await database.tokens.list({ limit: 2, cursor: page.nextCursor ?? '' })
    expect([...page.items, ...rest.items].map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    const [first] = page.items
    const remove = async (id: TokenId) =>
      (await database.write((tx) => tx.tokens.delete(id))).result
    expect(await remove(first?.id as TokenId)).toEqual(first)
    expect(await remove(newId<TokenId>())).toBeNull()
    expect(await database.tokens.findByHash(hashOf('a'))).toBeNull()
  })
})

describe('setup', () => {
  const consume = async (text: string) =>
    (await database.write((tx) => tx.setup.consume(hashOf(text)))).result

  it('opens with the last token only, and once', async () => {
    expect(await database.setup.ensure(hashOf('one'))).toBe(true)
    expect(await database.setup.ensure(hashOf('two'))).toBe(true)
    expect(await database.setup.isOpenedBy(hashOf('one'))).toBe(false)
    expect(await database.setup.isOpenedBy(hashOf('two'))).toBe(true)
    expect(await consume('one')).toBe(false)
    expect(await consume('two')).toBe(true)
    expect(await consume('two')).toBe(false)
    expect(await database.setup.isOpenedBy(hashOf('two'))).toBe(false)
    expect(await database.setup.ensure(hashOf('three'))).toBe(false)
  })

  it('lets exactly one of several win that use it at once', async () => {
    await database.setup.ensure(hashOf('one'))
    const used = await Promise.all([1, 2, 3].map(() => consume('one')))
    expect(used.filter((won) => won)).toHaveLength(1)
  })

  it('can be closed without a token', async () => {
    await database.setup.ensure(hashOf('one'))
    await database.write((tx) => tx.setup.close())
    expect(await consume('one')).toBe(false)
    expect(await database.setup.ensure(hashOf('two'))).toBe(false)
  })
})
