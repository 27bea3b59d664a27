/**
 * Makes an app what a manifest says, inside one transaction.
 *
 * The order lets every rule see what it asks for: claims and scripts are there before the routes
 * that need them, and go after the routes that needed them. Each step is the rule's own function,
 * the one behind the endpoint for a single thing. What is as it shall be is left alone.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type Ceilings,
  OWN_LIMIT_KEYS,
  PicloudError,
  routeShapeKey,
  type UpdateRoute,
} from '@picloud/shared'
import type { RouteRow, ScriptRow } from '@picloud/storage'
import { ScriptInUseError } from '../../errors/scripts.ts'
import { updateApp } from '../apps.ts'
import type { Author } from '../author.ts'
import { requireClaimable } from '../claim-rules.ts'
import type { ControlTransaction } from '../control-writes.ts'
import { claimDomain, releaseDomain, respellDomain } from '../domain-claims.ts'
import { type ParsedRoute, routesOf } from '../parsed-rows.ts'
import { createRoute, deleteRoute, type Routing, updateRoute } from '../routes.ts'
import { type ImportLimits, pinImports } from '../script-imports.ts'
import { createScript, deleteScript, requireUnused, saveScript } from '../scripts.ts'
import type { AppState } from './app-state.ts'
import { atPlace } from './error-place.ts'
import type { WantedManifest, WantedRoute } from './read-manifest.ts'

const NO_OWN_LIMITS = Object.fromEntries(OWN_LIMIT_KEYS.map((key) => [key, null]))

const KEEP_OR_MEND = 'Keep it in the manifest, or take the import out of them.'

export interface Application {
  readonly by: Author
  readonly state: AppState
  readonly wanted: WantedManifest
  /** The one the operator named, normalised. */
  readonly adminHost: string | null
  readonly ceilings: Ceilings
  readonly limits: ImportLimits
}

/** @throws what the rules throw, naming the place in the manifest */
export async function applyManifest(
  tx: ControlTransaction,
  application: Application,
): Promise<void> {
  await changeApp(tx, application)
  await addClaims(tx, application)
  const scripts = await saveScripts(tx, application)
  await pinAll(tx, application, scripts)
  await arrangeRoutes(tx, application, scripts)
  await removeScripts(tx, application)
  await releaseClaims(tx, application)
}

async function changeApp(
  tx: ControlTransaction,
  { state, wanted, ceilings }: Application,
): Promise<void> {
  const { app } = state
  const { name = app.slug, settings } = wanted
  if (name === app.name && isDeepStrictEqual(settings, app.settings)) return
  // All that is not in the manifest is taken back.
  const limits = { ...NO_OWN_LIMITS, ...settings.limits }
  await updateApp(tx, app, { name, settings: { ...settings, limits } }, ceilings)
}

async function addClaims(
  tx: ControlTransaction,
  { state, wanted, adminHost }: Application,
): Promise<void> {
  const held = new Map(state.domains.map((row) => [row.shapeKey, row]))
  for (const { at, pattern, shapeKey } of wanted.domains) {
    const row = held.get(shapeKey)
    if (row?.pattern === pattern.text) continue
    const claim = async (): Promise<unknown> => {
      if (row !== undefined) return respellDomain(tx, row, pattern)
      requireClaimable(pattern, adminHost)
      return claimDomain(tx, state.app.id, pattern)
    }
    await atPlace(at, claim, { '/pattern': '' })
  }
}

async function saveScripts(
  tx: ControlTransaction,
  { by, state, wanted }: Application,
): Promise<ReadonlyMap<string, ScriptRow>> {
  const held = new Map(state.scripts.map((row) => [row.name, row]))
  const saved = new Map<string, ScriptRow>()
  for (const { at, name, version } of wanted.scripts) {
    const row = held.get(name)
    const save = async (): Promise<ScriptRow> => {
      if (row === undefined) return createScript(tx, { appId: state.app.id, name, ...version })
      if (row.source === version.source) return row
      return (await saveScript(tx, by, row, { version, activate: true })).script
    }
    saved.set(name, await atPlace(at, save))
  }
  return saved
}

/**
 * After all of them are saved, so that each may import any other. One that stays as it is follows
 * what it imports: a manifest says what the app is, not what it was made of.
 */
async function pinAll(
  tx: ControlTransaction,
  { by, state, wanted, limits }: Application,
  scripts: ReadonlyMap<string, ScriptRow>,
): Promise<void> {
  const held = new Map(state.scripts.map((row) => [row.name, row]))
  for (const { at, name } of wanted.scripts) {
    const script = scripts.get(name)
    if (script === undefined) continue
    const pinning = { by, before: held.get(name) ?? null, limits }
    await atPlace(at, () => pinImports(tx, script, pinning))
  }
}

async function arrangeRoutes(
  tx: ControlTransaction,
  { state, wanted }: Application,
  scripts: ReadonlyMap<string, ScriptRow>,
): Promise<void> {
  const wantedKeys = new Set(wanted.routes.map(({ shapeKey }) => shapeKey))
  const parsed = await routesOf(tx, state.app.id)
  const kept = new Map<string, ParsedRoute>()
  for (const route of parsed) {
    const key = routeShapeKey(route)
    if (wantedKeys.has(key) && !kept.has(key)) kept.set(key, route)
  }
  const keptIds = new Set([...kept.values()].map(({ row }) => row.id))
  // Also those that no rule of today would take: a manifest cannot name them.
  for (const row of state.routes) if (!keptIds.has(row.id)) await deleteRoute(tx, row)

  const claims = wanted.domains.map(({ pattern }) => ({ hostPattern: pattern }))
  for (const route of wanted.routes) {
    const before = kept.get(route.shapeKey)
    const routing: Routing = {
      appId: state.app.id,
      claims: async () => claims,
      // No route of another shape could be in the way.
      routes: async () => (before === undefined ? [] : [before]),
    }
    const scriptId = route.script === null ? null : (scripts.get(route.script)?.id ?? null)
    const arrange = async (): Promise<unknown> => {
      if (before === undefined) {
        const { patterns, enabled, idempotency } = route
        const made = { script_id: scriptId, enabled, idempotency }
        return createRoute(tx, routing, patterns, made)
      }
      const change = changeTo(route, before.row, scriptId)
      return Object.keys(change).length > 0 && updateRoute(tx, routing, before.row, change)
    }
    await atPlace(route.at, arrange, { '/script_id': '/script' })
  }
}

/** Only what differs: a rule does not judge anew what stays. */
function changeTo(
  { patterns, enabled, idempotency }: WantedRoute,
  row: RouteRow,
  scriptId: string | null,
): UpdateRoute {
  const host = patterns.hostPattern?.text ?? null
  const path = patterns.pathPattern.text
  return {
    ...(host === row.hostPattern ? {} : { host_pattern: host }),
    ...(path === row.pathPattern ? {} : { path_pattern: path }),
    ...(scriptId === row.scriptId ? {} : { script_id: scriptId }),
    ...(enabled === row.enabled ? {} : { enabled }),
    ...(isDeepStrictEqual(idempotency, row.idempotency) ? {} : { idempotency }),
  }
}

/** After all others are saved: what counts is what they import then. */
async function removeScripts(
  tx: ControlTransaction,
  { state, wanted }: Application,
): Promise<void> {
  const places = new Map(wanted.scripts.map(({ name, at }) => [name, at]))
  const removed = state.scripts.filter(({ name }) => !places.has(name))
  const leaving = new Set<string>(removed.map(({ id }) => id))
  for (const script of removed) {
    try {
      await requireUnused(tx, script, KEEP_OR_MEND, leaving)
    } catch (error) {
      throw error instanceof ScriptInUseError ? atImporters(error, script, places) : error
    }
  }
  for (const script of removed) await deleteScript(tx, script)
}

function atImporters(
  error: ScriptInUseError,
  script: ScriptRow,
  places: ReadonlyMap<string, string>,
): PicloudError {
  const { code, audience, status, message, details } = error
  const errors = error.importers.map(({ name }) => ({
    pointer: `${places.get(name) ?? '/scripts'}/source`,
    message: `It imports ${JSON.stringify(script.name)}, which the manifest does not have.`,
  }))
  return new PicloudError({ code, audience, status, message, details, errors, cause: error })
}

async function releaseClaims(
  tx: ControlTransaction,
  { state, wanted }: Application,
): Promise<void> {
  const keys = new Set(wanted.domains.map(({ shapeKey }) => shapeKey))
  for (const claim of state.domains) {
    if (!keys.has(claim.shapeKey)) await atPlace('/domains', () => releaseDomain(tx, claim))
  }
}
