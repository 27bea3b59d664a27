/**
 * What a node needs to know to route and run without asking the database.
 *
 * Storage reads it, the orchestrator turns it into its tables. A snapshot of one app is always
 * whole: its domains, routes and script versions belong to one moment.
 *
 * @module
 */
import type { CorsSettings } from './api/cors.ts'
import type { RouteIdempotency } from './api/idempotency.ts'
import type { EgressRules } from './egress-rules.ts'
import type { ImportedScript } from './execution.ts'
import type { AppId, DomainId, RouteId, ScriptId, ScriptVersionId } from './ids.ts'
import type { OwnLimits } from './own-limits.ts'

export interface RoutedDomain {
  readonly id: DomainId
  /** As claimed, normalised: `shop.example.com`, `*.example.com`, `{tenant}.example.com`. */
  readonly pattern: string
}

export interface RoutedScript {
  readonly id: ScriptId
  readonly name: string
  readonly versionId: ScriptVersionId
  readonly version: number
  readonly source: string
  /** What it may import, with what that imports; left out: nothing. */
  readonly imports?: readonly ImportedScript[] | undefined
}

export interface RoutedRoute {
  readonly id: RouteId
  /** Upper-case HTTP method, or `*` for any. */
  readonly method: string
  /** Null: any host the app claims. */
  readonly hostPattern: string | null
  readonly pathPattern: string
  /** Null: a hole, which answers 404 where a broader route would fit too. */
  readonly scriptId: ScriptId | null
  readonly enabled: boolean
  /** Null: every request runs, also one that is sent again. */
  readonly idempotency: RouteIdempotency | null
}

export interface RoutedApp {
  readonly id: AppId
  readonly slug: string
  /** Whether callers see the detail of an error that no script caught. */
  readonly showErrorDetail: boolean
  /** Which pages of other origins may read answers; null: none. */
  readonly cors: CorsSettings | null
  /** Whether answers say how long they took. */
  readonly serverTiming: boolean
  /** Host services its scripts can call; null: all there are. */
  readonly services: readonly string[] | null
  /** Where on the network they may reach; null: no rules of its own. */
  readonly egress: EgressRules | null
  /** What it set for all its scripts. */
  readonly limits: OwnLimits
  /** How many of a hundred successes are recorded; null: as the operator's setting says. */
  readonly recordSamplingPercent: number | null
  readonly domains: readonly RoutedDomain[]
  readonly routes: readonly RoutedRoute[]
  readonly scripts: readonly RoutedScript[]
}
