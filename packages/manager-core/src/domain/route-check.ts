/**
 * Previews a route: what it would match, and what it would meet. Changes nothing.
 *
 * @module
 */
import {
  type AppId,
  type CheckRoute,
  type Overlap,
  overlapOf,
  PicloudError,
  type RouteCheck,
  type RoutePatterns,
} from '@picloud/shared'
import type { Database, RouteRow } from '@picloud/storage'
import { RequestInvalidError } from '../errors/requests.ts'
import { claimsOf, type ParsedClaim, type ParsedRoute, routesOf } from './parsed-rows.ts'
import { hostsTakenByPicloud, requireReachable } from './route-reach.ts'
import {
  claimsAround,
  conflictsOf,
  readPatterns,
  requireClaimed,
  requireNoConflict,
} from './routes.ts'

export interface RoutePreview
  extends Pick<RouteCheck, 'captures' | 'problems' | 'warnings' | 'acceptable'> {
  readonly wanted: RoutePatterns
  readonly claims: readonly ParsedClaim[]
  readonly conflicts: readonly ParsedRoute[]
  readonly shadowedBy: readonly Shadow[]
  readonly shadows: readonly Shadow[]
}

export interface Shadow {
  readonly route: ParsedRoute
  readonly extent: Overlap['extent']
}

export class RouteChecks {
  readonly #database: Database
  readonly #adminHost: string | null

  /** @param adminHost the one the operator named, normalised */
  constructor(database: Database, adminHost: string | null) {
    this.#database = database
    this.#adminHost = adminHost
  }

  /** @throws what is wrong with a pattern, or that there is no such app or route */
  async check(request: CheckRoute): Promise<RoutePreview> {
    const wanted = readPatterns(request)
    const app = await this.#database.apps.find(request.app_id)
    if (app === null) throw fieldError('/app_id', 'There is no such app.')
    const claims = await claimsOf(this.#database, app.id)
    const others = withoutEdited(await routesOf(this.#database, app.id), request, app.id)
    const problems = [
      ...problemOf(() => requireReachable(wanted.pathPattern)),
      ...problemOf(() => requireClaimed(wanted, claims)),
      ...problemOf(() => requireNoConflict(wanted, others)),
    ]
    const around = claimsAround(wanted, claims)
    const { shadowedBy, shadows } = shadowsOf(wanted, others, claims)
    return {
      wanted,
      acceptable: problems.length === 0,
      claims: around,
      captures: capturesOf(wanted, around),
      problems,
      warnings: [
        ...this.#reservedWarnings(wanted, around),
        ...(claims.length === 0 ? ['The app claims no domain, so the route answers nowhere.'] : []),
        ...(shadowedBy.some(({ extent }) => extent === 'all')
          ? ['A more specific route takes every request this one matches.']
          : []),
      ],
      conflicts: conflictsOf(wanted, others),
      shadowedBy,
      shadows,
    }
  }

  #reservedWarnings(wanted: RoutePatterns, around: readonly ParsedClaim[]): string[] {
    const patterns = around.map(({ hostPattern }) => hostPattern)
    const hosts = wanted.hostPattern === null ? patterns : [wanted.hostPattern]
    return hostsTakenByPicloud(wanted.pathPattern, hosts, this.#adminHost).map(
      (host) => `On ${host} this path is PiCloud's own, so the route does not answer there.`,
    )
  }
}

function withoutEdited(
  routes: readonly ParsedRoute[],
  { route_id: id }: CheckRoute,
  appId: AppId,
): readonly ParsedRoute[] {
  if (id === undefined) return routes
  const isOwn = ({ row }: { readonly row: RouteRow }) => row.id === id && row.appId === appId
  if (!routes.some(isOwn)) throw fieldError('/route_id', 'The app has no such route.')
  return routes.filter((route) => !isOwn(route))
}

/** Routes that are switched off take nothing and miss nothing. */
function shadowsOf(
  wanted: RoutePatterns,
  routes: readonly ParsedRoute[],
  claims: readonly ParsedClaim[],
): Pick<RoutePreview, 'shadowedBy' | 'shadows'> {
  const patterns = claims.map(({ hostPattern }) => hostPattern)
  const met = routes
    .filter((route) => route.enabled)
    .flatMap((route) => {
      const overlap = overlapOf(wanted, route, patterns)
      return overlap === null ? [] : [{ route, ...overlap }]
    })
  const pick = (firstWins: boolean) =>
    met.filter((one) => one.firstWins === firstWins).map(({ route, extent }) => ({ route, extent }))
  return { shadowedBy: pick(false), shadows: pick(true) }
}

/** The nearer to the path, the more a name counts; each is told once. */
function capturesOf(
  { hostPattern, pathPattern }: RoutePatterns,
  claims: readonly ParsedClaim[],
): RouteCheck['captures'] {
  const sources = new Map<string, 'claim' | 'host' | 'path'>()
  for (const claim of claims) {
    if (claim.hostPattern.kind === 'named') sources.set(claim.hostPattern.name, 'claim')
  }
  if (hostPattern?.kind === 'named') sources.set(hostPattern.name, 'host')
  for (const segment of pathPattern.segments) {
    if (segment.kind !== 'literal') sources.set(segment.name, 'path')
  }
  return [...sources].map(([name, source]) => ({ name, source }))
}

function problemOf(require: () => void): RouteCheck['problems'] {
  try {
    require()
    return []
  } catch (error) {
    if (!(error instanceof PicloudError)) throw error
    const { code, message } = error
    return [{ code, pointer: error.errors[0]?.pointer ?? '', message }]
  }
}

function fieldError(pointer: string, message: string): RequestInvalidError {
  return new RequestInvalidError([{ pointer, message }])
}
