/**
 * Decides whose a request is: PiCloud's own, a script's by its id, or a route's.
 *
 * A pure reading of the request's head against the routing tables; it reads no content, waits for
 * nothing and writes nothing. What nobody answers is thrown as the error the client gets.
 *
 * @module
 */
import {
  captureParams,
  EXECUTE_PREFIX,
  normalizeHost,
  placeOf,
  type RouteId,
  type RouteIdempotency,
} from '@picloud/shared'
import {
  AdminHostError,
  HeadersTooManyError,
  HostInvalidError,
  HostUnknownError,
  MethodNotAllowedError,
  PathUnknownError,
  RoutingNotLoadedError,
  TargetInvalidError,
  UpgradeError,
  VersionError,
} from '../errors.ts'
import type { AppDomain } from '../routing/app-routing.ts'
import { type CorsPolicy, isPreflight } from '../routing/cors-policy.ts'
import type { RouteMatch } from '../routing/route-table.ts'
import type { RoutingTables } from '../routing/routing-tables.ts'
import type { ScriptTarget } from '../routing/script-target.ts'
import type { Exchange } from './exchange.ts'
import { FIELDS_MAX } from './request-head.ts'
import { parseTarget, type RequestTarget } from './request-target.ts'
import { NO_VALUES, type RequestParts } from './script-request.ts'

export type Dispatch =
  | { readonly kind: 'admin'; readonly target: RequestTarget }
  /** Run a script by its id, once the caller has shown a right to. */
  | { readonly kind: 'execute'; readonly script: string; readonly parts: RequestParts }
  | {
      readonly kind: 'route'
      readonly target: ScriptTarget
      readonly routeId: RouteId
      readonly idempotency: RouteIdempotency | null
      readonly parts: RequestParts
    }
  /** A browser asks for a page of another origin whether it may. */
  | { readonly kind: 'preflight'; readonly cors: CorsPolicy }
  /** An OPTIONS request that no script answers. */
  | { readonly kind: 'options'; readonly allow: readonly string[] }

export interface DispatchContext {
  readonly routing: RoutingTables
  readonly adminHost: string | null
  readonly urlBytesMax: number
}

const EXECUTE_METHODS = ['OPTIONS', 'POST']
const ALL_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']

/** @throws the IngressError the client gets */
export function dispatch(exchange: Exchange, context: DispatchContext): Dispatch {
  const { request } = exchange
  // The parser takes 0.9 and 2.0 for versions too.
  if (request.httpVersionMajor !== 1) throw new VersionError()
  if (request.rawHeaders.length > 2 * FIELDS_MAX) throw new HeadersTooManyError(FIELDS_MAX)
  const target = parseTarget(request.url ?? '', context.urlBytesMax)
  const authority = authorityOf(exchange, target)
  const host = normalizeHost(authority)
  if (host === null) {
    throw new HostInvalidError(`The host ${JSON.stringify(authority)} is not a host name.`)
  }
  const { path } = target
  if (path === '*') return dispatchAsterisk(exchange.method)
  const { routing, adminHost } = context
  const domain = routing.findDomain(host)
  switch (placeOf({ host, path, adminHost, claim: domain?.pattern ?? null })) {
    case 'execute': {
      const parts = { exchange, target, authority, host, params: NO_VALUES }
      return dispatchExecute(exchange.method, path.slice(EXECUTE_PREFIX.length), parts)
    }
    case 'picloud':
      return { kind: 'admin', target }
    case 'app':
      // Nothing is this place without a claim.
      if (domain !== undefined) return dispatchRoute(domain, { exchange, target, authority, host })
      break
    case 'admin-host':
      if (routing.loaded) throw new AdminHostError(host)
      break
    case 'no-claim':
      break
  }
  throw routing.loaded ? new HostUnknownError(host) : new RoutingNotLoadedError()
}

function dispatchRoute(domain: AppDomain, parts: Omit<RequestParts, 'params'>): Dispatch {
  const { exchange, host, target } = parts
  const { method } = exchange
  if (exchange.head.headers.upgrade !== undefined) checkUpgrade(exchange.head.headers.upgrade)
  const match = domain.app.routes.match(method, host, target.path)
  const { cors } = domain.app
  if (cors !== null) {
    exchange.cors = cors
    if (method === 'OPTIONS' && isPreflight(exchange.head.headers) && !takesOptions(match)) {
      return { kind: 'preflight', cors }
    }
  }
  switch (match.kind) {
    case 'route': {
      const { entry, segments } = match
      const { route, target: script } = entry
      // The same answer as where there is no route: a hole is not to be told apart from outside.
      if (script === null) throw new PathUnknownError(domain.app.slug, target.path)
      const params = captureParams(domain.pattern, host, entry, segments)
      // Written out: a spread here would cost every request.
      const { authority } = parts
      return {
        kind: 'route',
        target: script,
        routeId: route.id,
        idempotency: route.idempotency,
        parts: { exchange, target, authority, host, params },
      }
    }
    case 'method-not-allowed':
      if (method === 'OPTIONS') return { kind: 'options', allow: match.allow }
      throw new MethodNotAllowedError(method, match.allow)
    case 'not-found':
      throw new PathUnknownError(domain.app.slug, target.path)
    case 'path-malformed':
      throw new TargetInvalidError(
        'The path has a malformed escape, or a segment that is `.` or `..`.',
      )
  }
}

/** Whether a script has asked for OPTIONS by name: `*` does not mean a browser's questions. */
function takesOptions(match: RouteMatch): boolean {
  return match.kind === 'route' && match.entry.route.method === 'OPTIONS'
}

/** Other protocols may be offered and are passed over (RFC 9110 section 7.8); this one is wanted. */
function checkUpgrade(protocols: string): void {
  if (protocols.toLowerCase().includes('websocket')) throw new UpgradeError()
}

function dispatchExecute(method: string, script: string, parts: RequestParts): Dispatch {
  if (method === 'POST') return { kind: 'execute', script, parts }
  if (method === 'OPTIONS') return { kind: 'options', allow: EXECUTE_METHODS }
  throw new MethodNotAllowedError(method, EXECUTE_METHODS)
}

/** RFC 9110 section 9.3.7: `OPTIONS *` asks what the server can do at all. */
function dispatchAsterisk(method: string): Dispatch {
  if (method === 'OPTIONS') return { kind: 'options', allow: ALL_METHODS }
  throw new TargetInvalidError('The target * is for OPTIONS only.')
}

/** RFC 9112 section 3.2: exactly one Host field; the absolute form's authority goes before it. */
function authorityOf({ head }: Exchange, target: RequestTarget): string {
  if (head.host === null) throw new HostInvalidError('The request has no Host header.')
  if (head.hostRepeated) throw new HostInvalidError('The request has more than one Host header.')
  const authority = target.authority ?? head.host
  // The parser gives one character per byte; some clients send a name in UTF-8 as it is.
  return /[\x80-\xff]/.test(authority) ? Buffer.from(authority, 'latin1').toString() : authority
}
