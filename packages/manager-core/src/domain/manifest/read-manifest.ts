/**
 * Reads a manifest as somebody wrote it: what it says of itself must make sense, whatever the app
 * is now.
 *
 * All that is wrong is found in one go. No rule stands here: each is asked of the thing it is
 * about, as where that is changed alone. What depends on other apps, or on what the app is now, is
 * for `apply-manifest.ts`.
 *
 * @module
 */
import { setImmediate } from 'node:timers/promises'
import {
  type AppSettings,
  changedEgress,
  DEFAULT_APP_SETTINGS,
  type HostPattern,
  MANIFEST_SOURCE_BYTES_MAX,
  PicloudError,
  parseHostPattern,
  type RouteIdempotency,
  type RoutePatterns,
  routeShapeKey,
  shapeKey,
  storedOwnLimits,
  type WrittenManifest,
} from '@picloud/shared'
import type { NewScriptVersion } from '@picloud/storage'
import { ManifestInvalidError, type ManifestProblem } from '../../errors/manifest.ts'
import { ScriptCompileError } from '../../errors/scripts.ts'
import type { Author } from '../author.ts'
import type { SourceLimits } from '../compile-check.ts'
import { readPatterns, requireClaimed } from '../routes.ts'
import { newVersion } from '../scripts.ts'

/** Nobody mends more than this in one go. */
const PROBLEMS_MAX = 100

/** With the place in the document where it stands. */
type At<T> = T & { readonly at: string }

export type WantedDomain = At<{ readonly pattern: HostPattern; readonly shapeKey: string }>
export type WantedScript = At<{ readonly name: string; readonly version: NewScriptVersion }>
export type WantedRoute = At<{
  readonly patterns: RoutePatterns
  readonly shapeKey: string
  /** Null: a hole. */
  readonly script: string | null
  readonly enabled: boolean
  readonly idempotency: RouteIdempotency | null
}>

export interface WantedManifest {
  /** Undefined: the slug. */
  readonly name: string | undefined
  readonly settings: AppSettings
  readonly domains: readonly WantedDomain[]
  readonly scripts: readonly WantedScript[]
  readonly routes: readonly WantedRoute[]
}

interface Reading {
  /** Where the manifest stands in what was sent. */
  readonly base: string
  readonly problems: ManifestProblem[]
}

/**
 * @param given.base where the manifest stands in what was sent: `''` when it is all of it
 * @throws {@link ManifestInvalidError}
 */
export async function readManifest(
  by: Author,
  written: WrittenManifest,
  { limits, base }: { readonly limits: SourceLimits; readonly base: string },
): Promise<WantedManifest> {
  const problems: ManifestProblem[] = []
  const reading = { base, problems }
  const domains = readDomains(written, reading)
  const scripts = await readScripts(by, written, { ...reading, limits })
  const routes = readRoutes(written, domains, reading)
  if (problems.length > 0) throw new ManifestInvalidError(problems.slice(0, PROBLEMS_MAX))
  const { name } = written
  const settings = completeSettings(written.settings)
  return { name, settings, domains, scripts, routes }
}

function completeSettings(given: WrittenManifest['settings'] = {}): AppSettings {
  const {
    show_error_detail = DEFAULT_APP_SETTINGS.show_error_detail,
    retention_days = DEFAULT_APP_SETTINGS.retention_days,
    retention_bytes = DEFAULT_APP_SETTINGS.retention_bytes,
    cors = DEFAULT_APP_SETTINGS.cors,
    server_timing = DEFAULT_APP_SETTINGS.server_timing,
    services = DEFAULT_APP_SETTINGS.services,
    egress = DEFAULT_APP_SETTINGS.egress,
    limits = DEFAULT_APP_SETTINGS.limits,
    record_sampling_percent = DEFAULT_APP_SETTINGS.record_sampling_percent,
  } = given
  return {
    show_error_detail,
    retention_days,
    retention_bytes,
    cors,
    server_timing,
    services,
    egress: changedEgress(null, egress),
    limits: storedOwnLimits(limits),
    record_sampling_percent,
  }
}

function readDomains(
  { domains }: WrittenManifest,
  { base, problems }: Reading,
): readonly WantedDomain[] {
  const first = new FirstPlaces('Answers for the same hosts as', problems)
  return domains.flatMap((text, index) => {
    const at = `${base}/domains/${index}`
    return collecting(at, problems, () => {
      const pattern = parseHostPattern(text)
      const key = shapeKey(pattern)
      return first.isNew(key, at) ? [{ at, pattern, shapeKey: key }] : []
    })
  })
}

async function readScripts(
  by: Author,
  { scripts }: WrittenManifest,
  { limits, base, problems }: Reading & { readonly limits: SourceLimits },
): Promise<readonly WantedScript[]> {
  const bytes = scripts.reduce((sum, { source }) => sum + Buffer.byteLength(source, 'utf8'), 0)
  if (bytes > MANIFEST_SOURCE_BYTES_MAX) {
    const message = `The sources have ${bytes} bytes together; a manifest holds ${MANIFEST_SOURCE_BYTES_MAX}.`
    throw new ManifestInvalidError([
      { pointer: `${base}/scripts`, code: 'PIC_REQUEST_INVALID', message },
    ])
  }
  const first = new FirstPlaces('Has the name of', problems)
  const wanted: WantedScript[] = []
  for (const [index, { name, source }] of scripts.entries()) {
    const at = `${base}/scripts/${index}`
    if (!first.isNew(name, at, '/name')) continue
    wanted.push(
      ...collecting(at, problems, () => [
        { at, name, version: newVersion(by, source, { limits }) },
      ]),
    )
    // Compiling is work: others are served in between.
    await setImmediate()
  }
  return wanted
}

function readRoutes(
  { routes, scripts }: WrittenManifest,
  domains: readonly WantedDomain[],
  { base, problems }: Reading,
): readonly WantedRoute[] {
  const names = new Set(scripts.map(({ name }) => name))
  const claims = domains.map(({ pattern }) => ({ hostPattern: pattern }))
  const first = new FirstPlaces('Matches the same requests as', problems)
  return routes.flatMap((route, index) => {
    const at = `${base}/routes/${index}`
    const { method = '*', host_pattern = null, path_pattern, script, enabled = true } = route
    const { idempotency = null } = route
    if (script !== null && !names.has(script)) {
      const message = `The manifest has no script ${JSON.stringify(script)}.`
      problems.push({ pointer: `${at}/script`, code: 'PIC_REQUEST_INVALID', message })
    }
    return collecting(at, problems, () => {
      const patterns = readPatterns({ method, host_pattern, path_pattern })
      if (enabled) requireClaimed(patterns, claims)
      const key = routeShapeKey(patterns)
      if (!first.isNew(key, at, '/path_pattern')) return []
      return [{ at, patterns, shapeKey: key, script, enabled, idempotency }]
    })
  })
}

/** Where each thing stood first: the second of its kind is a problem. */
class FirstPlaces {
  readonly #places = new Map<string, string>()
  readonly #relation: string
  readonly #problems: ManifestProblem[]

  constructor(relation: string, problems: ManifestProblem[]) {
    this.#relation = relation
    this.#problems = problems
  }

  isNew(key: string, at: string, member = ''): boolean {
    const before = this.#places.get(key)
    if (before === undefined) {
      this.#places.set(key, at)
      return true
    }
    const message = `${this.#relation} ${before}.`
    this.#problems.push({ pointer: `${at}${member}`, code: 'PIC_REQUEST_INVALID', message })
    return false
  }
}

/** What `read` gives; or nothing, and its error is one more problem. */
function collecting<T>(
  at: string,
  problems: ManifestProblem[],
  read: () => readonly T[],
): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof PicloudError) || error.audience !== 'user') throw error
    problems.push(...problemsOf(at, error))
    return []
  }
}

function problemsOf(at: string, error: PicloudError): readonly ManifestProblem[] {
  const { code } = error
  if (error instanceof ScriptCompileError) {
    const pointer = `${at}/source`
    return error.faults.map(({ message, line, column }) => ({
      pointer,
      code,
      message: line > 0 ? `${message} (line ${line}, position ${column})` : message,
      line,
      column,
    }))
  }
  if (error.errors.length === 0) return [{ pointer: at, code, message: error.message }]
  return error.errors.map(({ pointer, message }) => ({ pointer: `${at}${pointer}`, code, message }))
}
