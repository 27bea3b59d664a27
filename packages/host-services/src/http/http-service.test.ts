/** Requests to real servers, by the service alone. */
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { type AppId, newId } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { httpUnderTest, LOOPBACK } from '../../test/http-under-test.ts'
import {
  bodyOf,
  startTlsUpstream,
  startUpstream,
  TEST_CERTIFICATE,
  type Upstream,
} from '../../test/upstream.ts'

let upstream: Upstream
let other: Upstream
let secure: Upstream
const http = httpUnderTest({ ca: TEST_CERTIFICATE })

const CODED: Readonly<Record<string, readonly [string, Buffer]>> = {
  '/gzip': ['gzip', gzipSync('packed')],
  '/x-gzip': ['X-GZIP', gzipSync('packed')],
  '/br': ['br', brotliCompressSync('packed')],
  '/deflate': ['deflate', deflateSync('packed')],
  '/deflate-raw': ['deflate', deflateRawSync('packed')],
  '/identity': ['identity', Buffer.from('packed')],
}

beforeAll(async () => {
  other = await startUpstream((request, response) => {
    response.end(JSON.stringify(request.headers))
  })
  upstream = await startUpstream(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    const coded = CODED[pathname]
    if (coded !== undefined) {
      response.setHeader('content-encoding', coded[0])
      return response.end(coded[1])
    }
    switch (pathname) {
      case '/echo': {
        const body = await bodyOf(request)
        const { method, url, headers } = request
        return response.end(JSON.stringify({ method, url, headers, body }))
      }
      case '/to': {
        response.statusCode = Number(searchParams.get('status') ?? 302)
        response.setHeader('location', searchParams.get('location') ?? '/echo')
        return response.end('elsewhere')
      }
      case '/around':
        response.statusCode = 302
        response.setHeader('location', '/around')
        return response.end()
      case '/repeated':
        response.setHeader('set-cookie', ['a=1; Expires=Thu, 01 Jan 2099', 'b=2'])
        response.setHeader('x-many', ['1', '2'])
        return response.end()
      case '/teapot':
        response.statusCode = 418
        return response.end('short and stout')
      case '/nothing':
        response.statusCode = 204
        return response.end()
      case '/slow':
        await sleep(200)
        return response.end('late')
      default:
        return response.end('hello')
    }
  })
  secure = await startTlsUpstream((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'https://x')
    const location = searchParams.get('location')
    if (location !== null) response.writeHead(302, { location })
    response.end('secret')
  })
})

afterAll(async () => {
  http.service.close()
  await Promise.all([upstream.stop(), other.stop(), secure.stop()])
})

async function echo(options: Readonly<Record<string, unknown>>) {
  const { text } = await http.ask({ url: `${upstream.url}/echo`, ...options })
  return JSON.parse(text) as {
    method: string
    url: string
    headers: Record<string, string>
    body: string
  }
}

describe('a request', () => {
  it('is answered with status, headers, body and URL, whatever the status', async () => {
    const answer = await http.ask({ url: `${upstream.url}/teapot` })
    expect(answer).toMatchObject({ status: 418, text: 'short and stout' })
    expect(answer.url).toBe(`${upstream.url}/teapot`)
    expect(answer.headers['content-length']).toBe('15')
    expect(await http.ask({ url: `${upstream.url}/nothing` })).toMatchObject({ text: '' })
  })

  it('says who sends it, and keeps nothing', async () => {
    const { headers } = await echo({})
    expect(headers).toMatchObject({
      'user-agent': 'PiCloud',
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
      'x-picloud-hops': '1',
    })
    await http.ask({ url: `${upstream.url}/repeated` })
    expect((await echo({})).headers).not.toHaveProperty('cookie')
  })

  it.each(['PUT', 'POST', 'PATCH', 'DELETE', 'options', 'PROPFIND'])(
    'of the method %s may have a body',
    async (method) => {
      const seen = await echo({ method, body: 'grüße' })
      expect(seen).toMatchObject({ method: method.toUpperCase(), body: 'grüße' })
      expect(seen.headers['content-length']).toBe('7')
      expect(seen.headers['content-type']).toBe('text/plain; charset=utf-8')
    },
  )

  it('sends bytes as they are, with the type that is given', async () => {
    const body = new Uint8Array([0x61, 0x62])
    expect((await echo({ method: 'POST', body })).headers['content-type']).toBe(
      'application/octet-stream',
    )
    const headers = { 'Content-Type': 'image/x-none' }
    const seen = await echo({ method: 'POST', body, headers })
    expect(seen.headers['content-type']).toBe('image/x-none')
    expect(seen.body).toBe('ab')
  })

  it('of HEAD has no content, however long it would be', async () => {
    const answer = await http.ask({ method: 'HEAD', url: `${upstream.url}/gzip`, max_bytes: 5 })
    expect(answer).toMatchObject({ status: 200, text: '' })
  })

  it('adds to the query', async () => {
    const query = { q: 'a b&c', n: 5, many: ['x', 'y'], none: null, yes: true }
    expect((await echo({ query })).url).toBe('/echo?q=a+b%26c&n=5&many=x&many=y&yes=true')
    const url = `${upstream.url}/echo?a=1#part`
    expect((await echo({ url, query: { b: 2 } })).url).toBe('/echo?a=1&b=2')
  })

  it('gives repeated headers as one text, cookies as a list', async () => {
    const { headers } = await http.ask({ url: `${upstream.url}/repeated` })
    expect(headers['x-many']).toBe('1, 2')
    expect(headers['set-cookie']).toEqual(['a=1; Expires=Thu, 01 Jan 2099', 'b=2'])
  })

  it.each(Object.keys(CODED))('undoes the coding of %s', async (path) => {
    expect((await http.ask({ url: upstream.url + path })).text).toBe('packed')
  })

  it('reaches a server with TLS whose certificate is good, and no other', async () => {
    expect((await http.ask({ url: `${secure.url}/` })).text).toBe('secret')
    const trusting = httpUnderTest()
    expect(await trusting.codeOf({ url: `${secure.url}/` })).toBe('PIC_HTTP_TLS')
    const resolve = async () => ['127.0.0.1']
    const elsewhere = httpUnderTest({ ca: TEST_CERTIFICATE, resolve })
    const egress = { allow: ['127.0.0.1'], deny: [] }
    const at = (host: string) => ({ url: `https://${host}:${secure.port}/` })
    expect(await elsewhere.codeOf(at('upstream.test'), { egress })).toBe('ok')
    expect(await elsewhere.codeOf(at('other.test'), { egress })).toBe('PIC_HTTP_TLS')
    expect(await http.codeOf({ url: `https://127.0.0.1:${upstream.port}` })).toBe('PIC_HTTP_TLS')
    for (const each of [trusting, elsewhere]) each.service.close()
  })
})

describe('what is asked for wrongly', () => {
  it.each([
    ['PIC_OPTION_INVALID', { urll: 1 }],
    ['PIC_OPTION_INVALID', { timeout_ms: 0 }],
    ['PIC_OPTION_INVALID', { timeout_ms: 'soon' }],
    ['PIC_OPTION_INVALID', { max_bytes: -1 }],
    ['PIC_OPTION_INVALID', { redirects: 21 }],
    ['PIC_OPTION_INVALID', { redirects: 'many' }],
    ['PIC_OPTION_INVALID', { headers: 'a: b' }],
    ['PIC_OPTION_INVALID', { query: 'a=b' }],
    ['PIC_OPTION_INVALID', { query: { a: { b: 1 } } }],
    ['PIC_HTTP_METHOD', { method: 'CONNECT' }],
    ['PIC_HTTP_METHOD', { method: 'TRACE' }],
    ['PIC_HTTP_METHOD', { method: 'GET /x HTTP/1.1\r\nX: y' }],
    ['PIC_HTTP_METHOD', { method: '' }],
    ['PIC_HTTP_BODY', { method: 'GET', body: 'x' }],
    ['PIC_HTTP_BODY', { method: 'HEAD', body: 'x' }],
    ['PIC_HTTP_BODY', { method: 'POST', body: 5 }],
    ['PIC_HTTP_BODY', { method: 'POST', body: { a: 1 } }],
    ['PIC_HTTP_URL', { url: null }],
    ['PIC_HTTP_URL', { url: `http://127.0.0.1/${'x'.repeat(9000)}` }],
    ['PIC_HTTP_URL', { query: { a: 'x'.repeat(9000) } }],
  ])('is %s: %j', async (code, options) => {
    expect(await http.codeOf({ url: `${upstream.url}/echo`, ...options })).toBe(code)
  })

  it.each([
    'Host',
    'Connection',
    'content-length',
    'Transfer-Encoding',
    'TE',
    'Trailer',
    'Upgrade',
    'Expect',
    'Keep-Alive',
    'Proxy-Authorization',
    'Proxy-Connection',
    'HTTP2-Settings',
    'Via',
    'X-PiCloud-Hops',
    'x-picloud-anything',
    'a b',
    'a:b',
    'a\r\nb',
    '',
    'ä',
    'Host ',
  ])('is the header %j', async (name) => {
    const options = { url: `${upstream.url}/echo`, headers: { [name]: '1' } }
    expect(await http.codeOf(options)).toBe('PIC_HTTP_HEADER')
  })

  it.each([
    'a\r\nb: c',
    'a\nb',
    'a\rb',
    'a\u0000b',
    'a\u007f',
    'snow ☃',
    true,
    ['a', 'b\n'],
    'x'.repeat(20_000),
  ])('is the value %j of a header', async (value) => {
    const options = { url: `${upstream.url}/echo`, headers: { 'x-a': value } }
    expect(await http.codeOf(options)).toBe('PIC_HTTP_HEADER')
  })

  it('is none of what a header can be', async () => {
    const headers = { 'X-One': 'a', 'x-many': ['b', 'c'], 'x-int': 5, 'x-none': null, 'x-é': null }
    const { 'x-é': _wrong, ...right } = headers
    expect((await echo({ headers: right })).headers).toMatchObject({
      'x-one': 'a',
      'x-many': 'b, c',
      'x-int': '5',
    })
  })
})

describe('a redirect', () => {
  const to = (location: string, status = 302) =>
    `${upstream.url}/to?status=${status}&location=${encodeURIComponent(location)}`

  it('is followed, and the answer says where it ended', async () => {
    const answer = await http.ask({ url: to('/echo?x=1') })
    expect(answer.url).toBe(`${upstream.url}/echo?x=1`)
  })

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [302, 'PUT', 'PUT', 'x'],
    [307, 'POST', 'POST', 'x'],
    [308, 'POST', 'POST', 'x'],
  ])('of status %d makes of %s a %s with the body %j', async (status, method, after, body) => {
    const headers = { 'content-type': 'text/x' }
    const seen = JSON.parse(
      (await http.ask({ method, url: to('/echo', status), body: 'x', headers })).text,
    )
    expect(seen).toMatchObject({ method: after, body })
    expect(seen.headers['content-type']).toBe(body === '' ? undefined : 'text/x')
  })

  it('takes credentials no further than the origin they were for', async () => {
    const headers = { authorization: 'Bearer x', cookie: 'a=1', 'x-own': '1' }
    const near = JSON.parse((await http.ask({ url: to('/echo'), headers })).text).headers
    expect(near).toMatchObject(headers)
    const far = JSON.parse((await http.ask({ url: to(other.url), headers })).text)
    expect(far).toMatchObject({ 'x-own': '1' })
    expect(far).not.toHaveProperty('authorization')
    expect(far).not.toHaveProperty('cookie')
  })

  it('is not followed where the script says so', async () => {
    for (const redirects of [false, 0]) {
      const answer = await http.ask({ url: to('/echo'), redirects })
      expect(answer).toMatchObject({ status: 302, text: 'elsewhere' })
      expect(answer.headers.location).toBe('/echo')
    }
  })

  it('is followed so often and no more', async () => {
    expect(await http.codeOf({ url: `${upstream.url}/around` })).toBe('PIC_HTTP_REDIRECT')
    expect(await http.codeOf({ url: to('/echo'), redirects: 1 })).toBe('ok')
    expect(await http.codeOf({ url: to(to('/echo')), redirects: 1 })).toBe('PIC_HTTP_REDIRECT')
    expect(await http.codeOf({ url: to(to('/echo')), redirects: 2 })).toBe('ok')
  })

  it.each([
    ['ftp://127.0.0.1/', 'PIC_HTTP_URL'],
    ['file:///etc/passwd', 'PIC_HTTP_URL'],
    ['data:text/plain,x', 'PIC_HTTP_URL'],
    ['javascript:1', 'PIC_HTTP_URL'],
    ['http://user:pass@127.0.0.1/', 'PIC_HTTP_URL'],
    ['http://[', 'PIC_HTTP_URL'],
    ['\\\\127.0.0.1\\x', 'PIC_HTTP_URL'],
    ['http://169.254.169.254/latest/meta-data/', 'PIC_HTTP_REFUSED'],
    ['//169.254.169.254/', 'PIC_HTTP_REFUSED'],
    ['http://10.0.0.1/', 'PIC_HTTP_REFUSED'],
    ['http://[::ffff:a9fe:a9fe]/', 'PIC_HTTP_REFUSED'],
  ])('to %s ends with %s', async (location, code) => {
    expect(await http.codeOf({ url: to(location) })).toBe(code)
  })

  it('from https to http is not followed', async () => {
    const url = `${secure.url}/?location=${encodeURIComponent(upstream.url)}`
    expect(await http.codeOf({ url })).toBe('PIC_HTTP_REDIRECT')
    const safe = `${secure.url}/?location=${encodeURIComponent(`${secure.url}/`)}`
    expect(await http.codeOf({ url: safe })).toBe('ok')
  })
})

describe('connections', () => {
  it('are used again, by the same app only', async () => {
    const own = httpUnderTest()
    const before = other.connections
    const apps = [newId<AppId>(), newId<AppId>()]
    for (const app of [...apps, ...apps, ...apps]) {
      await own.ask({ url: other.url }, { app })
      await sleep(5)
    }
    expect(other.connections - before).toBe(2)
    expect(own.service.figures.connections).toEqual({ open: 2, idle: 2 })
    own.service.close()
    await expect.poll(() => own.service.figures.connections.open).toBe(0)
  })

  it('are kept to a number while idle', async () => {
    const own = httpUnderTest({ limits: { httpIdleConnectionsMax: 3 } })
    await Promise.all(Array.from({ length: 10 }, () => own.ask({ url: `${upstream.url}/slow` })))
    expect(own.service.figures.connections).toEqual({ open: 3, idle: 3 })
    own.service.close()
  })

  it('that the server closed in between are replaced without a word', async () => {
    const own = httpUnderTest()
    const closing = await startUpstream((_request, response) => response.end('hello'))
    await own.ask({ url: closing.url })
    const { port } = closing
    await closing.stop()
    expect(await own.codeOf({ url: `http://127.0.0.1:${port}` })).toBe('PIC_HTTP_CONNECTION')
    own.service.close()
  })

  it('are a thousand at once where a script asks a slow server', async () => {
    const own = httpUnderTest()
    const startedAt = performance.now()
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => own.ask({ url: `${upstream.url}/slow` })),
    )
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['late']))
    own.service.close()
  })
})

describe('limits', () => {
  it('hold for the requests of an app, and of all', async () => {
    const own = httpUnderTest({ limits: { httpAppRequestsMax: 2, httpRequestsMax: 3 } })
    const url = `${upstream.url}/slow`
    const mine = [own.codeOf({ url }), own.codeOf({ url }), own.codeOf({ url })]
    const others = [newId<AppId>(), newId<AppId>()].map((app) => own.codeOf({ url }, { app }))
    expect(await Promise.all(mine)).toEqual(['ok', 'ok', 'PIC_HTTP_BUSY'])
    expect(await Promise.all(others)).toEqual(['ok', 'PIC_HTTP_BUSY'])
    expect(own.service.figures).toMatchObject({ underWay: 0 })
    expect(await own.codeOf({ url })).toBe('ok')
    own.service.close()
  })

  it('count outcomes', async () => {
    const own = httpUnderTest()
    await own.codeOf({ url: upstream.url })
    await own.codeOf({ url: upstream.url })
    await own.codeOf({ url: 'http://10.0.0.1' })
    expect([...own.service.figures.outcomes]).toEqual([
      ['ok', 2],
      ['PIC_HTTP_REFUSED', 1],
    ])
    own.service.close()
  })

  it('end requests that scripts send each other without end', async () => {
    expect(await http.codeOf({ url: upstream.url }, { hops: 7 })).toBe('ok')
    expect(await http.codeOf({ url: upstream.url }, { hops: 8 })).toBe('PIC_HTTP_LOOP')
  })
})

it('takes no proxy from the environment', async () => {
  vi.stubEnv('HTTP_PROXY', other.url)
  vi.stubEnv('http_proxy', other.url)
  vi.stubEnv('NODE_USE_ENV_PROXY', '1')
  try {
    expect((await http.ask({ url: upstream.url }, { egress: LOOPBACK })).text).toBe('hello')
  } finally {
    vi.unstubAllEnvs()
  }
})
