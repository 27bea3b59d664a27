import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const SCRIPTS = '/api/v1/admin/scripts'
let api: ManagerUnderTest
let app: string

beforeAll(async () => {
  api = await startManagerUnderTest()
  app = (await api.request('POST', '/api/v1/admin/apps', { json: { slug: 'shop' } })).body.id
})
afterAll(() => api.close())

let made = 0
async function makeScript(): Promise<{ path: string; etag: string; id: string }> {
  made += 1
  const json = { app_id: app, name: `script-${made}`, source: '1' }
  const { body, headers } = await api.request('POST', SCRIPTS, { json })
  return { path: `${SCRIPTS}/${body.id}`, etag: headers.get('etag') ?? '', id: body.id }
}

function save(path: string, source: string, ifMatch?: string): Promise<Answer> {
  const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch }
  return api.request('PUT', path, { json: { source }, headers })
}

describe('a change with If-Match', () => {
  it('is made to the revision that was read, and to no other', async () => {
    const { path, etag } = await makeScript()
    const first = await save(path, '2', etag)
    expect(first.status).toBe(200)
    expect(first.headers.get('etag')).not.toBe(etag)
    const lost = await save(path, '3', etag)
    expect(lost.status).toBe(412)
    expect(lost.body).toMatchObject({ code: 'PIC_REVISION_STALE', revision: first.body.revision })
    expect((await api.request('GET', path)).body).toMatchObject({ source: '2', version: 2 })
  })

  it('lets exactly one of many who saw the same revision through', async () => {
    const { path, etag } = await makeScript()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => save(path, `${index}`, etag)),
    )
    const statuses = answers.map((answer) => answer.status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 412)).toHaveLength(7)
    expect((await api.request('GET', path)).body.version).toBe(2)
  })

  it.each([
    ['any revision', '*', 200],
    ['a list with the right one', '"99", "1"', 200],
    ['a weak tag, which a change never matches (RFC 9110 section 13.1.1)', 'W/"1"', 412],
    ['a tag of somebody else', '"abc"', 412],
    ['what is no tag', '1', 412],
  ])('takes %s: %s', async (_what, ifMatch, status) => {
    const { path } = await makeScript()
    expect((await save(path, '2', ifMatch)).status).toBe(status)
  })

  it('guards deleting, and routes and apps too', async () => {
    const { path, id } = await makeScript()
    const route = await api.request('POST', '/api/v1/admin/routes', {
      json: { app_id: app, script_id: id, path_pattern: '/guarded' },
    })
    const one = `/api/v1/admin/routes/${route.body.id}`
    const stale = { headers: { 'if-match': '"7"' } }
    expect((await api.request('PATCH', one, { json: { enabled: false }, ...stale })).status).toBe(
      412,
    )
    expect((await api.request('DELETE', one, stale)).status).toBe(412)
    expect((await api.request('DELETE', `${path}?force=true`, stale)).status).toBe(412)
    expect((await api.request('DELETE', '/api/v1/admin/apps/shop', stale)).status).toBe(412)
    const changed = await api.request('PATCH', one, {
      json: { enabled: false },
      headers: { 'if-match': route.headers.get('etag') ?? '' },
    })
    expect(changed.body).toMatchObject({ enabled: false, revision: 2 })
  })
})

describe('a read with If-None-Match', () => {
  it('answers 304 without content while nothing changed', async () => {
    const { path, etag } = await makeScript()
    const headers = { 'if-none-match': `"0", W/${etag}` }
    const known = await api.request('GET', path, { headers })
    expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag])
    await save(path, '2')
    expect((await api.request('GET', path, { headers })).status).toBe(200)
  })
})
