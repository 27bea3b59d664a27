import { newId, sessionListSchema, sessionSchema } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'
import { ask, cookieOf, PASSWORD, setUp, signIn } from '../../test/signed-in.ts'

const APPS = '/api/v1/admin/apps'
const SESSIONS = '/api/v1/sessions'
const CURRENT = `${SESSIONS}/current`
const PASSWORD_PATH = '/api/v1/admin/password'
const OTHER = 'another long password'

let api: ManagerUnderTest
beforeEach(async () => {
  api = await startManagerUnderTest({
    clientAddress: (request) => String(request.headers['x-test-address'] ?? '192.0.2.1'),
  })
})
afterEach(() => api.close())

async function listed(cookie: string): Promise<number> {
  const { body } = await ask(api, cookie, 'GET', SESSIONS)
  expect(sessionListSchema.parse(body)).toEqual(body)
  return body.items.length
}

describe('signing in', () => {
  it.each([
    ['short', '/password'],
    ['x'.repeat(1025), '/password'],
    ['é'.repeat(513), '/password'],
    ['nul \0 in a password', '/password'],
  ])('lets no set-up choose the password %j', async (password, pointer) => {
    const json = { setup_token: await api.manager.prepareSetup(), password }
    const { status, body, text } = await api.request('POST', '/api/v1/setup', { json, token: null })
    expect(status).toBe(422)
    expect(body.errors[0].pointer).toBe(pointer)
    expect(text).not.toContain(password)
  })

  it('begins with the set-up, which gives a token only to who asks for one', async () => {
    const cookie = await setUp(api)
    expect((await ask(api, cookie, 'GET', APPS)).status).toBe(200)
    expect((await api.request('GET', '/api/v1/admin/tokens')).body.items).toEqual([])
  })

  it('answers the session and puts its token into the cookie only', async () => {
    await setUp(api)
    const answer = await signIn(api, PASSWORD, { headers: { 'user-agent': 'Test/1 \u00e9' } })
    expect(answer.status).toBe(201)
    expect(sessionSchema.parse(answer.body)).toEqual(answer.body)
    expect(answer.body).toMatchObject({
      admin: { name: 'admin' },
      address: '192.0.2.1',
      user_agent: 'Test/1 ?',
      is_current: true,
    })
    const token = cookieOf(answer).split('=')[1] ?? ''
    expect(token).toMatch(/^pic_session_[A-Za-z0-9_-]{43}$/)
    expect(answer.text).not.toContain(token)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('refuses a wrong password and an unknown name alike', async () => {
    await setUp(api)
    const wrong = await signIn(api, 'not the password')
    const json = { name: 'nobody', password: PASSWORD }
    const unknown = await api.request('POST', SESSIONS, { json, token: null })
    for (const answer of [wrong, unknown]) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('set-cookie')).toBeNull()
      const { request_id, ...body } = answer.body
      expect(body).toMatchObject({ code: 'PIC_SIGN_IN_REFUSED' })
    }
    expect(unknown.body.detail).toBe(wrong.body.detail)
  })

  it('answers 401 before there is an account', async () => {
    expect((await signIn(api)).status).toBe(401)
  })

  it('makes a new session each time, whatever the client brought along', async () => {
    const first = await setUp(api)
    const planted = `picloud_session=pic_session_${'A'.repeat(43)}`
    const second = cookieOf(await signIn(api, PASSWORD, { headers: { cookie: planted } }))
    const third = cookieOf(await signIn(api, PASSWORD, { headers: { cookie: first } }))
    expect(new Set([planted, first, second, third]).size).toBe(4)
    expect((await ask(api, planted, 'GET', APPS)).status).toBe(401)
    expect((await ask(api, `${planted}; ${third}`, 'GET', APPS)).status).toBe(200)
  })

  it('gives every account a limit of failures over all addresses', async () => {
    const owner = await setUp(api)
    await signIn(api)
    const statuses: number[] = []
    for (let index = 0; index < 25; index += 1) {
      const headers = { 'x-test-address': `198.51.100.${index}` }
      statuses.push((await signIn(api, 'guess', { headers })).status)
    }
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)])
    const stranger = await signIn(api, PASSWORD, { headers: { 'x-test-address': '203.0.113.9' } })
    expect(stranger.body.code).toBe('PIC_ATTEMPTS_LIMITED')
    expect(Number(stranger.headers.get('retry-after'))).toBeGreaterThan(60)
    expect((await signIn(api)).status).toBe(201)
    expect((await ask(api, owner, 'GET', APPS)).status).toBe(200)
  })

  it('gives every address a limit too', async () => {
    await setUp(api)
    for (let index = 0; index < 10; index += 1) {
      expect((await signIn(api, 'guess')).status).toBe(401)
    }
    expect((await signIn(api)).status).toBe(429)
  })
})

describe('the session cookie', () => {
  it.each([
    ['http', {}, false],
    ['http, as the browser says', { origin: 'HOST' }, false],
    ['https, as the browser says', { origin: 'HTTPS-HOST' }, true],
  ])('has its flags over %s', async (_what, { origin }: { origin?: string }, isSecure) => {
    await setUp(api)
    const written = origin?.replace('HTTPS-HOST', `https://127.0.0.1:${api.port}`)
    const headers = written === undefined ? {} : { origin: written.replace('HOST', api.url) }
    const { headers: got } = await signIn(api, PASSWORD, { headers })
    const [pair = '', ...flags] = got.get('set-cookie')?.split('; ') ?? []
    expect(pair).toMatch(/^picloud_session=pic_session_/)
    expect(flags).toEqual([
      expect.stringMatching(/^Max-Age=60\d\d\d\d$/),
      'Path=/',
      'HttpOnly',
      'SameSite=Strict',
      ...(isSecure ? ['Secure'] : []),
    ])
  })

  it('is Secure where the program knows that the request came by https', async () => {
    const secure = await startManagerUnderTest({ isSecure: () => true })
    try {
      const json = { setup_token: await secure.manager.prepareSetup(), password: PASSWORD }
      const { headers } = await secure.request('POST', '/api/v1/setup', { json, token: null })
      expect(headers.get('set-cookie')).toMatch(/; Secure$/)
      const origin = { origin: secure.url }
      const other = await signIn(secure, PASSWORD, { headers: origin })
      expect(other.body.code).toBe('PIC_CSRF_REFUSED')
    } finally {
      await secure.close()
    }
  })

  it.each(['', 'picloud_session=', 'picloud_session=x', 'session=pic_session_x'])(
    'lets nobody in as %j',
    async (cookie) => {
      const { status, body } = await ask(api, cookie, 'GET', APPS)
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'PIC_UNAUTHENTICATED' })
    },
  )

  it('counts for nothing beside a token', async () => {
    const cookie = await setUp(api)
    const headers = { cookie, authorization: 'Bearer pic_wrong' }
    expect((await api.request('GET', APPS, { token: null, headers })).status).toBe(401)
  })
})

describe('the end of a session', () => {
  it('comes with signing out, at once, and only for that one', async () => {
    const first = await setUp(api)
    const second = cookieOf(await signIn(api))
    const out = await ask(api, second, 'DELETE', CURRENT)
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toMatch(/^picloud_session=; Max-Age=0; Path=\/; /)
    expect((await ask(api, second, 'GET', APPS)).status).toBe(401)
    expect((await ask(api, second, 'DELETE', CURRENT)).status).toBe(401)
    expect(await listed(first)).toBe(1)
  })

  it('comes for one named by its id', async () => {
    const first = await setUp(api)
    const { body, ...second } = await signIn(api)
    const out = await ask(api, first, 'DELETE', `${SESSIONS}/${body.id}`)
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toBeNull()
    expect((await ask(api, cookieOf({ body, ...second }), 'GET', APPS)).status).toBe(401)
    for (const id of [body.id, newId(), 'x']) {
      const gone = await ask(api, first, 'DELETE', `${SESSIONS}/${id}`)
      expect(gone.body.code).toBe('PIC_SESSION_NOT_FOUND')
    }
    expect((await api.request('DELETE', CURRENT)).body.code).toBe('PIC_SESSION_NOT_FOUND')
  })

  it('comes for all with signing out everywhere', async () => {
    const cookies = [await setUp(api), cookieOf(await signIn(api)), cookieOf(await signIn(api))]
    expect(await listed(cookies[0] ?? '')).toBe(3)
    expect((await ask(api, cookies[0] ?? '', 'DELETE', SESSIONS)).status).toBe(204)
    for (const cookie of cookies) expect((await ask(api, cookie, 'GET', APPS)).status).toBe(401)
  })

  it('comes for the oldest when there are too many', async () => {
    const first = await setUp(api)
    let last = ''
    for (let count = 0; count < 20; count += 1) last = cookieOf(await signIn(api))
    expect((await ask(api, first, 'GET', APPS)).status).toBe(401)
    expect(await listed(last)).toBe(20)
  })

  it('comes at its time, used or not', async () => {
    const limits = { lifetimeMs: 700, idleMs: 60_000, perAdminMax: 20 }
    const brief = await startManagerUnderTest({ sessionLimits: limits })
    try {
      const cookie = await setUp(brief)
      expect((await ask(brief, cookie, 'GET', APPS)).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 800))
      const { status, body } = await ask(brief, cookie, 'GET', APPS)
      expect({ status, detail: body.detail }).toEqual({
        status: 401,
        detail: 'The session has ended. Sign in again.',
      })
    } finally {
      await brief.close()
    }
  })

  it('comes when it is not used, and its row goes with the next sign-in', async () => {
    const limits = { lifetimeMs: 60_000, idleMs: 1_500, perAdminMax: 20 }
    const brief = await startManagerUnderTest({ sessionLimits: limits })
    try {
      const idle = await setUp(brief)
      const used = cookieOf(await signIn(brief))
      for (let turn = 0; turn < 5; turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 400))
        expect((await ask(brief, used, 'GET', APPS)).status).toBe(200)
      }
      expect((await ask(brief, idle, 'GET', APPS)).status).toBe(401)
      const stored = () => brief.database.sessions.list(null, new Date(0))
      expect(await stored()).toHaveLength(2)
      await signIn(brief)
      expect(await stored()).toHaveLength(2)
    } finally {
      await brief.close()
    }
  })
})

describe('changing the password', () => {
  function change(cookie: string, json: object) {
    return ask(api, cookie, 'PUT', PASSWORD_PATH, { json })
  }

  it('needs the current one, and ends every other session', async () => {
    const mine = await setUp(api)
    const other = cookieOf(await signIn(api))
    const missing = await change(mine, { new_password: OTHER })
    expect(missing.body.errors[0].pointer).toBe('/current_password')
    const wrong = await change(mine, { current_password: OTHER, new_password: OTHER })
    expect({ status: wrong.status, code: wrong.body.code }).toEqual({
      status: 403,
      code: 'PIC_PASSWORD_WRONG',
    })
    const short = await change(mine, { current_password: PASSWORD, new_password: 'short' })
    expect(short.body.errors[0].pointer).toBe('/new_password')
    expect((await ask(api, other, 'GET', APPS)).status).toBe(200)

    const done = await change(mine, { current_password: PASSWORD, new_password: OTHER })
    expect(done.status).toBe(204)
    expect((await ask(api, mine, 'GET', APPS)).status).toBe(200)
    expect((await ask(api, other, 'GET', APPS)).status).toBe(401)
    expect((await signIn(api)).status).toBe(401)
    expect((await signIn(api, OTHER)).status).toBe(201)
  })

  it('cannot be used to guess it', async () => {
    const mine = await setUp(api)
    const guess = () => change(mine, { current_password: 'a guess', new_password: OTHER })
    for (let count = 0; count < 10; count += 1) expect((await guess()).status).toBe(403)
    expect((await guess()).status).toBe(429)
  })

  it('needs it from a token too, but not from the operator', async () => {
    const mine = await setUp(api)
    const { body } = await api.request('POST', '/api/v1/admin/tokens', { json: { name: 'ci' } })
    const json = { new_password: OTHER }
    const token = body.token
    expect((await api.request('PUT', PASSWORD_PATH, { json, token })).status).toBe(422)
    expect((await api.request('PUT', PASSWORD_PATH, { json })).status).toBe(204)
    expect((await ask(api, mine, 'GET', APPS)).status).toBe(401)
    expect((await signIn(api, OTHER)).status).toBe(201)
  })

  it('makes the first account for the operator, and closes the set-up', async () => {
    const setup_token = await api.manager.prepareSetup()
    const { body } = await api.request('POST', '/api/v1/admin/tokens', { json: { name: 'ci' } })
    const json = { new_password: OTHER }
    const token = body.token
    expect((await api.request('PUT', PASSWORD_PATH, { json, token })).status).toBe(404)
    expect((await api.request('PUT', PASSWORD_PATH, { json })).status).toBe(204)
    expect((await signIn(api, OTHER)).status).toBe(201)
    const late = { json: { setup_token, password: PASSWORD }, token: null }
    expect((await api.request('POST', '/api/v1/setup', late)).status).toBe(403)
    expect(await api.manager.prepareSetup()).toBeNull()
  })
})
