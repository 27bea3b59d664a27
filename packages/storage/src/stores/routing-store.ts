/**
 * Reads what nodes route by: whole apps, all of one moment, and the change number of that moment.
 *
 * @module
 */
import {
  type AppId,
  type CorsSettings,
  type EgressRules,
  type ImportedScript,
  type RoutedApp,
  type RoutedDomain,
  type RoutedRoute,
  type RoutedScript,
  type ScriptId,
  type ScriptVersionId,
  storedOwnLimits,
} from '@picloud/shared'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema.ts'
import type { Queries } from './queries.ts'
import { latestActivation } from './script-import-store.ts'

export interface RoutingSnapshot {
  /** Every change up to this one is in the snapshot, none after it. */
  readonly sequence: number
  readonly apps: readonly RoutedApp[]
}

type OfApp<T> = T & { readonly appId: AppId }

export class RoutingStore {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  /** @param appIds left out: all apps. One that is missing in the result does not exist. */
  async load(appIds?: readonly AppId[]): Promise<RoutingSnapshot> {
    return await this.#queries
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (transaction) => {
        const sequence = await currentSequence(transaction)
        const apps = await loadApps(transaction, appIds)
        const domains = groupByApp(await loadDomains(transaction, appIds), domainOf)
        const routes = groupByApp(await loadRoutes(transaction, appIds), routeOf)
        const imports = await loadImports(transaction, appIds)
        const scripts = groupByApp(await loadScripts(transaction, appIds), (script) =>
          scriptOf(script, imports.get(script.id)),
        )
        return {
          sequence,
          apps: apps.map((app) => ({
            ...app,
            domains: domains.get(app.id) ?? [],
            routes: routes.get(app.id) ?? [],
            scripts: scripts.get(app.id) ?? [],
          })),
        }
      })
  }

  async sequence(): Promise<number> {
    return await currentSequence(this.#queries)
  }
}

async function currentSequence(queries: Queries): Promise<number> {
  const { sequence } = await queries
    .selectFrom('changeState')
    .select('sequence')
    .executeTakeFirstOrThrow()
  return sequence
}

async function loadApps(
  transaction: Transaction<Schema>,
  appIds: readonly AppId[] | undefined,
): Promise<readonly Omit<RoutedApp, 'domains' | 'routes' | 'scripts'>[]> {
  let query = transaction
    .selectFrom('apps')
    .select([
      'id',
      'slug',
      sql<boolean>`coalesce((settings->>'show_error_detail')::boolean, false)`.as(
        'showErrorDetail',
      ),
      sql<CorsSettings | null>`nullif(settings->'cors', 'null')`.as('cors'),
      sql<boolean>`coalesce((settings->>'server_timing')::boolean, false)`.as('serverTiming'),
      sql<readonly string[] | null>`nullif(settings->'services', 'null')`.as('services'),
      sql<EgressRules | null>`nullif(settings->'egress', 'null')`.as('egress'),
      sql<unknown>`settings->'limits'`.as('limits'),
      sql<number | null>`(settings->>'record_sampling_percent')::double precision`.as(
        'recordSamplingPercent',
      ),
    ])
  if (appIds !== undefined) query = query.where('id', '=', oneOf(appIds))
  const rows = await query.orderBy('slug').execute()
  return rows.map((row) => ({ ...row, limits: storedOwnLimits(row.limits) }))
}

async function loadDomains(
  transaction: Transaction<Schema>,
  appIds: readonly AppId[] | undefined,
): Promise<readonly OfApp<RoutedDomain>[]> {
  let query = transaction.selectFrom('appDomains').select(['id', 'appId', 'pattern'])
  if (appIds !== undefined) query = query.where('appId', '=', oneOf(appIds))
  return await query.orderBy('pattern').execute()
}

async function loadRoutes(
  transaction: Transaction<Schema>,
  appIds: readonly AppId[] | undefined,
): Promise<readonly OfApp<RoutedRoute>[]> {
  let query = transaction
    .selectFrom('routes')
    .select(['id', 'appId', 'method', 'hostPattern', 'pathPattern', 'scriptId', 'enabled'])
    .select('idempotency')
  if (appIds !== undefined) query = query.where('appId', '=', oneOf(appIds))
  return await query.orderBy('pathPattern').orderBy('id').execute()
}

async function loadScripts(
  transaction: Transaction<Schema>,
  appIds: readonly AppId[] | undefined,
): Promise<readonly OfApp<RoutedScript>[]> {
  let query = transaction
    .selectFrom('scripts')
    .innerJoin('scriptVersions', (join) =>
      join
        .onRef('scriptVersions.scriptId', '=', 'scripts.id')
        .onRef('scriptVersions.version', '=', 'scripts.version'),
    )
    .select([
      'scripts.id',
      'scripts.appId',
      'scripts.name',
      'scriptVersions.id as versionId',
      'scripts.version',
      'scriptVersions.source',
    ])
  if (appIds !== undefined) query = query.where('scripts.appId', '=', oneOf(appIds))
  return await query.orderBy('scripts.name').execute()
}

type Imports = ReadonlyMap<ScriptId, readonly ImportedScript[]>

const NO_IMPORTS: Imports = new Map()

/** By importing script. A source is held once, however many scripts import it. */
async function loadImports(
  transaction: Transaction<Schema>,
  appIds: readonly AppId[] | undefined,
): Promise<Imports> {
  let query = transaction
    .selectFrom('scriptActivationImports as pinned')
    .innerJoin('scripts', 'scripts.id', 'pinned.scriptId')
    .select(['pinned.scriptId', 'pinned.name', 'pinned.versionId'])
    .where('pinned.activation', '=', latestActivation('pinned'))
  if (appIds !== undefined) query = query.where('scripts.appId', '=', oneOf(appIds))
  const pinned = await query.orderBy('pinned.name').execute()
  if (pinned.length === 0) return NO_IMPORTS
  const versionIds = [...new Set(pinned.map(({ versionId }) => versionId))]
  const versions = await transaction
    .selectFrom('scriptVersions')
    .select(['id', 'source'])
    .where('id', '=', sql<ScriptVersionId>`any(${versionIds}::uuid[])`)
    .execute()
  const sources = new Map(versions.map(({ id, source }) => [id, source]))
  const imports = new Map<ScriptId, ImportedScript[]>()
  for (const { scriptId, name, versionId } of pinned) {
    const source = sources.get(versionId)
    if (source === undefined) continue
    const list = imports.get(scriptId) ?? []
    list.push({ name, versionId, source })
    imports.set(scriptId, list)
  }
  return imports
}

/** One parameter however many ids, and none is no special case. */
function oneOf(appIds: readonly AppId[]) {
  return sql<AppId>`any(${[...appIds]}::uuid[])`
}

function groupByApp<Row extends OfApp<unknown>, T>(
  rows: readonly Row[],
  of: (row: Row) => T,
): ReadonlyMap<AppId, readonly T[]> {
  const groups = new Map<AppId, T[]>()
  for (const row of rows) {
    const group = groups.get(row.appId)
    if (group === undefined) groups.set(row.appId, [of(row)])
    else group.push(of(row))
  }
  return groups
}

// Written out, not `...rest`: there are as many as there are routes, and such copies are large.

function domainOf({ id, pattern }: RoutedDomain): RoutedDomain {
  return { id, pattern }
}

function routeOf(route: RoutedRoute): RoutedRoute {
  const { id, method, hostPattern, pathPattern, scriptId, enabled, idempotency } = route
  return { id, method, hostPattern, pathPattern, scriptId, enabled, idempotency }
}

/** What imports nothing has no member for it: there are many such, and few others. */
function scriptOf(
  { id, name, versionId, version, source }: RoutedScript,
  imports: readonly ImportedScript[] | undefined,
): RoutedScript {
  const script = { id, name, versionId, version, source }
  return imports === undefined ? script : { ...script, imports }
}
