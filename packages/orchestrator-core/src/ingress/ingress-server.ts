/**
 * A node:http server set up for an ingress: the limits its parser keeps, and words for what never
 * becomes a request.
 *
 * Node answers a missing Host, an unknown expectation and a parser error with bare status lines;
 * here all of them are problem documents like every other refusal.
 *
 * @module
 */
import { createServer, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type PicloudError, problemOf, titleOf } from '@picloud/shared'
import { HeadersTooLargeError, RequestMalformedError, RequestTimeoutError } from '../errors.ts'
import { problemFields } from './answer.ts'
import { makeExecutionId } from './execution-ids.ts'
import type { Ingress } from './ingress.ts'
import type { IngressLimits } from './ingress-limits.ts'

/** A client that has connected has this long for the whole head of a request. */
const HEAD_TIMEOUT_MS = 10_000
/** Kept a little longer than proxies keep theirs by default, so that they close first. */
const KEEP_ALIVE_MS = 65_000
/** After the deadline, how long a client may take no byte of its answer. */
const STALLED_CLIENT_MS = 60_000

export function createIngressServer(ingress: Ingress, limits: IngressLimits): Server {
  const server = createServer({
    // The parser counts the request line too.
    maxHeaderSize: limits.headerBytesMax + limits.urlBytesMax,
    requireHostHeader: false,
    headersTimeout: HEAD_TIMEOUT_MS,
    // Content has a deadline of its own; what the admin listener reads is bounded by this.
    requestTimeout: Math.max(limits.deadlineMs, HEAD_TIMEOUT_MS) + STALLED_CLIENT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  })
  // Bytes bound the fields already; a bound on their number would drop some silently.
  server.maxHeadersCount = 0
  server.timeout = limits.deadlineMs + STALLED_CLIENT_MS
  server.on('request', ingress.listener)
  server.on('checkContinue', ingress.continueListener)
  server.on('checkExpectation', ingress.expectationListener)
  server.on('clientError', (error, socket) => {
    const status = answerClientError(error, socket as Socket)
    if (status !== null) ingress.figures.answers.count(status)
  })
  return server
}

/** @returns the status, when there was somebody to answer */
function answerClientError(error: Error & { code?: string }, socket: Socket): number | null {
  if (error.code === 'ECONNRESET' || !socket.writable || !mayAnswer(socket)) {
    socket.destroy()
    return null
  }
  const problem = problemOf(errorOf(error.code), makeExecutionId(Date.now()))
  const body = JSON.stringify(problem)
  const fields = problemFields(problem, body, { connection: 'close' })
  const lines = [`HTTP/1.1 ${problem.status} ${titleOf(problem.status)}`]
  for (let index = 0; index < fields.length; index += 2) {
    lines.push(`${fields[index]}: ${fields[index + 1]}`)
  }
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
  return problem.status
}

function errorOf(code: string | undefined): PicloudError {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLargeError()
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTimeoutError()
  return new RequestMalformedError()
}

/**
 * Whether the client would take an answer for one to what was malformed: nothing is under way, or
 * only the very request that broke off. Node keeps the response under way on its socket, and asks
 * it before it answers by itself.
 */
function mayAnswer(socket: Socket): boolean {
  const response: unknown = Reflect.get(socket, '_httpMessage')
  if (!(response instanceof ServerResponse)) return true
  return !response.headersSent && !response.req.complete
}
