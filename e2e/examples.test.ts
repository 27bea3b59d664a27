/**
 * The road from upload to answer: every script in `examples/` is deployed by the command in its
 * head, uploaded again through the API, and called over HTTP.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN_TOKEN,
  makeDataDir,
  type Program,
  picloud,
  ROOT,
  removeDataDir,
  startProgram,
} from './program.ts'

const HEADERS = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }

interface Call {
  readonly example: string
  readonly path: string
  readonly request?: RequestInit
  readonly status: number
  /** The whole body: a value for JSON, a text that must occur in anything else. */
  readonly body?: unknown
}

const CALLS: readonly Call[] = [
  { example: 'hello', path: '/hello?name=Ada', status: 200, body: { hello: 'Ada' } },
  {
    example: 'guestbook',
    path: '/guestbook',
    request: json({ name: 'Ada', message: 'Lovely place' }),
    status: 200,
    body: { greeting: 'Hello, Ada!', message: 'Lovely place', name: 'Ada', words: 2 },
  },
  { example: 'guestbook', path: '/guestbook', request: json({}), status: 422, body: 'sign with' },
  { example: 'guestbook', path: '/guestbook', status: 200, body: 'usage' },
  {
    example: 'webhook',
    path: '/hooks/git',
    request: json({ event: 'push', ref: 'main' }),
    status: 202,
    body: '"fields":["event","ref"]',
  },
  { example: 'contact-form', path: '/contact', status: 200, body: '<form method="post">' },
  {
    example: 'contact-form',
    path: '/contact',
    request: { method: 'POST', body: new URLSearchParams({ email: '<b>a@b.c', text: 'Hello' }) },
    status: 200,
    body: '&lt;b&gt;a@b.c',
  },
  { example: 'times-table', path: '/times-table?to=2', status: 200, body: '2,4,8' },
  { example: 'request-page', path: '/request/some/path?a=1', status: 200, body: 'some/path' },
  {
    example: 'order-totals',
    path: '/order-totals',
    request: json([
      { customer: 'ada', cents: 1250 },
      { customer: 'bob', cents: 300 },
      { customer: 'ada', cents: 50 },
    ]),
    status: 200,
    body: {
      cents: 1600,
      customers: [
        { cents: 1300, customer: 'ada', orders: 2 },
        { cents: 300, customer: 'bob', orders: 1 },
      ],
      orders: 3,
    },
  },
  { example: 'short-link', path: '/go/rhai', request: { redirect: 'manual' }, status: 302 },
  { example: 'short-link', path: '/go/nowhere', status: 404, body: 'no link of that name' },
  { example: 'poll', path: '/poll', request: json({ choice: 'tea' }), status: 200, body: '"tea":' },
  { example: 'poll', path: '/poll', request: json({ choice: 'gin' }), status: 422, body: 'coffee' },
  { example: 'signed-link', path: '/door', status: 200, body: '/door?token=ey' },
  { example: 'signed-link', path: '/door?token=a.b.c', status: 403, body: 'Web Token' },
  {
    example: 'primes',
    path: '/primes/100000',
    status: 200,
    body: { count: 9592, largest: 99991, limit: 100000 },
  },
  { example: 'primes', path: '/primes/many', status: 400, body: 'whole number' },
]

const examples = (await readdir(join(ROOT, 'examples')))
  .filter((file) => file.endsWith('.rhai'))
  .map((file) => basename(file, '.rhai'))

let dataDir: string
let program: Program

beforeAll(async () => {
  dataDir = await makeDataDir()
  program = await startProgram(dataDir, { PICLOUD_ADMIN_TOKEN: ADMIN_TOKEN })
})

afterAll(async () => {
  await program.stop()
  await removeDataDir(dataDir)
})

it('has a call for every example', () => {
  expect(new Set(CALLS.map((call) => call.example))).toEqual(new Set(examples))
})

describe('the command line', () => {
  it.each(examples)('deploys %s by the command in its head', async (name) => {
    const command = /^\/\/ {3}picloud (deploy .*)$/m.exec(await source(name))?.[1] ?? ''
    const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare)
    const outcome = await cli(args as string[])
    expect(outcome).toMatchObject({ code: 0 })
    expect(outcome.stdout).toContain(program.url)
  })

  it.each(CALLS)('$example answers $path with $status', async (call) => {
    await check(`${program.url}${call.path}`, call)
  })

  it('makes no new version of a source that is deployed already', async () => {
    const args = ['deploy', 'examples/hello.rhai', '--route', '/hello', '--json']
    await cli(args)
    const scripts = await cli(['scripts', 'list', '--json'])
    const list = JSON.parse(scripts.stdout) as { items: { name: string; version: number }[] }
    expect(list.items.find(({ name }) => name === 'hello')?.version).toBe(1)
  })

  it('shows what ran, with its log lines', async () => {
    await expect
      .poll(async () => (await cli(['logs', '--script', 'hello'])).stdout, { timeout: 5_000 })
      .toContain('greeting')
  })

  it('invokes a script without a route', async () => {
    const outcome = await cli(['invoke', 'guestbook', '--data', '{"name":"Grace"}'])
    expect(outcome).toMatchObject({ code: 0 })
    expect(outcome.stdout).toContain('Hello, Grace!')
  })

  it('shows a script error at its place', async () => {
    const outcome = await picloud(['run', 'e2e/broken.rhai'])
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toContain('let answer = ;')
    expect(outcome.stderr).toContain('^')
  })
})

describe('the API', () => {
  it.each(examples)('takes %s, and its route is live at once', async (name) => {
    const app = (await (await api('GET', 'apps/default')).json()) as { id: string }
    const body = { app_id: app.id, name: `api-${name}`, source: await source(name) }
    const created = await api('POST', 'scripts', body)
    expect(created.status).toBe(201)
    const script = (await created.json()) as { id: string; version: number }
    expect(script.version).toBe(1)
    const path = `/by-api/${name}`
    const route = { app_id: app.id, script_id: script.id, path_pattern: path }
    expect((await api('POST', 'routes', route)).status).toBe(201)
    const answer = await fetch(`${program.url}${path}`, { redirect: 'manual' })
    // Without its captures or its content a script may refuse, but it is the script that does.
    expect(answer.status).toBeLessThan(500)
    expect(await answer.text()).not.toContain('PIC_ROUTE')
  })

  it('runs a script by its id on any host, for those who may', async () => {
    const { items } = (await (await api('GET', 'scripts?app=default')).json()) as {
      items: { id: string; name: string }[]
    }
    const hello = items.find(({ name }) => name === 'hello')
    const url = `${program.url}/api/v1/execute/${hello?.id}`
    expect((await fetch(url, { method: 'POST' })).status).toBe(401)
    const answer = await fetch(url, { method: 'POST', headers: HEADERS, body: '{}' })
    expect(await answer.json()).toEqual({ hello: 'world' })
  })
})

async function check(url: string, call: Call): Promise<void> {
  const answer = await fetch(url, call.request)
  expect(answer.status).toBe(call.status)
  const text = await answer.text()
  if (typeof call.body === 'string') expect(text).toContain(call.body)
  else if (call.body !== undefined) expect(JSON.parse(text)).toEqual(call.body)
}

function json(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

function source(name: string): Promise<string> {
  return readFile(join(ROOT, 'examples', `${name}.rhai`), 'utf8')
}

/** As on the machine that runs the server: no token is given, the data directory has one. */
function cli(args: readonly string[]) {
  return picloud(args, { PICLOUD_SERVER: program.url, PICLOUD_DATA_DIR: dataDir })
}

function api(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${program.url}/api/v1/admin/${path}`, {
    method,
    headers: HEADERS,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}
