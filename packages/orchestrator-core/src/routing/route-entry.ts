/**
 * One route of a snapshot with its patterns parsed, and the script it leads to.
 *
 * @module
 */
import {
  type PathPattern,
  parseHostPattern,
  parsePathPattern,
  type RoutedRoute,
  type RoutePatterns,
} from '@picloud/shared'
import type { ScriptTarget } from './script-target.ts'

export interface RouteEntry extends RoutePatterns {
  readonly route: RoutedRoute
  /** Null: a hole. */
  readonly target: ScriptTarget | null
}

/**
 * Reads patterns; one that stands at many routes is read once and shared, as apps have the same
 * paths over and over.
 */
export class SharedPatterns {
  readonly #paths = new Map<string, PathPattern>()

  path(text: string): PathPattern {
    const known = this.#paths.get(text)
    if (known !== undefined) return known
    const read = parsePathPattern(text)
    this.#paths.set(text, read)
    return read
  }
}

/** @throws HostPatternError or PathPatternError when a pattern breaks today's rules */
export function routeEntryOf(
  route: RoutedRoute,
  target: ScriptTarget | null,
  patterns: SharedPatterns,
): RouteEntry {
  const { method, hostPattern: host, pathPattern: path } = route
  const hostPattern = host === null ? null : parseHostPattern(host)
  return { method, hostPattern, pathPattern: patterns.path(path), route, target }
}

export function isHole({ target }: RouteEntry): boolean {
  return target === null
}
