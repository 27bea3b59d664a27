/**
 * Writes what the client gets: a script's answer, or a problem document.
 *
 * The framing is ours alone: whatever a script says of length, connection or transfer coding is
 * left out. HEAD, 204 and 304 have a head and nothing else (RFC 9110 sections 6.4.1 and 9.3.2).
 *
 * @module
 */
import {
  PROBLEM_CONTENT_TYPE,
  type Problem,
  type ResponseHead,
  type ScriptResponse,
  SESSION_COOKIE,
} from '@picloud/shared'
import { isNotModified, staysInNotModified } from './conditional.ts'
import type { Exchange } from './exchange.ts'

export const REQUEST_ID_HEADER = 'x-request-id'
export const SERVER_TIMING_HEADER = 'server-timing'

const OURS = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  REQUEST_ID_HEADER,
])
/** Up to here head and content go out as one string, which Node writes in one piece. */
const ONE_PIECE_BYTES_MAX = 16 * 1024

/**
 * @param timing the field Server-Timing; null: none
 * @returns the status that was sent: 304 where the client has the answer already
 * @throws when a status or a field cannot be sent; nothing was sent then
 */
export function writeAnswer(
  exchange: Exchange,
  answer: ScriptResponse,
  timing: string | null,
): number {
  const { response, method } = exchange
  const { body } = answer
  const status = statusOf(exchange, answer)
  const fields = headOf(exchange, answer, status)
  if (timing !== null) fields.push(SERVER_TIMING_HEADER, timing)
  const isBare = status === 204 || status === 304
  if (!isBare) fields.push('content-length', String(body.length))
  response.writeHead(status, fields)
  if (isBare || method === 'HEAD' || body.length === 0) response.end()
  else if (body.length <= ONE_PIECE_BYTES_MAX) response.end(latin1(body), 'latin1')
  else response.end(body)
  return status
}

/**
 * Begins an answer whose content follows piece by piece. Its length is not known, so HTTP/1.1 tells
 * its end by a chunk of its own, and HTTP/1.0 by closing the connection; Node does either.
 *
 * @throws when a status or a field cannot be sent; nothing was sent then
 */
export function writeStreamHead(
  exchange: Exchange,
  answer: ResponseHead,
  timing: string | null,
): void {
  checkStatus(answer.status)
  const fields = headOf(exchange, answer, answer.status)
  if (timing !== null) fields.push(SERVER_TIMING_HEADER, timing)
  exchange.response.writeHead(answer.status, fields)
}

function statusOf({ method, head }: Exchange, answer: ScriptResponse): number {
  const { status } = answer
  checkStatus(status)
  return isNotModified(method, head.headers, answer) ? 304 : status
}

function checkStatus(status: number): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`The status ${status} is not one from 200 to 599.`)
  }
}

/** The fields of the answer, flat, as `writeHead` takes them; all but how long the content is. */
function headOf({ id, cors, head }: Exchange, answer: ResponseHead, status: number): string[] {
  const { headers } = answer
  const fields: string[] = [REQUEST_ID_HEADER, id]
  const isReplaced = status !== answer.status
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || OURS.has(name.toLowerCase())) continue
    if (isReplaced && !staysInNotModified(name, headers)) continue
    if (name === 'set-cookie') checkCookies(value)
    if (typeof value === 'string') fields.push(name, value)
    else for (const item of value) fields.push(name, item)
  }
  if (cors === null) return fields
  if (headers['access-control-allow-origin'] === undefined) cors.addTo(fields, head.headers)
  else cors.addVaryTo(fields)
  return fields
}

/** An app may answer on the dashboard's host, and must not sign its visitors in there. */
function checkCookies(value: string | readonly string[]): void {
  for (const cookie of typeof value === 'string' ? [value] : value) {
    // Some browsers read `=name=value`, which has no name, as a cookie of that name.
    const [pair = ''] = cookie.replace(/^[\s=]+/, '').split(';', 1)
    const [name = ''] = pair.split('=', 1)
    if (name.trim() === SESSION_COOKIE) {
      throw new RangeError(`The cookie ${SESSION_COOKIE} is PiCloud's own.`)
    }
  }
}

/** The head of a problem document, flat, as `writeHead` takes it. */
export function problemFields(
  problem: Problem,
  body: string,
  headers: Readonly<Record<string, string>>,
): string[] {
  return [
    REQUEST_ID_HEADER,
    problem.request_id,
    'content-type',
    PROBLEM_CONTENT_TYPE,
    'content-length',
    String(Buffer.byteLength(body)),
    ...Object.entries(headers).flat(),
  ]
}

/** One character per byte, which as latin1 is the same bytes again. */
function latin1(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
}
