/**
 * The three programs of a cluster as an operator starts them, on one database: a manager, and a node
 * with its orchestrator and its executor.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEmptyTestDatabase } from '@picloud/storage/testing'
import { expect, vi } from 'vitest'

const TOKEN = 'token-of-the-operator'

export type ProgramName = 'manager' | 'orchestrator' | 'executor'

export interface ProgramUnderTest {
  readonly child: ChildProcess
  /** What it has printed so far. */
  output(): string
}

export interface ClusterUnderTest {
  readonly programs: Readonly<Record<ProgramName, ProgramUnderTest>>
  readonly connectionString: string
  /** Where scripts of the app `default` answer. */
  readonly base: string
  /** Asks the manager below `/api/v1/admin` for what must succeed. */
  api(method: string, path: string, json?: object): Promise<Readonly<Record<string, unknown>>>
  /** Makes a script of the app `default` with a route to it. @returns its id */
  deploy(name: string, source: string): Promise<string>
  stop(): Promise<void>
}

/** One program, with these variables and no others. */
export function startProgram(
  name: ProgramName,
  env: Readonly<Record<string, string>>,
): ProgramUnderTest {
  const main = fileURLToPath(new URL(`../packages/picloud-${name}/src/main.ts`, import.meta.url))
  const { NODE_COMPILE_CACHE, PATH } = process.env
  const child = spawn(process.execPath, ['--conditions=@picloud/source', main], {
    env: { NODE_COMPILE_CACHE, PATH, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  }
  return { child, output: () => output }
}

/** @param env for one or the other program, besides what a cluster cannot do without */
export async function startClusterUnderTest(
  env: Readonly<Partial<Record<ProgramName, Readonly<Record<string, string>>>>>,
): Promise<ClusterUnderTest> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'picloud-cluster-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const { connectionString, drop } = await createEmptyTestDatabase()
  stack.defer(drop)
  const shared = {
    DATABASE_URL: connectionString,
    PICLOUD_ADMIN_TOKEN: TOKEN,
    PICLOUD_PORT: '0',
    PICLOUD_SANDBOXES: '1',
    PICLOUD_EXECUTOR_SOCKET: join(folder, 'executor.sock'),
  }
  const begin = async (name: ProgramName) => {
    const program = startProgram(name, { ...shared, ...env[name] })
    stack.defer(() => stopProgram(program.child))
    await vi.waitFor(() => expect(program.output()).toContain(`picloud-${name} is running`), 30_000)
    return program
  }
  const manager = await begin('manager')
  const executor = await begin('executor')
  const orchestrator = await begin('orchestrator')

  const address = `${urlIn(manager.output())}/api/v1/admin`
  const api: ClusterUnderTest['api'] = async (method, path, json) => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    const text = await answer.text()
    expect(answer.status, text).toBeLessThan(300)
    return text === '' ? {} : JSON.parse(text)
  }
  const base = `http://localhost:${new URL(urlIn(orchestrator.output())).port}`
  const started = stack.move()
  return {
    programs: { manager, executor, orchestrator },
    connectionString,
    base,
    api,
    deploy: async (name, source) => {
      const { id: app_id } = await api('GET', '/apps/default')
      const { id: script_id } = await api('POST', '/scripts', { app_id, name, source })
      await api('POST', '/routes', { app_id, script_id, path_pattern: `/${name}` })
      // The node hears of it a moment after the manager has answered.
      const isThere = async () => (await fetch(`${base}/${name}`, { method: 'HEAD' })).status
      await expect.poll(isThere).not.toBe(404)
      return String(script_id)
    },
    stop: () => started.disposeAsync(),
  }
}

async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

function urlIn(output: string): string {
  const url = /"url":"([^"]+)"/.exec(output)?.[1]
  if (url === undefined) throw new Error(`it does not say where it listens: ${output}`)
  return url
}
