/**
 * Everything a node keeps in memory of one app: its claims, its routes, its scripts.
 *
 * Built from a snapshot; rows that break today's rules (made by an older version, or by hand in the
 * database) are left out and reported, so that one bad row never takes an app's other routes down.
 *
 * @module
 */
import {
  type HostPattern,
  type Logger,
  PicloudError,
  parseHostPattern,
  type RoutedApp,
  type RoutedDomain,
  type ScriptId,
} from '@picloud/shared'
import type { DomainEntry } from './app-domain-table.ts'
import { type CorsPolicy, corsPolicyOf } from './cors-policy.ts'
import { type RouteEntry, routeEntryOf, type SharedPatterns } from './route-entry.ts'
import { RouteTable } from './route-table.ts'
import type { ScriptLimitsOf } from './script-limits.ts'
import { type ScriptTarget, scriptTargetsOf } from './script-target.ts'

export interface AppRouting {
  readonly id: RoutedApp['id']
  readonly slug: string
  readonly domains: readonly { readonly domain: RoutedDomain; readonly pattern: HostPattern }[]
  readonly routes: RouteTable
  /** Null: pages of other origins may read nothing. */
  readonly cors: CorsPolicy | null
  readonly scripts: ReadonlyMap<ScriptId, ScriptTarget>
}

export interface AppRoutingMeans {
  readonly logger: Logger
  readonly limitsOf: ScriptLimitsOf
  /** Shared with the other apps that are made at the same time. */
  readonly patterns: SharedPatterns
}

/** The claim a host was found by. */
export type AppDomain = DomainEntry<AppRouting>

export function appRoutingOf(
  app: RoutedApp,
  { logger, limitsOf, patterns }: AppRoutingMeans,
): AppRouting {
  const scripts = scriptTargetsOf(app, limitsOf)
  const domains = app.domains.flatMap((domain) => {
    const pattern = attempt(() => parseHostPattern(domain.pattern), { domain }, logger)
    return pattern === null ? [] : [{ domain, pattern }]
  })
  const entries: RouteEntry[] = []
  for (const route of app.routes) {
    if (!route.enabled) continue
    const target = route.scriptId === null ? null : scripts.get(route.scriptId)
    if (target === undefined) {
      logger.warn({ route }, 'A route was left out: its script is not in the snapshot.')
      continue
    }
    const entry = attempt(() => routeEntryOf(route, target, patterns), { route }, logger)
    if (entry !== null) entries.push(entry)
  }
  return {
    id: app.id,
    slug: app.slug,
    domains,
    routes: new RouteTable(entries),
    cors: corsPolicyOf(app, logger),
    scripts,
  }
}

function attempt<T>(parse: () => T, row: object, logger: Logger): T | null {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof PicloudError)) throw error
    logger.warn({ ...row, code: error.code, error: error.message }, 'A stored row was left out.')
    return null
  }
}
