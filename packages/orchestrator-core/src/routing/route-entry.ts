/**
 * One route of a snapshot with its patterns parsed, and the script it leads to.
 *
 * @module
 */
import { parseRoutePatterns, type RoutedRoute, type RoutePatterns } from '@picloud/shared'
import type { ScriptTarget } from './script-target.ts'

export interface RouteEntry extends RoutePatterns {
  readonly route: RoutedRoute
  /** Null: a hole. */
  readonly target: ScriptTarget | null
}

/** @throws HostPatternError or PathPatternError when a pattern breaks today's rules */
export function routeEntryOf(route: RoutedRoute, target: ScriptTarget | null): RouteEntry {
  const { method, hostPattern, pathPattern } = parseRoutePatterns(route)
  return { method, hostPattern, pathPattern, route, target }
}

export function isHole({ target }: RouteEntry): boolean {
  return target === null
}
