import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  PRESET_TOKEN,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const APPS = '/api/v1/admin/apps'
const ADDRESS_FIELD = 'x-test-address'
let api: ManagerUnderTest

beforeEach(async () => {
  api = await startManagerUnderTest({
    presetTokens: ['another-token', PRESET_TOKEN],
    clientAddress: (request) => String(request.headers[ADDRESS_FIELD] ?? '192.0.2.1'),
  })
})
afterEach(() => api.close())

function ask(authorization: string | null, address = '192.0.2.1'): Promise<Answer> {
  return api.request('GET', APPS, {
    token: null,
    headers: {
      [ADDRESS_FIELD]: address,
      ...(authorization === null ? {} : { authorization }),
    },
  })
}

function unknownToken(): string {
  return `Bearer pic_${randomBytes(32).toString('base64url')}`
}

async function failUntilLimited(address: string): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    expect((await ask(unknownToken(), address)).status).toBe(401)
  }
  expect((await ask(unknownToken(), address)).status).toBe(429)
}

describe('requireAdmin', () => {
  it.each([
    ['no header', null],
    ['another scheme', `Basic ${Buffer.from(`admin:${PRESET_TOKEN}`).toString('base64')}`],
    ['the bare token', PRESET_TOKEN],
    ['no token', 'Bearer '],
    ['two tokens', `Bearer ${PRESET_TOKEN} ${PRESET_TOKEN}`],
    ['a token with more behind it', `Bearer ${PRESET_TOKEN}x`],
    ['a part of the token', `Bearer ${PRESET_TOKEN.slice(0, -1)}`],
    ['an unknown token', unknownToken()],
    ['a token with NUL in it', 'Bearer pic_%00'],
  ])('answers 401 with a challenge to %s', async (_what, authorization) => {
    const { status, body, headers } = await ask(authorization)
    expect(status).toBe(401)
    expect(body.code).toBe('PIC_UNAUTHENTICATED')
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  it.each([`Bearer ${PRESET_TOKEN}`, `bearer   ${PRESET_TOKEN}`, 'BEARER another-token'])(
    'lets %s in',
    async (authorization) => {
      expect((await ask(authorization)).status).toBe(200)
    },
  )

  it('never writes a token to the log', async () => {
    const token = unknownToken()
    await ask(token)
    await ask(`Bearer ${PRESET_TOKEN}`)
    const log = api.logs.join('\n')
    expect(log).not.toContain(token.slice(7))
    expect(log).not.toContain(PRESET_TOKEN)
  })
})

describe('the limit of failed attempts', () => {
  it('answers 429 with Retry-After, to that address only', async () => {
    await failUntilLimited('192.0.2.7')
    const { status, body, headers } = await ask(unknownToken(), '192.0.2.7')
    expect(status).toBe(429)
    expect(body.code).toBe('PIC_ATTEMPTS_LIMITED')
    const seconds = Number(headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
    expect((await ask(unknownToken(), '192.0.2.8')).status).toBe(401)
  })

  it('does not try an operator token while it lasts: such a token may be guessable', async () => {
    await failUntilLimited('192.0.2.7')
    expect((await ask(`Bearer ${PRESET_TOKEN}`, '192.0.2.7')).status).toBe(429)
    expect((await ask(`Bearer ${PRESET_TOKEN}`, '192.0.2.8')).status).toBe(200)
  })

  it("lets a stored token in through others' failures behind the same address", async () => {
    const { body } = await api.request('POST', '/api/v1/admin/tokens', { json: { name: 'ci' } })
    await failUntilLimited('192.0.2.7')
    expect((await ask(`Bearer ${body.token}`, '192.0.2.7')).status).toBe(200)
  })

  it('does not count requests without a token', async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect((await ask(null, '192.0.2.9')).status).toBe(401)
    }
    expect((await ask(`Bearer ${PRESET_TOKEN}`, '192.0.2.9')).status).toBe(200)
  })
})
