import { newId, routeCheckSchema } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const ROUTES = '/api/v1/admin/routes'
let api: ManagerUnderTest
let shop: string
let blog: string

beforeAll(async () => {
  api = await startManagerUnderTest()
  shop = await createApp('shop', ['www.shop.test', '{tenant}.shop.test', '10.0.0.1'])
  blog = await createApp('blog', [])
  for (const [method, host_pattern, path_pattern, script_id] of ROUTES_OF_SHOP) {
    const json = { app_id: shop, method, host_pattern, path_pattern, script_id }
    expect((await api.request('POST', ROUTES, { json })).status).toBe(201)
  }
})
afterAll(() => api.close())

const ROUTES_OF_SHOP = [
  ['GET', null, '/users/:id', null],
  ['GET', null, '/users/new', null],
  ['*', null, '/*rest', null],
  ['*', 'www.shop.test', '/www/*rest', null],
] as const

async function createApp(slug: string, patterns: readonly string[]): Promise<string> {
  const { body } = await api.request('POST', '/api/v1/admin/apps', { json: { slug } })
  for (const pattern of patterns) {
    const claims = `/api/v1/admin/apps/${slug}/domains`
    expect((await api.request('POST', claims, { json: { pattern } })).status).toBe(201)
  }
  return body.id
}

function check(json: object): Promise<Answer> {
  return api.request('POST', `${ROUTES}:check`, { json: { app_id: shop, ...json } })
}

function names(list: readonly { route: Named; extent: string }[]): string[] {
  return list.map(({ route, extent }) => `${nameOf(route)}: ${extent}`)
}

interface Named {
  readonly method: string
  readonly host_pattern: string | null
  readonly path_pattern: string
}

function nameOf({ method, host_pattern, path_pattern }: Named): string {
  return `${method} ${host_pattern ?? ''}${path_pattern}`
}

describe('checking a route', () => {
  it('reads no more than patterns need, however they are escaped', async () => {
    const escaped = (text: string) => text.replaceAll('\u00e9', '\\u00e9')
    const path = `/${'\u00e9'.repeat(1_023)}`
    const fitting = escaped(JSON.stringify({ app_id: shop, path_pattern: path }))
    expect(fitting.length).toBeGreaterThan(6_000)
    const headers = { 'content-type': 'application/json' }
    const send = (body: string) => api.request('POST', `${ROUTES}:check`, { headers, body })
    expect((await send(fitting)).status).toBe(200)
    const { status, body } = await send(`{${' '.repeat(20_000)}}`)
    expect([status, body.code]).toEqual([413, 'PIC_BODY_TOO_LARGE'])
  })

  it('answers what it would match, in normal form', async () => {
    const { status, body } = await check({
      method: 'POST',
      host_pattern: '{Shop}.SHOP.test',
      path_pattern: '/%75sers/:id/*',
    })
    expect(status).toBe(200)
    expect(routeCheckSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      acceptable: true,
      method: 'POST',
      host_pattern: '{Shop}.shop.test',
      path_pattern: '/users/:id/*rest',
      claims: [{ pattern: '{tenant}.shop.test' }],
      captures: [
        { name: 'tenant', source: 'claim' },
        { name: 'Shop', source: 'host' },
        { name: 'id', source: 'path' },
        { name: 'rest', source: 'path' },
      ],
      problems: [],
      warnings: [],
      conflicts: [],
    })
  })

  it('tells each captured name once, by what counts', async () => {
    const { body } = await check({ path_pattern: '/a/:tenant' })
    expect(body.captures).toEqual([{ name: 'tenant', source: 'path' }])
    expect(body.claims).toHaveLength(3)
  })

  it('names the route it collides with', async () => {
    const { body } = await check({ method: 'GET', path_pattern: '/users/:name' })
    expect(body.acceptable).toBe(false)
    expect(body.conflicts.map(nameOf)).toEqual(['GET /users/:id'])
    expect(body.problems).toEqual([
      {
        code: 'PIC_ROUTE_CONFLICT',
        pointer: '/path_pattern',
        message: 'The app has the route GET /users/:id already, which matches the same requests.',
      },
    ])
  })

  it('does not let a route that is changed meet itself', async () => {
    const { body } = await api.request('GET', `${ROUTES}?app=shop`)
    const own = body.items.find((route: Named) => route.path_pattern === '/users/:id')
    const checked = await check({ method: 'GET', path_pattern: '/users/:x', route_id: own.id })
    expect(checked.body).toMatchObject({ acceptable: true, conflicts: [] })
    expect(names(checked.body.shadowed_by)).toEqual(['GET /users/new: part'])
  })

  it('says which routes take from it, and from which it takes', async () => {
    const { body } = await check({ path_pattern: '/users/*' })
    expect(names(body.shadowed_by)).toEqual(['GET /users/:id: part', 'GET /users/new: part'])
    expect(names(body.shadows)).toEqual(['* /*rest: part'])
    const everywhere = await check({ host_pattern: 'www.shop.test', path_pattern: '/*' })
    expect(names(everywhere.body.shadowed_by)).toEqual(['* www.shop.test/www/*rest: part'])
    expect(names(everywhere.body.shadows)).toEqual([
      '* /*rest: part',
      'GET /users/:id: part',
      'GET /users/new: part',
    ])
    const methods = await check({ path_pattern: '/users/new' })
    expect(names(methods.body.shadowed_by)).toEqual(['GET /users/new: part'])
  })

  it('warns where nothing is left for the route', async () => {
    const one = await createApp('single', ['only.test'])
    const json = { app_id: one, script_id: null, host_pattern: 'only.test', path_pattern: '/*' }
    await api.request('POST', ROUTES, { json })
    const { body } = await check({ app_id: one, path_pattern: '/a/b' })
    expect(names(body.shadowed_by)).toEqual(['* only.test/*rest: all'])
    expect(body.warnings).toEqual(['A more specific route takes every request this one matches.'])
    expect(body.acceptable).toBe(true)
  })

  it("warns where PiCloud's own paths go before it", async () => {
    const { body } = await check({ path_pattern: '/admin/:x' })
    expect(body.acceptable).toBe(true)
    expect(body.warnings).toEqual([
      "On 10.0.0.1 this path is PiCloud's own, so the route does not answer there.",
    ])
  })

  it('warns of an app that answers nowhere', async () => {
    const { body } = await check({ app_id: blog, path_pattern: '/' })
    expect(body.warnings).toEqual(['The app claims no domain, so the route answers nowhere.'])
  })

  it.each([
    [{ path_pattern: '/api/v1/execute/x' }, 'PIC_ROUTE_UNREACHABLE', '/path_pattern'],
    [{ path_pattern: '/', host_pattern: 'a.b.test' }, 'PIC_ROUTE_HOST_UNCLAIMED', '/host_pattern'],
  ])('says that %j would be refused', async (json, code, pointer) => {
    const { status, body } = await check(json)
    expect([status, body.acceptable]).toEqual([200, false])
    expect(body.problems).toMatchObject([{ code, pointer }])
  })

  it.each([
    [{ path_pattern: 'x' }, '/path_pattern'],
    [{ path_pattern: '/', host_pattern: 'a b' }, '/host_pattern'],
    [{ path_pattern: '/', app_id: newId() }, '/app_id'],
    [{ path_pattern: '/', route_id: newId() }, '/route_id'],
    [{ path_pattern: '/', enabled: true }, '/enabled'],
  ])('refuses %j, which cannot be checked', async (json, pointer) => {
    const { status, body } = await check(json)
    expect([status, body.errors[0].pointer]).toEqual([422, pointer])
  })

  it('changes nothing', async () => {
    const before = await api.request('GET', `${ROUTES}?app=shop`)
    await check({ path_pattern: '/checked' })
    expect((await api.request('GET', `${ROUTES}?app=shop`)).body).toEqual(before.body)
  })

  it('is at that path alone, and POST only', async () => {
    const wrong = await api.request('POST', `${ROUTES}check`, { json: {} })
    expect(wrong.status).toBe(404)
    const read = await api.request('PUT', `${ROUTES}:check`, { json: {} })
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })
})
