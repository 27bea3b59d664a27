/**
 * A node:http server set up for an ingress: the limits its parser keeps, how long clients may take,
 * and words for what never becomes a request.
 *
 * Node answers a missing Host, an unknown expectation, CONNECT and a parser error with bare status
 * lines or not at all; here all of them are problem documents like every other refusal.
 *
 * @module
 */
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { MethodUnknownError, RequestTimeoutError } from '../errors.ts'
import { endWithProblem, type ParserError, parserErrorOf } from './client-error.ts'
import type { Connection } from './connection.ts'
import {
  ConnectionWatch,
  HEAD_MS,
  KEEP_ALIVE_MS,
  type Lateness,
  STALLED_CLIENT_MS,
} from './connection-watch.ts'
import type { Ingress } from './ingress.ts'
import type { IngressLimits } from './ingress-limits.ts'

/** The longest a timer can be set for: the watch here takes the place of Node's, see its file. */
const NEVER_MS = 2 ** 31 - 1
/** Packets of a client that is no longer understood, read so that it reads its last answer. */
const BROKEN_PACKETS_MAX = 256

/** `deadlineMs` is the longest that any app may have. */
export type ServerLimits = Pick<
  IngressLimits,
  'headerBytesMax' | 'urlBytesMax' | 'deadlineMs' | 'connectionsMax'
>

export function createIngressServer(ingress: Ingress, limits: ServerLimits): Server {
  const server = createServer({
    // The parser counts the request line too.
    maxHeaderSize: limits.headerBytesMax + limits.urlBytesMax,
    requireHostHeader: false,
    headersTimeout: 0,
    requestTimeout: 0,
    connectionsCheckingInterval: NEVER_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  })
  // Bytes bound the fields already; a bound on their number would drop some silently.
  server.maxHeadersCount = 0
  server.maxConnections = limits.connectionsMax
  server.timeout = limits.deadlineMs + STALLED_CLIENT_MS
  const count = (status: number): void => ingress.figures.answers.count(status)
  const watch = new ConnectionWatch({
    // Content for scripts has a deadline of its own; what the admin listener reads has this.
    contentMs: Math.max(limits.deadlineMs, HEAD_MS) + STALLED_CLIENT_MS,
    end: (connection, lateness) => endLate(connection, lateness, count),
  })
  server.on('connection', (socket) => watch.watch(ingress.connectionOf(socket)))
  server.on('close', () => watch.stop())
  server.on('request', ingress.listener)
  server.on('checkContinue', ingress.continueListener)
  server.on('checkExpectation', ingress.expectationListener)
  server.on('connect', (_, stream) => {
    const socket = stream as Socket
    // Nobody else listens to it from here on.
    socket.on('error', () => socket.destroy()).resume()
    endWithProblem(ingress.connectionOf(socket), new MethodUnknownError(), count)
  })
  server.on('clientError', (error: ParserError, stream) => {
    const connection = ingress.connectionOf(stream as Socket)
    if (error.code?.startsWith('HPE_') !== true) {
      connection.socket.destroy()
      return
    }
    connection.brokenPackets += 1
    if (connection.brokenPackets > BROKEN_PACKETS_MAX) connection.socket.destroy()
    // What follows the last request of a connection is none; what follows nonsense neither.
    if (connection.brokenPackets > 1 || error.code === 'HPE_CLOSED_CONNECTION') return
    endWithProblem(connection, parserErrorOf(error, limits), count)
  })
  return server
}

function endLate(
  connection: Connection,
  lateness: Lateness,
  count: (status: number) => void,
): void {
  const { socket } = connection
  const waits = lateness === 'content' || (lateness === 'head' && socket.bytesRead > 0)
  // A client that has asked for nothing would take an answer for one to what it asks next.
  if (waits) endWithProblem(connection, new RequestTimeoutError(), count)
  else socket.destroy()
}
