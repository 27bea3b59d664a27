/**
 * A manager on a real socket over a real database, and a client that holds every answer to the
 * OpenAPI document: one that is not documented, to its last member, fails the test.
 *
 * @module
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import {
  DEFAULT_LIMITS,
  type ExecutionId,
  type Logger,
  newId,
  type TestRunner,
} from '@picloud/shared'
import { type Database, SecretKeys } from '@picloud/storage'
import { createTestDatabase } from '@picloud/storage/testing'
import { createManager, type Manager, type ManagerOptions } from '../src/create-manager.ts'
import { ApiDocument } from './api-document.ts'

/** Shaped like no token made here, as an operator's may be. */
export const PRESET_TOKEN = 'preset-token-of-the-operator'

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64')

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed JSON of the body; undefined without one. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

export interface RequestOptions {
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  /** Null sends none. */
  readonly token?: string | null
  readonly signal?: AbortSignal
}

export interface ManagerUnderTest {
  readonly url: string
  readonly port: number
  readonly database: Database
  readonly manager: Manager
  readonly document: ApiDocument
  /** Everything the manager logged, as text. */
  readonly logs: readonly string[]
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  /** Deletes the database under the manager's feet. */
  loseDatabase(): Promise<void>
  close(): Promise<void>
}

export async function startManagerUnderTest(
  options: Partial<ManagerOptions> = {},
): Promise<ManagerUnderTest> {
  const { database, drop, lose } = await createTestDatabase()
  const logs: string[] = []
  const manager = await createManager({
    database,
    limits: DEFAULT_LIMITS,
    version: '0.0.0-test',
    logger: collector(logs),
    presetTokens: [PRESET_TOKEN],
    secretKeys: new SecretKeys({ given: [SECRETS_KEY], file: null }),
    testRunner: ANSWERS_EMPTY,
    domainProbes: NO_NETWORK,
    ...options,
  })
  // Server and client share this thread: after a long computation of a test the server would close
  // an idle connection that the client is about to use.
  const server = createServer({ keepAliveTimeout: 0 }, manager.listener)
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const document = await ApiDocument.of(url)
  return {
    url,
    port,
    database,
    manager,
    document,
    logs,
    request: async (method, path, request = {}) => {
      const answer = await send(`${url}${path}`, method, request)
      const operation = document.operationAt(method, path)
      if (operation === null) return answer
      try {
        document.requireDocumented(operation, answer, request.json)
      } catch (error) {
        const told = [answer.text, ...logs.slice(-1)].join('\n')
        throw new Error(`${method} ${path} answered ${answer.status}\n${told}`, { cause: error })
      }
      return answer
    },
    loseDatabase: lose,
    close: async () => {
      await manager.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await drop()
    },
  }
}

/** Scripts are another part's: what they really answer, packages/picloud tests. */
const ANSWERS_EMPTY: TestRunner = {
  test: async () => ({
    id: newId<ExecutionId>(),
    version: 1,
    startedAt: new Date(),
    ...{ durationMs: 1, operations: 1, logs: [], logsDropped: 0, failure: null },
    answer: { status: 204, headers: {}, body: new Uint8Array(), isCut: false },
  }),
}

/** No name of a test is asked of anybody's name servers. */
const NO_NETWORK: NonNullable<ManagerOptions['domainProbes']> = {
  lookUp: async () => ({ kind: 'answered', records: [] }),
  probe: async () => ({ kind: 'none', reason: 'refused', detail: 'ECONNREFUSED' }),
}

function collector(logs: string[]): Logger {
  const collect = (fields: object, message: string): void => {
    logs.push(`${message} ${inspect(fields, { depth: 6 })}`)
  }
  return { debug: collect, info: collect, warn: collect, error: collect }
}

async function send(url: string, method: string, request: RequestOptions): Promise<Answer> {
  const { json, token = PRESET_TOKEN, signal } = request
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    ...(signal === undefined ? {} : { signal }),
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(request.body === undefined ? {} : { body: request.body }),
  })
  const type = response.headers.get('content-type') ?? ''
  const text = await textOf(response, type)
  const isJson = /json/.test(type)
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : undefined
  return { status: response.status, headers: response.headers, text, body }
}

/** A stream of events has no end to wait for. */
async function textOf(response: Response, type: string): Promise<string> {
  if (!type.startsWith('text/event-stream')) return await response.text()
  await response.body?.cancel()
  return ''
}
