import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startExecutor } from '@picloud/executor-core'
import {
  DEFAULT_LIMITS,
  type Executor,
  executionLimitsOf,
  newId,
  type ScriptRequest,
  wholeAnswer,
} from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAppFolder } from '../src/app-folder/app-folder.ts'
import { runRequestOf } from '../src/commands/run-request.ts'

const EXAMPLES = new URL('../../../examples/', import.meta.url)

let executor: Executor
beforeAll(() => {
  const { sandboxMemoryBytesMax } = DEFAULT_LIMITS
  executor = startExecutor({ processes: 1, sandboxMemoryBytesMax })
})
afterAll(() => executor.stop())

interface Shown {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** Parsed where it is JSON; the message of a failure. */
  readonly body: unknown
  readonly logs: readonly string[]
}

/** Runs an example as the server would, with a request in the form of `picloud run --request`. */
async function call(name: string, request: object = {}): Promise<Shown> {
  const source = await readFile(new URL(`${name}.rhai`, EXAMPLES), 'utf8')
  const outcome = await execute(name, source, runRequestOf(JSON.stringify(request)))
  const logs = outcome.logs.map((line) => `${line.level} ${line.message}`)
  if (outcome.kind === 'failure') {
    const { status, message, code } = outcome.failure
    expect(code).toBe('PIC_SCRIPT_THROWN')
    return { status, headers: {}, body: message, logs }
  }
  const { status, headers, body } = outcome.response
  const text = Buffer.from(body).toString('utf8')
  const isJson = headers['content-type'] === 'application/json'
  return { status, headers, body: isJson ? JSON.parse(text) : text, logs }
}

async function execute(name: string, source: string, request: ScriptRequest) {
  const result = await executor.execute({
    id: newId(),
    app: { id: newId(), slug: 'default', services: null, egress: null },
    script: { id: newId(), name, versionId: newId(), version: 1 },
    source,
    trigger: 'test',
    request,
    deadlineAt: Date.now() + DEFAULT_LIMITS.deadlineMs,
    limits: executionLimitsOf(DEFAULT_LIMITS),
  })
  return await wholeAnswer(result)
}

describe('the examples', () => {
  it('are listed in the README, and every one says how to deploy and call it', async () => {
    const readme = await readFile(new URL('README.md', EXAMPLES), 'utf8')
    const files = (await readdir(EXAMPLES)).filter((file) => file.endsWith('.rhai'))
    expect(files.length).toBeGreaterThanOrEqual(8)
    for (const file of files) {
      expect(readme).toContain(`[${file}](${file})`)
      const source = await readFile(new URL(file, EXAMPLES), 'utf8')
      expect(source).toContain(`//   picloud deploy examples/${file} --route `)
      expect(source).toMatch(/^\/\/ {3}curl /m)
    }
    expect([...readme.matchAll(/\]\((.+?\.rhai)\)/g)]).toHaveLength(files.length)
  })

  it('hello greets the world or whoever is named', async () => {
    expect(await call('hello')).toMatchObject({
      status: 200,
      body: { hello: 'world' },
      logs: ['info greeting'],
    })
    expect((await call('hello', { query: { name: 'Ada' } })).body).toEqual({ hello: 'Ada' })
  })

  it('signed-link opens to the links it made, and to no others', async () => {
    const { body } = await call('signed-link')
    const { link } = body as { readonly link: string }
    const token = new URL(link).searchParams.get('token') ?? ''
    const opened = await call('signed-link', { query: { token } })
    expect(opened).toMatchObject({ status: 200, body: { guest: expect.any(String) } })
    const forged = await call('signed-link', { query: { token: `${token.slice(0, -2)}AA` } })
    expect(forged.status).toBe(403)
  })

  it('times-table streams its rows', async () => {
    const { headers, body } = await call('times-table', { query: { to: '3' } })
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(body).toBe('n,square,cube\n1,1,1\n2,4,8\n3,9,27\n')
    const { body: long } = await call('times-table', { query: { to: '5000' } })
    expect(String(long).split('\n')).toHaveLength(5_002)
    expect((await call('times-table', { query: { to: '0' } })).status).toBe(400)
  })

  describe('guestbook', () => {
    it.each([
      ['text', 415],
      [[1], 415],
      [{}, 422],
      [{ name: '  ' }, 422],
      [{ name: 7 }, 422],
    ])('refuses %j', async (body, status) => {
      expect((await call('guestbook', { body })).status).toBe(status)
    })

    it('shows how it is used', async () => {
      expect((await call('guestbook')).body).toMatchObject({ example: { name: 'Ada' } })
    })

    it('greets who signs, by JSON or by form', async () => {
      const body = { name: ' Ada ', message: 'Lovely place' }
      expect(await call('guestbook', { body })).toMatchObject({
        status: 200,
        body: { greeting: 'Hello, Ada!', name: 'Ada', message: 'Lovely place', words: 2 },
        logs: ['info signed'],
      })
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      expect((await call('guestbook', { body: 'name=Bob', headers })).body).toEqual({
        greeting: 'Hello, Bob!',
        name: 'Bob',
        message: '',
        words: 0,
      })
    })
  })

  it('webhook names the event, wherever it is named', async () => {
    const params = { source: 'git' }
    const named = await call('webhook', { params, body: { event: 'push', ref: 'main' } })
    expect(named).toMatchObject({
      status: 202,
      body: { source: 'git', event: 'push', fields: ['event', 'ref'] },
      logs: ['info git: push'],
    })
    const typed = await call('webhook', { params, body: { type: 'paid' } })
    expect(typed.body).toMatchObject({ event: 'paid' })
    const byHeader = await call('webhook', { params, headers: { 'X-Event': 'ping' }, body: 'hi' })
    expect(byHeader.body).toMatchObject({ event: 'ping', fields: [] })
    expect((await call('webhook')).body).toMatchObject({ event: 'unnamed', source: 'unknown' })
  })

  it('contact-form shows the form, complains and thanks, and escapes what was typed', async () => {
    const form = await call('contact-form')
    expect(form.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(form.body).toContain('<form method="post">')

    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const post = (fields: Record<string, string>) =>
      call('contact-form', { headers, body: new URLSearchParams(fields).toString() })
    const refused = await post({ email: '"><script>', text: '<b>&' })
    expect(refused.status).toBe(422)
    expect(refused.body).toContain('value="&quot;&gt;&lt;script&gt;"')
    expect(refused.body).toContain('&lt;b&gt;&amp;</textarea>')
    expect((await post({ email: 'a@b', text: '' })).body).toContain('The message is empty.')
    const thanks = await post({ email: '<i>@b', text: 'Hello' })
    expect(thanks).toMatchObject({ status: 200, logs: ['info message'] })
    expect(thanks.body).toContain('We will answer to &lt;i&gt;@b.')
  })

  it('request-page shows the request, escaped and without secrets', async () => {
    const shown = await call('request-page', {
      path: '/request/x',
      params: { rest: 'x' },
      query: { a: '<1>' },
      headers: { authorization: 'Bearer secret', cookie: 'c=secret', 'x-test': 'yes' },
    })
    expect(shown).toMatchObject({ status: 200, logs: [] })
    expect(shown.body).toContain('<th>a</th><td>&lt;1&gt;</td>')
    expect(shown.body).toContain('<th>rest</th><td>x</td>')
    expect(shown.body).toContain('<th>x-test</th><td>yes</td>')
    expect(shown.body).toContain('<th>authorization</th><td>(hidden)</td>')
    expect(shown.body).not.toMatch(/secret|\\n/)
  })

  it('order-totals adds up by customer, and says which order is wrong', async () => {
    const order = (customer: string, cents: unknown) => ({ customer, cents })
    const body = [order('bob', 300), order('ada', 1250), order('ada', 50)]
    expect((await call('order-totals', { body })).body).toEqual({
      orders: 3,
      cents: 1600,
      customers: [
        { customer: 'ada', orders: 2, cents: 1300 },
        { customer: 'bob', orders: 1, cents: 300 },
      ],
    })
    expect((await call('order-totals', { body: {} })).status).toBe(422)
    const wrong = await call('order-totals', { body: [order('ada', 1), order('bob', 1.5)] })
    expect(wrong).toMatchObject({ status: 422, body: expect.stringMatching(/^Order 2 needs/) })
  })

  it('short-link redirects, and knows what it does not know', async () => {
    expect(await call('short-link', { params: { name: 'rhai' } })).toMatchObject({
      status: 302,
      headers: { location: 'https://rhai.rs/book/', 'cache-control': 'no-store' },
      body: '',
    })
    expect((await call('short-link', { params: { name: 'nowhere' } })).status).toBe(404)
    expect((await call('short-link')).status).toBe(404)
  })

  it('primes counts them, and refuses what is no such number', async () => {
    expect((await call('primes', { params: { limit: '100000' } })).body).toEqual({
      limit: 100_000,
      count: 9_592,
      largest: 99_991,
    })
    expect((await call('primes')).body).toMatchObject({ count: 25, largest: 97 })
    for (const limit of ['1', '200001', 'many', '', '9'.repeat(30)]) {
      expect((await call('primes', { params: { limit } })).status, limit).toBe(400)
    }
  })

  it('shop is a folder whose routes lead to its scripts', async () => {
    const path = fileURLToPath(new URL('shop', EXAMPLES))
    const { app, manifest, files } = await readAppFolder(path)
    expect(app).toBe('shop')
    expect(files.length).toBeGreaterThan(1)
    const names = manifest.scripts.map(({ name }) => name)
    const used = manifest.routes.flatMap(({ script }) => (script === null ? [] : [script]))
    expect([...new Set(used)].toSorted()).toEqual(names)
    expect(await readFile(new URL('README.md', EXAMPLES), 'utf8')).toContain('[shop](shop)')

    expect((await call('shop/prices', { params: { item: 'pie' } })).body).toEqual({
      item: 'pie',
      cents: 350,
    })
    expect((await call('shop/prices')).body).toMatchObject({ tea: 180 })
    expect((await call('shop/prices', { params: { item: 'air' } })).status).toBe(404)
    const body = [
      { item: 'pie', cents: 350, count: 2 },
      { item: 'tea', cents: 180, count: 1 },
    ]
    expect((await call('shop/totals', { body })).body).toEqual({ items: 2, cents: 880 })
    expect((await call('shop/totals', { body: {} })).status).toBe(422)
  })
})
