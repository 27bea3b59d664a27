/**
 * A real HTTP server that answers what a test tells it to, in the shapes of the API.
 *
 * It stands in for other machines, not for PiCloud's own code: for servers that are away, refuse,
 * break off or speak nonsense. What PiCloud itself answers is tested against PiCloud.
 *
 * @module
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Answer {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers a request, or handles the response itself and answers nothing. */
export type Handler = (request: SeenRequest, response: ServerResponse) => Answer | undefined

export class ScriptedApi implements AsyncDisposable {
  readonly seen: SeenRequest[] = []
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #handler: Handler = () => problem(404, 'PIC_ENDPOINT_UNKNOWN', 'There is nothing here.')

  /** Listens on a free port of this machine, or on the port given. */
  static async listen(handler: Handler, port = 0): Promise<ScriptedApi> {
    const api = new ScriptedApi()
    api.#handler = handler
    api.#server.listen(port, '127.0.0.1')
    await once(api.#server, 'listening')
    return api
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const seen: SeenRequest = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    }
    this.seen.push(seen)
    const answer = this.#handler(seen, response)
    if (answer === undefined) return
    const type = answer.json === undefined ? 'text/plain' : 'application/json'
    response.writeHead(answer.status ?? 200, { 'content-type': type, ...answer.headers })
    response.end(answer.json === undefined ? answer.text : JSON.stringify(answer.json))
  }
}

/** An answer as RFC 9457 has it. */
export function problem(status: number, code: string, detail: string, more: object = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    json: {
      type: `urn:picloud:error:${code}`,
      title: 'Error',
      status,
      detail,
      code,
      request_id: 'request-1',
      ...more,
    },
  }
}

export function listOf(...items: readonly object[]): Answer {
  return { json: { items, next_cursor: null } }
}
