import { newId, type ScriptId } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import type { RawAnswer } from '../../test/raw-client.ts'
import { startTestIngress, testApp } from '../../test/test-ingress.ts'
import { UnauthenticatedError } from '../errors.ts'

const shop = testApp(
  'shop',
  ['shop.example.com', '{tenant}.example.com', 'localhost'],
  ['GET /hello', 'POST /hello', 'GET /users/:id', '* /any', 'GET /api/own', 'GET /healthz'],
)

describe('a request nobody answers', () => {
  it.each([
    ['no Host header', 'GET / HTTP/1.1\r\n\r\n'],
    ['no Host header in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
    ['two Host headers', 'GET / HTTP/1.1\r\nHost: a.example\r\nHost: a.example\r\n\r\n'],
    ['an empty host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['a host with a path', 'GET / HTTP/1.1\r\nHost: a.example/x\r\n\r\n'],
    ['a host with user information', 'GET / HTTP/1.1\r\nHost: me@a.example\r\n\r\n'],
    ['two hosts in one header', 'GET / HTTP/1.1\r\nHost: a.example, b.example\r\n\r\n'],
    ['an impossible port', 'GET / HTTP/1.1\r\nHost: a.example:99999\r\n\r\n'],
    ['an impossible address', 'GET / HTTP/1.1\r\nHost: 300.0.0.1\r\n\r\n'],
  ])('gets 400 for %s', async (_, raw) => {
    await using server = await startTestIngress({ apps: [shop] })
    const answer = await server.ask(raw)
    expect(problemOf(answer)).toMatchObject({ status: 400, code: 'PIC_INGRESS_HOST_INVALID' })
  })

  it.each([
    ['a fragment', '/hello#top'],
    ['user information', 'http://me:pw@shop.example.com/hello'],
    ['another scheme', 'ftp://shop.example.com/hello'],
    ['a dot segment', '/users/..'],
    ['an encoded dot segment', '/users/%2e%2E'],
    ['a malformed escape', '/users/%zz'],
    ['escapes that are not UTF-8', '/users/%ff'],
    ['an asterisk', '*'],
  ])('gets 400 for a target with %s', async (_, target) => {
    await using server = await startTestIngress({ apps: [shop] })
    const answer = await server.ask(`GET ${target} HTTP/1.1\r\nHost: shop.example.com\r\n\r\n`)
    expect(problemOf(answer)).toMatchObject({ status: 400, code: 'PIC_INGRESS_TARGET_INVALID' })
  })

  it('gets 404 that names the host and says how to claim it', async () => {
    await using server = await startTestIngress({ apps: [shop] })
    const answer = await server.ask('GET /hello HTTP/1.1\r\nHost: Blog.example.org:8000\r\n\r\n')
    expect(problemOf(answer)).toMatchObject({
      status: 404,
      code: 'PIC_ROUTE_HOST_UNKNOWN',
      host: 'blog.example.org',
      detail: expect.stringContaining('`picloud domains claim blog.example.org --app <app>`'),
      request_id: answer.headers['x-request-id'],
    })
  })

  it('gets 404 that names the app and the path', async () => {
    await using server = await startTestIngress({ apps: [shop] })
    const problem = problemOf(await server.ask(get('/nowhere?x=1')))
    expect(problem).toMatchObject({ status: 404, code: 'PIC_ROUTE_PATH_UNKNOWN' })
    expect(problem.detail).toBe('The app shop has no route for the path /nowhere.')
  })

  it('gets 405 with the methods that would be answered', async () => {
    await using server = await startTestIngress({ apps: [shop] })
    const answer = await server.ask('DELETE /hello HTTP/1.1\r\nHost: shop.example.com\r\n\r\n')
    expect(problemOf(answer)).toMatchObject({ status: 405, code: 'PIC_ROUTE_METHOD_NOT_ALLOWED' })
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS, POST')
  })

  it('gets 503 while the routes are not known yet', async () => {
    await using server = await startTestIngress()
    const answer = await server.ask(get('/hello'))
    expect(problemOf(answer)).toMatchObject({ status: 503, code: 'PIC_ROUTE_NOT_LOADED' })
    expect(answer.headers['retry-after']).toBe('1')
  })
})

describe('a request that a route answers', () => {
  it.each([
    ['the very host', 'Host: shop.example.com', 'GET /hello', {}],
    ['another spelling of the host', 'Host: SHOP.Example.com.:80', 'GET /hello', {}],
    ['a named label', 'Host: acme.example.com', 'GET /users/7', { tenant: 'acme', id: '7' }],
    ['an encoded slash', 'Host: localhost', 'GET /users/a%2Fb', { id: 'a/b' }],
    ['any method', 'Host: localhost', 'PROPFIND /any', {}],
    ['HEAD for GET', 'Host: localhost', 'HEAD /hello', {}],
  ])('is found by %s', async (_, header, line, params) => {
    const seen: unknown[] = []
    await using server = await startTestIngress({
      apps: [shop],
      execute: ({ request, app, script, trigger, source }) => {
        seen.push({ params: request.params, app, script, trigger, source })
        return {}
      },
    })
    const bare = line.startsWith('HEAD')
    const answer = await server.ask(`${line} HTTP/1.1\r\n${header}\r\n\r\n`, { bare })
    expect(answer.status).toBe(200)
    expect(seen).toEqual([
      {
        params,
        app: { id: shop.id, slug: 'shop', services: null, egress: null },
        script: { id: shop.scriptId, name: 'hello', versionId: expect.any(String), version: 3 },
        trigger: 'http',
        source: '40 + 2',
      },
    ])
  })

  it('goes by the host of an absolute target, not by the Host header', async () => {
    await using server = await startTestIngress({
      apps: [shop, testApp('blog', ['blog.example.com'], ['GET /hello'])],
      execute: ({ app, request }) => ({ app: app.slug, url: request.url, host: request.host }),
    })
    const raw =
      'GET HTTP://Blog.example.com:81/hello?a=1 HTTP/1.1\r\nHost: shop.example.com\r\n\r\n'
    expect(JSON.parse(String((await server.ask(raw)).body))).toEqual({
      app: 'blog',
      url: 'http://Blog.example.com:81/hello?a=1',
      host: 'blog.example.com',
    })
  })

  it('knows an international host in ASCII and as UTF-8 bytes', async () => {
    await using server = await startTestIngress({
      apps: [testApp('books', ['bücher.example'], ['GET /'])],
    })
    for (const host of ['xn--bcher-kva.example', 'bücher.example']) {
      expect((await server.ask(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).status).toBe(200)
    }
  })

  it('answers OPTIONS itself where no route does', async () => {
    await using server = await startTestIngress({ apps: [shop] })
    const own = await server.ask('OPTIONS /hello HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect([own.status, own.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS, POST'])
    const all = await server.ask('OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect([all.status, all.headers.allow]).toEqual([
      204,
      'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
    ])
    expect(server.records).toEqual([])
  })
})

describe("PiCloud's own paths", () => {
  const named = { adminHost: 'Admin.example.net' }
  it.each([
    ['on localhost though it is claimed', 'localhost:8000', '/healthz', {}, 'admin /healthz'],
    ['on an IPv4 address', '192.168.1.2', '/api/v1/x?a=b', {}, 'admin /api/v1/x?a=b'],
    ['on an IPv6 address', '[::1]:80', '/admin', {}, 'admin /admin'],
    ['on a host no app claims', 'box.lan', '/admin/', {}, 'admin /admin/'],
    ['on the named admin host', 'admin.example.net', '/version', named, 'admin /version'],
  ])('are ours %s', async (_, host, path, ingress, said) => {
    await using server = await startTestIngress({ apps: [shop], ingress })
    const answer = await server.ask(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    expect(String(answer.body)).toBe(said)
  })

  it.each([
    ['on a host an app claims', 'shop.example.com', '/healthz', {}, 200],
    ['below /api on a host an app claims', 'shop.example.com', '/api/own', {}, 200],
    ['that no route has, on a claimed host', 'shop.example.com', '/metrics', {}, 404],
    ['on localhost when another admin host is named', 'localhost', '/healthz', named, 200],
    ['on an address when an admin host is named', '127.0.0.1', '/healthz', named, 404],
    ['that only begin alike', 'localhost', '/apiary', {}, 404],
  ])("are the app's %s", async (_, host, path, ingress, status) => {
    await using server = await startTestIngress({
      apps: [shop],
      ingress: { adminListener: () => expect.unreachable(), ...ingress },
    })
    const answer = await server.ask(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    expect(answer.status).toBe(status)
  })

  it('refuses an admin host that is no host', async () => {
    await expect(startTestIngress({ ingress: { adminHost: 'http://x' } })).rejects.toThrow(
      'The admin host http://x is not a host name.',
    )
  })
})

describe('running a script by its id', () => {
  const path = `/api/v1/execute/${shop.scriptId}`
  const post = (target: string, host = 'shop.example.com') =>
    `POST ${target} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer pic_secret\r\n` +
    'Content-Length: 2\r\n\r\n{}'

  it('is refused without a right to, before the script is looked for', async () => {
    const asked: string[] = []
    await using server = await startTestIngress({
      apps: [shop],
      ingress: {
        authorizeExecute: async (request, address) => {
          asked.push(`${request.headers.authorization} from ${address}`)
          throw new UnauthenticatedError()
        },
      },
    })
    for (const target of [path, '/api/v1/execute/none']) {
      const answer = await server.ask(post(target))
      expect(problemOf(answer)).toMatchObject({ status: 401, code: 'PIC_INGRESS_UNAUTHENTICATED' })
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
    expect(asked).toEqual(Array(2).fill('Bearer pic_secret from 127.0.0.1'))
  })

  it.each([
    ['an id of no script', `/api/v1/execute/${newId<ScriptId>()}`],
    ['a text that is no id', '/api/v1/execute/hello'],
    ['more segments', `${path}/more`],
  ])('gets 404 for %s', async (_, target) => {
    await using server = await startTestIngress({ apps: [shop] })
    const problem = problemOf(await server.ask(post(target)))
    expect(problem).toMatchObject({ status: 404, code: 'PIC_ROUTE_SCRIPT_UNKNOWN' })
  })

  it('answers no other method', async () => {
    await using server = await startTestIngress({ apps: [shop] })
    const answer = await server.ask(get(path))
    expect([answer.status, answer.headers.allow]).toEqual([405, 'OPTIONS, POST'])
    const options = await server.ask(get(path).replace('GET', 'OPTIONS'))
    expect([options.status, options.headers.allow]).toEqual([204, 'OPTIONS, POST'])
  })

  it.each(['shop.example.com', 'nobody.example.org', '127.0.0.1'])(
    'works on %s and hides the proof from the script',
    async (host) => {
      await using server = await startTestIngress({
        apps: [shop],
        execute: ({ request, trigger }) => ({
          trigger,
          body: String(Buffer.from(request.body)),
          authorization: request.headers.authorization ?? null,
          length: request.headers['content-length'],
        }),
      })
      const answer = await server.ask(post(path, host))
      expect(JSON.parse(String(answer.body))).toEqual({
        trigger: 'execute',
        body: '{}',
        authorization: null,
        length: '2',
      })
      expect(server.records).toMatchObject([{ trigger: 'execute', routeId: null }])
    },
  )
})

function get(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: shop.example.com\r\n\r\n`
}

function problemOf(answer: RawAnswer): Record<string, unknown> {
  expect(answer.headers['content-type']).toBe('application/problem+json')
  const problem: Record<string, unknown> = JSON.parse(String(answer.body))
  expect(problem.status).toBe(answer.status)
  expect(problem.request_id).toBe(answer.headers['x-request-id'])
  return problem
}
