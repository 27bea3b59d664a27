import { domainListSchema, domainSchema, newId } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const APPS = '/api/v1/admin/apps'
let api: ManagerUnderTest
const ids: Record<string, string> = {}

beforeAll(async () => {
  api = await startManagerUnderTest()
  for (const slug of ['shop', 'blog']) {
    ids[slug] = (await api.request('POST', APPS, { json: { slug } })).body.id
  }
})
afterAll(() => api.close())

function claim(app: string, pattern: unknown): Promise<Answer> {
  return api.request('POST', `${APPS}/${app}/domains`, { json: { pattern } })
}

describe('claiming a domain', () => {
  it.each([
    '',
    'a b.example.com',
    '*',
    '*.*.example.com',
    'shop.*.com',
    '{}.example.com',
    '{a-b}.example.com',
    'example.com:8080',
    'http://example.com',
    '-a.example.com',
    'exa\u0000mple.com',
    `${'a'.repeat(64)}.example.com`,
  ])('refuses %j, naming the member', async (pattern) => {
    const { status, body } = await claim('shop', pattern)
    expect(status).toBe(422)
    expect(body.errors[0].pointer).toBe('/pattern')
    expect(body.code).toMatch(/^PIC_(HOST_PATTERN|REQUEST)_INVALID$/)
  })

  it('refuses it for an app that does not exist', async () => {
    expect((await claim('missing', 'a.example.com')).body.code).toBe('PIC_APP_NOT_FOUND')
  })

  it('stores the normal form and its shape', async () => {
    const { status, body } = await claim('shop', '{Tenant}.Exämple.COM')
    expect(status).toBe(201)
    expect(domainSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      app_id: ids.shop,
      pattern: '{Tenant}.xn--exmple-cua.com',
      shape_key: '*.xn--exmple-cua.com',
    })
  })

  it('refuses a second claim of one shape, naming the claim and nothing of the other app', async () => {
    expect((await claim('shop', '*.collide.test')).status).toBe(201)
    const { status, body, text } = await claim('blog', '{any}.COLLIDE.test')
    expect(status).toBe(409)
    expect(body).toMatchObject({
      code: 'PIC_DOMAIN_CLAIMED',
      claim: { pattern: '*.collide.test', same_app: false },
      errors: [{ pointer: '/pattern' }],
    })
    expect(text).not.toContain(ids.shop)
    expect(text).not.toContain('shop')
  })

  it('says when it is the same app that claims it', async () => {
    await claim('shop', 'same.test')
    const { status, body } = await claim('shop', 'same.test')
    expect(status).toBe(409)
    expect(body.claim).toEqual({ pattern: 'same.test', same_app: true })
  })

  it('lets exactly one of two simultaneous claims through', async () => {
    const answers = await Promise.all(['shop', 'blog'].map((app) => claim(app, 'race.test')))
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409])
  })
})

describe('listing domains', () => {
  it('lists those of the app alone', async () => {
    await claim('blog', 'only.blog.test')
    const { status, body } = await api.request('GET', `${APPS}/blog/domains`)
    expect(status).toBe(200)
    expect(domainListSchema.parse(body)).toEqual(body)
    expect(new Set(body.items.map((domain: { app_id: string }) => domain.app_id))).toEqual(
      new Set([ids.blog]),
    )
  })
})

describe('releasing a domain', () => {
  it('answers 404 for a claim of another app, and for what is no id', async () => {
    const { body } = await claim('shop', 'mine.test')
    for (const id of [body.id, newId(), 'x', '%00']) {
      const released = await api.request('DELETE', `${APPS}/blog/domains/${id}`)
      expect(released.status).toBe(404)
      expect(released.body.code).toBe('PIC_DOMAIN_NOT_FOUND')
    }
  })

  it('frees the host for another app', async () => {
    const { body } = await claim('shop', 'free.test')
    expect((await api.request('DELETE', `${APPS}/shop/domains/${body.id}`)).status).toBe(204)
    expect((await claim('blog', 'free.test')).status).toBe(201)
  })

  it('refuses while a route depends on the claim alone, unless forced', async () => {
    const exact = (await claim('shop', 'www.used.test')).body
    const wild = (await claim('shop', '*.used.test')).body
    const script = await api.request('POST', '/api/v1/admin/scripts', {
      json: { app_id: ids.shop, name: 'used', source: '1' },
    })
    const route = await api.request('POST', '/api/v1/admin/routes', {
      json: {
        app_id: ids.shop,
        script_id: script.body.id,
        host_pattern: 'www.used.test',
        path_pattern: '/used',
      },
    })
    expect(route.status).toBe(201)
    const path = `${APPS}/shop/domains`

    expect((await api.request('DELETE', `${path}/${exact.id}`)).status).toBe(204)
    const refused = await api.request('DELETE', `${path}/${wild.id}`)
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({
      code: 'PIC_DOMAIN_IN_USE',
      routes: [{ id: route.body.id, host_pattern: 'www.used.test', path_pattern: '/used' }],
    })
    expect((await api.request('DELETE', `${path}/${wild.id}?force=true`)).status).toBe(204)
    const one = `/api/v1/admin/routes/${route.body.id}`
    expect((await api.request('GET', one)).body.enabled).toBe(false)

    const early = await api.request('PATCH', one, { json: { enabled: true } })
    expect(early.body).toMatchObject({ status: 422, code: 'PIC_ROUTE_HOST_UNCLAIMED' })
    const again = (await claim('shop', 'www.used.test')).body
    expect((await api.request('PATCH', one, { json: { enabled: true } })).status).toBe(200)
    await api.request('PATCH', one, { json: { enabled: false } })
    // A route that is switched off needs no claim.
    expect((await api.request('DELETE', `${path}/${again.id}`)).status).toBe(204)
  })

  it('switches off only the routes that need the claim', async () => {
    const wild = (await claim('blog', '*.kept.test')).body
    await claim('blog', 'www.kept.test')
    const made: { id: string }[] = []
    for (const host of ['www.kept.test', '{t}.kept.test', null]) {
      const json = { app_id: ids.blog, script_id: null, host_pattern: host, path_pattern: '/kept' }
      made.push((await api.request('POST', '/api/v1/admin/routes', { json })).body)
    }
    await api.request('DELETE', `${APPS}/blog/domains/${wild.id}?force=true`)
    const states = made.map(({ id }) => api.request('GET', `/api/v1/admin/routes/${id}`))
    expect((await Promise.all(states)).map(({ body }) => body.enabled)).toEqual([true, false, true])
  })
})
