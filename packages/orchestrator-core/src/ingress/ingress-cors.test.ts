import { type CorsSettings, writtenCorsSchema } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import type { RawAnswer } from '../../test/raw-client.ts'
import {
  answerOutcome,
  failureOutcome,
  startTestIngress,
  testApp,
} from '../../test/test-ingress.ts'

const ROUTES = ['* /any', 'GET /get', 'OPTIONS /own']
const PAGE = 'https://app.example'

describe('an app that lets pages of other origins read nothing', () => {
  it('says nothing of origins, and asks the script about OPTIONS', async () => {
    const asked = await ask(null, preflight('/any', PAGE), { reached: true })
    expect(asked.status).toBe(200)
    for (const answer of [asked, await ask(null, get('/any', PAGE))]) {
      expect(Object.keys(answer.headers).join()).not.toContain('access-control')
      expect(answer.headers).not.toHaveProperty('vary')
    }
  })
})

describe('a preflight', () => {
  it.each(['/any', '/get', '/nowhere'])('to %s is answered for the app', async (path) => {
    const cors = { origins: [PAGE], methods: ['PUT', 'GET'], max_age_seconds: 5 } as const
    const { status, headers, body } = await ask(cors, preflight(path, PAGE, 'x-one, x-two'))
    expect([status, body.length]).toEqual([204, 0])
    expect(headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'PUT, GET',
      'access-control-allow-headers': 'x-one, x-two',
      'access-control-max-age': '5',
      vary: 'Origin',
    })
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  it('goes to the script whose route is for OPTIONS, whose word then counts', async () => {
    const answer = await ask(
      { origins: [PAGE] },
      preflight('/own', PAGE),
      answerOutcome({ headers: { 'access-control-allow-origin': 'https://own.example' } }),
    )
    expect(answer.headers['access-control-allow-origin']).toBe('https://own.example')
    expect(answer.headers).not.toHaveProperty('access-control-allow-methods')
  })

  it('of an origin that is not meant gets a no', async () => {
    const { status, headers } = await ask({ origins: [PAGE] }, preflight('/any', 'https://e.vil'))
    expect(status).toBe(204)
    expect(Object.keys(headers).join()).not.toContain('access-control')
    expect(headers.vary).toBe('Origin')
  })

  it('names the headers that are allowed, or those that are asked for', async () => {
    const named = { origins: [PAGE], headers: ['x-a', 'x-b'] }
    const allowed = async (cors: Cors, asked?: string) =>
      (await ask(cors, preflight('/any', PAGE, asked))).headers['access-control-allow-headers']
    expect(await allowed(named, 'x-other')).toBe('x-a, x-b')
    expect(await allowed({ origins: [PAGE] })).toBeUndefined()
    expect(await allowed({ origins: [PAGE] }, 'x-a; drop')).toBeUndefined()
  })

  it('is only one with its two headers', async () => {
    const plain = get('/get', PAGE).replace('GET', 'OPTIONS')
    const answer = await ask({ origins: [PAGE] }, plain)
    expect(answer.headers).toMatchObject({
      allow: 'GET, HEAD, OPTIONS',
      'access-control-allow-origin': PAGE,
    })
  })
})

describe('an answer to a page', () => {
  it('can be read by the origin that is meant, with cookies where that is allowed', async () => {
    const cors = {
      origins: ['https://*.a.example', PAGE],
      credentials: true,
      expose_headers: ['x-a'],
    }
    const { headers } = await ask(cors, get('/any', PAGE))
    expect(headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-a',
      vary: 'Origin',
    })
  })

  it.each([
    ['another origin', get('/any', 'https://e.vil')],
    ['no origin', get('/any')],
    ['two origins', get('/any', `${PAGE}, ${PAGE}`)],
    ['the origin of no page', get('/any', 'null')],
  ])('tells %s nothing, and caches that it depends on it', async (_, raw) => {
    const { status, headers } = await ask({ origins: [PAGE] }, raw)
    expect([status, headers.vary]).toEqual([200, 'Origin'])
    expect(Object.keys(headers).join()).not.toContain('access-control')
  })

  it('is the same for all where all are meant', async () => {
    for (const raw of [get('/any', PAGE), get('/any')]) {
      const { headers } = await ask({ origins: ['*'] }, raw)
      expect(headers['access-control-allow-origin']).toBe('*')
      expect(headers).not.toHaveProperty('vary')
    }
  })

  it('never says * beside credentials, whatever is stored', async () => {
    const stored = { ...writtenCorsSchema.parse({ origins: ['*'] }), credentials: true }
    await using server = await startTestIngress({
      apps: [{ ...testApp('a', ['a.example'], ROUTES), cors: stored }],
    })
    const { headers } = await server.ask(get('/any', PAGE))
    expect(Object.keys(headers).join()).not.toContain('access-control')
  })

  it('has what the script says of origins, and nothing else of it', async () => {
    const own = answerOutcome({ headers: { 'access-control-allow-origin': '*', vary: 'Cookie' } })
    const { headers, fields } = await ask(
      { origins: [PAGE], credentials: true },
      get('/any', PAGE),
      own,
    )
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
    expect(fields.filter(([name]) => name === 'vary').map(([, value]) => value)).toEqual([
      'Cookie',
      'Origin',
    ])
  })

  it.each([
    ['a failure', get('/any', PAGE), failureOutcome({ status: 503 }), 503],
    ['no route', get('/nowhere', PAGE), {}, 404],
    ['no method', get('/get', PAGE).replace('GET', 'PUT'), {}, 405],
    ['too much', get('/any', `${PAGE}\r\nContent-Length: 9000000`).replace('GET', 'POST'), {}, 413],
  ])('can be read when it is a problem: %s', async (_, raw, outcome, status) => {
    const answer = await ask({ origins: [PAGE] }, raw, outcome)
    expect(answer.status).toBe(status)
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE)
  })
})

type Cors = { readonly [name in keyof CorsSettings]?: unknown } | null

async function ask(cors: Cors, raw: string, outcome: unknown = {}): Promise<RawAnswer> {
  const app = testApp('a', ['a.example'], ROUTES)
  await using server = await startTestIngress({
    apps: [{ ...app, cors: cors === null ? null : writtenCorsSchema.parse(cors) }],
    execute: () => outcome,
  })
  return await server.ask(raw)
}

function get(path: string, origin?: string): string {
  const field = origin === undefined ? '' : `Origin: ${origin}\r\n`
  return `GET ${path} HTTP/1.1\r\nHost: a.example\r\n${field}\r\n`
}

function preflight(path: string, origin: string, headers?: string): string {
  const field = headers === undefined ? '' : `\r\nAccess-Control-Request-Headers: ${headers}`
  return get(path, `${origin}\r\nAccess-Control-Request-Method: PUT${field}`).replace(
    'GET',
    'OPTIONS',
  )
}
