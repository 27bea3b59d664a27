/** Scripts that send requests: the whole of `picloud start`, against servers on this machine. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PicloudUnderTest, startPicloudUnderTest, TOKEN } from './picloud-under-test.ts'

const cleanUp = new AsyncDisposableStack()
let picloud: PicloudUnderTest
let upstream: string

beforeAll(async () => {
  const limits = { deadlineMs: 10_000, httpAnswerBytesMax: 64 * 1024 }
  picloud = await startPicloudUnderTest({ limits })
  cleanUp.defer(() => picloud.stop())
  upstream = await startUpstream()
  await allow([new URL(upstream).host])
})
afterAll(() => cleanUp.disposeAsync())

const api: PicloudUnderTest['api'] = (...asked) => picloud.api(...asked)
const deploy: PicloudUnderTest['deploy'] = (source) => picloud.deploy(source)

/** Echoes what it gets; `/as?type=..&body=..` answers that. */
async function startUpstream(): Promise<string> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    if (pathname === '/slow') await sleep(200)
    if (pathname === '/as') {
      response.setHeader('content-type', searchParams.get('type') ?? '')
      response.end(searchParams.get('body'))
      return
    }
    const { method, url, headers } = request
    const type = headers['content-type']
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, url, type, body: Buffer.concat(pieces).toString() }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.defer(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function allow(allowed: readonly string[], deny: readonly string[] = []): Promise<void> {
  await api('PATCH', '/apps/default', { settings: { egress: { allow: allowed, deny } } })
}

/** What a script answers, in which `up` is where the server is. */
async function run(source: string): Promise<string> {
  const answer = await fetch(await deploy(`let up = "${upstream}"; ${source}`))
  return await answer.text()
}

async function caught(expression: string): Promise<string> {
  return await run(`let r = "nothing"; try { ${expression} } catch (e) { r = e.code; } r`)
}

describe('a script that sends a request', () => {
  it('gets status, headers, body and URL', async () => {
    const answer = JSON.parse(await run('http::get(up + "/a?b=1")'))
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { method: 'GET', url: '/a?b=1' },
      url: `${upstream}/a?b=1`,
    })
    expect(await run('type_of(http::get(up).body_raw)')).toBe('blob')
  })

  it.each([
    ['http::get(up)', 'GET', '', undefined],
    ['http::get(up, #{ query: #{ q: "a b" } })', 'GET', '', undefined],
    ['http::delete(up)', 'DELETE', '', undefined],
    ['http::delete(up, #{ json: [1] })', 'DELETE', '[1]', 'application/json'],
    ['http::post(up, "text")', 'POST', 'text', 'text/plain; charset=utf-8'],
    ['http::put(up, blob(2, 65))', 'PUT', 'AA', 'application/octet-stream'],
    ['http::patch(up, #{ a: 1.0, b: [()] })', 'PATCH', '{"a":1.0,"b":[null]}', 'application/json'],
    ['http::post(up, [9007199254740993], #{})', 'POST', '[9007199254740993]', 'application/json'],
    ['http::post(up, ())', 'POST', '', undefined],
    [
      'http::post(up, #{ a: 1 }, #{ headers: #{ "Content-Type": "application/x+json" } })',
      'POST',
      '{"a":1}',
      'application/x+json',
    ],
    [
      'http::post(up, (), #{ form: #{ a: "x y", b: [1, true], c: () } })',
      'POST',
      'a=x+y&b=1&b=true',
      'application/x-www-form-urlencoded',
    ],
    ['http::request(#{ url: up, method: "put", json: "x" })', 'PUT', '"x"', 'application/json'],
    ['http::request(#{ url: up })', 'GET', '', undefined],
  ])('%s', async (call, method, body, type) => {
    expect(JSON.parse(await run(`${call}.body`))).toMatchObject({
      method,
      body,
      ...(type === undefined ? {} : { type }),
    })
  })

  it('gets no body where there is none', async () => {
    expect(await run('http::head(up).body == ()')).toBe('true')
  })

  it.each([
    ['application/json', '[9007199254740993, -9223372036854775808, 1.5]', 'array'],
    ['application/problem+json; charset=utf-8', '{"a":1}', 'map'],
    ['text/html', '<p>', 'string'],
    ['image/png', 'x', 'blob'],
    ['', 'x', 'blob'],
    ['application/x-www-form-urlencoded', 'a=1', 'blob'],
  ])('reads an answer of type %j by it', async (type, body, kind) => {
    const query = new URLSearchParams({ type, body })
    expect(await run(`type_of(http::get(up + "/as?${query}").body)`)).toBe(kind)
  })

  it('loses no digit of an INT', async () => {
    const body = '{"a":9007199254740993,"b":[-9223372036854775808]}'
    const query = new URLSearchParams({ type: 'application/json', body })
    expect(await run(`http::get(up + "/as?${query}").body`)).toBe(body)
  })

  it.each([
    ['http::get("http://169.254.169.254/")', 'PIC_HTTP_REFUSED'],
    ['http::get("http://[::ffff:7f00:1]:1/")', 'PIC_HTTP_REFUSED'],
    ['http::get("http://localhost:8080/api/v1/admin/apps")', 'PIC_HTTP_REFUSED'],
    ['http::get("file:///etc/passwd")', 'PIC_HTTP_URL'],
    ['http::get(up, #{ headers: #{ Host: "x" } })', 'PIC_HTTP_HEADER'],
    ['http::get(up, #{ header: #{} })', 'PIC_OPTION_INVALID'],
    ['http::get(up, #{ json: 1 })', 'PIC_HTTP_BODY'],
    ['http::post(up, "a", #{ json: 1 })', 'PIC_HTTP_BODY'],
    ['http::post(up, 5)', 'PIC_HTTP_BODY'],
    ['http::post(up, (), #{ form: #{ a: #{} } })', 'PIC_HTTP_BODY'],
    ['http::get(up + "/slow", #{ timeout_ms: 20 })', 'PIC_HTTP_TIMEOUT'],
    ['http::get(up, #{ max_bytes: 3 })', 'PIC_HTTP_TOO_LONG'],
    ['http::get(up + "/as?type=application/json&body=x")', 'PIC_HTTP_ANSWER'],
  ])('catches what goes wrong: %s', async (call, code) => {
    expect(await caught(call)).toBe(code)
  })

  it('cannot reach what its app has no rule for, nor what one denies', async () => {
    await allow([])
    expect(await caught('http::get(up)')).toBe('PIC_HTTP_REFUSED')
    await allow(['127.0.0.1', 'localhost'], [new URL(upstream).host])
    expect(await caught('http::get(up)')).toBe('PIC_HTTP_REFUSED')
    await allow(['0.0.0.0/0', '127.0.0.0/8'])
    expect(await caught('http::get(up)')).toBe('PIC_HTTP_REFUSED')
    await allow([`127.0.0.1:${new URL(upstream).port}`])
    expect(await caught('http::get(up)')).toBe('nothing')
  })

  it('that calls itself comes to an end', async () => {
    await allow(['localhost', new URL(upstream).host])
    const url = await deploy(`
      let inner = ();
      try { inner = http::get(request.url); }
      catch (e) { return "end: " + e.code; }
      "." + inner.body`)
    const asked = await fetch(url)
    expect(await asked.text()).toBe('........end: PIC_HTTP_LOOP')
    const lying = await fetch(url, { headers: { 'x-picloud-hops': '-5' } })
    expect(await lying.text()).toBe('........end: PIC_HTTP_LOOP')
    const late = await fetch(url, { headers: { 'x-picloud-hops': '7' } })
    expect(await late.text()).toBe('.end: PIC_HTTP_LOOP')
  })

  it('waits beside hundreds of others', async () => {
    const url = await deploy(`http::get("${upstream}/slow").status`)
    const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(url)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('is counted', async () => {
    const answer = await fetch(`${picloud.base}/metrics`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    const text = await answer.text()
    expect(text).toMatch(/picloud_http_requests_total\{outcome="ok"\} \d+/)
    expect(text).toMatch(/picloud_http_requests_total\{outcome="PIC_HTTP_REFUSED"\} \d+/)
    expect(text).toContain('picloud_http_requests_under_way 0')
  })
})
