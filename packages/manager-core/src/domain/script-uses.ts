/**
 * What would break without a script, or under another name of it.
 *
 * Routes know a script by its id; scripts that import one know it by its name. Knows nothing of
 * HTTP.
 *
 * @module
 */
import type { RouteRow, ScriptRow, WriteTransaction } from '@picloud/storage'
import { describeSource, importedScripts } from './script-description.ts'

/** Enough to name in a message; who uses a script more often than that knows it. */
const ROUTES_NAMED_MAX = 200
const IMPORTERS_NAMED_MAX = 200

export interface ScriptName {
  readonly id: string
  readonly name: string
}

export async function routesTo(
  tx: WriteTransaction,
  script: ScriptRow,
): Promise<readonly RouteRow[]> {
  return (await tx.routes.list({ scriptId: script.id, limit: ROUTES_NAMED_MAX })).items
}

/** Other scripts of the app that import this one, or would if they were activated again. */
export async function usersOf(
  tx: WriteTransaction,
  script: ScriptRow,
): Promise<readonly ScriptName[]> {
  const pinned = await tx.scriptImports.importedBy(script.id, IMPORTERS_NAMED_MAX)
  const users = new Map<string, ScriptName>(
    pinned.map(({ scriptId, name }) => [name, { id: scriptId, name }]),
  )
  for (const importer of await importersOf(tx, script)) users.set(importer.name, importer)
  return [...users.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Other scripts of the app whose active version imports this one by its name. */
export async function importersOf(
  tx: WriteTransaction,
  script: ScriptRow,
): Promise<readonly ScriptName[]> {
  const rows = await tx.scripts.importersOf(script.appId, script.name)
  return rows
    .filter(({ id, unknownSource }) => {
      if (id === script.id) return false
      // Stored by a program that could not look into it: so it is done now.
      return unknownSource === null || imports(unknownSource, script.name)
    })
    .map(({ id, name }) => ({ id, name }))
}

function imports(source: string, name: string): boolean {
  const description = describeSource(source)
  return description !== null && importedScripts(description).includes(name)
}
