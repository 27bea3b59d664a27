/**
 * Which of an app's routes answers a request, written as a rule over all of them.
 *
 * The order is host, then path, then method; `docs/reference/routing.md` tells it and a test holds
 * the two equal. The orchestrator finds the same route by a tree, which a test holds to this file;
 * the control plane refuses, previews and explains by it. Pure, and free of Node.
 *
 * @module
 */
import {
  compareHostPatterns,
  type HostPattern,
  matchHost,
  parseHostPattern,
  shapeKey,
} from './host-pattern.ts'
import {
  comparePathPatterns,
  matchPath,
  type PathPattern,
  parsePathPattern,
  pathPatternsConflict,
  pathShapeKey,
} from './path-pattern.ts'

export interface RoutePatterns {
  /** Upper-case HTTP method, or `*` for any. */
  readonly method: string
  /** Null: any host the app claims. */
  readonly hostPattern: HostPattern | null
  readonly pathPattern: PathPattern
}

export interface RouteText {
  readonly method: string
  readonly hostPattern: string | null
  readonly pathPattern: string
}

/** @throws HostPatternError or PathPatternError when a pattern breaks today's rules */
export function parseRoutePatterns({ method, hostPattern, pathPattern }: RouteText): RoutePatterns {
  return {
    method,
    hostPattern: hostPattern === null ? null : parseHostPattern(hostPattern),
    pathPattern: parsePathPattern(pathPattern),
  }
}

/** Orders the more specific route first: by host, then path, then method. */
export function compareRoutes(a: RoutePatterns, b: RoutePatterns): number {
  return (
    compareRouteHosts(a, b) ||
    comparePathPatterns(a.pathPattern, b.pathPattern) ||
    methodBreadth(a.method) - methodBreadth(b.method)
  )
}

/** Whether no rule could choose between two routes: one method, and the same hosts and paths. */
export function routesConflict(a: RoutePatterns, b: RoutePatterns): boolean {
  return (
    a.method === b.method &&
    hostShape(a) === hostShape(b) &&
    pathPatternsConflict(a.pathPattern, b.pathPattern)
  )
}

/** Equal for two routes exactly when they conflict. */
export function routeShapeKey(route: RoutePatterns): string {
  return `${route.method} ${hostShape(route) ?? ''} ${pathShapeKey(route.pathPattern)}`
}

/**
 * Whether a route's host and path are a request's, whatever the method.
 *
 * @param host normalised
 * @param path percent-encoded, as the client sent it
 */
export function routeFits(route: RoutePatterns, host: string, path: string): boolean {
  const fitsHost = route.hostPattern === null || matchHost(route.hostPattern, host) !== null
  return fitsHost && matchPath(route.pathPattern, path) !== null
}

/** RFC 9110 section 9.3.2: HEAD is GET without the content. */
export function answersMethod(routeMethod: string, method: string): boolean {
  return (
    routeMethod === method || routeMethod === '*' || (method === 'HEAD' && routeMethod === 'GET')
  )
}

/** The route that answers, of those whose host and path fit. */
export function chooseRoute<Route extends RoutePatterns>(
  fitting: readonly Route[],
  method: string,
): Route | undefined {
  const [first] = fitting
    .filter((route) => answersMethod(route.method, method))
    .toSorted(compareRoutes)
  return first
}

/**
 * The methods that would run a script, of routes that fit and none of which has the method asked
 * for: RFC 9110 section 15.5.6. GET brings HEAD, and OPTIONS PiCloud answers itself. A method whose
 * route is a hole is left out; empty when all are.
 */
export function allowedMethods<Route extends RoutePatterns>(
  fitting: readonly Route[],
  isHole: (route: Route) => boolean,
): readonly string[] {
  const methods = new Set(fitting.map((route) => route.method))
  if (methods.has('GET')) methods.add('HEAD')
  const isClosed = (method: string) => {
    const chosen = chooseRoute(fitting, method)
    return chosen !== undefined && isHole(chosen)
  }
  const open = [...methods].filter((method) => !isClosed(method))
  if (open.length > 0 && !isClosed('OPTIONS')) open.push('OPTIONS')
  return [...new Set(open)].sort()
}

/**
 * What the script is given as `params`. Where names meet, the path's capture wins over that of the
 * route's host, and that one over the app's claim.
 *
 * @param segments decoded segments of the path; null where the pattern captures nothing of it
 */
export function captureParams(
  claim: HostPattern,
  host: string,
  route: RoutePatterns,
  segments: readonly string[] | null,
): Readonly<Record<string, string>> {
  const params: Record<string, string> = {}
  if (claim.kind === 'named') Object.assign(params, matchHost(claim, host))
  if (route.hostPattern?.kind === 'named') Object.assign(params, matchHost(route.hostPattern, host))
  if (segments === null) return params
  for (const [index, segment] of route.pathPattern.segments.entries()) {
    if (segment.kind === 'param') params[segment.name] = segments[index] ?? ''
    else if (segment.kind === 'rest') params[segment.name] = segments.slice(index).join('/')
  }
  return params
}

/** Orders a route for this very host before one for `*.` of it, and that before one for any. */
export function compareRouteHosts(a: RoutePatterns, b: RoutePatterns): number {
  if (a.hostPattern === null || b.hostPattern === null) {
    return Number(a.hostPattern === null) - Number(b.hostPattern === null)
  }
  return compareHostPatterns(a.hostPattern, b.hostPattern)
}

/** A HEAD request goes to HEAD, then GET, then `*`. */
function methodBreadth(method: string): number {
  if (method === '*') return 2
  return method === 'GET' ? 1 : 0
}

function hostShape({ hostPattern }: RoutePatterns): string | null {
  return hostPattern === null ? null : shapeKey(hostPattern)
}
