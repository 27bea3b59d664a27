/**
 * Brings a node's routing up to a change.
 *
 * @module
 */
import type { Change, Database } from '@picloud/storage'
import type { RoutingTables } from './routing-tables.ts'
import type { ScriptTarget } from './script-target.ts'

/** Returns the scripts that are new with it. */
export async function loadChange(
  database: Pick<Database, 'routing'>,
  routing: RoutingTables,
  { appIds }: Change,
): Promise<readonly ScriptTarget[]> {
  if (appIds === 'all') return routing.replaceAll((await database.routing.load()).apps)
  const { apps } = await database.routing.load(appIds)
  const found = new Set(apps.map((app) => app.id))
  return routing.replaceApps(
    apps,
    appIds.filter((id) => !found.has(id)),
  )
}
