/**
 * What a node answers about itself on admin hosts: `/healthz`, `/readyz`, `/metrics`, `/version`.
 *
 * `/healthz` answers while the process can answer; `/readyz` once requests can be routed. A node
 * that has lost the database stays ready: it goes on with the routes it knows. `/metrics` needs an
 * access token. The API and the dashboard are the manager's, and whoever asks for them here is
 * told so.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import {
  AdminElsewhereError,
  IngressError,
  ingressMetrics,
  type OrchestratorState,
  RoutingNotLoadedError,
} from '@picloud/orchestrator-core'
import { processMetrics } from '@picloud/program'
import {
  asPicloudError,
  type Logger,
  METRICS_CONTENT_TYPE,
  metricsText,
  PROBLEM_CONTENT_TYPE,
  problemOf,
  requestLogFields,
} from '@picloud/shared'
import { LATEST_SCHEMA_VERSION } from '@picloud/storage'

export interface NodeListenerOptions {
  readonly version: string
  readonly state: () => OrchestratorState
  /** Resolves for who may read figures, and rejects with the error the others get. */
  readonly requireReader: (request: IncomingMessage) => Promise<unknown>
  readonly logger: Logger
}

interface NodeAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export function nodeListener(options: NodeListenerOptions): RequestListener {
  return (request, response) => {
    void answer(request, response, options)
  }
}

/** Never rejects. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: NodeListenerOptions,
): Promise<void> {
  const requestId = randomUUID()
  try {
    send(response, requestId, await answerOf(request, options))
  } catch (thrown) {
    const error = asPicloudError(thrown)
    if (error.audience === 'system') {
      const fields = requestLogFields(requestId, request.headers.traceparent?.toString())
      options.logger.error({ ...fields, code: error.code, err: error }, error.message)
    }
    send(response, requestId, {
      status: error.status,
      type: PROBLEM_CONTENT_TYPE,
      body: JSON.stringify(problemOf(error, requestId)),
      headers: {
        ...(error.status === 503 ? { 'retry-after': '1' } : {}),
        ...(error instanceof IngressError ? error.headers : {}),
      },
    })
  }
}

async function answerOf(
  request: IncomingMessage,
  { version, state, requireReader }: NodeListenerOptions,
): Promise<NodeAnswer> {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const [path] = (request.url ?? '').split('?')
  switch (isRead ? path : undefined) {
    case '/healthz':
      return json(200, { status: 'ok' })
    case '/readyz':
      if (state().routingLoaded) return json(200, { status: 'ok' })
      throw new RoutingNotLoadedError()
    case '/version':
      return json(200, { product: version, api: 'v1', schema: LATEST_SCHEMA_VERSION })
    case '/metrics': {
      await requireReader(request)
      const body = metricsText([...ingressMetrics(state()), ...processMetrics()])
      return { status: 200, type: METRICS_CONTENT_TYPE, body }
    }
    default:
      throw new AdminElsewhereError()
  }
}

function json(status: number, value: object): NodeAnswer {
  return { status, type: 'application/json', body: JSON.stringify(value) }
}

function send(
  response: ServerResponse,
  requestId: string,
  { status, type, body, headers }: NodeAnswer,
): void {
  response.writeHead(status, {
    'x-request-id': requestId,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(body)
}
