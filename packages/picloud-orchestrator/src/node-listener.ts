/**
 * What a node answers about itself on admin hosts: `/healthz`, `/readyz`, `/metrics`, `/version`.
 *
 * `/healthz` answers while the process can answer; `/readyz` once requests can be routed. A node
 * that has lost the database stays ready: it goes on with the routes it knows. The API and the
 * dashboard are the manager's, and whoever asks for them here is told so.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { RequestListener, ServerResponse } from 'node:http'
import {
  AdminElsewhereError,
  METRICS_CONTENT_TYPE,
  metricsText,
  type OrchestratorState,
} from '@picloud/orchestrator-core'
import { PROBLEM_CONTENT_TYPE, problemOf } from '@picloud/shared'
import { LATEST_SCHEMA_VERSION } from '@picloud/storage'

export interface NodeListenerOptions {
  readonly version: string
  readonly state: () => OrchestratorState
}

export function nodeListener({ version, state }: NodeListenerOptions): RequestListener {
  return (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const [path] = (request.url ?? '').split('?')
    switch (isRead ? path : undefined) {
      case '/healthz':
        sendJson(response, 200, { status: 'ok' })
        return
      case '/readyz':
        if (state().routingLoaded) sendJson(response, 200, { status: 'ok' })
        else sendJson(response, 503, { status: 'starting' })
        return
      case '/version':
        sendJson(response, 200, { product: version, api: 'v1', schema: LATEST_SCHEMA_VERSION })
        return
      case '/metrics':
        send(response, 200, METRICS_CONTENT_TYPE, metricsText(state()))
        return
      default: {
        const problem = problemOf(new AdminElsewhereError(), randomUUID())
        send(response, problem.status, PROBLEM_CONTENT_TYPE, JSON.stringify(problem))
      }
    }
  }
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  send(response, status, 'application/json', JSON.stringify(value))
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  })
  response.end(body)
}
