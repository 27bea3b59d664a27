/**
 * Rules of versions: they never change, one of them is active, and which one was before is known.
 *
 * Knows nothing of HTTP.
 *
 * @module
 */
import type { DiffQuery, RollbackScript } from '@picloud/shared'
import type {
  ActivationImportRow,
  Database,
  ImportedByRow,
  Page,
  PageRequest,
  ScriptActivationRow,
  ScriptImportRow,
  ScriptRow,
  ScriptVersionReader,
  ScriptVersionRow,
  ScriptVersionSummaryRow,
} from '@picloud/storage'
import {
  ScriptDiffTooLongError,
  ScriptNotFoundError,
  ScriptRollbackNoneError,
  ScriptVersionNotFoundError,
} from '../errors/scripts.ts'
import { type Author, authorName } from './author.ts'
import { checkSource, type SourceLimits } from './compile-check.ts'
import type { ControlWrites } from './control-writes.ts'
import { type Precondition, requireRevision } from './precondition.ts'
import { activateVersion } from './script-activation.ts'
import { describeSource } from './script-description.ts'
import { pinImports } from './script-imports.ts'
import { findScript } from './scripts.ts'
import { scriptSnapshot, scriptSubject } from './snapshots.ts'
import { diffSources, type SourceDiff } from './source-diff.ts'

/** What a version number in a path may look like; anything else names no version. */
const NUMBER = /^[1-9]\d{0,8}$/

/** A version as it is shown, with the script it is of. */
export interface OfScript<T> {
  readonly script: ScriptRow
  readonly value: T
}

/** An activation with what it pinned. */
export interface Activation extends ScriptActivationRow {
  readonly imports: readonly ActivationImportRow[]
}

export interface Imports {
  readonly imports: readonly ScriptImportRow[]
  readonly importedBy: readonly ImportedByRow[]
}

/** More than anybody reads through. */
const IMPORTED_BY_MAX = 200

export interface VersionDiff extends SourceDiff {
  readonly from: number
  readonly to: number
}

export class ScriptVersions {
  readonly #database: Database
  readonly #writes: ControlWrites
  readonly #limits: SourceLimits

  constructor(database: Database, writes: ControlWrites, limits: SourceLimits) {
    this.#database = database
    this.#writes = writes
    this.#limits = limits
  }

  async list(id: string, page: PageRequest): Promise<OfScript<Page<ScriptVersionSummaryRow>>> {
    const script = await findScript(this.#database, id)
    return { script, value: await this.#database.scriptVersions.list(script.id, page) }
  }

  /** With its description; one stored by a program that could not tell is described now. */
  async get(id: string, number: string): Promise<OfScript<ScriptVersionRow>> {
    const script = await findScript(this.#database, id)
    const version = await findVersion(this.#database.scriptVersions, script, numberOf(number))
    const description = version.description ?? describeSource(version.source)
    return { script, value: { ...version, description } }
  }

  async activations(id: string, page: PageRequest): Promise<Page<Activation>> {
    const script = await findScript(this.#database, id)
    const { items, nextCursor } = await this.#database.scriptVersions.activations(script.id, page)
    const numbers = items.map(({ number }) => number)
    const imports = await this.#database.scriptImports.ofActivations(script.id, numbers)
    const of = Map.groupBy(imports, ({ activation }) => activation)
    return {
      items: items.map((row) => ({ ...row, imports: of.get(row.number) ?? [] })),
      nextCursor,
    }
  }

  /** What it imports and who imports it, as both was pinned. */
  async imports(id: string): Promise<Imports> {
    const script = await findScript(this.#database, id)
    return {
      imports: await this.#database.scriptImports.current(script.id),
      importedBy: await this.#database.scriptImports.importedBy(script.id, IMPORTED_BY_MAX),
    }
  }

  /**
   * From the empty text when `from` is 0; by default from the version before.
   *
   * @throws {@link ScriptDiffTooLongError}
   */
  async diff(id: string, query: DiffQuery): Promise<OfScript<VersionDiff>> {
    const script = await findScript(this.#database, id)
    const to = query.to ?? script.latestVersion
    const from = query.from ?? to - 1
    const read = async (version: number): Promise<string> =>
      version === 0
        ? ''
        : (await findVersion(this.#database.scriptVersions, script, version)).source
    const named = async (version: number) => ({
      name: `${script.name}@${version}`,
      source: await read(version),
    })
    const diff = diffSources(await named(from), await named(to))
    if (diff === null) throw new ScriptDiffTooLongError(script.name, from, to)
    return { script, value: { ...diff, from, to } }
  }

  /**
   * Makes a version the active one, with what it imports as that is now. Nothing happens if both are
   * so already.
   */
  activate(by: Author, id: string, number: string, precondition: Precondition): Promise<ScriptRow> {
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      requireRevision(script, precondition)
      const { version, source } = await findVersion(tx.scriptVersions, script, numberOf(number))
      // The language and its limits may have changed since it was stored.
      checkSource(source, this.#limits)
      const activated = await activateVersion(tx, by, script, version)
      return pinImports(tx, activated, { by, before: script, limits: this.#limits })
    })
  }

  /**
   * Goes back to the version that was active before, or to a named one that once was.
   *
   * Doing it twice goes back two steps. It imports what it imported then.
   *
   * @throws {@link ScriptRollbackNoneError}
   */
  rollBack(
    by: Author,
    id: string,
    { version }: RollbackScript,
    precondition: Precondition,
  ): Promise<ScriptRow> {
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      requireRevision(script, precondition)
      if (version === script.version) {
        tx.record()
        return script
      }
      const target =
        version === undefined
          ? await activationBefore(tx.scriptVersions, script)
          : await formerActivation(tx.scriptVersions, script, version)
      if (target === null) throw new ScriptRollbackNoneError(script.name, version ?? null)
      const { source } = await findVersion(tx.scriptVersions, script, target.version)
      checkSource(source, this.#limits)
      const rolledBack = await tx.scripts.activate(script.id, {
        version: target.version,
        cause: 'rollback',
        before: target.before,
        activatedBy: authorName(by),
      })
      if (rolledBack === null) throw new ScriptNotFoundError(id)
      await tx.scriptImports.pinAs(script.id, target.number)
      const [before, after] = [scriptSnapshot(script), scriptSnapshot(rolledBack)]
      tx.record({ action: 'script.rollback', ...scriptSubject(rolledBack), before, after })
      return rolledBack
    })
  }
}

async function activationBefore(
  versions: ScriptVersionReader,
  script: ScriptRow,
): Promise<ScriptActivationRow | null> {
  const before = (await versions.currentActivation(script.id))?.before ?? null
  return before === null ? null : versions.activation(script.id, before)
}

async function formerActivation(
  versions: ScriptVersionReader,
  script: ScriptRow,
  version: number,
): Promise<ScriptActivationRow | null> {
  await findVersion(versions, script, version)
  return versions.lastActivationOf(script.id, version)
}

function numberOf(text: string): number | string {
  return NUMBER.test(text) ? Number(text) : text
}

/** @throws {@link ScriptVersionNotFoundError} */
async function findVersion(
  versions: ScriptVersionReader,
  script: ScriptRow,
  version: number | string,
): Promise<ScriptVersionRow> {
  const found = typeof version === 'string' ? null : await versions.find(script.id, version)
  if (found === null) {
    throw new ScriptVersionNotFoundError(script.name, String(version), script.latestVersion)
  }
  return found
}
