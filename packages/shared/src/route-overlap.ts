/**
 * Which routes of an app take requests from one another.
 *
 * Two routes overlap when one request fits both; the more specific of them answers it. That is how
 * routing is meant to work, so it is never refused, only shown: most of all where it leaves a route
 * nothing. "All" looks at two routes at a time: what several take together is not added up.
 *
 * @module
 */
import { type HostPattern, hostPatternCovers, matchHost, shapeKey } from './host-pattern.ts'
import { pathPatternCovers, pathPatternsOverlap } from './path-pattern.ts'
import { answersMethod, compareRoutes, type RoutePatterns, routesConflict } from './route-rules.ts'

/** How much of the less specific route's requests the more specific one takes. */
export type OverlapExtent = 'all' | 'part'

export interface Overlap {
  /** Whether the first of the two is the one that answers what both fit. */
  readonly firstWins: boolean
  readonly extent: OverlapExtent
}

/**
 * Null where no request fits both, and where they conflict, which is another matter.
 *
 * @param claims of the app that has both routes
 */
export function overlapOf(
  first: RoutePatterns,
  second: RoutePatterns,
  claims: readonly HostPattern[],
): Overlap | null {
  if (routesConflict(first, second) || !routesOverlap(first, second)) return null
  const firstWins = compareRoutes(first, second) < 0
  const [winner, other] = firstWins ? [first, second] : [second, first]
  return { firstWins, extent: takesAll(winner, other, claims) ? 'all' : 'part' }
}

function routesOverlap(a: RoutePatterns, b: RoutePatterns): boolean {
  return (
    methodsOverlap(a.method, b.method) &&
    hostsOverlap(a.hostPattern, b.hostPattern) &&
    pathPatternsOverlap(a.pathPattern, b.pathPattern)
  )
}

function methodsOverlap(a: string, b: string): boolean {
  return answersMethod(a, b) || answersMethod(b, a)
}

function hostsOverlap(a: HostPattern | null, b: HostPattern | null): boolean {
  if (a === null || b === null) return true
  if (a.kind === 'exact') return matchHost(b, a.host) !== null
  return b.kind === 'exact' ? matchHost(a, b.host) !== null : shapeKey(a) === shapeKey(b)
}

function takesAll(
  winner: RoutePatterns,
  other: RoutePatterns,
  claims: readonly HostPattern[],
): boolean {
  if (!answersMethod(winner.method, other.method)) return false
  if (!pathPatternCovers(winner.pathPattern, other.pathPattern)) return false
  const host = winner.hostPattern
  if (host === null) return true
  if (other.hostPattern !== null) return hostPatternCovers(host, other.hostPattern)
  return claims.length > 0 && claims.every((claim) => hostPatternCovers(host, claim))
}
