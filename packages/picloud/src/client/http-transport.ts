/**
 * Sends one HTTP request to the server and reads the whole answer, within a deadline.
 *
 * Promises: it resolves with whatever the server answered, rejects with
 * {@link ServerUnreachableError} when nothing answered in time, and holds no more than
 * `ANSWER_BYTES_MAX`. It knows nothing of what the API says.
 *
 * Not `fetch`: that refuses ports a browser would not use (6000, 10080), and gives up on a slow
 * script by a deadline of its own.
 *
 * @module
 */
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { ServerUnreachableError, UnexpectedAnswerError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { ANSWER_BYTES_MAX, REQUEST_DEADLINE_MS } from './limits.ts'

export interface TransportRequest {
  readonly method: string
  /** Begins with `/`; added to the server's URL. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly deadlineMs?: number
}

export interface TransportAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

export async function sendRequest(
  connection: Connection,
  request: TransportRequest,
): Promise<TransportAnswer> {
  const deadlineMs = request.deadlineMs ?? REQUEST_DEADLINE_MS
  const deadline = AbortSignal.timeout(deadlineMs)
  try {
    const response = await respond(connection, request, deadline)
    const { statusCode = 0, headers } = response
    return { status: statusCode, headers, body: await readBody(response) }
  } catch (error) {
    if (error instanceof UnexpectedAnswerError) throw error
    const where = `Cannot reach PiCloud at ${connection.server.origin}`
    // Checked first: a body cut off by the deadline looks like a connection that was closed.
    if (deadline.aborted) {
      const reason = `no answer within ${deadlineMs / 1000} s.`
      throw new ServerUnreachableError(`${where}: ${reason}`, error)
    }
    throw new ServerUnreachableError(`${where}: ${reasonOf(error)}`, error)
  }
}

/**
 * Sends a request and resolves with the head of the answer, whose body comes as it comes. The
 * signal ends it.
 */
export async function openAnswer(
  connection: Connection,
  request: TransportRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  try {
    return await respond(connection, request, signal)
  } catch (error) {
    const where = `Cannot reach PiCloud at ${connection.server.origin}`
    throw new ServerUnreachableError(`${where}: ${reasonOf(error)}`, error)
  }
}

/** Resolves with the head of the answer. A redirect is an answer: our token is for this server. */
function respond(
  connection: Connection,
  request: TransportRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = urlOf(connection.server, request)
  const body = request.body ?? ''
  const { token } = connection.credentials()
  const headers = {
    'user-agent': 'picloud',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body.length === 0 ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...request.headers,
  }
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    // A connection of its own: one kept from before may be closing just now.
    const sent = send(url, { method: request.method, headers, signal, agent: false }, resolve)
    sent.on('error', reject)
    sent.end(body)
  })
}

function urlOf(server: URL, request: TransportRequest): URL {
  const url = new URL(server)
  url.pathname = url.pathname.replace(/\/$/, '') + request.path
  url.search = ''
  for (const [name, value] of Object.entries(request.query ?? {})) {
    url.searchParams.set(name, value)
  }
  return url
}

/** The whole body. @throws UnexpectedAnswerError over `ANSWER_BYTES_MAX` */
export async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length > ANSWER_BYTES_MAX) {
      throw new UnexpectedAnswerError(`The answer is longer than ${ANSWER_BYTES_MAX} bytes.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no answer',
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `${error}.`
  const code = 'code' in error ? String(error.code) : ''
  const reason = REASONS[code] ?? error.message
  const advice =
    code === 'ECONNREFUSED' || code === 'ENOTFOUND'
      ? ' Is it running (picloud start), and is --server or PICLOUD_SERVER right?'
      : ''
  return `${reason}.${advice}`
}
