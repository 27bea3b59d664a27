/**
 * What a script asked for, read and checked: nothing that would make the request another one on its
 * way gets through.
 *
 * The map comes from a sandbox that may have been taken over; the friendly forms of it
 * (`http::post(url, #{ .. })`, JSON, forms) are made inside the sandbox.
 *
 * @module
 */
import { HostServiceError, type HostValue } from '@picloud/shared'
import { quoted } from '../quoted.ts'
import { REDIRECTS_DEFAULT, REDIRECTS_MAX } from './http-limits.ts'
import { readHeaders } from './outgoing-headers.ts'
import { readUrl, withQuery } from './outgoing-url.ts'

export interface OutgoingRequest {
  readonly method: string
  readonly url: URL
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | null
  /** 0: an answer that leads elsewhere is given to the script as it is. */
  readonly redirectsMax: number
  /** Null: as long as the script has. */
  readonly timeoutMs: number | null
  /** Null: what the limit allows. */
  readonly bytesMax: number | null
}

const KNOWN: ReadonlySet<string> = new Set([
  'method',
  'url',
  'query',
  'headers',
  'body',
  'redirects',
  'timeout_ms',
  'max_bytes',
])
const METHOD = /^[A-Z][A-Z-]{0,19}$/
/** A tunnel, and two that make servers tell what a proxy added. */
const METHODS_REFUSED: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** @throws HostServiceError */
export function readOutgoingRequest(options: HostValue, headerBytesMax: number): OutgoingRequest {
  if (!(options instanceof Map)) throw invalid('takes a map of options')
  const given: ReadonlyMap<string, HostValue> = options
  for (const name of given.keys()) {
    if (!KNOWN.has(name)) throw invalid(`has no option ${JSON.stringify(name)}`)
  }
  const method = readMethod(given.get('method') ?? 'GET')
  const content = readBody(method, given.get('body') ?? null)
  const headers = readHeaders(given.get('headers') ?? null, headerBytesMax)
  return {
    method,
    url: withQuery(readUrl(given.get('url') ?? null), given.get('query') ?? null),
    headers: withType(headers, content),
    body: content === null ? null : content.bytes,
    redirectsMax: readRedirects(given.get('redirects') ?? null),
    timeoutMs: readInt(given.get('timeout_ms') ?? null, 'timeout_ms'),
    bytesMax: readInt(given.get('max_bytes') ?? null, 'max_bytes'),
  }
}

interface Content {
  readonly bytes: Uint8Array
  readonly type: string
}

function readMethod(value: HostValue): string {
  const method = typeof value === 'string' ? value.toUpperCase() : ''
  if (METHOD.test(method) && !METHODS_REFUSED.has(method)) return method
  throw new HostServiceError('PIC_HTTP_METHOD', `${shown(value)} is no method that can be used.`)
}

function readBody(method: string, value: HostValue): Content | null {
  if (value === null) return null
  if (WITHOUT_BODY.has(method)) {
    throw new HostServiceError('PIC_HTTP_BODY', `A ${method} request has no body.`)
  }
  if (typeof value === 'string') {
    return { bytes: Buffer.from(value, 'utf8'), type: 'text/plain; charset=utf-8' }
  }
  if (value instanceof Uint8Array) return { bytes: value, type: 'application/octet-stream' }
  throw new HostServiceError('PIC_HTTP_BODY', 'The body of a request is a string or a blob.')
}

function withType(
  headers: OutgoingRequest['headers'],
  content: Content | null,
): OutgoingRequest['headers'] {
  if (content === null || headers.some(([name]) => name === 'content-type')) return headers
  return [...headers, ['content-type', content.type]]
}

function readRedirects(value: HostValue): number {
  if (value === null || value === true) return REDIRECTS_DEFAULT
  if (value === false) return 0
  if (typeof value === 'number' && value >= 0 && value <= REDIRECTS_MAX) return value
  throw invalid(`takes true, false or an INT from 0 to ${REDIRECTS_MAX} as redirects`)
}

function readInt(value: HostValue, name: string): number | null {
  if (value === null) return null
  if (typeof value === 'number' && value >= 1) return value
  throw invalid(`takes an INT from 1 as ${name}`)
}

function invalid(problem: string): HostServiceError {
  return new HostServiceError('PIC_OPTION_INVALID', `http ${problem}.`)
}

function shown(value: HostValue): string {
  return typeof value === 'string' ? JSON.stringify(quoted(value, 40)) : 'What is no string'
}
