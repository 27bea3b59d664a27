/**
 * Rules of scripts: named within their app, compiled before they are stored, every source a version.
 *
 * Knows nothing of HTTP.
 *
 * @module
 */
import {
  type AppId,
  type CreateScript,
  isId,
  type SaveScript,
  type ScriptId,
  scriptNameSchema,
} from '@picloud/shared'
import type {
  AppRow,
  Database,
  NewScript,
  NewScriptVersion,
  Page,
  PageRequest,
  ScriptRow,
  ScriptSummaryRow,
  WriteTransaction,
} from '@picloud/storage'
import { RequestInvalidError } from '../errors/requests.ts'
import { ScriptInUseError, ScriptNameTakenError, ScriptNotFoundError } from '../errors/scripts.ts'
import { findApp } from './apps.ts'
import { type Author, authorName } from './author.ts'
import { checkSource, type SourceLimits } from './compile-check.ts'
import type { ControlTransaction, ControlWrites } from './control-writes.ts'
import { type Precondition, requireRevision } from './precondition.ts'
import { activateVersion } from './script-activation.ts'
import { describeSource, importedScripts, usedHostModules } from './script-description.ts'
import { pinImports } from './script-imports.ts'
import { importersOf, routesTo, usersOf } from './script-uses.ts'
import { scriptSnapshot, scriptSubject, sourceSnapshot } from './snapshots.ts'

const FORCE_DELETE =
  'Repeat with ?force=true to delete it with its routes; scripts that import it will fail.'
const FORCE_RENAME =
  'Activated again, they would not find it: repeat with ?force=true to rename it.'

/** What a save came to. */
export interface Saved {
  readonly script: ScriptRow
  /** The version that has the source. */
  readonly version: number
  readonly isNew: boolean
}

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

  async create(by: Author, script: CreateScript): Promise<ScriptRow> {
    const { app_id, name, source, message } = script
    const version = newVersion(by, source, { message, limits: this.#limits })
    return this.#writes.run(by, async (tx) => {
      const app = await tx.apps.find(app_id)
      if (app === null) {
        throw new RequestInvalidError([{ pointer: '/app_id', message: 'There is no such app.' }])
      }
      const created = await createScript(tx, { appId: app.id, name, ...version })
      return pinImports(tx, created, { by, before: null, limits: this.#limits })
    })
  }

  /**
   * Stores a new version, and unless told otherwise makes it the active one.
   *
   * A source that the active or the newest version has already makes no version: saving again what
   * is there changes nothing but, at most, which version is active and what it imports.
   */
  async save(
    by: Author,
    id: string,
    { source, message, activate }: SaveScript,
    precondition: Precondition,
  ): Promise<Saved> {
    requireRevision(await findScript(this.#database, id), precondition)
    const version = newVersion(by, source, { message, limits: this.#limits })
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      requireRevision(script, precondition)
      const saved = await saveScript(tx, by, script, { version, activate })
      if (!activate) return saved
      const pinning = { by, before: script, limits: this.#limits }
      return { ...saved, script: await pinImports(tx, saved.script, pinning) }
    })
  }

  /** Refused while other scripts import it by the name it has, unless forced. */
  rename(
    by: Author,
    id: string,
    { name, force }: { readonly name: string; readonly force: boolean },
    precondition: Precondition,
  ): Promise<ScriptRow> {
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      requireRevision(script, precondition)
      if (name === script.name) {
        tx.record()
        return script
      }
      await requireNameFree(tx, script.appId, name)
      const importers = force ? [] : await importersOf(tx, script)
      if (importers.length > 0) {
        throw new ScriptInUseError(script.name, { routes: [], importers }, FORCE_RENAME)
      }
      const renamed = await tx.scripts.rename(script.id, name)
      if (renamed === null) throw new ScriptNotFoundError(id)
      const [before, after] = [scriptSnapshot(script), scriptSnapshot(renamed)]
      tx.record({ action: 'script.rename', ...scriptSubject(renamed), before, after })
      return renamed
    })
  }

  /** Deletes a script that nothing uses. @throws {@link ScriptInUseError} naming what does */
  delete(by: Author, id: string, precondition: Precondition): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      requireRevision(script, precondition)
      await requireUnused(tx, script, FORCE_DELETE)
      await deleteScript(tx, script)
    })
  }

  /** Deletes a script and the routes to it; scripts that import it fail from now on. */
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

/** What a source is stored as. @throws what `checkSource` throws */
export function newVersion(
  by: Author,
  source: string,
  { message, limits }: { readonly message?: string | undefined; readonly limits: SourceLimits },
): NewScriptVersion {
  checkSource(source, limits)
  const description = describeSource(source)
  return {
    source,
    message,
    savedBy: authorName(by),
    description,
    // One that cannot be described keeps no list, so that nobody takes it for an empty one.
    imports: description === null ? undefined : importedScripts(description),
    hostModules: description === null ? undefined : usedHostModules(description),
  }
}

/** @throws {@link ScriptNameTakenError} */
export async function createScript(tx: ControlTransaction, wanted: NewScript): Promise<ScriptRow> {
  await requireNameFree(tx, wanted.appId, wanted.name)
  const script = await tx.scripts.create(wanted)
  const after = scriptSnapshot(script)
  tx.record({ action: 'script.create', ...scriptSubject(script), before: null, after })
  return script
}

/** A source that the active or the newest version has already makes no version. */
export async function saveScript(
  tx: ControlTransaction,
  by: Author,
  script: ScriptRow,
  { version, activate }: { readonly version: NewScriptVersion; readonly activate: boolean },
): Promise<Saved> {
  const known = await versionWithSource(tx, script, version.source)
  if (known === null) return saveNew(tx, script, version, activate)
  if (activate) {
    const activated = await activateVersion(tx, by, script, known)
    return { script: activated, version: known, isNew: false }
  }
  tx.record()
  return { script, version: known, isNew: false }
}

/**
 * @param advice what to do about it
 * @param leaving scripts that are to be deleted with it, whose imports count no more
 * @throws {@link ScriptInUseError} naming what uses it
 */
export async function requireUnused(
  tx: ControlTransaction,
  script: ScriptRow,
  advice: string,
  leaving: ReadonlySet<string> = new Set(),
): Promise<void> {
  const routes = await routesTo(tx, script)
  const importers = (await usersOf(tx, script)).filter(({ id }) => !leaving.has(id))
  if (routes.length + importers.length > 0) {
    throw new ScriptInUseError(script.name, { routes, importers }, advice)
  }
}

/** For a script that nothing uses. Its versions and records go with it. */
export async function deleteScript(tx: ControlTransaction, script: ScriptRow): Promise<void> {
  await tx.scripts.delete(script.id)
  const before = scriptSnapshot(script)
  tx.record({ action: 'script.delete', ...scriptSubject(script), before, after: null })
}

async function saveNew(
  tx: ControlTransaction,
  script: ScriptRow,
  version: NewScriptVersion,
  activate: boolean,
): Promise<Saved> {
  const saved = activate
    ? await tx.scripts.saveVersion(script.id, version)
    : await tx.scripts.addVersion(script.id, version)
  if (saved === null) throw new ScriptNotFoundError(script.id)
  const { latestVersion } = saved
  const before = scriptSnapshot(script)
  const stored = { version: latestVersion, ...sourceSnapshot(version.source) }
  const after = { ...scriptSnapshot(saved), ...(activate ? {} : { saved: stored }) }
  tx.record({ action: 'script.save', ...scriptSubject(saved), before, after })
  return { script: saved, version: latestVersion, isNew: true }
}

/** The active or the newest version, if that is what it says. */
async function versionWithSource(
  tx: WriteTransaction,
  script: ScriptRow,
  source: string,
): Promise<number | null> {
  if (script.source === source) return script.version
  if (script.latestVersion === script.version) return null
  const latest = await tx.scriptVersions.find(script.id, script.latestVersion)
  return latest?.source === source ? latest.version : null
}

async function requireNameFree(tx: WriteTransaction, appId: AppId, name: string): Promise<void> {
  const named = await tx.scripts.findByName(appId, name)
  if (named !== null) throw new ScriptNameTakenError(name)
}

/** @throws {@link ScriptNotFoundError} */
export async function findScript(
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
