import { auditListSchema, newId } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'
import { ask, cookieOf, PASSWORD, setUp, signIn } from '../../test/signed-in.ts'

const AUDIT = '/api/v1/admin/audit'
const APPS = '/api/v1/admin/apps'
const TOKENS = '/api/v1/admin/tokens'

let api: ManagerUnderTest
beforeEach(async () => {
  api = await startManagerUnderTest()
})
afterEach(() => api.close())

interface Entry {
  readonly id: string
  readonly at: string
  readonly action: string
  readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string }
  readonly target: { readonly id: string | null; readonly name: string }
}

async function entries(query = ''): Promise<readonly Entry[]> {
  const { status, body } = await api.request('GET', `${AUDIT}${query}`)
  expect(status).toBe(200)
  expect(auditListSchema.parse(body)).toEqual(body)
  return body.items
}

const actions = async (query = '') => (await entries(query)).map(({ action }) => action)

describe('the audit log', () => {
  it('tells who did what, the newest first, with what was asked for', async () => {
    const { body: app, headers } = await api.request('POST', APPS, { json: { slug: 'shop' } })
    const [entry] = await entries()
    expect(entry).toEqual({
      id: expect.any(String),
      at: expect.any(String),
      actor: { kind: 'operator', id: null, name: 'operator' },
      address: '127.0.0.1',
      request_id: headers.get('x-request-id'),
      action: 'app.create',
      target: { type: 'app', id: app.id, name: 'shop' },
      app_id: app.id,
      before: null,
      after: expect.objectContaining({ slug: 'shop' }),
    })
    await api.request('DELETE', `${APPS}/shop`)
    expect(await actions()).toEqual(['app.delete', 'app.create'])
  })

  it('tells of signing in and out, refusals, tokens and passwords', async () => {
    const cookie = await setUp(api)
    await signIn(api, 'wrong password')
    const json = { name: PASSWORD, password: 'x' }
    await api.request('POST', '/api/v1/sessions', { json, token: null })
    const second = cookieOf(await signIn(api))
    await ask(api, second, 'DELETE', '/api/v1/sessions/current')
    const { body: token } = await ask(api, cookie, 'POST', TOKENS, { json: { name: 'ci' } })
    await api.request('DELETE', `${TOKENS}/${token.id}`, { token: token.token })
    await ask(api, cookie, 'PUT', '/api/v1/admin/password', {
      json: { current_password: PASSWORD, new_password: 'another long password' },
    })
    const seen = (await entries()).map(({ action, actor, target }) => [
      action,
      actor.kind,
      actor.name,
      target.name,
    ])
    expect(seen.reverse()).toEqual([
      ['admin.create', 'admin', 'admin', 'admin'],
      ['session.create', 'admin', 'admin', 'admin'],
      ['session.refuse', 'anonymous', 'anonymous', 'admin'],
      ['session.refuse', 'anonymous', 'anonymous', 'unknown'],
      ['session.create', 'admin', 'admin', 'admin'],
      ['session.delete', 'admin', 'admin', 'admin'],
      ['token.create', 'admin', 'admin', 'ci'],
      ['token.delete', 'token', 'ci', 'ci'],
      ['admin.change_password', 'admin', 'admin', 'admin'],
    ])
  })

  it('records at most sixty refused sign-ins a minute', async () => {
    await setUp(api)
    const addresses = await startManagerUnderTest({
      clientAddress: (request) => String(request.headers['x-test-address']),
    })
    try {
      for (let index = 0; index < 70; index += 1) {
        const json = { name: `name ${index}`, password: 'x' }
        const headers = { 'x-test-address': `198.51.100.${index}` }
        await addresses.request('POST', '/api/v1/sessions', { json, headers, token: null })
      }
      const { body } = await addresses.request('GET', `${AUDIT}?limit=200`)
      expect(body.items).toHaveLength(60)
    } finally {
      await addresses.close()
    }
  })

  it.each([
    'limit=0',
    'cursor=x',
    'target_id=x',
    'action=nothing',
    'since=yesterday',
    'what=x',
    'actor=',
  ])('refuses the query %s', async (query) => {
    const { status } = await api.request('GET', `${AUDIT}?${query}`)
    expect([400, 422]).toContain(status)
  })

  it('is filtered by app, target, action, actor and time', async () => {
    const { body: shop } = await api.request('POST', APPS, { json: { slug: 'shop' } })
    const { body: token } = await api.request('POST', TOKENS, { json: { name: 'ci' } })
    const source = { app_id: shop.id, name: 'hello', source: '1' }
    const made = await api.request('POST', '/api/v1/admin/scripts', {
      json: source,
      token: token.token,
    })
    expect(made.status).toBe(201)
    expect(await actions('?app=shop')).toEqual(['script.create', 'app.create'])
    expect(await actions(`?app=${shop.id}`)).toEqual(['script.create', 'app.create'])
    expect(await actions(`?app=${newId()}`)).toEqual([])
    expect((await api.request('GET', `${AUDIT}?app=nothing`)).status).toBe(404)
    expect(await actions(`?target_id=${made.body.id}`)).toEqual(['script.create'])
    expect(await actions('?action=token.create')).toEqual(['token.create'])
    expect(await actions('?actor=operator')).toEqual(['token.create', 'app.create'])
    expect(await actions('?actor=ci')).toEqual(['script.create'])
    expect(await actions(`?actor=${token.id}`)).toEqual(['script.create'])
    const [newest] = await entries()
    expect(await actions(`?since=${newest?.at}`)).toContain('script.create')
    expect(await actions(`?until=${newest?.at}`)).not.toContain('script.create')
  })

  it('comes in pages that what is added meanwhile does not shift', async () => {
    for (const slug of ['a', 'b', 'c']) await api.request('POST', APPS, { json: { slug } })
    const page = await api.request('GET', `${AUDIT}?limit=2`)
    await api.request('POST', APPS, { json: { slug: 'd' } })
    const rest = await api.request('GET', `${AUDIT}?limit=2&cursor=${page.body.next_cursor}`)
    const names = [...page.body.items, ...rest.body.items].map((entry: Entry) => entry.target.name)
    expect(names).toEqual(['c', 'b', 'a'])
    expect(rest.body.next_cursor).toBeNull()
  })

  it('holds no secret, and neither does the log', async () => {
    const setupToken = (await api.manager.prepareSetup()) ?? ''
    const json = { setup_token: setupToken, password: PASSWORD, with_token: true }
    const setup = await api.request('POST', '/api/v1/setup', { json, token: null })
    const cookie = cookieOf(setup)
    const { body: made } = await ask(api, cookie, 'POST', TOKENS, { json: { name: 'ci' } })
    const guesses = ['a wrong password', 'a name that is a password']
    await signIn(api, guesses[0])
    const named = { name: guesses[1], password: 'guess' }
    await api.request('POST', '/api/v1/sessions', { json: named, token: null })
    const next = 'the password after that'
    const change = { current_password: 'not the password', new_password: next }
    await ask(api, cookie, 'PUT', '/api/v1/admin/password', { json: change })
    await ask(api, cookie, 'PUT', '/api/v1/admin/password', {
      json: { ...change, current_password: PASSWORD },
    })
    const again = cookieOf(await signIn(api, next))
    await ask(api, again, 'DELETE', '/api/v1/sessions')
    await api.request('GET', APPS, { token: `pic_${'x'.repeat(43)}` })

    const secrets = [
      setupToken,
      PASSWORD,
      next,
      'not the password',
      ...guesses,
      setup.body.token,
      made.token,
      cookie.split('=')[1] ?? '',
      again.split('=')[1] ?? '',
    ]
    const { text, body } = await api.request('GET', `${AUDIT}?limit=200`)
    expect(body.next_cursor).toBeNull()
    expect(body.items.length).toBeGreaterThan(8)
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(9)
      expect(text).not.toContain(secret)
      expect(api.logs.join('\n')).not.toContain(secret)
    }
    expect(text).not.toMatch(/argon2id|pic_/)
  })
})
