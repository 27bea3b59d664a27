import { newId, routeListSchema, routeSchema } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const ROUTES = '/api/v1/admin/routes'
let api: ManagerUnderTest

interface App {
  readonly id: string
  readonly script: string
}
let shop: App
let blog: App

beforeAll(async () => {
  api = await startManagerUnderTest()
  shop = await createApp('shop', ['shop.test', '*.shop.test'])
  blog = await createApp('blog', [])
})
afterAll(() => api.close())

async function createApp(slug: string, patterns: readonly string[]): Promise<App> {
  const { body: app } = await api.request('POST', '/api/v1/admin/apps', { json: { slug } })
  const json = { app_id: app.id, name: 'main', source: '1' }
  const { body: script } = await api.request('POST', '/api/v1/admin/scripts', { json })
  for (const pattern of patterns) {
    await api.request('POST', `/api/v1/admin/apps/${slug}/domains`, { json: { pattern } })
  }
  return { id: app.id, script: script.id }
}

function create(app: App, json: object): Promise<Answer> {
  return api.request('POST', ROUTES, { json: { app_id: app.id, script_id: app.script, ...json } })
}

describe('creating a route', () => {
  const REFUSED: readonly (readonly [string, object, string])[] = [
    ['no path', {}, '/path_pattern'],
    ['a path without /', { path_pattern: 'a' }, '/path_pattern'],
    ['a wildcard before the end', { path_pattern: '/*a/b' }, '/path_pattern'],
    ['one name twice', { path_pattern: '/:a/:a' }, '/path_pattern'],
    ['a dot segment', { path_pattern: '/a/../b' }, '/path_pattern'],
    ['a query', { path_pattern: '/a?b=c' }, '/path_pattern'],
    ['a path with NUL', { path_pattern: '/\u0000' }, '/path_pattern'],
    ['a path that is too long', { path_pattern: `/${'a'.repeat(1024)}` }, '/path_pattern'],
    ['an unknown method', { path_pattern: '/', method: 'BREW' }, '/method'],
    ['a method in lower case', { path_pattern: '/', method: 'get' }, '/method'],
    ['a host that is none', { path_pattern: '/', host_pattern: 'a b' }, '/host_pattern'],
    ['an empty host', { path_pattern: '/', host_pattern: '' }, '/host_pattern'],
    ['a script that is no id', { path_pattern: '/', script_id: 'x' }, '/script_id'],
    ['a script that does not exist', { path_pattern: '/', script_id: newId() }, '/script_id'],
    ['an app that does not exist', { path_pattern: '/', app_id: newId() }, '/app_id'],
    ['a number for enabled', { path_pattern: '/', enabled: 1 }, '/enabled'],
    ['a switch that is none', { path_pattern: '/', idempotency: true }, '/idempotency'],
    [
      'a key in no header',
      { path_pattern: '/', idempotency: { header: 'a b' } },
      '/idempotency/header',
    ],
    [
      'a key in a header of its own',
      { path_pattern: '/', idempotency: { header: 'Cookie' } },
      '/idempotency/header',
    ],
  ]
  it.each(REFUSED)('refuses %s', async (_what, json, pointer) => {
    const { status, body } = await create(shop, json)
    expect(status).toBe(422)
    expect(body.errors[0].pointer).toBe(pointer)
  })

  it('refuses a script of another app', async () => {
    const { status, body } = await create(blog, { path_pattern: '/', script_id: shop.script })
    expect(status).toBe(422)
    expect(body.errors).toEqual([{ pointer: '/script_id', message: 'The app has no such script.' }])
  })

  it.each(['other.test', 'a.b.shop.test', '*.other.test', '{x}.a.shop.test'])(
    'refuses the host %s, which lies outside the claims',
    async (host) => {
      const { status, body } = await create(shop, { path_pattern: '/h', host_pattern: host })
      expect(status).toBe(422)
      expect(body).toMatchObject({
        code: 'PIC_ROUTE_HOST_UNCLAIMED',
        errors: [{ pointer: '/host_pattern' }],
      })
      expect(body.detail).toContain('shop.test')
    },
  )

  it('answers the route in normal form, with its defaults', async () => {
    const { status, body } = await create(shop, {
      path_pattern: '/files/*',
      host_pattern: '{Tenant}.SHOP.test',
    })
    expect(status).toBe(201)
    expect(routeSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      app_id: shop.id,
      script_id: shop.script,
      method: '*',
      path_pattern: '/files/*rest',
      host_pattern: '{Tenant}.shop.test',
      enabled: true,
      idempotency: null,
    })
    expect((await api.request('GET', `${ROUTES}/${body.id}`)).body).toEqual(body)
  })
})

describe('a route with idempotency', () => {
  it('is switched on with its defaults, changed and switched off', async () => {
    const made = await create(shop, { path_pattern: '/once', idempotency: {} })
    expect(made.body.idempotency).toEqual({ header: 'Idempotency-Key', required: false })
    const one = `${ROUTES}/${made.body.id}`
    const change = (json: object) => api.request('PATCH', one, { json })
    const idempotency = { header: 'X-Key', required: true }
    expect((await change({ idempotency })).body.idempotency).toEqual(idempotency)
    expect((await change({ enabled: false })).body.idempotency).toEqual(idempotency)
    expect((await change({ idempotency: null })).body.idempotency).toBeNull()
  })
})

describe('a route below the path that runs scripts by their ids', () => {
  it.each(['/api/v1/execute/', '/api/v1/execute/:id', '/api/v1/execute/*', '/api/v1/execute/a/b'])(
    'is refused: %s',
    async (path_pattern) => {
      const { status, body } = await create(shop, { path_pattern })
      expect([status, body.code]).toEqual([422, 'PIC_ROUTE_UNREACHABLE'])
      expect(body.errors[0].pointer).toBe('/path_pattern')
    },
  )

  it.each(['/api/v1/execute', '/api/v1/:x/y', '/api/*', '/admin'])(
    'is not what %s is',
    async (path_pattern) => {
      expect((await create(shop, { path_pattern })).status).toBe(201)
    },
  )
})

describe('route conflicts', () => {
  const PAIRS: readonly (readonly [object, object])[] = [
    [{ path_pattern: '/a' }, { path_pattern: '/a' }],
    [{ path_pattern: '/b/:id' }, { path_pattern: '/b/:name' }],
    [{ path_pattern: '/c/*' }, { path_pattern: '/c/*all' }],
    [
      { method: 'GET', path_pattern: '/d' },
      { method: 'GET', path_pattern: '/%64' },
    ],
    [
      { host_pattern: '*.shop.test', path_pattern: '/e' },
      { host_pattern: '{t}.shop.test', path_pattern: '/e' },
    ],
  ]
  it.each(PAIRS)('refuses %j and %j together, naming the first', async (first, second) => {
    const { status, body: made } = await create(shop, first)
    expect(status).toBe(201)
    const refused = await create(shop, second)
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({
      code: 'PIC_ROUTE_CONFLICT',
      route: {
        id: made.id,
        method: made.method,
        host_pattern: made.host_pattern,
        path_pattern: made.path_pattern,
      },
    })
  })

  const NEIGHBOURS: readonly (readonly [object, object])[] = [
    [
      { method: 'GET', path_pattern: '/n1' },
      { method: 'POST', path_pattern: '/n1' },
    ],
    [
      { method: 'GET', path_pattern: '/n2' },
      { method: '*', path_pattern: '/n2' },
    ],
    [{ path_pattern: '/n3' }, { host_pattern: 'shop.test', path_pattern: '/n3' }],
    [{ path_pattern: '/n4/a' }, { path_pattern: '/n4/:x' }],
    [{ path_pattern: '/n5' }, { path_pattern: '/n5/' }],
  ]
  it.each(NEIGHBOURS)('allows %j beside %j', async (first, second) => {
    expect((await create(shop, first)).status).toBe(201)
    expect((await create(shop, second)).status).toBe(201)
  })

  it('looks at the own app only', async () => {
    expect((await create(shop, { path_pattern: '/mine' })).status).toBe(201)
    expect((await create(blog, { path_pattern: '/mine' })).status).toBe(201)
  })

  it('counts a route that is switched off, so that switching it on cannot collide', async () => {
    expect((await create(shop, { path_pattern: '/off', enabled: false })).status).toBe(201)
    expect((await create(shop, { path_pattern: '/off' })).status).toBe(409)
  })

  it('lets exactly one of many simultaneous creations through', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => create(shop, { path_pattern: `/race/:p${index}` })),
    )
    const statuses = answers.map((answer) => answer.status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(5)
  })
})

describe('listing, updating and deleting routes', () => {
  it('lists by app', async () => {
    await create(blog, { path_pattern: '/listed' })
    const { body } = await api.request('GET', `${ROUTES}?app=blog`)
    expect(routeListSchema.parse(body)).toEqual(body)
    expect(body.items.every((route: { app_id: string }) => route.app_id === blog.id)).toBe(true)
    const all = await api.request('GET', `${ROUTES}?limit=200`)
    expect(all.body.items.length).toBeGreaterThan(body.items.length)
    expect((await api.request('GET', `${ROUTES}?app=missing`)).status).toBe(404)
  })

  it('points a route at another script of its app, and switches it off', async () => {
    const { body: route } = await create(shop, { path_pattern: '/patched' })
    const json = { app_id: shop.id, name: 'second', source: '2' }
    const { body: script } = await api.request('POST', '/api/v1/admin/scripts', { json })
    const patched = await api.request('PATCH', `${ROUTES}/${route.id}`, {
      json: { script_id: script.id, enabled: false },
    })
    expect(patched.status).toBe(200)
    expect(patched.body).toMatchObject({ script_id: script.id, enabled: false })
    const foreign = await api.request('PATCH', `${ROUTES}/${route.id}`, {
      json: { script_id: blog.script },
    })
    expect(foreign.status).toBe(422)
    expect(foreign.body.errors[0].pointer).toBe('/script_id')
  })

  it('moves a route in place: it keeps its id, and may give its captures other names', async () => {
    const { body: route } = await create(shop, { path_pattern: '/moved/:a', method: 'GET' })
    const json = { path_pattern: '/moved/:b/*', host_pattern: 'shop.test', method: '*' }
    const moved = await api.request('PATCH', `${ROUTES}/${route.id}`, { json })
    expect(moved.body).toMatchObject({ ...json, path_pattern: '/moved/:b/*rest', id: route.id })
    expect(moved.body.revision).toBe(route.revision + 1)
    const anywhere = await api.request('PATCH', `${ROUTES}/${route.id}`, {
      json: { host_pattern: null, path_pattern: '/moved/:c' },
    })
    expect(anywhere.body).toMatchObject({ host_pattern: null, path_pattern: '/moved/:c' })
  })

  it.each([
    [{ path_pattern: '/here/:x' }, 409, 'PIC_ROUTE_CONFLICT'],
    [{ path_pattern: 'x' }, 422, 'PIC_PATH_PATTERN_INVALID'],
    [{ path_pattern: '/api/v1/execute/x' }, 422, 'PIC_ROUTE_UNREACHABLE'],
    [{ host_pattern: 'other.test' }, 422, 'PIC_ROUTE_HOST_UNCLAIMED'],
    [{ host_pattern: '*' }, 422, 'PIC_HOST_PATTERN_INVALID'],
    [{ method: 'get' }, 422, 'PIC_REQUEST_INVALID'],
  ])('refuses to move one to %j', async (json, status, code) => {
    await create(shop, { path_pattern: '/here/:id', method: 'GET' })
    const { body: route } = await create(shop, { path_pattern: `/m/${newId()}`, method: 'GET' })
    const moved = await api.request('PATCH', `${ROUTES}/${route.id}`, { json })
    expect([moved.status, moved.body.code]).toEqual([status, code])
    expect((await api.request('GET', `${ROUTES}/${route.id}`)).body).toEqual(route)
  })

  it('makes a route a hole and fills it again', async () => {
    const { body: hole, status } = await create(shop, { path_pattern: '/hole', script_id: null })
    expect([status, hole.script_id]).toEqual([201, null])
    const path = `${ROUTES}/${hole.id}`
    const filled = await api.request('PATCH', path, { json: { script_id: shop.script } })
    expect(filled.body.script_id).toBe(shop.script)
    const emptied = await api.request('PATCH', path, { json: { script_id: null } })
    expect(emptied.body.script_id).toBe(null)
    expect(routeSchema.parse(emptied.body)).toEqual(emptied.body)
  })

  it('wants a hole said: a route without a word about its script is refused', async () => {
    const json = { app_id: shop.id, path_pattern: '/unsaid' }
    const { body } = await api.request('POST', ROUTES, { json })
    expect(body.errors[0].pointer).toBe('/script_id')
  })

  it('answers 404 for what is no route', async () => {
    for (const id of [newId(), 'x', '%00']) {
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const { status, body } = await api.request(method, `${ROUTES}/${id}`, {
          ...(method === 'PATCH' ? { json: { enabled: true } } : {}),
        })
        expect(status).toBe(404)
        expect(body.code).toBe('PIC_ROUTE_NOT_FOUND')
      }
    }
  })

  it('deletes', async () => {
    const { body: route } = await create(shop, { path_pattern: '/deleted' })
    expect((await api.request('DELETE', `${ROUTES}/${route.id}`)).status).toBe(204)
    expect((await create(shop, { path_pattern: '/deleted' })).status).toBe(201)
  })
})
