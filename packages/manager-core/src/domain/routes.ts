/**
 * Rules of routes: which requests of an app run which of its scripts.
 *
 * An enabled route's own host pattern lies inside the app's claims, and no two routes of an app
 * match the same requests: the one that would is refused, naming the one that is there. A route
 * without a script is a hole: what it matches gets 404. Other apps are never looked at. Knows
 * nothing of HTTP.
 *
 * @module
 */
import {
  type AppId,
  hostPatternCovers,
  isId,
  type NewRoute,
  parseHostPattern,
  parsePathPattern,
  type RouteId,
  type RoutePatterns,
  routesConflict,
  type ScriptId,
  type UpdateRoute,
} from '@picloud/shared'
import type { Database, Page, PageRequest, RouteRow, WriteTransaction } from '@picloud/storage'
import { RequestInvalidError } from '../errors/requests.ts'
import {
  RouteConflictError,
  RouteHostUnclaimedError,
  RouteNotFoundError,
} from '../errors/routes.ts'
import { findApp } from './apps.ts'
import type { Author } from './author.ts'
import type { ControlTransaction, ControlWrites } from './control-writes.ts'
import { asField } from './field.ts'
import { claimsOf, type ParsedClaim, type ParsedRoute, routesOf } from './parsed-rows.ts'
import { type Precondition, requireRevision } from './precondition.ts'
import { requireReachable } from './route-reach.ts'
import { routeSnapshot, routeSubject } from './snapshots.ts'

/** A route's patterns as somebody wrote them. */
interface WrittenRoute {
  readonly method: string
  readonly host_pattern: string | null
  readonly path_pattern: string
}

export class Routes {
  readonly #database: Database
  readonly #writes: ControlWrites

  constructor(database: Database, writes: ControlWrites) {
    this.#database = database
    this.#writes = writes
  }

  async list(app: string | undefined, page: PageRequest): Promise<Page<RouteRow>> {
    if (app === undefined) return this.#database.routes.list(page)
    const { id } = await findApp(this.#database, app)
    return this.#database.routes.list({ appId: id, ...page })
  }

  get(id: string): Promise<RouteRow> {
    return findRoute(this.#database, id)
  }

  create(by: Author, route: NewRoute): Promise<RouteRow> {
    const wanted = readPatterns(route)
    return this.#writes.run(by, async (tx) => {
      const app = await tx.apps.find(route.app_id)
      if (app === null) throw fieldError('/app_id', 'There is no such app.')
      return createRoute(tx, routingOf(tx, app.id), wanted, route)
    })
  }

  update(
    by: Author,
    id: string,
    change: UpdateRoute,
    precondition: Precondition,
  ): Promise<RouteRow> {
    return this.#writes.run(by, async (tx) => {
      const route = await findRoute(tx, id)
      requireRevision(route, precondition)
      return updateRoute(tx, routingOf(tx, route.appId), route, change)
    })
  }

  delete(by: Author, id: string, precondition: Precondition): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const route = await findRoute(tx, id)
      requireRevision(route, precondition)
      await deleteRoute(tx, route)
    })
  }
}

/** What a route is judged against. */
export interface Routing {
  readonly appId: AppId
  claims(): Promise<readonly Claimed[]>
  routes(): Promise<readonly ParsedRoute[]>
}

/** As much of a claim as a route needs of it. */
type Claimed = Pick<ParsedClaim, 'hostPattern'>

function routingOf(tx: ControlTransaction, appId: AppId): Routing {
  return { appId, claims: () => claimsOf(tx, appId), routes: () => routesOf(tx, appId) }
}

/** @throws {@link RouteUnreachableError} {@link RouteHostUnclaimedError} {@link RouteConflictError} */
export async function createRoute(
  tx: ControlTransaction,
  routing: Routing,
  wanted: RoutePatterns,
  { script_id, enabled, idempotency }: Pick<NewRoute, 'script_id' | 'enabled' | 'idempotency'>,
): Promise<RouteRow> {
  const { appId } = routing
  requireReachable(wanted.pathPattern)
  const scriptId = await requireScriptOfApp(tx, appId, script_id)
  if (enabled) requireClaimed(wanted, await routing.claims())
  requireNoConflict(wanted, await routing.routes())
  const made = await tx.routes.create({
    appId,
    scriptId,
    enabled,
    idempotency,
    ...textOf(wanted),
  })
  const after = routeSnapshot(made)
  tx.record({ action: 'route.create', ...routeSubject(made), before: null, after })
  return made
}

/** @throws what {@link createRoute} throws, of what the change is about */
export async function updateRoute(
  tx: ControlTransaction,
  routing: Routing,
  route: RouteRow,
  change: UpdateRoute,
): Promise<RouteRow> {
  const updated = await tx.routes.update(route.id, {
    ...(change.script_id === undefined
      ? {}
      : { scriptId: await requireScriptOfApp(tx, route.appId, change.script_id) }),
    ...(await movedTo(routing, route, change)),
    enabled: change.enabled,
    idempotency: change.idempotency,
  })
  if (updated === null) throw new RouteNotFoundError(route.id)
  const [before, after] = [routeSnapshot(route), routeSnapshot(updated)]
  tx.record({ action: 'route.update', ...routeSubject(updated), before, after })
  return updated
}

export async function deleteRoute(tx: ControlTransaction, route: RouteRow): Promise<void> {
  await tx.routes.delete(route.id)
  const before = routeSnapshot(route)
  tx.record({ action: 'route.delete', ...routeSubject(route), before, after: null })
}

/** @throws what is wrong with a pattern, naming the member it stands in */
export function readPatterns(route: WrittenRoute): RoutePatterns {
  const { method, host_pattern: host, path_pattern: path } = route
  return {
    method,
    hostPattern: host === null ? null : asField('/host_pattern', () => parseHostPattern(host)),
    pathPattern: asField('/path_pattern', () => parsePathPattern(path)),
  }
}

/** The app's claims under which a route would answer; for a route without a host that is all. */
export function claimsAround<Claim extends Claimed>(
  { hostPattern: host }: RoutePatterns,
  claims: readonly Claim[],
): readonly Claim[] {
  if (host === null) return claims
  return claims.filter((claim) => hostPatternCovers(claim.hostPattern, host))
}

/** @throws {@link RouteHostUnclaimedError} */
export function requireClaimed(route: RoutePatterns, claims: readonly Claimed[]): void {
  if (route.hostPattern === null || claimsAround(route, claims).length > 0) return
  const own = claims.map(({ hostPattern }) => hostPattern.text)
  throw new RouteHostUnclaimedError(route.hostPattern.text, own)
}

/** Routes that match the same requests: at most one, unless the database was changed by hand. */
export function conflictsOf(
  wanted: RoutePatterns,
  routes: readonly ParsedRoute[],
): readonly ParsedRoute[] {
  return routes.filter((route) => routesConflict(route, wanted))
}

/** @throws {@link RouteConflictError} */
export function requireNoConflict(wanted: RoutePatterns, routes: readonly ParsedRoute[]): void {
  const [other] = conflictsOf(wanted, routes)
  if (other !== undefined) throw new RouteConflictError(other.row)
}

/** What a change makes of a route's patterns; what it leaves alone is not judged anew. */
async function movedTo(routing: Routing, route: RouteRow, change: UpdateRoute) {
  const { method, host_pattern: host, path_pattern: path } = change
  const isMoved = method !== undefined || host !== undefined || path !== undefined
  const isEnabled = change.enabled === true && !route.enabled
  if (!isMoved && !isEnabled) return {}
  const wanted = readPatterns({
    method: method ?? route.method,
    host_pattern: host === undefined ? route.hostPattern : host,
    path_pattern: path ?? route.pathPattern,
  })
  if (path !== undefined) requireReachable(wanted.pathPattern)
  const isLive = change.enabled ?? route.enabled
  if (isLive && (host !== undefined || isEnabled)) requireClaimed(wanted, await routing.claims())
  if (!isMoved) return {}
  requireNoConflict(
    wanted,
    (await routing.routes()).filter(({ row }) => row.id !== route.id),
  )
  return textOf(wanted)
}

function textOf({ method, hostPattern, pathPattern }: RoutePatterns) {
  return { method, hostPattern: hostPattern?.text ?? null, pathPattern: pathPattern.text }
}

/** @throws {@link RouteNotFoundError} */
async function findRoute(
  stores: Pick<Database, 'routes'> | Pick<WriteTransaction, 'routes'>,
  id: string,
): Promise<RouteRow> {
  const route = isId(id) ? await stores.routes.find(id as RouteId) : null
  if (route === null) throw new RouteNotFoundError(id)
  return route
}

/** A script of another app is not told apart from none; null is a hole's. */
async function requireScriptOfApp(
  tx: WriteTransaction,
  appId: AppId,
  id: string | null,
): Promise<ScriptId | null> {
  if (id === null) return null
  const script = await tx.scripts.find(id as ScriptId)
  if (script?.appId !== appId) throw fieldError('/script_id', 'The app has no such script.')
  return script.id
}

function fieldError(pointer: string, message: string): RequestInvalidError {
  return new RequestInvalidError([{ pointer, message }])
}
