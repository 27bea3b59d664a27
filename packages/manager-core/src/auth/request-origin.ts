/**
 * Refuses what a page of another origin makes a signed-in browser send.
 *
 * The session cookie is SameSite=Strict, so most of that never carries it. What is left are pages
 * of the same site but another origin (another port, a sibling host) and browsers with defects:
 * - a change needs the header `X-PiCloud-CSRF: 1`, which no form can send and which makes a
 *   browser ask first (CORS preflight), to which PiCloud never says yes;
 * - `Sec-Fetch-Site` and `Origin`, where a browser sends them, must speak of our own origin;
 * - a read changes nothing and its answer cannot be read elsewhere, but its size and time could be
 *   measured, so it is refused too when the browser says that another origin asks. A URL typed
 *   or bookmarked (`none`) may be read.
 * Bearer tokens are sent by programs, never by a browser of its own accord, and are not concerned.
 *
 * @module
 */
import type { IncomingHttpHeaders } from 'node:http'
import { CrossOriginError } from '../errors/access.ts'

const CSRF_HEADER = 'x-picloud-csrf'

export interface BrowserRequest {
  readonly headers: IncomingHttpHeaders
  /** Whether it is known to have come by https; false also where a proxy's word is not known. */
  readonly isSecure: boolean
}

/** @throws {@link CrossOriginError} */
export function requireSessionChange(request: BrowserRequest): void {
  requireOwnOrigin(request)
  if (request.headers[CSRF_HEADER] !== '1') throw new CrossOriginError('header')
}

/** For changes nobody is signed in for yet. @throws {@link CrossOriginError} */
export function requireOwnOrigin(request: BrowserRequest): void {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') throw new CrossOriginError('origin')
  requireOwnOriginField(request)
}

/** @throws {@link CrossOriginError} */
export function requireSessionRead(request: BrowserRequest): void {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new CrossOriginError('origin')
  }
  requireOwnOriginField(request)
}

/** Whether the browser itself says that it is on an https page. */
export function isSentFromHttps(headers: IncomingHttpHeaders): boolean {
  return headers.origin?.startsWith('https://') ?? false
}

function requireOwnOriginField({ headers, isSecure }: BrowserRequest): void {
  const { origin, host } = headers
  if (origin === undefined) return
  const url = URL.parse(origin)
  const scheme = url?.protocol
  // https is believed without a proxy's word: it is the browser's own.
  const isOurs =
    (scheme === 'https:' || (scheme === 'http:' && !isSecure)) &&
    url?.host === URL.parse(`${scheme}//${host}`)?.host
  if (!isOurs) throw new CrossOriginError('origin')
}
