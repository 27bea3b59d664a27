/**
 * One route with its patterns parsed: how it ranks among others and what it captures.
 *
 * @module
 */
import {
  compareHostPatterns,
  comparePathPatterns,
  type HostPattern,
  matchHost,
  type PathPattern,
  parseHostPattern,
  parsePathPattern,
  type RoutedRoute,
} from '@picloud/shared'
import type { ScriptTarget } from './script-target.ts'

export interface RouteEntry {
  readonly route: RoutedRoute
  readonly hostPattern: HostPattern | null
  readonly pathPattern: PathPattern
  readonly target: ScriptTarget
}

/** @throws HostPatternError or PathPatternError when a pattern breaks today's rules */
export function routeEntryOf(route: RoutedRoute, target: ScriptTarget): RouteEntry {
  return {
    route,
    hostPattern: route.hostPattern === null ? null : parseHostPattern(route.hostPattern),
    pathPattern: parsePathPattern(route.pathPattern),
    target,
  }
}

/** Orders the route that is chosen first, first: by host, then path, then method. */
export function compareRouteEntries(a: RouteEntry, b: RouteEntry): number {
  return (
    compareHosts(a.hostPattern, b.hostPattern) ||
    comparePathPatterns(a.pathPattern, b.pathPattern) ||
    Number(a.route.method === '*') - Number(b.route.method === '*')
  )
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
  entry: RouteEntry,
  segments: readonly string[] | null,
): Readonly<Record<string, string>> {
  const params: Record<string, string> = {}
  if (claim.kind === 'named') Object.assign(params, matchHost(claim, host))
  if (entry.hostPattern?.kind === 'named') Object.assign(params, matchHost(entry.hostPattern, host))
  if (segments === null) return params
  for (const [index, segment] of entry.pathPattern.segments.entries()) {
    if (segment.kind === 'param') params[segment.name] = segments[index] ?? ''
    else if (segment.kind === 'rest') params[segment.name] = segments.slice(index).join('/')
  }
  return params
}

function compareHosts(a: HostPattern | null, b: HostPattern | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return compareHostPatterns(a, b)
}
