/**
 * Answers what never became a request: bytes that are no HTTP, or a head that is too long or late.
 *
 * Answers leave in the order of requests, so those of the requests before it go first, and this one
 * is the last of its connection. Where the content of a request broke off, the answer is that
 * request's; where it has one already, there is nothing to add.
 *
 * @module
 */
import { type PicloudError, problemOf, titleOf } from '@picloud/shared'
import {
  HeadersTooLargeError,
  MethodUnknownError,
  RequestMalformedError,
  UrlTooLongError,
  VersionError,
} from '../errors.ts'
import { problemFields } from './answer.ts'
import type { Connection } from './connection.ts'
import { makeExecutionId } from './execution-ids.ts'
import type { IngressLimits } from './ingress-limits.ts'

/** As Node's parser reports it. */
export interface ParserError extends Error {
  readonly code?: string
  /** What was being read, or the rest of it. */
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}

/** After the last answer, for the client to read it before a reset could take it away. */
const LINGER_MS = 1_000
const LINE_FEED = 10
/** A request line, as far as it can be told from what is no HTTP at all. */
const REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64} \S+ HTTP\/\d\.\d\r?$/
const URL_LINE = /^[A-Z]{1,32} \S+( HTTP\/\d\.\d\r?)?$/

type ParserLimits = Pick<IngressLimits, 'headerBytesMax' | 'urlBytesMax'>

export function parserErrorOf(error: ParserError, limits: ParserLimits): PicloudError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW': {
      if (URL_LINE.test(brokenLineOf(error))) return new UrlTooLongError(limits.urlBytesMax)
      return new HeadersTooLargeError(limits.headerBytesMax)
    }
    case 'HPE_INVALID_METHOD':
      return REQUEST_LINE.test(brokenLineOf(error))
        ? new MethodUnknownError()
        : new RequestMalformedError()
    case 'HPE_INVALID_VERSION':
      return REQUEST_LINE.test(brokenLineOf(error))
        ? new VersionError()
        : new RequestMalformedError()
    case 'HPE_PAUSED_H2_UPGRADE':
      return new VersionError()
    default:
      return new RequestMalformedError()
  }
}

/**
 * Sends `error` as the last answer of a connection, when its turn has come.
 *
 * @param sent is told the status, if it is sent at all
 */
export function endWithProblem(
  connection: Connection,
  error: PicloudError,
  sent: (status: number) => void,
): void {
  const { socket, latest } = connection
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const problem = problemOf(error, makeExecutionId(Date.now()))
  const body = JSON.stringify(problem)
  const fields = problemFields(problem, body, { connection: 'close' })
  const send = (): void => {
    if (!socket.writable) return
    sent(problem.status)
    socket.end(messageOf(problem.status, fields, body))
    const timer = setTimeout(() => socket.destroy(), LINGER_MS)
    socket.once('close', () => clearTimeout(timer))
  }
  if (latest === null || connection.isAnswered) send()
  else if (latest.req.complete) latest.once('close', send)
  else if (latest.headersSent) latest.once('close', () => socket.destroySoon())
  // It is the turn of the request that broke off: whoever answers it may be waiting for the rest.
  else if (latest.socket !== null) send()
  else {
    sent(problem.status)
    // Node has done with a request when it is answered; who reads its content hears the end so.
    latest.once('close', () => latest.req.destroy())
    latest.writeHead(problem.status, fields).end(body)
  }
}

function messageOf(status: number, fields: readonly string[], body: string): string {
  const lines = [`HTTP/1.1 ${status} ${titleOf(status)}`]
  for (let index = 0; index < fields.length; index += 2) {
    lines.push(`${fields[index]}: ${fields[index + 1]}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** The line in which the parser stopped, as far as it is in the packet it was reading. */
function brokenLineOf({ rawPacket, bytesParsed = 0 }: ParserError): string {
  if (rawPacket === undefined) return ''
  const start = bytesParsed === 0 ? 0 : rawPacket.lastIndexOf(LINE_FEED, bytesParsed - 1) + 1
  const end = rawPacket.indexOf(LINE_FEED, start)
  return rawPacket.toString('latin1', start, end === -1 ? rawPacket.length : end)
}
