/**
 * What an app is now: its rows, and the manifest that says so in canonical form.
 *
 * Canonical means that equal apps have equal manifests, byte for byte: patterns as they are stored,
 * lists sorted by code units, members in one order. The tag is a hash of that.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import {
  type CorsSettings,
  MANIFEST_DOMAINS_MAX,
  MANIFEST_ROUTES_MAX,
  MANIFEST_SCRIPTS_MAX,
  MANIFEST_SOURCE_BYTES_MAX,
  type Manifest,
  ROUTE_METHODS,
} from '@picloud/shared'
import type {
  AppRow,
  DomainRow,
  ReadTransaction,
  RouteRow,
  ScriptRow,
  WriteTransaction,
} from '@picloud/storage'
import { ManifestTooLargeError } from '../../errors/manifest.ts'

export interface AppState {
  readonly app: AppRow
  readonly domains: readonly DomainRow[]
  readonly scripts: readonly ScriptRow[]
  readonly routes: readonly RouteRow[]
}

/** @throws {@link ManifestTooLargeError} before anything large is read */
export async function readState(
  tx: ReadTransaction | WriteTransaction,
  app: AppRow,
): Promise<AppState> {
  const { scripts, bytes } = await tx.scripts.sourceUsage(app.id)
  const { domains, routes } = await tx.apps.usage(app.id)
  const bounds: readonly [what: string, count: number, max: number][] = [
    ['domains', domains, MANIFEST_DOMAINS_MAX],
    ['scripts', scripts, MANIFEST_SCRIPTS_MAX],
    ['routes', routes, MANIFEST_ROUTES_MAX],
    ['bytes of source', bytes, MANIFEST_SOURCE_BYTES_MAX],
  ]
  for (const [what, count, max] of bounds) {
    if (count > max) throw new ManifestTooLargeError(app.slug, what, { count, max })
  }
  return {
    app,
    domains: await tx.domains.listAll(app.id),
    scripts: await tx.scripts.listAll(app.id),
    routes: await tx.routes.listAll(app.id),
  }
}

export function manifestOf({ app, domains, scripts, routes }: AppState): Manifest {
  const names = new Map(scripts.map(({ id, name }) => [id, name]))
  const shownRoutes = routes.map((route) => ({
    method: methodOf(route),
    host_pattern: route.hostPattern,
    path_pattern: route.pathPattern,
    script: route.scriptId === null ? null : (names.get(route.scriptId) ?? null),
    enabled: route.enabled,
    idempotency: idempotencyOf(route.idempotency),
  }))
  return {
    name: app.name,
    settings: settingsOf(app.settings),
    domains: domains.map(({ pattern }) => pattern).toSorted(inOrder),
    scripts: scripts
      .map(({ name, source }) => ({ name, source }))
      .toSorted((a, b) => inOrder(a.name, b.name)),
    routes: shownRoutes.toSorted(
      (a, b) =>
        inOrder(a.path_pattern, b.path_pattern) ||
        inOrder(a.host_pattern ?? '', b.host_pattern ?? '') ||
        inOrder(a.method, b.method),
    ),
  }
}

/** Members in one order, whatever the database made of them. */
function idempotencyOf(given: RouteRow['idempotency']): RouteRow['idempotency'] {
  return given === null ? null : { header: given.header, required: given.required }
}

function settingsOf(settings: AppRow['settings']): Manifest['settings'] {
  const { show_error_detail, retention_days, retention_bytes, cors, server_timing, limits } =
    settings
  const { record_sampling_percent, services, egress } = settings
  return {
    show_error_detail,
    retention_days,
    retention_bytes,
    record_sampling_percent,
    cors: cors === null ? null : corsOf(cors),
    server_timing,
    services,
    egress,
    limits,
  }
}

function corsOf(cors: CorsSettings): CorsSettings {
  return {
    origins: cors.origins.toSorted(inOrder),
    methods: cors.methods.toSorted(inOrder),
    headers: cors.headers.toSorted(inOrder),
    expose_headers: cors.expose_headers.toSorted(inOrder),
    credentials: cors.credentials,
    max_age_seconds: cors.max_age_seconds,
  }
}

/** The tag of an app in this state: equal for equal manifests. */
export function tagOf(manifest: Manifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex')
}

/** The database holds no other. */
function methodOf({ method }: RouteRow): Manifest['routes'][number]['method'] {
  return ROUTE_METHODS.find((known) => known === method) ?? '*'
}

/** By code units: the same everywhere, whatever the locale. */
function inOrder(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
