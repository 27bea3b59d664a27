/**
 * Makes of an HTTP request what its script sees as `request`.
 *
 * @module
 */
import type { ScriptRequest } from '@picloud/shared'
import type { Connection } from './connection.ts'
import { parseCookies } from './cookies.ts'
import type { Exchange } from './exchange.ts'
import { parseQuery } from './query-string.ts'
import type { RequestTarget } from './request-target.ts'
import { TextRecord } from './text-record.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

export const NO_VALUES: Readonly<TextRecord> = Object.freeze(new TextRecord())

export interface RequestParts {
  readonly exchange: Exchange
  readonly target: RequestTarget
  /** As the client wrote it, port included. */
  readonly authority: string
  readonly host: string
  readonly params: Readonly<Record<string, string>>
}

export function scriptRequestOf(
  parts: RequestParts,
  body: Uint8Array,
  proxies: TrustedProxies,
): ScriptRequest {
  const { exchange, target, authority } = parts
  const { headers } = exchange.head
  const { path, query } = target
  const cookie = headers.cookie
  const origin = `${schemeOf(exchange)}://${authority}`
  return {
    method: exchange.method,
    url: query === '' ? `${origin}${path}` : `${origin}${path}?${query}`,
    host: parts.host,
    path,
    params: parts.params,
    query: query === '' ? NO_VALUES : parseQuery(query),
    headers,
    cookies: cookie === undefined ? NO_VALUES : parseCookies(cookie),
    body,
    ip: clientAddressOf(exchange, proxies),
  }
}

export function clientAddressOf({ connection, head }: Exchange, proxies: TrustedProxies): string {
  if (!connection.trusted) return connection.peer
  return proxies.clientOf(connection.peer, head.headers['x-forwarded-for'])
}

function schemeOf({ connection, head }: Exchange): 'http' | 'https' {
  return schemeSeenBy(connection, head.headers['x-forwarded-proto'])
}

/** @param forwarded the field X-Forwarded-Proto, believed from trusted peers only */
export function schemeSeenBy(
  { trusted, encrypted }: Connection,
  forwarded: string | readonly string[] | undefined,
): 'http' | 'https' {
  if (trusted && (forwarded === 'https' || forwarded === 'http')) return forwarded
  return encrypted ? 'https' : 'http'
}
