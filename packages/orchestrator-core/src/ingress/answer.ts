/**
 * Writes what the client gets: a script's answer, or a problem document.
 *
 * The framing is ours alone: whatever a script says of length, connection or transfer coding is
 * left out. HEAD, 204 and 304 have a head and nothing else (RFC 9110 sections 6.4.1 and 9.3.2).
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { PROBLEM_CONTENT_TYPE, type Problem, type ScriptResponse } from '@picloud/shared'

export const REQUEST_ID_HEADER = 'x-request-id'

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

/** @throws when a status or a field cannot be sent; nothing was sent then */
export function writeAnswer(
  response: ServerResponse,
  method: string,
  requestId: string,
  answer: ScriptResponse,
): void {
  const { status, body } = answer
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`The status ${status} is not one from 200 to 599.`)
  }
  const bare = status === 204 || status === 304
  const fields: string[] = [REQUEST_ID_HEADER, requestId]
  for (const name in answer.headers) {
    const value = answer.headers[name]
    if (value === undefined || OURS.has(name.toLowerCase())) continue
    if (typeof value === 'string') fields.push(name, value)
    else for (const item of value) fields.push(name, item)
  }
  if (!bare) fields.push('content-length', String(body.length))
  response.writeHead(status, fields)
  if (bare || method === 'HEAD' || body.length === 0) response.end()
  else if (body.length <= ONE_PIECE_BYTES_MAX) response.end(latin1(body), 'latin1')
  else response.end(body)
}

export function writeProblem(
  response: ServerResponse,
  method: string,
  problem: Problem,
  headers: Readonly<Record<string, string>>,
): void {
  const body = JSON.stringify(problem)
  response.writeHead(problem.status, problemFields(problem, body, headers))
  response.end(method === 'HEAD' ? undefined : body)
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
