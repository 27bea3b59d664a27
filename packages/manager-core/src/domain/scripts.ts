/**
 * Rules of scripts: named within their app, compiled before they are stored, every save a version.
 *
 * Knows nothing of HTTP.
 *
 * @module
 */
import { type CreateScript, isId, type ScriptId, scriptNameSchema } from '@picloud/shared'
import type {
  AppRow,
  Database,
  Page,
  PageRequest,
  ScriptRow,
  ScriptSummaryRow,
  WriteTransaction,
} from '@picloud/storage'
import { RequestInvalidError } from '../errors/requests.ts'
import { ScriptInUseError, ScriptNameTakenError, ScriptNotFoundError } from '../errors/scripts.ts'
import { findApp } from './apps.ts'
import type { Author } from './author.ts'
import { checkSource, type SourceLimits } from './compile-check.ts'
import type { ControlWrites } from './control-writes.ts'
import { type Precondition, requireRevision } from './precondition.ts'
import { scriptSnapshot, scriptSubject } from './snapshots.ts'

/** Enough to name in a message; the rest is counted. */
const ROUTES_NAMED_MAX = 200

export interface ScriptFilter {
  /** Id or slug. */
  readonly app?: string | undefined
  /** Only with `app`, which it is unique within. */
  readonly name?: string | undefined
}

export class Scripts {
  readonly #database: Database
  readonly #writes: ControlWrites
  readonly #limits: SourceLimits

  constructor(database: Database, writes: ControlWrites, limits: SourceLimits) {
    this.#database = database
    this.#writes = writes
    this.#limits = limits
  }

  async list(filter: ScriptFilter, page: PageRequest): Promise<Page<ScriptSummaryRow>> {
    if (filter.app === undefined) return this.#database.scripts.list(page)
    const app = await findApp(this.#database, filter.app)
    if (filter.name === undefined) return this.#database.scripts.list({ appId: app.id, ...page })
    const named = await findByName(this.#database, app, filter.name)
    return { items: named === null ? [] : [named], nextCursor: null }
  }

  get(id: string): Promise<ScriptRow> {
    return findScript(this.#database, id)
  }

  async create(by: Author, { app_id, name, source }: CreateScript): Promise<ScriptRow> {
    checkSource(source, this.#limits)
    return this.#writes.run(by, async (tx) => {
      const app = await tx.apps.find(app_id)
      if (app === null) {
        throw new RequestInvalidError([{ pointer: '/app_id', message: 'There is no such app.' }])
      }
      const named = await tx.scripts.findByName(app.id, name)
      if (named !== null) throw new ScriptNameTakenError(name)
      const script = await tx.scripts.create({ appId: app.id, name, source })
      const after = scriptSnapshot(script)
      tx.record({ action: 'script.create', ...scriptSubject(script), before: null, after })
      return script
    })
  }

  /** Stores a new version and makes it the active one; earlier versions stay as they were. */
  async saveVersion(
    by: Author,
    id: string,
    source: string,
    precondition: Precondition,
  ): Promise<ScriptRow> {
    requireRevision(await findScript(this.#database, id), precondition)
    checkSource(source, this.#limits)
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      requireRevision(script, precondition)
      const saved = await tx.scripts.saveVersion(id as ScriptId, source)
      if (saved === null) throw new ScriptNotFoundError(id)
      const [before, after] = [scriptSnapshot(script), scriptSnapshot(saved)]
      tx.record({ action: 'script.save', ...scriptSubject(saved), before, after })
      return saved
    })
  }

  /** Deletes a script no route uses. @throws {@link ScriptInUseError} naming the routes */
  delete(by: Author, id: string, precondition: Precondition): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      requireRevision(script, precondition)
      const routes = await tx.routes.list({ scriptId: script.id, limit: ROUTES_NAMED_MAX })
      if (routes.items.length > 0) throw new ScriptInUseError(script.name, routes.items)
      await tx.scripts.delete(script.id)
      const before = scriptSnapshot(script)
      tx.record({ action: 'script.delete', ...scriptSubject(script), before, after: null })
    })
  }

  deleteWithRoutes(by: Author, id: string, precondition: Precondition): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      requireRevision(script, precondition)
      await tx.scripts.deleteWithRoutes(script.id)
      const before = scriptSnapshot(script)
      tx.record({ action: 'script.delete', ...scriptSubject(script), before, after: null })
    })
  }
}

/** @throws {@link ScriptNotFoundError} */
async function findScript(
  stores: Pick<Database, 'scripts'> | Pick<WriteTransaction, 'scripts'>,
  id: string,
): Promise<ScriptRow> {
  const script = isId(id) ? await stores.scripts.find(id as ScriptId) : null
  if (script === null) throw new ScriptNotFoundError(id)
  return script
}

/** The script an id, or a name within an app, stands for. @throws {@link ScriptNotFoundError} */
export async function findScriptOfApp(
  database: Database,
  reference: string,
  app: AppRow | null,
): Promise<ScriptRow> {
  if (isId(reference)) {
    const script = await findScript(database, reference)
    if (app === null || script.appId === app.id) return script
  } else if (app !== null) {
    const script = await findByName(database, app, reference)
    if (script !== null) return script
  }
  throw new ScriptNotFoundError(reference)
}

/** What has not the form of a name names nothing, and never reaches a query. */
async function findByName(
  database: Database,
  app: AppRow,
  name: string,
): Promise<ScriptRow | null> {
  if (!scriptNameSchema.safeParse(name).success) return null
  return database.scripts.findByName(app.id, name)
}
