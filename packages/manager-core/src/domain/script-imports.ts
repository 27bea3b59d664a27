/**
 * What a script imports is found when it is activated, and stays what it was then.
 *
 * All that it imports by a name in its source, and what that imports, is looked up among the scripts
 * of its app as they are active at that moment, and written down with the activation. So saving an
 * imported script changes no script that imports it, until that one is activated again. One name
 * means one version throughout. Scripts may import each other; whether that can run is seen when it
 * runs.
 *
 * Knows nothing of HTTP.
 *
 * @module
 */
import type { Database, ImportableRow, ScriptImport, ScriptRow } from '@picloud/storage'
import {
  ScriptImportNotFoundError,
  ScriptImportsTooLargeError,
  ScriptNotFoundError,
} from '../errors/scripts.ts'
import { type Author, authorName } from './author.ts'
import type { SourceLimits } from './compile-check.ts'
import type { ControlTransaction } from './control-writes.ts'
import { describeSource, importedScripts } from './script-description.ts'
import { scriptSnapshot, scriptSubject } from './snapshots.ts'

export type ImportLimits = Pick<SourceLimits, 'importsMax' | 'importBytesMax'>

export interface Pinning {
  readonly by: Author
  /** What it was before this transaction activated it, or did not; null: it is new. */
  readonly before: ScriptRow | null
  readonly limits: ImportLimits
}

/**
 * Pins what the active version of a script imports. One that stays the active version, but would
 * import other versions than it does, is activated once more.
 *
 * @throws ScriptImportNotFoundError, ScriptImportsTooLargeError
 */
export async function pinImports(
  tx: ControlTransaction,
  script: ScriptRow,
  { by, before, limits }: Pinning,
): Promise<ScriptRow> {
  const wanted = await resolveImports(tx, script, limits)
  if (before === null || before.version !== script.version) {
    await tx.scriptImports.pin(script.id, wanted)
    return script
  }
  const current = await tx.scriptImports.current(script.id)
  if (areSame(wanted, current)) return script
  const activation = await tx.scriptVersions.currentActivation(script.id)
  const activated = await tx.scripts.activate(script.id, {
    version: script.version,
    cause: 'activate',
    before: activation?.number ?? null,
    activatedBy: authorName(by),
  })
  if (activated === null) throw new ScriptNotFoundError(script.id)
  await tx.scriptImports.pin(script.id, wanted)
  const after = await tx.scriptImports.current(script.id)
  tx.record({
    action: 'script.activate',
    ...scriptSubject(activated),
    before: { ...scriptSnapshot(script), imports: versionsOf(current) },
    after: { ...scriptSnapshot(activated), imports: versionsOf(after) },
  })
  return activated
}

type Stores = Pick<Database, 'scriptImports'> | Pick<ControlTransaction, 'scriptImports'>

/**
 * All that a text imports, as it is active now. Level by level, so that a query finds all that the
 * level before asks for.
 *
 * @throws ScriptImportNotFoundError, ScriptImportsTooLargeError
 */
export async function resolveImports(
  { scriptImports }: Stores,
  script: Pick<ScriptRow, 'appId' | 'name' | 'source'>,
  { importsMax, importBytesMax }: ImportLimits,
): Promise<readonly ScriptImport[]> {
  const found = new Map<string, ImportableRow>()
  let wanted = new Map<string, string | null>()
  for (const name of namesIn(script.source)) wanted.set(name, null)
  let bytes = 0
  while (wanted.size > 0) {
    if (found.size + wanted.size > importsMax) {
      throw new ScriptImportsTooLargeError(script.name, 'importsMax', importsMax)
    }
    const rows = await scriptImports.importable(script.appId, [...wanted.keys()])
    const next = new Map<string, string | null>()
    for (const row of rows) {
      found.set(row.name, row)
      wanted.delete(row.name)
      bytes += row.bytes
    }
    if (bytes > importBytesMax) {
      throw new ScriptImportsTooLargeError(script.name, 'importBytesMax', importBytesMax)
    }
    for (const [missing, through] of wanted) {
      throw new ScriptImportNotFoundError(script.name, { missing, through })
    }
    for (const row of rows) {
      for (const name of namesOf(row)) if (!found.has(name)) next.set(name, row.name)
    }
    wanted = next
  }
  return [...found.values()].map(({ name, versionId }) => ({ name, versionId }))
}

function namesOf({ imports, source }: ImportableRow): readonly string[] {
  return imports ?? namesIn(source ?? '')
}

function namesIn(source: string): readonly string[] {
  // The word is cheaper to look for than a source is to describe.
  if (!source.includes('import')) return []
  const description = describeSource(source)
  return description === null ? [] : importedScripts(description)
}

function areSame(wanted: readonly ScriptImport[], current: readonly ScriptImport[]): boolean {
  if (wanted.length !== current.length) return false
  const versionIds = new Map(current.map(({ name, versionId }) => [name, versionId]))
  return wanted.every(({ name, versionId }) => versionIds.get(name) === versionId)
}

function versionsOf(
  imports: readonly { readonly name: string; readonly version: number }[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(imports.map(({ name, version }) => [name, version]))
}
