import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import type { Failure } from './failure.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Answered {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

class FailureError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.kind)
    this.failure = failure
  }
}

let server: Server
let seen: Seen[] = []
let answer: (request: Seen) => Answered
let api: ApiClient

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const one = { method, url, headers, body }
    seen.push(one)
    const { status = 200, json, text = '', headers: more } = answer(one)
    const type = json === undefined ? 'text/html' : 'application/json'
    response.writeHead(status, { 'content-type': type, ...more })
    response.end(json === undefined ? text : JSON.stringify(json))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  api = new ApiClient({
    async transport({ method, path, query, headers, body }) {
      const url = new URL(origin + path)
      url.search = new URLSearchParams(query).toString()
      const init = { method, headers, redirect: 'manual', body: body ?? null } as const
      const response = await fetch(url, init)
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.bytes(),
      }
    },
    errorOf: (failure) => new FailureError(failure),
  })
})

beforeEach(() => {
  seen = []
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const NOW = '2026-01-02T03:04:05.000Z'
const ID = '0199a000-0000-7000-8000-000000000001'
const APP = {
  id: ID,
  slug: 'shop',
  name: 'Shop',
  settings: {},
  revision: 3,
  created_at: NOW,
  updated_at: NOW,
}
const PROBLEM = {
  type: 'urn:picloud:error:PIC_X',
  title: 'Conflict',
  status: 409,
  detail: 'It is taken.',
  code: 'PIC_X',
  request_id: 'r1',
}

async function failureOf(answered: Answered, call: () => Promise<unknown>): Promise<Failure> {
  answer = () => answered
  const error = await call().then(
    () => 'no error',
    (rejected: unknown) => rejected,
  )
  if (error instanceof FailureError) return error.failure
  throw new Error(`not a failure: ${error}`)
}

const getApp = () => api.call('getApp', { path: { app: 'shop' } })

describe('a call', () => {
  it('sends what its operation takes, and nothing that was left undefined', async () => {
    answer = () => ({ status: 201, json: APP })
    await api.call('createApp', { body: { slug: 'shop', name: undefined } })
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/admin/apps',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: '{"slug":"shop"}',
      },
    ])
    answer = () => ({ status: 204 })
    const path = { app: 'a/b ä' }
    const result = await api.call('deleteApp', { path, query: { force: undefined }, ifRevision: 3 })
    expect(result).toBeUndefined()
    expect(seen[1]).toMatchObject({
      method: 'DELETE',
      url: '/api/v1/admin/apps/a%2Fb%20%C3%A4',
      headers: { 'if-match': '"3"' },
      body: '',
    })
    expect(seen[1]?.headers['content-type']).toBeUndefined()
  })

  it('answers what the server says, also members nobody knows yet', async () => {
    const app = { ...APP, colour: 'red' }
    answer = () => ({ json: app })
    expect(await getApp()).toEqual(app)
  })

  it('cannot be written wrongly', () => {
    const calls = [
      // @ts-expect-error: no such operation
      () => api.call('paintApp'),
      // @ts-expect-error: the path needs an app
      () => api.call('getApp'),
      // @ts-expect-error: a slug is a text
      () => api.call('createApp', { body: { slug: 1 } }),
      // @ts-expect-error: no such parameter
      () => api.call('listApps', { query: { colour: 'red' } }),
      // @ts-expect-error: reading is not conditional on a revision
      () => api.call('getApp', { path: { app: 'shop' }, ifRevision: 3 }),
      // @ts-expect-error: it answers one app, not a list
      () => api.list('getApp', { path: { app: 'shop' } }),
    ]
    expect(calls).toHaveLength(6)
  })

  it('follows a former name to the present one, with query and body, on the same server', async () => {
    answer = ({ url }) =>
      url.startsWith('/api/v1/admin/apps/old')
        ? {
            status: 308,
            headers: {
              location: 'https://elsewhere.test/pi/api/v1/admin/apps/new%20one?force=true',
            },
          }
        : { status: 204 }
    await api.call('deleteApp', { path: { app: 'old' }, query: { force: 'true' }, ifRevision: 1 })
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'DELETE /api/v1/admin/apps/old?force=true',
      'DELETE /api/v1/admin/apps/new%20one?force=true',
    ])
    expect(seen[1]?.headers['if-match']).toBe('"1"')
  })

  it.each(['/api/v1/admin/apps/shop', '/login', 'http://'])(
    'does not follow for ever, nor out of the API: %s',
    async (location) => {
      const failure = await failureOf({ status: 308, headers: { location } }, getApp)
      expect(failure).toMatchObject({ kind: 'foreign', status: 308 })
      expect(seen.length).toBeLessThanOrEqual(3)
    },
  )
})

describe('a failure', () => {
  it('is the problem document where PiCloud refused', async () => {
    const problem = { ...PROBLEM, would_delete: { scripts: 2 } }
    expect(await failureOf({ status: 409, json: problem }, getApp)).toEqual({
      kind: 'problem',
      problem,
    })
  })

  it.each([
    ['a page', { text: '<html>' }],
    ['a page with an error', { status: 502, text: 'Bad Gateway' }],
    ['JSON that is no problem document', { status: 404, json: { error: 'nope' } }],
    ['a problem of another make', { status: 404, json: { ...PROBLEM, errors: ['x'] } }],
    [
      'what only calls itself JSON',
      { text: '<html>', headers: { 'content-type': 'application/json' } },
    ],
    ['a redirect', { status: 302, headers: { location: '/login' } }],
  ])('is foreign for %s', async (_case, answered: Answered) => {
    const failure = await failureOf(answered, getApp)
    expect(failure).toMatchObject({ kind: 'foreign', status: answered.status ?? 200 })
  })

  it('is foreign where something was done that has no answer, and there is one', async () => {
    const call = () => api.call('deleteApp', { path: { app: 'shop' } })
    expect(await failureOf({ text: '<html>' }, call)).toMatchObject({ kind: 'foreign' })
  })

  it('names the members that a server of another version does not send', async () => {
    const { slug: _slug, revision: _revision, ...rest } = APP
    expect(await failureOf({ json: rest }, getApp)).toEqual({
      kind: 'form',
      operation: 'getApp',
      missing: ['slug', 'revision'],
    })
    const list = () => api.list('listApps')
    const failures = [
      [{ apps: [] }, ['items', 'next_cursor']],
      [[], ['items', 'next_cursor']],
      [{ items: {}, next_cursor: null }, ['items']],
      [{ items: [APP, rest], next_cursor: null }, ['slug', 'revision']],
    ] as const
    for (const [json, missing] of failures) {
      expect(await failureOf({ json }, list)).toMatchObject({ kind: 'form', missing })
    }
  })
})

describe('a list', () => {
  it('is read page by page to its end', async () => {
    answer = ({ url }) => {
      const cursor = new URL(url, 'http://x').searchParams.get('cursor')
      return {
        json: { items: [{ ...APP, slug: cursor ?? 'first' }], next_cursor: cursor ? null : 'c' },
      }
    }
    const { items, next_cursor } = await api.list('listApps')
    expect(items.map((app) => app.slug)).toEqual(['first', 'c'])
    expect(next_cursor).toBeNull()
    expect(seen.map(({ url }) => url)).toEqual([
      '/api/v1/admin/apps?limit=200',
      '/api/v1/admin/apps?limit=200&cursor=c',
    ])
  })

  it('ends at a bound, and shows that there is more', async () => {
    answer = () => ({ json: { items: [], next_cursor: 'again' } })
    expect((await api.list('listApps')).next_cursor).toBe('again')
    expect(seen).toHaveLength(100)
  })
})
