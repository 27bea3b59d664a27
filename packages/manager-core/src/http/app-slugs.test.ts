import { formerSlugListSchema, newId, slugCheckSchema } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const APPS = '/api/v1/admin/apps'
let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest()
})
afterAll(() => api.close())

interface Made {
  readonly id: string
  readonly slug: string
}

/** Makes an app that had all of these slugs, the last one now. */
async function makeApp(...slugs: readonly string[]): Promise<Made> {
  const [first, ...later] = slugs
  let { status, body } = await api.request('POST', APPS, { json: { slug: first } })
  expect(status).toBe(201)
  for (const slug of later) {
    ;({ status, body } = await rename(body.id, { slug }))
    expect(status).toBe(200)
  }
  return body
}

function rename(app: string, json: object): Promise<Answer> {
  return api.request('PATCH', `${APPS}/${app}`, { json })
}

async function check(slug: string, app?: string) {
  const query = new URLSearchParams({ slug, ...(app === undefined ? {} : { app }) })
  const { status, body } = await api.request('GET', `${APPS}/slug:check?${query}`)
  expect(status).toBe(200)
  expect(slugCheckSchema.parse(body)).toEqual(body)
  return body
}

describe('checking a slug', () => {
  it.each([
    ['a-free-one', 'available', 'Nobody has'],
    ['Shop', 'invalid', 'lower-case'],
    ['', 'invalid', 'at least one'],
    ['a\0b', 'invalid', 'lower-case'],
    ['x'.repeat(64), 'invalid', 'at most 63'],
    [newId(), 'invalid', 'form of an id'],
    ['xn--a', 'invalid', 'hyphens'],
    ['admin', 'reserved', 'reserved'],
  ])('%j is %s, and it says why', async (slug, status, why) => {
    const message = expect.stringContaining(why)
    const nobody = { app: null, own: false, needs_force: false }
    expect(await check(slug)).toEqual({ slug, status, message, ...nobody })
  })

  it('tells who has a slug now, and that force is of no use', async () => {
    const { id } = await makeApp('held')
    const app = { id, slug: 'held', name: 'held' }
    expect(await check('held')).toMatchObject({
      status: 'in_use',
      app,
      own: false,
      needs_force: false,
    })
    expect(await check('held', id)).toMatchObject({ status: 'in_use', app, own: true })
  })

  it('tells who had a slug, and that taking it needs force unless it is one’s own', async () => {
    const { id } = await makeApp('had-it', 'has-this')
    const app = { id, slug: 'has-this', name: 'had-it' }
    const other = await check('had-it')
    expect(other).toMatchObject({ status: 'historical', app, own: false, needs_force: true })
    expect(other.message).toContain('force')
    for (const reference of [id, 'has-this', 'had-it']) {
      const own = await check('had-it', reference)
      expect(own).toMatchObject({ status: 'historical', app, own: true, needs_force: false })
    }
  })

  it('changes nothing, and counts as no use of the slug', async () => {
    await makeApp('unseen', 'seen')
    await check('unseen')
    await check('unseen', 'seen')
    const { body } = await api.request('GET', `${APPS}/seen/slugs`)
    expect(body.items).toMatchObject([{ slug: 'unseen', hits: 0, last_hit_at: null }])
  })

  it('knows the app that would be renamed, or says 404', async () => {
    const { status, body } = await api.request('GET', `${APPS}/slug:check?slug=a&app=nobody`)
    expect([status, body.code]).toEqual([404, 'PIC_APP_NOT_FOUND'])
  })

  it.each(['', '?slug=a&slug=b', '?slug=a&force=true', `?slug=${'x'.repeat(1001)}`])(
    'refuses the query %j',
    async (query) => {
      expect((await api.request('GET', `${APPS}/slug:check${query}`)).status).toBe(400)
    },
  )
})

describe('giving an app a slug', () => {
  it('leaves the former one leading to it', async () => {
    const { id } = await makeApp('first-name')
    const renamed = await rename('first-name', { slug: 'second-name' })
    expect(renamed.body).toMatchObject({ id, slug: 'second-name', name: 'first-name', revision: 2 })
    expect((await api.request('GET', `${APPS}/first-name`)).status).toBe(308)
    expect((await api.request('GET', `${APPS}/second-name`)).body).toEqual(renamed.body)
  })

  it('takes a former slug of another app by force only, and then it leads there no more', async () => {
    const old = await makeApp('wanted', 'owner')
    const young = await makeApp('taker')
    const refused = await rename('taker', { slug: 'wanted' })
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({
      code: 'PIC_APP_SLUG_HISTORICAL',
      app: { id: old.id, slug: 'owner', name: 'wanted' },
      needs_force: true,
      errors: [{ pointer: '/slug' }],
    })
    const { status } = await api.request('POST', APPS, { json: { slug: 'wanted' } })
    expect(status).toBe(409)

    expect((await rename('taker', { slug: 'wanted', force: true })).status).toBe(200)
    expect((await api.request('GET', `${APPS}/wanted`)).body.id).toBe(young.id)
    expect((await api.request('GET', `${APPS}/owner/slugs`)).body.items).toEqual([])
    expect(await check('wanted')).toMatchObject({ status: 'in_use', app: { id: young.id } })
  })

  it('makes an app with a former slug of another by force only', async () => {
    await makeApp('reused', 'moved-on')
    expect((await api.request('POST', APPS, { json: { slug: 'reused' } })).status).toBe(409)
    const json = { slug: 'reused', force: true }
    const { status, body } = await api.request('POST', APPS, { json })
    expect(status).toBe(201)
    expect((await api.request('GET', `${APPS}/reused`)).body).toEqual(body)
  })

  it('never takes a slug in use, whatever is said', async () => {
    await makeApp('in-use')
    await makeApp('hungry')
    for (const force of [false, true]) {
      const { status, body } = await rename('hungry', { slug: 'in-use', force })
      expect([status, body.code]).toEqual([409, 'PIC_APP_SLUG_TAKEN'])
    }
    const { status } = await api.request('POST', APPS, { json: { slug: 'in-use', force: true } })
    expect(status).toBe(409)
    expect((await api.request('GET', `${APPS}/hungry/slugs`)).body.items).toEqual([])
  })

  it('goes back to an own former slug without force, as often as wanted', async () => {
    const { id } = await makeApp('ping', 'pong', 'ping', 'pong', 'ping')
    expect((await api.request('GET', `${APPS}/ping`)).body.id).toBe(id)
    const { body } = await api.request('GET', `${APPS}/ping/slugs`)
    expect(body.items.map((item: { slug: string }) => item.slug)).toEqual(['pong'])
  })

  it('is no rename when the slug stays', async () => {
    await makeApp('same')
    expect((await rename('same', { slug: 'same', name: 'Same' })).body.name).toBe('Same')
    expect((await api.request('GET', `${APPS}/same/slugs`)).body.items).toEqual([])
  })

  it.each(['Shop', 'admin', newId(), ''])('refuses the slug %j', async (slug) => {
    await api.request('POST', APPS, { json: { slug: 'unchanged' } })
    const { status, body } = await rename('unchanged', { slug, force: true })
    expect([status, body.code, body.errors[0].pointer]).toEqual([
      422,
      'PIC_REQUEST_INVALID',
      '/slug',
    ])
    expect(body.errors).toHaveLength(slug === '' ? 2 : 1)
  })

  it('lets exactly one of many have it at once', async () => {
    const apps: Made[] = []
    for (let n = 0; n < 8; n += 1) apps.push(await makeApp(`runner-${n}`))
    const answers = await Promise.all(apps.map(({ id }) => rename(id, { slug: 'prize' })))
    const codes = answers.map(({ status, body }) => (status === 200 ? 200 : body.code)).sort()
    expect(codes).toEqual([200, ...Array(7).fill('PIC_APP_SLUG_TAKEN')])
    const winner = answers.findIndex(({ status }) => status === 200)
    expect((await api.request('GET', `${APPS}/prize`)).body.id).toBe(apps[winner]?.id)
    for (const [n, { id }] of apps.entries()) {
      const { body } = await api.request('GET', `${APPS}/${id}/slugs`)
      const former = body.items.map((item: { slug: string }) => item.slug)
      expect(former).toEqual(n === winner ? [`runner-${n}`] : [])
    }
  })

  it('lets two apps that change places at once keep every link whole', async () => {
    const [left, right] = [await makeApp('left'), await makeApp('right')]
    const answers = await Promise.all([
      rename(left.id, { slug: 'right' }),
      rename(right.id, { slug: 'left' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([409, 409])
    expect((await api.request('GET', `${APPS}/left`)).body.id).toBe(left.id)
  })
})

describe('a request by a former slug', () => {
  it.each([
    ['GET', '', undefined],
    ['HEAD', '', undefined],
    ['PATCH', '', { name: 'Never' }],
    ['DELETE', '?force=true', undefined],
    ['GET', '/domains?limit=2&cursor=a%2Fb', undefined],
    ['POST', '/domains', { pattern: 'never.example.com' }],
    ['GET', '/slugs', undefined],
    ['DELETE', '/slugs/x', undefined],
    ['DELETE', '/domains/x', undefined],
  ])('%s …%s is sent on with its query, and does nothing else', async (method, rest, json) => {
    await api.request('POST', APPS, { json: { slug: 'old-home' } })
    await rename('old-home', { slug: 'new-home' })
    const answer = await api.request(method, `${APPS}/old-home${rest}`, { json })
    expect(answer.status).toBe(308)
    expect(answer.headers.get('location')).toBe(`${APPS}/new-home${rest}`)
    expect(answer.text).toBe('')
    const { status, body } = await api.request('GET', `${APPS}/new-home`)
    expect([status, body.name]).toEqual([200, 'old-home'])
  })

  it('is sent on in one hop from the oldest slug too', async () => {
    await makeApp('chain-1', 'chain-2', 'chain-3', 'chain-4')
    for (const slug of ['chain-1', 'chain-2', 'chain-3']) {
      const { status, headers } = await api.request('GET', `${APPS}/${slug}`)
      expect([status, headers.get('location')]).toEqual([308, `${APPS}/chain-4`])
    }
  })

  it('is told 401 without a token, and nothing of where the app went', async () => {
    await makeApp('hidden', 'found')
    const { status, headers } = await api.request('GET', `${APPS}/hidden`, { token: null })
    expect([status, headers.get('location')]).toEqual([401, null])
    expect((await api.request('GET', `${APPS}/found/slugs`)).body.items[0].hits).toBe(0)
  })

  it('in ?app= means the app without a detour', async () => {
    const { id } = await makeApp('asked-by', 'known-as')
    const json = { app_id: id, name: 'hello', source: '1' }
    const script = await api.request('POST', '/api/v1/admin/scripts', { json })
    for (const path of ['scripts', 'routes', 'executions']) {
      const { status } = await api.request('GET', `/api/v1/admin/${path}?app=asked-by`)
      expect(status).toBe(200)
    }
    const { body } = await api.request('GET', '/api/v1/admin/scripts?app=asked-by')
    expect(body.items[0].id).toBe(script.body.id)
    expect((await api.request('GET', `${APPS}/known-as/slugs`)).body.items[0].hits).toBe(4)
  })
})

describe('former slugs of an app', () => {
  it('are listed with who still comes by them', async () => {
    await makeApp('long-ago', 'lately', 'today')
    for (let n = 0; n < 3; n += 1) await api.request('GET', `${APPS}/long-ago`)
    await Promise.all(Array.from({ length: 5 }, () => api.request('GET', `${APPS}/long-ago/slugs`)))
    const { status, body } = await api.request('GET', `${APPS}/today/slugs`)
    expect(status).toBe(200)
    expect(formerSlugListSchema.parse(body)).toEqual(body)
    expect(body.items).toMatchObject([
      { slug: 'lately', hits: 0, last_hit_at: null, safe_to_release: false },
      { slug: 'long-ago', hits: 8, last_hit_at: expect.any(String), safe_to_release: false },
    ])
    const [lately, longAgo] = body.items
    const days = (a: string, b: string) => (Date.parse(b) - Date.parse(a)) / 86_400_000
    expect(days(lately.retired_at, lately.safe_to_release_at)).toBe(30)
    expect(days(longAgo.last_hit_at, longAgo.safe_to_release_at)).toBe(30)
  })

  it('come page by page', async () => {
    await makeApp('page-a', 'page-b', 'page-c', 'page-d')
    const first = await api.request('GET', `${APPS}/page-d/slugs?limit=2`)
    const cursor = encodeURIComponent(first.body.next_cursor)
    const second = await api.request('GET', `${APPS}/page-d/slugs?limit=2&cursor=${cursor}`)
    const slugs = [...first.body.items, ...second.body.items].map((item) => item.slug)
    expect(slugs).toEqual(['page-a', 'page-b', 'page-c'])
    expect(second.body.next_cursor).toBeNull()
  })

  it('can be released, and lead nowhere then', async () => {
    await makeApp('given-up', 'kept')
    const one = `${APPS}/kept/slugs/given-up`
    expect((await api.request('DELETE', one)).status).toBe(204)
    expect((await api.request('GET', `${APPS}/given-up`)).status).toBe(404)
    expect(await check('given-up')).toMatchObject({ status: 'available' })
    const again = await api.request('DELETE', one)
    expect([again.status, again.body.code]).toEqual([404, 'PIC_APP_FORMER_SLUG_NOT_FOUND'])
  })

  it('can be released by their own app only, and a slug in use not at all', async () => {
    await makeApp('theirs', 'them')
    await makeApp('us')
    for (const slug of ['theirs', 'them', 'us', 'No%00', 'x'.repeat(64)]) {
      expect((await api.request('DELETE', `${APPS}/us/slugs/${slug}`)).status).toBe(404)
    }
    expect((await api.request('GET', `${APPS}/theirs`)).status).toBe(308)
  })

  it('go with their app', async () => {
    await makeApp('gone-1', 'gone-2')
    expect((await api.request('DELETE', `${APPS}/gone-2`)).status).toBe(204)
    expect((await api.request('GET', `${APPS}/gone-1`)).status).toBe(404)
    expect(await check('gone-1')).toMatchObject({ status: 'available' })
  })
})
