import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createEmptyTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const STOP_DEADLINE_MS = 4_000
/** Compiling the program anew for every start would take longer than all else it does. */
const COMPILE_CACHE = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }

let test: TestDatabase
let children: ChildProcess[]

beforeEach(() => {
  children = []
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

async function makeDatabase(): Promise<void> {
  test = await createEmptyTestDatabase()
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=@picloud/source', MAIN, ...args], {
    env: { ...COMPILE_CACHE, PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = start(args, env)
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr?.on('data', (chunk) => {
    err += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

interface Running {
  readonly child: ChildProcess
  readonly url: string
  /** Lines of stdout so far. */
  readonly out: readonly string[]
}

async function startServing(env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const child = start([], { DATABASE_URL: test.connectionString, PICLOUD_PORT: '0', ...env })
  const out: string[] = []
  if (child.stderr === null || child.stdout === null) throw new Error('no output')
  createInterface({ input: child.stdout }).on('line', (line) => out.push(line))
  for await (const line of createInterface({ input: child.stderr })) {
    const entry = JSON.parse(line) as { msg: string; url?: string }
    if (entry.url !== undefined) return { child, url: entry.url, out }
  }
  throw new Error('the manager ended before it was running')
}

async function stop(child: ChildProcess): Promise<{ code: number | null; tookMs: number }> {
  const startedAt = performance.now()
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, tookMs: performance.now() - startedAt }
}

describe('picloud-manager: what it says and does not start with', () => {
  beforeAll(makeDatabase)
  afterAll(() => test.drop())

  it('explains itself', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('DATABASE_URL')
    expect(out).toContain('PICLOUD_ADMIN_TOKEN')
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  const REFUSED: readonly (readonly [string, Record<string, string>, number, RegExp])[] = [
    ['no database', { DATABASE_URL: '' }, 2, /DATABASE_URL is not set/],
    ['a database that is no URL', { DATABASE_URL: 'hunter2' }, 2, /DATABASE_URL is a wrong value/],
    [
      'another database',
      { DATABASE_URL: 'mysql://a:hunter2@b/c' },
      2,
      /DATABASE_URL is a wrong value/,
    ],
    ['a port that is none', { PICLOUD_PORT: '8o' }, 2, /PICLOUD_PORT is "8o"; .* 0 to 65535/],
    ['a port that is too high', { PICLOUD_PORT: '65536' }, 2, /PICLOUD_PORT is "65536"/],
    [
      'a short admin token',
      { PICLOUD_ADMIN_TOKEN: 'hunter2' },
      2,
      /PICLOUD_ADMIN_TOKEN is a wrong/,
    ],
    ['an unknown log level', { PICLOUD_LOG_LEVEL: 'loud' }, 2, /one of debug, info/],
    ['a limit below its minimum', { PICLOUD_LIMIT_SOURCE_BYTES: '1' }, 2, /SOURCE_BYTES is "1"/],
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' },
      1,
      /database cannot be reached/,
    ],
  ]
  it.each(REFUSED)('%s', async (_what, env, expected, message) => {
    const { code, out, err } = await run([], { DATABASE_URL: test.connectionString, ...env })
    expect({ code, lines: err.trimEnd().split('\n').length }).toEqual({ code: expected, lines: 1 })
    expect(err).toMatch(message)
    expect(err + out).not.toContain('hunter2')
  })

  it('an unknown argument', async () => {
    const { code, err } = await run(['serve'])
    expect(code).toBe(2)
    expect(err).toBe('picloud-manager: unknown argument "serve"; see --help\n')
  })

  it('a port in use', async () => {
    const other = createServer().listen({ host: '127.0.0.1', port: 0 })
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const env = { DATABASE_URL: test.connectionString, PICLOUD_PORT: String(port) }
    const { code, err } = await run([], env)
    other.close()
    expect(code).toBe(1)
    expect(err).toMatch(
      /^picloud-manager: Cannot listen on 127\.0\.0\.1 port \d+: .*listens there already.*\n$/,
    )
  })
})

describe('picloud-manager: running', () => {
  beforeEach(makeDatabase)
  afterEach(() => test.drop())

  it('migrates an empty database, prints a set-up link that works, and stops cleanly', async () => {
    const { child, url, out } = await startServing()
    await expect
      .poll(() => out.join('\n'))
      .toMatch(/works once\): http\S+\/admin\/setup#token=pic_setup_/)
    const setup_token = /token=(\S+)/.exec(out.join('\n'))?.[1]
    const response = await fetch(`${url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ setup_token, password: 'a long password', with_token: true }),
    })
    expect(response.status).toBe(201)
    const { token } = (await response.json()) as { token: string }
    const headers = { authorization: `Bearer ${token}` }
    const scripts = await fetch(`${url}/api/v1/admin/scripts?app=default`, { headers })
    expect(await scripts.json()).toMatchObject({ items: [{ version: 1 }] })
    expect((await fetch(`${url}/readyz`)).status).toBe(200)

    const { code, tookMs } = await stop(child)
    expect(code).toBe(0)
    expect(tookMs).toBeLessThan(STOP_DEADLINE_MS)
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  })

  it('lets the admin token of its configuration in, prints no link then, and bounds headers', async () => {
    const { child, url, out } = await startServing({ PICLOUD_ADMIN_TOKEN: 'sixteen-letters-x' })
    const headers = { authorization: 'Bearer sixteen-letters-x' }
    expect((await fetch(`${url}/api/v1/admin/apps`, { headers })).status).toBe(200)
    const large = await fetch(`${url}/version`, { headers: { x: 'a'.repeat(100_000) } })
    expect(large.status).toBe(431)
    expect(await large.json()).toMatchObject({ code: 'PIC_REQUEST_REFUSED', status: 431 })
    expect((await stop(child)).code).toBe(0)
    expect(out).toEqual([])
  })

  it('lets two start at once on one empty database', async () => {
    const both = await Promise.all([startServing(), startServing()])
    for (const { url } of both) expect((await fetch(`${url}/readyz`)).status).toBe(200)
    for (const { child } of both) expect((await stop(child)).code).toBe(0)
  })

  it('does not wait for those who follow the log', async () => {
    const { child, url } = await startServing({ PICLOUD_ADMIN_TOKEN: 'sixteen-letters-x' })
    const headers = { authorization: 'Bearer sixteen-letters-x' }
    const held = await fetch(`${url}/api/v1/admin/executions/stream`, { headers })
    await once(AbortSignal.timeout(300), 'abort')
    const { code, tookMs } = await stop(child)
    expect(code).toBe(0)
    expect(tookMs).toBeLessThan(STOP_DEADLINE_MS)
    expect(await held.text()).toContain('event: end\ndata: {"reason":"stopping"}')
  })
})
