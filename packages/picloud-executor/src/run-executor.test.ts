/** The program as an operator meets it: a process, its output, its exit code, its socket. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectExecutor } from '@picloud/executor-core'
import {
  type AppId,
  DEFAULT_LIMITS,
  type ExecutionRequest,
  executionLimitsOf,
  newId,
  type ScriptId,
  type ScriptVersionId,
} from '@picloud/shared'
import { createTestDatabase } from '@picloud/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

let folder: string
let socketPath: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'picloud-executor-'))
  socketPath = join(folder, 'executor.sock')
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

interface Program {
  readonly child: ChildProcess
  readonly exitCode: Promise<number | null>
  output(): string
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, ['--conditions=@picloud/source', MAIN, ...args], {
    env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  })
  children.push(child)
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8')
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  const exitCode = once(child, 'close').then(([code]) => code as number | null)
  return { child, exitCode, output: () => output }
}

async function startListening(env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const variables = { PICLOUD_EXECUTOR_SOCKET: socketPath, PICLOUD_SANDBOXES: '1', ...env }
  const program = start([], variables)
  const giveUpAt = Date.now() + 20_000
  while (!program.output().includes('picloud-executor is running')) {
    if (Date.now() > giveUpAt) throw new Error(`it does not listen: ${program.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return program
}

function requestOf(source: string): ExecutionRequest {
  return {
    id: newId(),
    app: { id: newId<AppId>(), slug: 'shop', services: null, egress: null },
    script: {
      id: newId<ScriptId>(),
      name: 'greet',
      versionId: newId<ScriptVersionId>(),
      version: 1,
    },
    source,
    trigger: 'http',
    request: {
      method: 'GET',
      url: 'http://localhost/',
      host: 'localhost',
      path: '/',
      params: {},
      query: {},
      headers: {},
      cookies: {},
      body: new Uint8Array(0),
      ip: '127.0.0.1',
    },
    deadlineAt: Date.now() + 20_000,
    limits: executionLimitsOf(DEFAULT_LIMITS),
  }
}

describe('picloud-executor', () => {
  it('explains itself', async () => {
    const help = start(['--help'], {})
    expect(await help.exitCode).toBe(0)
    expect(help.output()).toContain('PICLOUD_EXECUTOR_SOCKET')
    const version = start(['--version'], {})
    expect(await version.exitCode).toBe(0)
    expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it.each([
    [[], {}, /^picloud-executor: PICLOUD_EXECUTOR_SOCKET is not set.*\n$/],
    [['--wrong'], {}, /^picloud-executor: unknown argument "--wrong".*\n$/],
    [
      [],
      { PICLOUD_EXECUTOR_SOCKET: '/x', PICLOUD_SANDBOXES: 'no' },
      /^picloud-executor: PICLOUD_SANDBOXES is "no".*\n$/,
    ],
  ])('says in one line what is wrong with %j %j', async (args, env, line) => {
    const program = start(args, env)
    expect(await program.exitCode).toBe(2)
    expect(program.output()).toMatch(line)
  })

  it('says when its socket cannot be made', async () => {
    const program = start([], { PICLOUD_EXECUTOR_SOCKET: join(folder, 'missing', 'x.sock') })
    expect(await program.exitCode).toBe(1)
    expect(program.output()).toMatch(/^picloud-executor: Cannot listen on .*ENOENT.*\n$/m)
  })

  it('runs scripts until SIGTERM, then leaves nothing behind', async () => {
    const program = await startListening()
    const remote = connectExecutor({ socketPath })
    const outcome = await remote.execute(requestOf('#{ hello: "node" }'))
    expect(outcome).toMatchObject({ kind: 'answer', response: { status: 200 } })

    const second = start([], { PICLOUD_EXECUTOR_SOCKET: socketPath })
    expect(await second.exitCode).toBe(1)
    expect(second.output()).toContain('Another executor already listens')

    const running = remote.execute({
      ...requestOf('loop {}'),
      limits: { ...executionLimitsOf(DEFAULT_LIMITS), operationsMax: 100_000_000_000 },
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    program.child.kill('SIGTERM')
    expect(await program.exitCode).toBe(0)
    expect(await running).toMatchObject({ failure: { code: 'PIC_EXEC_STOPPED' } })
    expect(existsSync(socketPath)).toBe(false)
    await remote.stop()
  })
})

describe('picloud-executor with a database', () => {
  it('runs scripts for scripts of their app, and records that', async () => {
    const { database, connectionString, drop } = await createTestDatabase()
    const app = await database.apps.find('default')
    if (app === null) throw new Error('it is there from the start')
    const source = 'request.body.name + " at " + ctx.trigger'
    await database.write((tx) => tx.scripts.create({ appId: app.id, name: 'greeter', source }))
    const program = await startListening({
      DATABASE_URL: connectionString,
      PICLOUD_SECRETS_KEY: Buffer.alloc(32).toString('base64'),
    })
    const remote = connectExecutor({ socketPath })
    const request = requestOf('script::call("greeter", #{ name: "Ada" })')
    const outcome = await remote.execute({ ...request, app: { ...request.app, id: app.id } })
    expect(outcome).toMatchObject({ kind: 'answer', response: { status: 200 } })
    if (outcome.kind !== 'answer') throw new Error('it is one')
    expect(Buffer.from(outcome.response.body).toString('utf8')).toBe('Ada at call')

    // The app of another request has no such script.
    const foreign = await remote.execute(request)
    expect(foreign).toMatchObject({ failure: { code: 'PIC_SCRIPT_ERROR' } })
    await remote.stop()
    program.child.kill('SIGTERM')
    expect(await program.exitCode).toBe(0)
    const { items } = await database.executions.list({ appId: app.id, limit: 10 })
    expect(items).toMatchObject([{ trigger: 'call', parentId: request.id, outcome: 'ok' }])
    await drop()
  })

  it('says what is missing without one', async () => {
    const program = await startListening()
    expect(program.output()).toContain('without DATABASE_URL')
    const remote = connectExecutor({ socketPath })
    const outcome = await remote.execute(requestOf('kv::get("a")'))
    expect(outcome).toMatchObject({ failure: { kind: 'ErrorModuleNotFound' } })
    await remote.stop()
  })
})
