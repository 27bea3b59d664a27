import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type ExecutorServer, serveExecutor } from '@picloud/executor-core'
import type { ExecutionRequest, Executor } from '@picloud/shared'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const ADMIN_TOKEN = 'sixteen-letters-x'
const STOP_DEADLINE_MS = 4_000
/** Compiling the program anew for every start would take longer than all else it does. */
const COMPILE_CACHE = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }

let test: TestDatabase
let folder: string
let socketPath: string
let executorServer: ExecutorServer | undefined
let children: ChildProcess[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picloud-orchestrator-'))
  socketPath = join(folder, 'executor.sock')
  executorServer = undefined
  children = []
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await executorServer?.stop()
  await rm(folder, { recursive: true })
})

async function makeDatabase(): Promise<void> {
  test = await createTestDatabase()
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=@picloud/source', MAIN, ...args], {
    env: { ...COMPILE_CACHE, PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = start(args, env)
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr?.on('data', (chunk) => {
    err += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

function environment(): Record<string, string> {
  return {
    DATABASE_URL: test.connectionString,
    PICLOUD_EXECUTOR_SOCKET: socketPath,
    PICLOUD_PORT: '0',
    PICLOUD_ADMIN_TOKEN: ADMIN_TOKEN,
  }
}

async function startServing(): Promise<{ child: ChildProcess; url: string }> {
  const child = start([], environment())
  if (child.stderr === null) throw new Error('no output')
  for await (const line of createInterface({ input: child.stderr })) {
    const { url } = JSON.parse(line) as { url?: string }
    if (url !== undefined) return { child, url }
  }
  throw new Error('the orchestrator ended before it was running')
}

async function stop(child: ChildProcess): Promise<{ code: number | null; tookMs: number }> {
  const startedAt = performance.now()
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, tookMs: performance.now() - startedAt }
}

/** Serves an executor that answers with the source it was to run. */
async function serveEcho(before: () => Promise<void> = async () => {}): Promise<void> {
  const executor: Executor = {
    execute: async ({ source }: ExecutionRequest) => {
      await before()
      return {
        kind: 'answer',
        response: { status: 200, headers: {}, body: Buffer.from(`ran ${source}`) },
        operations: 1,
        durationMs: 1,
        logs: [],
        logsDropped: 0,
      }
    },
    stop: async () => {},
  }
  executorServer = await serveExecutor({ socketPath, executor })
}

/** A route on the seeded app, which claims localhost. */
async function makeRoute(): Promise<string> {
  const app = await test.database.apps.find('default')
  if (app === null) throw new Error('no default app')
  const { result } = await test.database.write(async (tx) => {
    const script = await tx.scripts.create({ appId: app.id, name: 'answer', source: '42' })
    const route = { method: 'GET', hostPattern: null, pathPattern: '/answer', enabled: true }
    await tx.routes.create({ appId: app.id, scriptId: script.id, ...route })
    return script.id
  })
  return result
}

describe('picloud-orchestrator: what it says and does not start with', () => {
  beforeAll(makeDatabase)
  afterAll(() => test.drop())

  it('explains itself', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('PICLOUD_EXECUTOR_SOCKET')
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  const REFUSED: readonly (readonly [string, Record<string, string>, number, RegExp])[] = [
    ['no database', { DATABASE_URL: '' }, 2, /DATABASE_URL is not set/],
    ['a database that is no URL', { DATABASE_URL: 'hunter2' }, 2, /DATABASE_URL is a wrong value/],
    ['no executor', { PICLOUD_EXECUTOR_SOCKET: '' }, 2, /PICLOUD_EXECUTOR_SOCKET is not set/],
    ['a relative socket', { PICLOUD_EXECUTOR_SOCKET: 'x.sock' }, 2, /must be an absolute path/],
    ['a port that is none', { PICLOUD_PORT: '8o' }, 2, /PICLOUD_PORT is "8o"; .* 0 to 65535/],
    [
      'a short admin token',
      { PICLOUD_ADMIN_TOKEN: 'hunter2' },
      2,
      /PICLOUD_ADMIN_TOKEN is a wrong/,
    ],
    [
      'an admin host with a port',
      { PICLOUD_ADMIN_HOST: 'a.b:1' },
      2,
      /PICLOUD_ADMIN_HOST is "a.b:1/,
    ],
    [
      'a proxy that is none',
      { PICLOUD_TRUSTED_PROXIES: '10.0.0.0/33' },
      2,
      /PROXIES is "10.0.0.0\/33"/,
    ],
    ['an unknown log level', { PICLOUD_LOG_LEVEL: 'loud' }, 2, /one of debug, info/],
    ['a limit below its minimum', { PICLOUD_LIMIT_URL_BYTES: '1' }, 2, /URL_BYTES is "1"/],
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' },
      1,
      /database cannot be reached/,
    ],
  ]
  it.each(REFUSED)('%s', async (_what, env, expected, message) => {
    const { code, out, err } = await run([], { ...environment(), ...env })
    expect({ code, lines: err.trimEnd().split('\n').length }).toEqual({ code: expected, lines: 1 })
    expect(err).toMatch(message)
    expect(err + out).not.toContain('hunter2')
  })

  it('an unknown argument', async () => {
    const { code, err } = await run(['serve'])
    expect(code).toBe(2)
    expect(err).toBe('picloud-orchestrator: unknown argument "serve"; see --help\n')
  })

  it('a port in use', async () => {
    const other = createServer().listen({ host: '127.0.0.1', port: 0 })
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, err } = await run([], { ...environment(), PICLOUD_PORT: String(port) })
    other.close()
    expect(code).toBe(1)
    expect(err).toMatch(
      /^picloud-orchestrator: Cannot listen on 127\.0\.0\.1 port \d+: .*listens there already.*\n$/,
    )
  })
})

describe('picloud-orchestrator: running', () => {
  beforeEach(makeDatabase)
  afterEach(() => test.drop())

  it('routes to the executor of its node, records, and stops cleanly', async () => {
    await serveEcho()
    const scriptId = await makeRoute()
    const { child, url } = await startServing()
    expect(await (await fetch(`${url}/answer`)).text()).toBe('ran 42')

    const execute = `${url}/api/v1/execute/${scriptId}`
    expect((await fetch(execute, { method: 'POST' })).status).toBe(401)
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
    expect((await fetch(execute, { method: 'POST', headers })).status).toBe(200)

    const { code, tookMs } = await stop(child)
    expect(code).toBe(0)
    expect(tookMs).toBeLessThan(STOP_DEADLINE_MS)
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
    const { items } = await test.database.executions.list({ limit: 10 })
    expect(items.map(({ trigger }) => trigger)).toEqual(['execute', 'http'])
  })

  it('answers for itself on admin hosts, and says whose the rest is', async () => {
    const { child, url } = await startServing()
    const paths = ['/healthz', '/readyz', '/version', '/metrics', '/api/v1/admin/apps', '/admin/']
    const statuses = await Promise.all(paths.map(async (path) => (await fetch(url + path)).status))
    expect(statuses).toEqual([200, 200, 200, 401, 421, 421])
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
    const metrics = await (await fetch(`${url}/metrics`, { headers })).text()
    expect(metrics).toContain('picloud_routing_loaded 1\n')
    expect(metrics).toContain('# TYPE picloud_records_lost_total counter\n')
    expect((await stop(child)).code).toBe(0)
  })

  it('answers 503 while its executor is not there, and takes up once it is', async () => {
    await makeRoute()
    const { child, url } = await startServing()
    expect((await fetch(`${url}/answer`)).status).toBe(503)
    await serveEcho()
    await expect
      .poll(async () => (await fetch(`${url}/answer`)).status, { timeout: 10_000 })
      .toBe(200)
    expect((await stop(child)).code).toBe(0)
  })

  it('lets a request under way end before it stops', async () => {
    const started = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    await serveEcho(async () => {
      started.resolve()
      await released.promise
    })
    await makeRoute()
    const { child, url } = await startServing()
    const answer = fetch(`${url}/answer`)
    await started.promise
    const stopped = stop(child)
    await expect.poll(() => fetch(`${url}/healthz`).catch(() => null)).toBeNull()
    released.resolve()
    expect(await (await answer).text()).toBe('ran 42')
    const { code, tookMs } = await stopped
    expect(code).toBe(0)
    expect(tookMs).toBeLessThan(STOP_DEADLINE_MS)
  })
})
