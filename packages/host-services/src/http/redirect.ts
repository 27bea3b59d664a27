/**
 * Where an answer sends a request instead, and what it becomes on its way (RFC 9110 section 15.4,
 * and what the Fetch standard adds).
 *
 * @module
 */
import { HostServiceError } from '@picloud/shared'
import type { ReceivedAnswer } from './exchange.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import { readUrl } from './outgoing-url.ts'

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const KEEP_METHOD: ReadonlySet<number> = new Set([307, 308])
/** Meant for the server that was asked, and for no other. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie'])
const OF_BODY = /^content-/

/**
 * The request to send next; null for an answer that leads nowhere.
 *
 * @throws HostServiceError
 */
export function redirected(
  request: OutgoingRequest,
  { status, headers }: ReceivedAnswer,
): OutgoingRequest | null {
  const { location } = headers
  if (!STATUSES.has(status) || location === undefined) return null
  const url = readUrl(Buffer.from(String(location), 'latin1').toString('utf8'), request.url)
  if (request.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new HostServiceError(
      'PIC_HTTP_REDIRECT',
      'The server sent the request from https on to http, where everybody could read it.',
    )
  }
  const isElsewhere = url.origin !== request.url.origin
  const kept = request.headers.filter(([name]) => !(isElsewhere && CREDENTIALS.has(name)))
  const method = methodAfter(status, request.method)
  if (method === request.method) return { ...request, url, headers: kept }
  return {
    ...request,
    url,
    method,
    body: null,
    headers: kept.filter(([name]) => !OF_BODY.test(name)),
  }
}

function methodAfter(status: number, method: string): string {
  if (method === 'HEAD' || KEEP_METHOD.has(status)) return method
  if (status === 303) return 'GET'
  return method === 'POST' ? 'GET' : method
}
