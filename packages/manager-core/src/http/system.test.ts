import { versionSchema } from '@picloud/shared'
import { LATEST_SCHEMA_VERSION } from '@picloud/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const PASSWORD = 'correct horse battery'
let api: ManagerUnderTest

beforeEach(async () => {
  api = await startManagerUnderTest()
})
afterEach(() => api.close())

function setUp(token: string): Promise<Answer> {
  const json = { setup_token: token, password: PASSWORD, with_token: true }
  return api.request('POST', '/api/v1/setup', { json, token: null })
}

describe('health, readiness and version', () => {
  it('answers without a token', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const { status, body } = await api.request('GET', path, { token: null })
      expect({ status, body }).toEqual({ status: 200, body: { status: 'ok' } })
    }
    const { body } = await api.request('GET', '/version', { token: null })
    expect(versionSchema.parse(body)).toEqual(body)
    expect(body).toEqual({ product: '0.0.0-test', api: 'v1', schema: LATEST_SCHEMA_VERSION })
  })

  it('is healthy but not ready while the database is away', async () => {
    await api.loseDatabase()
    expect((await api.request('GET', '/healthz')).status).toBe(200)
    const { status, headers } = await api.request('GET', '/readyz')
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('1')
  })
})

describe('the first set-up', () => {
  it('exchanges the token for an access token that works, once', async () => {
    const setupToken = await api.manager.prepareSetup()
    expect(setupToken).toMatch(/^pic_setup_[A-Za-z0-9_-]{43}$/)

    const { status, body, headers } = await setUp(setupToken ?? '')
    expect(status).toBe(201)
    expect(body.token).toMatch(/^pic_[A-Za-z0-9_-]{43}$/)
    expect(headers.get('cache-control')).toBe('no-store')
    const apps = await api.request('GET', '/api/v1/admin/apps', { token: body.token })
    expect(apps.status).toBe(200)

    const again = await setUp(setupToken ?? '')
    expect(again.status).toBe(403)
    expect(again.body.code).toBe('PIC_SETUP_REFUSED')
    expect(await api.manager.prepareSetup()).toBeNull()
  })

  it('lets only the token that was made last work', async () => {
    const first = await api.manager.prepareSetup()
    const second = await api.manager.prepareSetup()
    expect((await setUp(first ?? '')).status).toBe(403)
    expect((await setUp(second ?? '')).status).toBe(201)
  })

  it('makes one admin of many simultaneous exchanges', async () => {
    const setupToken = (await api.manager.prepareSetup()) ?? ''
    const answers = await Promise.all(Array.from({ length: 5 }, () => setUp(setupToken)))
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
  })

  it('refuses everything before a token was made', async () => {
    expect((await setUp('x')).status).toBe(403)
    expect((await setUp('')).status).toBe(422)
  })

  it('stops listening to an address that guesses, even when it guesses right', async () => {
    const setupToken = (await api.manager.prepareSetup()) ?? ''
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await setUp(`pic_setup_${attempt}`)).status).toBe(403)
    }
    const { status, body, headers } = await setUp(setupToken)
    expect(status).toBe(429)
    expect(body.code).toBe('PIC_ATTEMPTS_LIMITED')
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('keeps neither token where a reader of the database or the log could find it', async () => {
    const setupToken = (await api.manager.prepareSetup()) ?? ''
    const { body } = await setUp(setupToken)
    await api.request('GET', '/api/v1/admin/nothing', { token: body.token })
    const tokens = await api.request('GET', '/api/v1/admin/tokens')
    expect(tokens.body.items).toHaveLength(1)
    expect(tokens.text).not.toContain(body.token)
    expect(api.logs.join('\n')).not.toContain(body.token)
    expect(api.logs.join('\n')).not.toContain(setupToken)
  })
})
