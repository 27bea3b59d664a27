import { createHash, randomBytes } from 'node:crypto'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { NewToken } from '@picloud/storage'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ScopeMissingError, UnauthenticatedError } from './errors.ts'
import { TokenGuard } from './token-guard.ts'

let test: TestDatabase
beforeEach(async () => {
  test = await createTestDatabase()
})
afterEach(async () => {
  await test.drop()
})

describe('TokenGuard', () => {
  it.each([
    ['nothing', undefined],
    ['another scheme', 'Basic cGljOnBpYw=='],
    ['two tokens', 'Bearer a b'],
    ['a token of another form', 'Bearer hunter2'],
    ['a token nobody made', `Bearer ${makeToken()}`],
  ])('refuses %s', async (_, header) => {
    const guard = new TokenGuard({ database: test.database, presetToken: null })
    await expect(guard.authorize(requestWith(header), 'execute')).rejects.toThrow(
      UnauthenticatedError,
    )
  })

  it('lets a stored token in, and the preset one, in any spelling of the scheme', async () => {
    const token = makeToken()
    await storeToken(token)
    const guard = new TokenGuard({ database: test.database, presetToken: 'operators-own-token' })
    await guard.authorize(requestWith(`Bearer ${token}`), 'execute')
    await guard.authorize(requestWith('bearer  operators-own-token'), 'execute')
    await expect(
      guard.authorize(requestWith('Bearer operators-other-token'), 'execute'),
    ).rejects.toThrow(UnauthenticatedError)
  })

  it.each([
    [['execute'], 'execute', true],
    [['admin'], 'execute', true],
    [['read', 'execute'], 'execute', true],
    [['read'], 'execute', false],
    [['read'], 'read', true],
    [['admin'], 'read', true],
    [['execute'], 'read', false],
  ] as const)(
    'asks a token with the scopes %j for the scope %s: %s',
    async (scopes, need, isLet) => {
      const token = makeToken()
      await storeToken(token, { scopes })
      const guard = new TokenGuard({ database: test.database, presetToken: null })
      for (const _turn of ['looked up', 'remembered']) {
        const refusal = await guard
          .authorize(requestWith(`Bearer ${token}`), need)
          .catch((error) => error)
        if (isLet) expect(refusal).toBeUndefined()
        else expect(refusal).toBeInstanceOf(ScopeMissingError)
      }
    },
  )

  it('refuses a token past its expiry, though it let it in before', async () => {
    const token = makeToken()
    const expiresAt = new Date(Date.now() + 300)
    await storeToken(token, { expiresAt })
    const guard = new TokenGuard({ database: test.database, presetToken: null })
    await guard.authorize(requestWith(`Bearer ${token}`), 'execute')
    await expect
      .poll(() =>
        guard.authorize(requestWith(`Bearer ${token}`), 'execute').catch((error) => error),
      )
      .toBeInstanceOf(UnauthenticatedError)
  })

  it('asks the database once for a token in use', async () => {
    const token = makeToken()
    await storeToken(token)
    let asked = 0
    const tokens = {
      findByHash: (hash: Uint8Array) => {
        asked += 1
        return test.database.tokens.findByHash(hash)
      },
    }
    const guard = new TokenGuard({
      database: { tokens: tokens as TestDatabase['database']['tokens'] },
      presetToken: null,
    })
    for (let turn = 0; turn < 3; turn += 1)
      await guard.authorize(requestWith(`Bearer ${token}`), 'execute')
    expect(asked).toBe(1)
  })
})

async function storeToken(token: string, more: Partial<NewToken> = {}): Promise<void> {
  const scopes = ['execute'] as const
  await test.database.write((tx) =>
    tx.tokens.create({ name: 'ci', hash: hashOf(token), scopes, ...more }),
  )
}

function makeToken(): string {
  return `pic_${randomBytes(32).toString('base64url')}`
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function requestWith(authorization: string | undefined): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  if (authorization !== undefined) request.headers.authorization = authorization
  return request
}
