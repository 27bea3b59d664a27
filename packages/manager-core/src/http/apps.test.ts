import { appListSchema, appSchema, DEFAULT_APP_SETTINGS, newId } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

const APPS = '/api/v1/admin/apps'
let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest()
})
afterAll(() => api.close())

async function createApp(slug: string): Promise<{ id: string; slug: string; updated_at: string }> {
  const { status, body } = await api.request('POST', APPS, { json: { slug } })
  expect(status).toBe(201)
  return body
}

describe('creating an app', () => {
  const REFUSED: readonly (readonly [string, unknown, string])[] = [
    ['no body member', {}, '/slug'],
    ['an upper-case slug', { slug: 'Shop' }, '/slug'],
    ['a slug that ends with a hyphen', { slug: 'shop-' }, '/slug'],
    ['a slug of 64 characters', { slug: 'a'.repeat(64) }, '/slug'],
    ['a slug in the form of an id', { slug: newId() }, '/slug'],
    ['a slug that is no text', { slug: 7 }, '/slug'],
    ['a reserved slug', { slug: 'admin' }, '/slug'],
    ['an unknown setting', { slug: 'shop', settings: { colour: 1 } }, '/settings/colour'],
    ['an unknown member', { slug: 'shop', colour: 'red' }, '/colour'],
    ['an empty name', { slug: 'shop', name: '' }, '/name'],
    ['a name with NUL', { slug: 'shop', name: 'a\u0000b' }, '/name'],
    ['a name with half a surrogate pair', { slug: 'shop', name: '\ud800' }, '/name'],
    ['a name of two lines', { slug: 'shop', name: 'a\nb' }, '/name'],
    ['an array', [], ''],
  ]
  it.each(REFUSED)('refuses %s and names the member', async (_what, json, pointer) => {
    const { status, body } = await api.request('POST', APPS, { json })
    expect(status).toBe(422)
    expect(body.code).toBe('PIC_REQUEST_INVALID')
    expect(body.errors[0].pointer).toBe(pointer)
  })

  it('refuses a slug in use', async () => {
    const { status, body } = await api.request('POST', APPS, { json: { slug: 'default' } })
    expect(status).toBe(409)
    expect(body).toMatchObject({ code: 'PIC_APP_SLUG_TAKEN', errors: [{ pointer: '/slug' }] })
  })

  it('answers the app, which both its id and its slug find', async () => {
    const json = { slug: 'shop', name: 'Shöp 1' }
    const { status, body } = await api.request('POST', APPS, { json })
    expect(status).toBe(201)
    expect(appSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject(json)
    expect((await api.request('GET', `${APPS}/shop`)).body).toEqual(body)
    expect((await api.request('GET', `${APPS}/${body.id}`)).body).toEqual(body)
  })

  it('takes the slug for the name when there is none', async () => {
    const { body } = await api.request('POST', APPS, { json: { slug: 'nameless' } })
    expect(body.name).toBe('nameless')
  })
})

describe('getting an app', () => {
  it.each(['missing', newId(), '%00', 'NO-SUCH', 'a%2Fb', '..%2f'])(
    'answers 404 for %s',
    async (reference) => {
      const { status, body } = await api.request('GET', `${APPS}/${reference}`)
      expect(status).toBe(404)
      expect(body.code).toBe('PIC_APP_NOT_FOUND')
    },
  )
})

describe('listing apps', () => {
  it('pages through every app once', async () => {
    for (const slug of ['list-a', 'list-b', 'list-c']) await createApp(slug)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { status, body } = await api.request('GET', `${APPS}?limit=2${page}`)
      expect(status).toBe(200)
      expect(appListSchema.parse(body)).toEqual(body)
      expect(body.items.length).toBeLessThanOrEqual(2)
      seen.push(...body.items.map((app: { slug: string }) => app.slug))
      cursor = body.next_cursor
    }
    expect(seen).toEqual([...new Set(seen)])
    expect(seen).toEqual(expect.arrayContaining(['default', 'list-a', 'list-b', 'list-c']))
  })

  it.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['limit=2.5', '/limit'],
    ['limit=many', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['limt=5', '/limt'],
    [`cursor=${'x'.repeat(513)}`, '/cursor'],
  ])('refuses ?%s', async (query, pointer) => {
    const { status, body } = await api.request('GET', `${APPS}?${query}`)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'PIC_QUERY_INVALID', errors: [{ pointer }] })
  })

  it.each(['x', '%00', 'bm9wZQ'])('refuses the cursor %s', async (cursor) => {
    const { status, body } = await api.request('GET', `${APPS}?cursor=${cursor}`)
    expect(status).toBe(422)
    expect(body.code).toBe('PIC_STORAGE_CURSOR_INVALID')
  })
})

describe('searching apps', () => {
  it.each([
    ['finder', ['finder-1', 'finder-2']],
    ['FINDER-2', ['finder-2']],
    ['ÄPFEL', ['finder-2']],
    ['obst', ['finder-1', 'finder-2']],
    ['nder-1 bir', []],
    ['%', []],
    ['_', []],
  ])('finds by %s', async (text, slugs) => {
    await api.request('POST', APPS, { json: { slug: 'finder-1', name: 'Birnen, Obst' } })
    await api.request('POST', APPS, { json: { slug: 'finder-2', name: 'Äpfel 100, Obst' } })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Record<string, string> = cursor === '' ? {} : { cursor }
      const query = new URLSearchParams({ q: text, limit: '1', ...page })
      const { body } = await api.request('GET', `${APPS}?${query}`)
      seen.push(...body.items.map((app: { slug: string }) => app.slug))
      cursor = body.next_cursor
    }
    expect(seen).toEqual(slugs)
  })

  it.each(['q=', 'q=%00', `q=${'x'.repeat(101)}`])('refuses ?%s', async (query) => {
    expect((await api.request('GET', `${APPS}?${query}`)).status).toBe(400)
  })
})

describe('changing an app', () => {
  it('changes the members given and no others', async () => {
    const made = await createApp('plain')
    const change = (json: object) => api.request('PATCH', `${APPS}/plain`, { json })
    expect(made).toMatchObject({ settings: DEFAULT_APP_SETTINGS })
    const named = await change({ name: 'Plain' })
    const { updated_at: _, ...before } = made
    expect(named.body).toMatchObject({ ...before, name: 'Plain', revision: 2 })
    expect(appSchema.parse(named.body)).toEqual(named.body)

    await change({ settings: { show_error_detail: true, retention_days: 7 } })
    const set = await change({ settings: { retention_bytes: 1_000_000, retention_days: null } })
    expect(set.body.settings).toEqual({
      ...DEFAULT_APP_SETTINGS,
      show_error_detail: true,
      retention_days: null,
      retention_bytes: 1_000_000,
    })
    expect(set.body.name).toBe('Plain')
    expect((await api.request('GET', `${APPS}/plain`)).body).toEqual(set.body)
  })

  it('takes what pages of other origins may do, whole, with defaults', async () => {
    await createApp('open')
    const change = (settings: object) =>
      api.request('PATCH', `${APPS}/open`, { json: { settings } })
    const origins = ['https://*.example.com']
    const set = await change({ cors: { origins, credentials: true, max_age_seconds: 5 } })
    const cors = {
      origins,
      methods: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'],
      headers: ['*'],
      expose_headers: [],
      credentials: true,
      max_age_seconds: 5,
    }
    expect(set.body.settings).toEqual({ ...DEFAULT_APP_SETTINGS, cors })
    const again = await change({ cors: { origins }, server_timing: true })
    expect(again.body.settings).toMatchObject({
      cors: { ...cors, credentials: false, max_age_seconds: 600 },
      server_timing: true,
    })
    expect((await change({ cors: null })).body.settings.cors).toBeNull()
  })

  it('takes which services scripts can call and where they may reach, in normal form', async () => {
    await createApp('granted')
    const change = (settings: object) =>
      api.request('PATCH', `${APPS}/granted`, { json: { settings } })
    const set = await change({
      services: ['secrets', 'kv', 'kv'],
      egress: { allow: ['Printer.Local:0443', '10.0.0.0/8', '[FD00::1]:80'] },
    })
    const allow = ['10.0.0.0/8', '[fd00::1]:80', 'printer.local:443']
    expect(set.body.settings).toEqual({
      ...DEFAULT_APP_SETTINGS,
      services: ['kv', 'secrets'],
      egress: { allow, deny: [] },
    })
    const denied = await change({ egress: { deny: ['*'] }, services: [] })
    expect(denied.body.settings).toMatchObject({ services: [], egress: { allow, deny: ['*'] } })
    const emptied = await change({ egress: { allow: [], deny: [] }, services: null })
    expect(emptied.body.settings).toEqual(DEFAULT_APP_SETTINGS)
  })

  it('takes settings when an app is made', async () => {
    const json = { slug: 'talkative', settings: { show_error_detail: true } }
    const { body } = await api.request('POST', APPS, { json })
    expect(body.settings).toEqual({ ...DEFAULT_APP_SETTINGS, show_error_detail: true })
  })

  it.each([
    [{ settings: { show_error_detail: 1 } }, '/settings/show_error_detail'],
    [{ settings: { retention_days: 0 } }, '/settings/retention_days'],
    [{ settings: { retention_days: 1.5 } }, '/settings/retention_days'],
    [{ settings: { retention_bytes: -1 } }, '/settings/retention_bytes'],
    [{ settings: { retention_bytes: 2 ** 53 } }, '/settings/retention_bytes'],
    [{ settings: { cors: true } }, '/settings/cors'],
    [{ settings: { cors: {} } }, '/settings/cors/origins'],
    [{ settings: { cors: { origins: [] } } }, '/settings/cors/origins'],
    [{ settings: { cors: { origins: ['https://a.example/'] } } }, '/settings/cors/origins/0'],
    [{ settings: { cors: { origins: ['null'] } } }, '/settings/cors/origins/0'],
    [{ settings: { cors: { origins: ['*'], credentials: true } } }, '/settings/cors/credentials'],
    [{ settings: { cors: { origins: ['*'], methods: ['BREW'] } } }, '/settings/cors/methods/0'],
    [{ settings: { cors: { origins: ['*'], headers: ['a b'] } } }, '/settings/cors/headers/0'],
    [
      {
        settings: {
          cors: { origins: ['https://a.example'], credentials: true, expose_headers: ['*'] },
        },
      },
      '/settings/cors/expose_headers',
    ],
    [{ settings: { services: ['mail'] } }, '/settings/services/0'],
    [{ settings: { services: 'kv' } }, '/settings/services'],
    [{ settings: { egress: ['a.example'] } }, '/settings/egress'],
    [{ settings: { egress: { allow: ['http://a.example'] } } }, '/settings/egress/allow/0'],
    [{ settings: { egress: { deny: ['*', '10.0.0.0/33'] } } }, '/settings/egress/deny/1'],
    [{ settings: { egress: { deny: Array(101).fill('*') } } }, '/settings/egress/deny'],
    [{ settings: { server_timing: 'on' } }, '/settings/server_timing'],
    [{ settings: { record_sampling_percent: -1 } }, '/settings/record_sampling_percent'],
    [{ settings: { record_sampling_percent: 100.1 } }, '/settings/record_sampling_percent'],
    [{ settings: null }, '/settings'],
    [{ settings: { colour: 'red' } }, '/settings/colour'],
    [{ settings: { limits: { operations: 999 } } }, '/settings/limits/operations'],
    [{ settings: { limits: { deadline_ms: 1.5 } } }, '/settings/limits/deadline_ms'],
    [{ settings: { limits: { url_bytes: 1000 } } }, '/settings/limits/url_bytes'],
    [{ settings: { limits: null } }, '/settings/limits'],
    [{ name: '' }, '/name'],
    [{ id: 'x' }, '/id'],
  ])('refuses %j', async (json, pointer) => {
    const { status, body } = await api.request('PATCH', `${APPS}/default`, { json })
    expect([status, body.errors?.[0].pointer]).toEqual([422, pointer])
  })

  it('is made to the revision that was read, or not at all', async () => {
    const { status, headers } = await api.request('POST', APPS, { json: { slug: 'guarded' } })
    expect(status).toBe(201)
    const guarded = { 'if-match': headers.get('etag') ?? '' }
    const change = (slug: string) =>
      api.request('PATCH', `${APPS}/guarded`, { json: { slug }, headers: guarded })
    expect((await api.request('PATCH', `${APPS}/guarded`, { json: { name: 'New' } })).status).toBe(
      200,
    )
    const stale = await change('guarded-2')
    expect([stale.status, stale.body.revision]).toEqual([412, 2])
    expect((await api.request('GET', `${APPS}/guarded/slugs`)).body.items).toEqual([])
  })

  it('of an app that is not there answers 404', async () => {
    const { status } = await api.request('PATCH', `${APPS}/nobody`, { json: { name: 'x' } })
    expect(status).toBe(404)
  })
})

describe('deleting an app', () => {
  it('deletes an empty app at once', async () => {
    const app = await createApp('empty')
    expect((await api.request('DELETE', `${APPS}/empty`)).status).toBe(204)
    expect((await api.request('GET', `${APPS}/${app.id}`)).status).toBe(404)
    expect((await api.request('DELETE', `${APPS}/empty`)).status).toBe(404)
  })

  it('says what it would delete, and does so when forced', async () => {
    const app = await createApp('full')
    await api.request('POST', `${APPS}/full/domains`, { json: { pattern: 'full.example.com' } })
    const script = await api.request('POST', '/api/v1/admin/scripts', {
      json: { app_id: app.id, name: 'hello', source: '1' },
    })
    await api.request('POST', '/api/v1/admin/routes', {
      json: { app_id: app.id, script_id: script.body.id, path_pattern: '/' },
    })

    const refused = await api.request('DELETE', `${APPS}/full`)
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({
      code: 'PIC_APP_NOT_EMPTY',
      would_delete: { domains: 1, scripts: 1, routes: 1, secrets: 0, kv_keys: 0, executions: 0 },
    })
    expect(refused.body.detail).toContain('1 domain, 1 script, 1 route')
    expect((await api.request('GET', `/api/v1/admin/scripts/${script.body.id}`)).status).toBe(200)

    expect((await api.request('DELETE', `${APPS}/full?force=yes`)).status).toBe(400)
    expect((await api.request('DELETE', `${APPS}/full?force=true`)).status).toBe(204)
    expect((await api.request('GET', `/api/v1/admin/scripts/${script.body.id}`)).status).toBe(404)
    const again = await api.request('POST', `${APPS}/default/domains`, {
      json: { pattern: 'full.example.com' },
    })
    expect(again.status).toBe(201)
  })
})
