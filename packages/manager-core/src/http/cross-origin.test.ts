import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'
import { PASSWORD, setUp, signIn } from '../../test/signed-in.ts'

const APPS = '/api/v1/admin/apps'

let api: ManagerUnderTest
let cookie: string
beforeAll(async () => {
  api = await startManagerUnderTest()
  cookie = await setUp(api)
})
afterAll(() => api.close())

/** What a browser or a form would send, and whether it may. */
const CSRF: readonly {
  readonly what: string
  readonly headers: Readonly<Record<string, string>>
  readonly change: 'made' | 'refused'
  readonly read: 'made' | 'refused'
}[] = [
  { what: 'nothing', headers: {}, change: 'refused', read: 'made' },
  { what: 'our header', headers: { 'x-picloud-csrf': '1' }, change: 'made', read: 'made' },
  {
    what: 'our header with another value',
    headers: { 'x-picloud-csrf': 'true' },
    change: 'refused',
    read: 'made',
  },
  { what: 'our origin alone', headers: { origin: 'OURS' }, change: 'refused', read: 'made' },
  ...(
    [
      [{ origin: 'OURS' }, 'made', 'made'],
      [{ origin: 'OURS-BY-HTTPS' }, 'made', 'made'],
      [{ origin: 'null' }, 'refused', 'refused'],
      [{ origin: 'https://evil.example' }, 'refused', 'refused'],
      [{ origin: 'http://127.0.0.1:1' }, 'refused', 'refused'],
      [{ origin: 'http://127.0.0.1' }, 'refused', 'refused'],
      [{ origin: 'nonsense' }, 'refused', 'refused'],
      [{ 'sec-fetch-site': 'same-origin' }, 'made', 'made'],
      [{ 'sec-fetch-site': 'none' }, 'refused', 'made'],
      [{ 'sec-fetch-site': 'same-site' }, 'refused', 'refused'],
      [{ 'sec-fetch-site': 'cross-site' }, 'refused', 'refused'],
      [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 'refused', 'refused'],
    ] as const
  ).map(([headers, change, read]) => ({
    what: `our header and ${JSON.stringify(headers)}`,
    headers: { 'x-picloud-csrf': '1', ...headers },
    change,
    read,
  })),
]

describe('requests another origin may have caused', () => {
  it.each(CSRF)('with $what: a change is $change, a read $read', async (row) => {
    const origin = row.headers.origin
      ?.replace('OURS-BY-HTTPS', `https://127.0.0.1:${api.port}`)
      .replace('OURS', api.url)
    const headers = { cookie, ...row.headers, ...(origin === undefined ? {} : { origin }) }
    const json = { slug: `shop-${CSRF.indexOf(row)}` }
    const changed = await api.request('POST', APPS, { token: null, headers, json })
    const read = await api.request('GET', APPS, { token: null, headers })
    expect(changed.status).toBe(row.change === 'made' ? 201 : 403)
    expect(read.status).toBe(row.read === 'made' ? 200 : 403)
    if (row.change === 'refused') expect(changed.body.code).toBe('PIC_CSRF_REFUSED')
    if (row.read === 'refused') expect(read.body.code).toBe('PIC_CSRF_REFUSED')
  })

  it.each(CSRF)('with $what: a token is not concerned', async (row) => {
    const { status } = await api.request('GET', APPS, { headers: row.headers })
    expect(status).toBe(200)
  })

  it.each([{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
    'do not sign anybody in: %j',
    async (headers) => {
      const { status, body } = await signIn(api, PASSWORD, { headers })
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'PIC_CSRF_REFUSED' })
    },
  )
})
