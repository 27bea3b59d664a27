import { explanationSchema } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const ADMIN = '/api/v1/admin'
let api: ManagerUnderTest
let script: string

beforeAll(async () => {
  api = await startManagerUnderTest()
  const apps: Record<string, string> = {}
  for (const slug of ['shop', 'blog']) {
    apps[slug] = (await api.request('POST', `${ADMIN}/apps`, { json: { slug } })).body.id
  }
  const claims = [
    ['shop', '{tenant}.example.com'],
    ['blog', 'blog.example.com'],
  ]
  for (const [app, pattern] of claims) {
    await api.request('POST', `${ADMIN}/apps/${app}/domains`, { json: { pattern } })
  }
  const source = { app_id: apps.shop, name: 'main', source: '1' }
  script = (await api.request('POST', `${ADMIN}/scripts`, { json: source })).body.id
  const routes = [
    { method: 'GET', path_pattern: '/users/:id', script_id: script },
    { method: '*', path_pattern: '/users/*rest', script_id: script },
    { method: 'GET', path_pattern: '/users/new', script_id: script, enabled: false },
    { method: 'POST', path_pattern: '/users/:name', script_id: script },
    { method: '*', path_pattern: '/users/secret', script_id: null },
    { method: 'GET', path_pattern: '/cart', script_id: script },
  ]
  for (const route of routes) {
    const json = { app_id: apps.shop, ...route }
    expect((await api.request('POST', `${ADMIN}/routes`, { json })).status).toBe(201)
  }
})
afterAll(() => api.close())

function explain(url: string, method = 'GET'): Promise<Answer> {
  return api.request('GET', `${ADMIN}/explain?${new URLSearchParams({ url, method })}`)
}

describe('explaining a request', () => {
  it('lists every claim and route in question, the winner, and why', async () => {
    const { status, body } = await explain('HTTPS://Acme.Example.COM:8443/users/new?x=1#top')
    expect(status).toBe(200)
    expect(explanationSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      method: 'GET',
      host: 'acme.example.com',
      path: '/users/new',
      outcome: 'route',
      status: null,
      reason: 'GET /users/:id is the most specific route that answers GET here.',
      app: { slug: 'shop' },
      script_id: script,
      params: { tenant: 'acme', id: 'new' },
      allow: [],
      claims: [{ pattern: '{tenant}.example.com', verdict: 'wins', app: { slug: 'shop' } }],
    })
    expect(body.route_id).toBe(body.routes[2].route.id)
    expect(body.routes.map(told)).toEqual([
      'GET /users/new disabled: Switched off.',
      'POST /users/:name other_method: Answers POST, not GET.',
      'GET /users/:id wins: The first in order whose method fits.',
      '* /users/*rest less_specific: GET /users/:id has the more specific path.',
    ])
  })

  it('shows the claim of another app that a more specific one beat', async () => {
    const { body } = await explain('blog.example.com')
    expect(body).toMatchObject({ outcome: 'path_unknown', path: '/', app: { slug: 'blog' } })
    expect(body.claims).toMatchObject([
      { pattern: 'blog.example.com', verdict: 'wins', app: { slug: 'blog' } },
      { pattern: '{tenant}.example.com', verdict: 'less_specific', app: { slug: 'shop' } },
    ])
  })

  it.each([
    ['a hole', 'a.example.com/users/secret', 'GET', 'hole', 404],
    ['an unknown path', 'a.example.com/nowhere', 'GET', 'path_unknown', 404],
    ['another method', 'a.example.com/cart', 'post', 'method_not_allowed', 405],
    ['OPTIONS that nobody answers', 'a.example.com/cart', 'OPTIONS', 'options', 204],
    ['a dot segment', 'http://a.example.com/users/%2e%2e', 'GET', 'path_malformed', 400],
    ['a host nobody claims', 'http://nobody.example.org/x', 'GET', 'host_unknown', 404],
    ['a reserved path there', 'http://nobody.example.org/admin', 'GET', 'picloud', null],
    ['a reserved path on a claimed host', 'a.example.com/admin', 'GET', 'path_unknown', 404],
    ['a reserved path on localhost', 'localhost/healthz', 'GET', 'picloud', null],
    ['running by id', 'a.example.com/api/v1/execute/x', 'POST', 'execute', null],
    ['reading by id', 'a.example.com/api/v1/execute/x', 'GET', 'method_not_allowed', 405],
  ])('tells %s', async (_, url, method, outcome, status) => {
    const { body } = await explain(url, method)
    expect(explanationSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({ outcome, status })
    expect(body.reason).not.toBe('')
  })

  it('says what would be allowed', async () => {
    const { body } = await explain('a.example.com/cart', 'DELETE')
    expect(body.allow).toEqual(['GET', 'HEAD', 'OPTIONS'])
  })

  it('takes a path as people write it', async () => {
    const { body } = await explain('a.example.com/users/J\u00fcrgen')
    expect(body).toMatchObject({ path: '/users/J%C3%BCrgen', params: { id: 'J\u00fcrgen' } })
  })

  it.each(['', 'http://', '/users', 'a b/x', 'a.example.com:99999/', 'ftp://a.example.com/'])(
    'refuses %j, which has no host',
    async (url) => {
      const { status, body } = await explain(url)
      expect([status, body.code]).toEqual([400, 'PIC_QUERY_INVALID'])
      expect(body.errors[0].pointer).toBe('/url')
    },
  )

  it('refuses what is no method', async () => {
    expect((await explain('a.example.com', 'G T')).body.errors[0].pointer).toBe('/method')
  })
})

function told(one: {
  readonly route: { readonly method: string; readonly path_pattern: string }
  readonly verdict: string
  readonly reason: string
}): string {
  return `${one.route.method} ${one.route.path_pattern} ${one.verdict}: ${one.reason}`
}
