/**
 * An ingress on a real socket, with an executor of the test's own behind it.
 *
 * @module
 */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type CancelSignal,
  type Ceilings,
  DEFAULT_LIMITS,
  defaultCeilings,
  type ExecutionFailure,
  type ExecutionOutcome,
  type ExecutionRequest,
  type Limits,
  newId,
  type RoutedApp,
  type ScriptId,
  type ScriptResponse,
} from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import { Ingress, type IngressOptions } from '../src/ingress/ingress.ts'
import { createIngressServer } from '../src/ingress/ingress-server.ts'
import { RoutingTables } from '../src/routing/routing-tables.ts'
import { type RawAnswer, RawClient } from './raw-client.ts'

type Execute = (request: ExecutionRequest, signal: AbortSignal) => unknown

export interface TestIngressOptions {
  readonly apps?: readonly RoutedApp[]
  /** Gives the outcome, or plain data to answer as JSON. */
  readonly execute?: Execute
  readonly limits?: Partial<Limits>
  readonly ceilings?: Partial<Ceilings>
  readonly ingress?: Partial<IngressOptions>
}

export interface TestIngress extends AsyncDisposable {
  readonly port: number
  readonly ingress: Ingress
  readonly server: Server
  readonly records: readonly NewExecution[]
  /** How many of a hundred successes were to be recorded, for each record. */
  readonly samplings: readonly number[]
  connect(): Promise<RawClient>
  /** Sends one request on a connection of its own. */
  ask(raw: string, options?: { readonly bare?: boolean }): Promise<RawAnswer>
}

export async function startTestIngress(options: TestIngressOptions = {}): Promise<TestIngress> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const ceilings = { ...defaultCeilings(limits), ...options.ceilings }
  const routing = new RoutingTables({ policy: { limits, ceilings } })
  if (options.apps !== undefined) routing.replaceAll(options.apps)
  const records: NewExecution[] = []
  const samplings: number[] = []
  const execute = options.execute ?? (() => ({}))
  const ingress = new Ingress({
    executor: {
      execute: async (request, signal) => asOutcome(await execute(request, abortSignalOf(signal))),
      stop: async () => {},
    },
    routing,
    recorder: {
      record: (record, samplingPercent) => {
        records.push(record)
        samplings.push(samplingPercent)
      },
    },
    limits,
    ceilings,
    adminListener: (request, response) => {
      response.end(`admin ${request.url}`)
    },
    authorizeExecute: async () => {},
    ...options.ingress,
  })
  const server = createIngressServer(ingress, { ...limits, deadlineMs: ceilings.deadlineMs })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const clients: RawClient[] = []
  const open = async () => {
    const client = await RawClient.connect(port)
    clients.push(client)
    return client
  }
  return {
    port,
    ingress,
    server,
    records,
    samplings,
    connect: open,
    ask: async (raw, how) => {
      const client = await open()
      client.send(raw)
      const answer = await client.answer(how)
      client.drop()
      return answer
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.drop()
      ingress.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An app that claims `patterns` and answers `routes`, such as `GET /users/:id`. */
export function testApp(
  slug: string,
  patterns: readonly string[],
  routes: readonly string[],
): RoutedApp & { readonly scriptId: ScriptId } {
  const scriptId = newId<ScriptId>()
  return {
    id: newId(),
    slug,
    showErrorDetail: false,
    cors: null,
    serverTiming: false,
    services: null,
    egress: null,
    limits: {},
    recordSamplingPercent: null,
    scriptId,
    domains: patterns.map((pattern) => ({ id: newId(), pattern })),
    scripts: [{ id: scriptId, name: 'hello', versionId: newId(), version: 3, source: '40 + 2' }],
    routes: routes.map((text) => {
      const [method = '', pathPattern = ''] = text.split(' ')
      return {
        id: newId(),
        method,
        hostPattern: null,
        pathPattern,
        scriptId,
        enabled: true,
        idempotency: null,
      }
    }),
  }
}

export function answerOutcome(response: Partial<ScriptResponse>): ExecutionOutcome {
  return {
    kind: 'answer',
    response: { status: 200, headers: {}, body: new Uint8Array(0), ...response },
    ...MEASURES,
  }
}

export function failureOutcome(failure: Partial<ExecutionFailure>): ExecutionOutcome {
  const base = { code: 'PIC_SCRIPT_ERROR', status: 500, exposed: false, message: 'It broke.' }
  return { kind: 'failure', failure: { ...base, ...failure }, ...MEASURES }
}

const MEASURES = { operations: 7, durationMs: 1.5, logs: [], logsDropped: 0 }

function asOutcome(value: unknown): ExecutionOutcome {
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    return value as ExecutionOutcome
  }
  const headers = { 'content-type': 'application/json' }
  return answerOutcome({ headers, body: Buffer.from(JSON.stringify(value)) })
}

function abortSignalOf(signal: CancelSignal | undefined): AbortSignal {
  const controller = new AbortController()
  if (signal === undefined || signal.aborted) controller.abort()
  else signal.addEventListener('abort', () => controller.abort())
  return controller.signal
}
