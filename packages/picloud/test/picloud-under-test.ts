/**
 * The whole of `picloud start` in this process, on a database of its own, with its API and its
 * ingress over real HTTP.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DEFAULT_LIMITS,
  defaultCeilings,
  type HostService,
  type Limits,
  type Logger,
  SILENT_LOGGER,
} from '@picloud/shared'
import { createTestDatabase } from '@picloud/storage/testing'
import { expect } from 'vitest'
import { start } from '../src/start/start.ts'

export const TOKEN = 'token-of-the-operator'

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Body = any

export interface PicloudUnderTest {
  /** Without a slash at its end; the app `default` answers there. */
  readonly base: string
  /** Asks below `/api/v1/admin`, whatever the answer. */
  ask(method: string, path: string, json?: object): Promise<{ status: number; body: Body }>
  /** The same for what must succeed. */
  api(method: string, path: string, json?: object): Promise<Body>
  /** Makes a script of the app `default` with a route to it. @returns where it answers */
  deploy(source: string, name?: string): Promise<string>
  /** All that its database holds, as text. */
  textsOfDatabase(): Promise<string>
  stop(): Promise<void>
}

export interface PicloudUnderTestOptions {
  readonly limits?: Partial<Limits>
  /** Besides the usual ones of its limits. */
  readonly ceilings?: Partial<ReturnType<typeof defaultCeilings>>
  readonly services?: readonly HostService[]
  readonly sandboxes?: number
  /** Gets everything, also what is for debugging; left out: nothing is logged. */
  readonly logger?: Logger
}

export async function startPicloudUnderTest(
  options: PicloudUnderTestOptions = {},
): Promise<PicloudUnderTest> {
  await using stack = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'picloud-under-test-'))
  stack.defer(() => rm(dataDir, { recursive: true }))
  const { connectionString, texts, drop } = await createTestDatabase()
  stack.defer(drop)
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const { sandboxes = 1, services = [], logger } = options
  const running = await start(
    {
      host: '127.0.0.1',
      port: 0,
      dataDir,
      databaseUrl: connectionString,
      adminToken: TOKEN,
      secretsKey: null,
      adminHost: null,
      publicAddresses: null,
      trustedProxies: [],
      logLevel: logger === undefined ? 'silent' : 'debug',
      sandboxes,
      limits,
      ceilings: { ...defaultCeilings(limits), ...options.ceilings },
    },
    logger ?? SILENT_LOGGER,
    services,
  )
  stack.defer(() => running.stop())
  const base = `http://localhost:${new URL(running.facts.url).port}`

  const ask: PicloudUnderTest['ask'] = async (method, path, json) => {
    const answer = await fetch(`${base}/api/v1/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
  }
  const api: PicloudUnderTest['api'] = async (method, path, json) => {
    const { status, body } = await ask(method, path, json)
    expect(status, JSON.stringify(body)).toBeLessThan(300)
    return body
  }
  let scripts = 0
  const started = stack.move()
  return {
    base,
    ask,
    api,
    deploy: async (source, name) => {
      scripts += 1
      const called = name ?? `script-${scripts}`
      const { id: app_id } = await api('GET', '/apps/default')
      const { id: script_id } = await api('POST', '/scripts', { app_id, name: called, source })
      await api('POST', '/routes', { app_id, script_id, path_pattern: `/${called}` })
      return `${base}/${called}`
    },
    textsOfDatabase: texts,
    stop: () => started.disposeAsync(),
  }
}
