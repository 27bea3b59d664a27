/**
 * Rules of routes: which requests of an app run which of its scripts.
 *
 * A route's own host pattern lies inside the app's claims, and no two routes of an app match the
 * same requests: the one that would is refused, naming the one that is there. Other apps are never
 * looked at. Knows nothing of HTTP.
 *
 * @module
 */
import {
  type AppId,
  type HostPattern,
  hostPatternCovers,
  isId,
  type NewRoute,
  parseHostPattern,
  parsePathPattern,
  pathPatternsConflict,
  type RouteId,
  type ScriptId,
  shapeKey,
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
import type { ControlWrites } from './control-writes.ts'
import { asField } from './field.ts'
import { type Precondition, requireRevision } from './precondition.ts'
import { routeSnapshot, routeSubject } from './snapshots.ts'

/** What a route matches, in normal form. */
type RouteMatch = Pick<RouteRow, 'method' | 'hostPattern' | 'pathPattern'>

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
    const written = route.host_pattern
    const host = written === null ? null : asField('/host_pattern', () => parseHostPattern(written))
    const path = asField('/path_pattern', () => parsePathPattern(route.path_pattern))
    const match = {
      method: route.method,
      hostPattern: host?.text ?? null,
      pathPattern: path.text,
    }
    return this.#writes.run(by, async (tx) => {
      const app = await tx.apps.find(route.app_id)
      if (app === null) throw fieldError('/app_id', 'There is no such app.')
      await requireScriptOfApp(tx, app.id, route.script_id)
      if (host !== null) await requireClaimed(tx, app.id, host)
      await requireNoConflict(tx, app.id, match)
      const scriptId = route.script_id as ScriptId
      const { enabled } = route
      const made = await tx.routes.create({ appId: app.id, scriptId, enabled, ...match })
      const after = routeSnapshot(made)
      tx.record({ action: 'route.create', ...routeSubject(made), before: null, after })
      return made
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
      if (change.script_id !== undefined) {
        await requireScriptOfApp(tx, route.appId, change.script_id)
      }
      const updated = await tx.routes.update(route.id, {
        ...(change.script_id === undefined ? {} : { scriptId: change.script_id as ScriptId }),
        ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
      })
      if (updated === null) throw new RouteNotFoundError(id)
      const [before, after] = [routeSnapshot(route), routeSnapshot(updated)]
      tx.record({ action: 'route.update', ...routeSubject(updated), before, after })
      return updated
    })
  }

  delete(by: Author, id: string, precondition: Precondition): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const route = await findRoute(tx, id)
      requireRevision(route, precondition)
      await tx.routes.delete(route.id)
      const before = routeSnapshot(route)
      tx.record({ action: 'route.delete', ...routeSubject(route), before, after: null })
    })
  }
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

/** A script of another app is not told apart from none. */
async function requireScriptOfApp(tx: WriteTransaction, appId: AppId, id: string): Promise<void> {
  const script = await tx.scripts.find(id as ScriptId)
  if (script?.appId !== appId) throw fieldError('/script_id', 'The app has no such script.')
}

async function requireClaimed(
  tx: WriteTransaction,
  appId: AppId,
  host: HostPattern,
): Promise<void> {
  const claims = (await tx.domains.listAll(appId)).map((claim) => claim.pattern)
  if (claims.some((claim) => hostPatternCovers(parseHostPattern(claim), host))) return
  throw new RouteHostUnclaimedError(host.text, claims)
}

async function requireNoConflict(
  tx: WriteTransaction,
  appId: AppId,
  wanted: RouteMatch,
): Promise<void> {
  const routes = await tx.routes.listAll(appId)
  const other = routes.find((route) => matchesTheSame(route, wanted))
  if (other !== undefined) throw new RouteConflictError(other)
}

/** A named method is more specific than any, and one host more than all: those are no conflict. */
function matchesTheSame(a: RouteMatch, b: RouteMatch): boolean {
  return (
    a.method === b.method &&
    hostShape(a.hostPattern) === hostShape(b.hostPattern) &&
    pathPatternsConflict(parsePathPattern(a.pathPattern), parsePathPattern(b.pathPattern))
  )
}

function hostShape(pattern: string | null): string | null {
  return pattern === null ? null : shapeKey(parseHostPattern(pattern))
}

function fieldError(pointer: string, message: string): RequestInvalidError {
  return new RequestInvalidError([{ pointer, message }])
}
