import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { RawAnswer } from '../../test/raw-client.ts'
import { startTestIngress, testApp } from '../../test/test-ingress.ts'

const apps = [
  testApp('shop', ['shop.example.com'], ['* /echo', 'GET /users/:id']),
  testApp('blog', ['blog.example.com'], ['* /echo']),
]

describe('a request that cannot be taken', () => {
  it.each([
    ['what is not HTTP', 'hello\r\n\r\n', 400, 'PIC_INGRESS_REQUEST_MALFORMED'],
    [
      'a target without a slash',
      get('X: y').replace('/echo', 'echo'),
      400,
      'PIC_INGRESS_REQUEST_MALFORMED',
    ],
    [
      'bytes past ASCII in a target',
      get('X: y').replace('/echo', '/é'),
      400,
      'PIC_INGRESS_REQUEST_MALFORMED',
    ],
    [
      'two lengths',
      post('Content-Length: 1\r\nContent-Length: 2'),
      400,
      'PIC_INGRESS_REQUEST_MALFORMED',
    ],
    [
      'a length and chunks',
      post('Content-Length: 1\r\nTransfer-Encoding: chunked'),
      400,
      'PIC_INGRESS_REQUEST_MALFORMED',
    ],
    ['too many header bytes', get(`X: ${'a'.repeat(9_000)}`), 431, 'PIC_INGRESS_HEADERS_TOO_LARGE'],
    [
      'too long a URL',
      `GET /${'a'.repeat(600)} HTTP/1.1\r\nHost: shop.example.com\r\n\r\n`,
      414,
      'PIC_INGRESS_URL_TOO_LONG',
    ],
    [
      'an unknown expectation',
      post('Expect: more\r\nContent-Length: 0'),
      417,
      'PIC_INGRESS_EXPECTATION',
    ],
    [
      'a method nobody knows',
      get('X: y').replace('GET', 'BREW'),
      501,
      'PIC_INGRESS_METHOD_UNKNOWN',
    ],
    [
      'a tunnel',
      'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n',
      501,
      'PIC_INGRESS_METHOD_UNKNOWN',
    ],
    ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, 'PIC_INGRESS_VERSION'],
    ['another version', get('X: y').replace('HTTP/1.1', 'HTTP/3.0'), 505, 'PIC_INGRESS_VERSION'],
    ['a WebSocket', get('Connection: Upgrade\r\nUpgrade: WebSocket'), 501, 'PIC_INGRESS_UPGRADE'],
    [
      'encoded content',
      post('Content-Encoding: gzip\r\nContent-Length: 3', 'abc'),
      415,
      'PIC_INGRESS_CONTENT_ENCODING',
    ],
    [
      'a URL too long for the parser',
      `GET /${'a'.repeat(9_000)} HTTP/1.1\r\nHost: shop.example.com\r\n\r\n`,
      414,
      'PIC_INGRESS_URL_TOO_LONG',
    ],
    [
      'an unknown transfer coding',
      post('Transfer-Encoding: gzip, chunked', '0\r\n\r\n'),
      501,
      'PIC_INGRESS_TRANSFER_CODING',
    ],
  ])('is refused: %s', async (_, raw, status, code) => {
    await using server = await startTestIngress({
      apps,
      limits: { urlBytesMax: 512, headerBytesMax: 4_096 },
      execute: () => expect.unreachable(),
    })
    expect(problemOf(await server.ask(raw))).toMatchObject({ status, code })
  })

  it('is refused by its declared length before a byte of it is read, and read out by its client', async () => {
    await using server = await startTestIngress({ apps, limits: { bodyBytesMax: 1_000 } })
    const client = await server.connect()
    client.send(post('Content-Length: 3000000'))
    const early = problemOf(await client.answer())
    expect(early).toMatchObject({ status: 413, code: 'PIC_INGRESS_BODY_TOO_LARGE' })
    expect(early.detail).toContain('the limit bodyBytesMax is 1000. PICLOUD_LIMIT_BODY_BYTES')
    client.send(new Uint8Array(3_000_000))
    expect(await client.closed()).toBe('')
  })

  it('is refused by its declared length to a client that reads only after it has sent all', async () => {
    await using server = await startTestIngress({ apps, limits: { bodyBytesMax: 1_000 } })
    const client = await server.connect()
    client.send(post('Content-Length: 3000000'))
    client.send(new Uint8Array(3_000_000))
    const answer = await client.answer()
    expect([answer.status, answer.headers.connection]).toEqual([413, 'close'])
    expect(await client.closed()).toBe('')
  })

  it('finds no room where the bodies of others of its app take half of all', async () => {
    await using server = await startTestIngress({
      apps,
      limits: { contentBytesMax: 10 },
      execute: ({ request }) => ({ body: String(Buffer.from(request.body)) }),
    })
    const slow = await server.connect()
    slow.send(post('Content-Length: 4', 'abc'))
    await expect.poll(() => server.ingress.load.contentBytes).toBe(3)
    const refused = await server.ask(post('Content-Length: 3', 'def'))
    expect(problemOf(refused)).toMatchObject({
      status: 503,
      code: 'PIC_INGRESS_CONTENT_OVERLOADED',
      limit: { name: 'contentBytesMax', value: 10 },
    })
    expect(refused.headers['retry-after']).toBe('1')
    slow.send('d')
    expect(bodyOf(await slow.answer())).toEqual({ body: 'abcd' })
    expect(server.ingress.load.contentBytes).toBe(0)
    expect(bodyOf(await server.ask(post('Content-Length: 3', 'def')))).toEqual({ body: 'def' })
    expect(server.ingress.load.contentBytes).toBe(0)
  })

  it('is refused as soon as undeclared content passes the limit', async () => {
    await using server = await startTestIngress({ apps, limits: { bodyBytesMax: 1_000 } })
    const client = await server.connect()
    client.send(post('Transfer-Encoding: chunked', `3e8\r\n${'a'.repeat(1_000)}\r\n`))
    client.send('1\r\nb\r\n')
    expect((await client.answer()).status).toBe(413)
    client.send('0\r\n\r\n')
    expect(await client.closed()).toBe('')
    expect(server.ingress.load.underWay).toBe(0)
    expect(server.records).toEqual([])
  })

  it('is refused when a chunk of it is malformed, and its place is given back', async () => {
    await using server = await startTestIngress({ apps, execute: () => expect.unreachable() })
    const client = await server.connect()
    client.send(post('Transfer-Encoding: chunked', '3\r\nhel\r\nzz\r\n'))
    const problem = problemOf(await client.answer())
    expect(problem).toMatchObject({ status: 400, code: 'PIC_INGRESS_REQUEST_MALFORMED' })
    await until(() => server.ingress.load.underWay === 0)
  })

  it('gets its answer after those of the requests before it', async () => {
    const running = Promise.withResolvers<void>()
    await using server = await startTestIngress({
      apps,
      execute: async (_, signal) => {
        running.resolve()
        await new Promise((resolve) => setTimeout(resolve, 50))
        return { aborted: signal.aborted }
      },
    })
    const client = await server.connect()
    client.send(get('X: y') + get('X: z'))
    await running.promise
    client.send('hello\r\n\r\n')
    client.send('and more of it\r\n\r\n')
    expect(bodyOf(await client.answer())).toEqual({ aborted: false })
    expect(bodyOf(await client.answer())).toEqual({ aborted: false })
    const last = await client.answer()
    expect(problemOf(last)).toMatchObject({ status: 400, code: 'PIC_INGRESS_REQUEST_MALFORMED' })
    expect(last.headers.connection).toBe('close')
    expect(await client.closed()).toBe('')
  })

  it('gets its answer in its turn when its content breaks off', async () => {
    await using server = await startTestIngress({
      apps,
      execute: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        return {}
      },
    })
    const client = await server.connect()
    client.send(get('X: y') + post('Transfer-Encoding: chunked', 'zz\r\n'))
    expect(bodyOf(await client.answer())).toEqual({})
    expect(problemOf(await client.answer())).toMatchObject({ status: 400 })
    expect(await client.closed()).toBe('')
    await until(() => server.ingress.load.underWay === 0)
  })

  it('is not listened to for ever after it was refused', async () => {
    await using server = await startTestIngress({ apps, limits: { bodyBytesMax: 1_000 } })
    const client = await server.connect()
    client.send(post('Content-Length: 3000000', 'a'))
    expect((await client.answer()).status).toBe(413)
    const started = Date.now()
    await client.closed()
    expect(Date.now() - started).toBeLessThan(3_000)
  })

  it('is refused when its content does not arrive before the deadline', async () => {
    await using server = await startTestIngress({ apps, limits: { deadlineMs: 100 } })
    const client = await server.connect()
    client.send(post('Content-Length: 10', '12345'))
    const answer = await client.answer()
    expect(problemOf(answer)).toMatchObject({ status: 408, code: 'PIC_INGRESS_REQUEST_TIMEOUT' })
    await client.closed()
    expect(server.ingress.load.underWay).toBe(0)
  })

  it('does not cost the connection when its content is short', async () => {
    await using server = await startTestIngress({ apps, execute: () => ({ fine: true }) })
    const client = await server.connect()
    client.send(
      'POST /nowhere HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 5\r\n\r\n12345',
    )
    expect((await client.answer()).status).toBe(404)
    client.send(get('X: y'))
    expect((await client.answer()).status).toBe(200)
  })
})

describe('a request with content', () => {
  const execute: Parameters<typeof startTestIngress>[0] = {
    apps,
    execute: ({ request }) => ({ body: String(Buffer.from(request.body)) }),
  }

  it.each([
    ['of a declared length', post('Content-Length: 5', 'hello')],
    ['in chunks', post('Transfer-Encoding: chunked', '3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n')],
    ['announced by a GET', get('Content-Length: 5', 'hello')],
  ])('%s reaches the script whole', async (_, raw) => {
    await using server = await startTestIngress(execute)
    expect(bodyOf(await server.ask(raw))).toEqual({ body: 'hello' })
  })

  it('of exactly the limit is taken', async () => {
    await using server = await startTestIngress({ ...execute, limits: { bodyBytesMax: 5 } })
    expect(bodyOf(await server.ask(post('Content-Length: 5', 'hello')))).toEqual({ body: 'hello' })
  })

  it('is asked for when the client waits to be asked', async () => {
    await using server = await startTestIngress(execute)
    const client = await server.connect()
    client.send(post('Expect: 100-continue\r\nContent-Length: 5'))
    expect((await client.answer()).status).toBe(100)
    client.send('hello')
    expect(bodyOf(await client.answer())).toEqual({ body: 'hello' })
  })

  it.each([
    ['it is too large', 'shop.example.com', 'Content-Length: 3000000', 413],
    ['nobody answers it', 'nobody.example.org', 'Content-Length: 5', 404],
  ])('is not asked for when %s', async (_, host, header, status) => {
    await using server = await startTestIngress(execute)
    const client = await server.connect()
    client.send(post(`Expect: 100-continue\r\n${header}`).replace('shop.example.com', host))
    expect((await client.answer()).status).toBe(status)
    await client.closed()
  })
})

describe('what the script is told', () => {
  const seen: Parameters<typeof startTestIngress>[0] = {
    apps,
    execute: ({ request }) => ({ ...request, body: null }),
  }

  it('is all of the request, safely', async () => {
    await using server = await startTestIngress(seen)
    const raw =
      'GET /users/7?a=1&b=x%20y+z&a=2&flag&__proto__=p&bad=%zz&=e HTTP/1.1\r\n' +
      'Host: shop.example.com:8000\r\nX-One: 1\r\nx-one: 2\r\n__proto__: h\r\n' +
      'Cookie: sid=abc; theme="dark"; sid=later\r\nCookie: name=J%C3%BC; odd=%; __proto__=c\r\n' +
      'X-PiCloud-App: forged\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n'
    const text = String((await server.ask(raw)).body)
    expect(JSON.parse(text)).toMatchObject({
      method: 'GET',
      url: 'http://shop.example.com:8000/users/7?a=1&b=x%20y+z&a=2&flag&__proto__=p&bad=%zz&=e',
      host: 'shop.example.com',
      path: '/users/7',
      params: { id: '7' },
      ip: '127.0.0.1',
      query: { a: '2', b: 'x y z', flag: '', bad: '%zz', '': 'e' },
      cookies: { sid: 'abc', theme: 'dark', name: 'Jü', odd: '%' },
    })
    expect(JSON.parse(text).headers).toMatchObject({
      'x-one': '1, 2',
      cookie: 'sid=abc; theme="dark"; sid=later; name=J%C3%BC; odd=%; __proto__=c',
    })
    expect(text).toContain('"__proto__":"p"')
    expect(text).toContain('"__proto__":"h"')
    expect(text).toContain('"__proto__":"c"')
    expect(text.toLowerCase()).not.toContain('x-picloud')
  })

  it.each([
    ['picloud_session=pic_session_secret', undefined],
    ['sid=1; picloud_session=pic_session_secret; theme=dark', 'sid=1; theme=dark'],
    ['sid=1\r\nCookie: picloud_session=pic_session_secret', 'sid=1'],
  ])("is not the administrator's session: %j", async (cookie, left) => {
    await using server = await startTestIngress(seen)
    const text = String((await server.ask(get(`Cookie: ${cookie}`))).body)
    expect(text).not.toContain('pic_session_secret')
    expect(JSON.parse(text).headers.cookie).toBe(left)
  })

  it.each([
    ['http', {}, '', false],
    ['https, says the proxy', {}, 'X-Forwarded-Proto: https', false],
    [
      'https, says the trusted proxy',
      { trustedProxies: ['127.0.0.0/8'] },
      'X-Forwarded-Proto: https',
      true,
    ],
  ])('leaves the admin listener to ask whether it came by %s', async (_, ingress, header, is) => {
    let isSecure: boolean | undefined
    await using server = await startTestIngress({
      ingress: {
        ...ingress,
        adminListener: (request, response) => {
          isSecure = server.ingress.isSecure(request)
          response.end()
        },
      },
    })
    await server.ask(`GET /healthz HTTP/1.1\r\nHost: localhost\r\n${header}${header && '\r\n'}\r\n`)
    expect(isSecure).toBe(is)
  })

  it('comes from a trusted proxy where there is one', async () => {
    await using server = await startTestIngress({
      ...seen,
      ingress: { trustedProxies: ['127.0.0.0/8', '10.0.0.1'] },
    })
    const headers = 'X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.0.0.1\r\nX-Forwarded-Proto: https'
    expect(bodyOf(await server.ask(get(headers)))).toMatchObject({
      ip: '203.0.113.9',
      url: 'https://shop.example.com/echo',
    })
    expect(bodyOf(await server.ask(get('X-Forwarded-For: unknown')))).toMatchObject({
      ip: '127.0.0.1',
    })
  })

  it('carries one deadline and one id, made on arrival', async () => {
    const before = Date.now()
    await using server = await startTestIngress({
      apps,
      limits: { deadlineMs: 5_000 },
      execute: ({ id, deadlineAt, limits }) => ({ id, deadlineAt, limits }),
    })
    const answer = await server.ask(get('X-Request-Id: mine'))
    const told = JSON.parse(String(answer.body))
    expect(told.id).toBe(answer.headers['x-request-id'])
    expect(told.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(told.deadlineAt - before).toBeGreaterThanOrEqual(5_000)
    expect(told.deadlineAt - Date.now()).toBeLessThanOrEqual(5_000)
    expect(told.limits.callDepthMax).toBe(64)
  })
})

describe('room', () => {
  it('is bounded for one app and in all, and given back', async () => {
    const waiting = Promise.withResolvers<object>()
    await using server = await startTestIngress({
      apps,
      limits: { queueRequestsMax: 3, queueAppRequestsMax: 2 },
      execute: () => waiting.promise,
    })
    const clients = await Promise.all([1, 2, 3].map(() => server.connect()))
    const [first, second, third] = clients
    first?.send(get('X: 1'))
    second?.send(get('X: 2'))
    await until(() => server.ingress.load.underWay === 2)
    const perApp = await server.ask(get('X: 3'))
    expect(problemOf(perApp)).toMatchObject({
      status: 503,
      code: 'PIC_INGRESS_APP_OVERLOADED',
      limit: { name: 'queueAppRequestsMax', value: 2 },
      detail: expect.stringContaining('PICLOUD_LIMIT_QUEUE_APP_REQUESTS'),
    })
    expect(perApp.headers['retry-after']).toBe('1')
    third?.send(get('X: 4').replace('shop', 'blog'))
    await until(() => server.ingress.load.underWay === 3)
    const inAll = await server.ask(get('X: 5').replace('shop', 'blog'))
    expect(problemOf(inAll)).toMatchObject({
      status: 503,
      code: 'PIC_INGRESS_OVERLOADED',
      limit: { name: 'queueRequestsMax', value: 3 },
      detail: expect.stringContaining('PICLOUD_LIMIT_QUEUE_REQUESTS'),
    })
    expect(server.ingress.load).toMatchObject({ underWay: 3, refused: 2 })
    waiting.resolve({})
    for (const client of clients) expect((await client.answer()).status).toBe(200)
    expect(server.ingress.load.underWay).toBe(0)
    expect((await server.ask(get('X: 6'))).status).toBe(200)
  })

  it('is not taken by those that send their content slowly', async () => {
    await using server = await startTestIngress({
      apps,
      limits: { queueRequestsMax: 10, queueAppRequestsMax: 2 },
    })
    const slow = await Promise.all([1, 2].map(() => server.connect()))
    for (const client of slow) client.send(post('Content-Length: 10', '12345'))
    await until(() => server.ingress.load.underWay === 2)
    // They keep nobody out that sends nothing ...
    expect((await server.ask(get('X: 1'))).status).toBe(200)
    // ... and those that send are told to come again until the slow ones had their time.
    const refused = await server.ask(post('Content-Length: 2', '{}'))
    expect(problemOf(refused)).toMatchObject({ status: 503, code: 'PIC_INGRESS_APP_OVERLOADED' })
    await new Promise((resolve) => setTimeout(resolve, 1_050))
    expect((await server.ask(post('Content-Length: 2', '{}'))).status).toBe(200)
    const [first] = slow
    expect(first === undefined ? null : problemOf(await first.answer())).toMatchObject({
      status: 408,
      code: 'PIC_INGRESS_REQUEST_TIMEOUT',
    })
    expect(server.ingress.load.underWay).toBe(1)
  })

  it('may be gone when content that was let in is complete', async () => {
    const waiting = Promise.withResolvers<object>()
    await using server = await startTestIngress({
      apps,
      limits: { queueRequestsMax: 10, queueAppRequestsMax: 1 },
      execute: () => waiting.promise,
    })
    const sending = await server.connect()
    sending.send(post('Content-Length: 2', '{'))
    await until(() => server.ingress.load.underWay === 1)
    const running = await server.connect()
    running.send(get('X: 1'))
    await until(() => server.ingress.load.underWay === 2)
    sending.send('}')
    expect(problemOf(await sending.answer())).toMatchObject({ code: 'PIC_INGRESS_APP_OVERLOADED' })
    waiting.resolve({})
    expect((await running.answer()).status).toBe(200)
    expect(server.ingress.load).toEqual({ underWay: 0, refused: 1, contentBytes: 0 })
  })

  it('is given back when a client goes away in the middle of its content', async () => {
    await using server = await startTestIngress({ apps })
    const client = await server.connect()
    client.send(post('Content-Length: 10', '12345'))
    await until(() => server.ingress.load.underWay === 1)
    client.drop()
    await until(() => server.ingress.load.underWay === 0)
    expect(server.records).toEqual([])
  })

  it('is given back when a client goes away while its right is looked up', async () => {
    const lookedUp = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    await using server = await startTestIngress({
      apps,
      execute: () => expect.unreachable(),
      ingress: {
        authorizeExecute: async () => {
          asked.resolve()
          await lookedUp.promise
        },
      },
    })
    const client = await server.connect()
    const [app] = apps
    client.send(
      post('Content-Length: 10', '12345').replace('/echo', `/api/v1/execute/${app?.scriptId}`),
    )
    await asked.promise
    client.drop()
    await new Promise((resolve) => setTimeout(resolve, 50))
    lookedUp.resolve()
    await until(() => server.ingress.load.underWay === 0)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(server.ingress.load.underWay).toBe(0)
  })

  it('an execution is told when its client goes away', async () => {
    const started = Promise.withResolvers<AbortSignal>()
    await using server = await startTestIngress({
      apps,
      execute: async (_, signal) => {
        started.resolve(signal)
        await once(signal, 'abort')
        return {}
      },
    })
    const client = await server.connect()
    client.send(get('X: y'))
    const signal = await started.promise
    expect(signal.aborted).toBe(false)
    client.drop()
    await until(() => server.records.length === 1)
    expect(signal.aborted).toBe(true)
    expect(server.ingress.load.underWay).toBe(0)
  })
})

function get(header: string, content = ''): string {
  return `GET /echo HTTP/1.1\r\nHost: shop.example.com\r\n${header}\r\n\r\n${content}`
}

function post(header: string, content = ''): string {
  return get(header, content).replace('GET', 'POST')
}

function bodyOf(answer: RawAnswer): unknown {
  return JSON.parse(String(answer.body))
}

function problemOf(answer: RawAnswer): Record<string, unknown> {
  expect(answer.headers['content-type']).toBe('application/problem+json')
  return JSON.parse(String(answer.body))
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !condition(); ) {
    if (Date.now() > end) throw new Error('It did not happen in time.')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
