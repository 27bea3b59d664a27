/**
 * Whose a request is, by its host and its path alone: PiCloud's own, or the app's that claims the
 * host.
 *
 * On an admin host PiCloud's own paths are never an app's; on a host that an app claims they are
 * the app's, all but the one that executes a script by its id, which works everywhere. A named
 * admin host lies outside every `*.` and `{name}.` claim, so that no pattern made for other hosts
 * puts an app's pages beside the dashboard; only a claim of that very host, made before it became
 * the admin host, still answers there for what is not PiCloud's own.
 * The orchestrator decides by these functions and the control plane explains by them.
 *
 * @module
 */
import { type HostPattern, isIpLiteral } from './host-pattern.ts'

export const EXECUTE_PREFIX = '/api/v1/execute/'
const EXACT = new Set(['/healthz', '/readyz', '/metrics', '/version', '/api', '/admin'])

/**
 * - `execute`: runs a script by its id, on every host.
 * - `picloud`: PiCloud's own path on an admin host.
 * - `app`: the app that made the claim.
 * - `admin-host`: the named admin host, where no app answers.
 * - `no-claim`: a host nobody claims.
 */
export type RequestPlace = 'execute' | 'picloud' | 'app' | 'admin-host' | 'no-claim'

export interface PlacedRequest {
  /** Normalised. */
  readonly host: string
  /** As the client sent it, without its query. */
  readonly path: string
  /** The one admin host, normalised, when the operator named one. */
  readonly adminHost: string | null
  /** The most specific claim that fits the host. */
  readonly claim: HostPattern | null
}

export function placeOf({ host, path, adminHost, claim }: PlacedRequest): RequestPlace {
  if (path.startsWith(EXECUTE_PREFIX)) return 'execute'
  const isClaimed = claim !== null && claimReaches(claim, host, adminHost)
  if (isReservedPath(path) && isAdminHost(host, adminHost, isClaimed)) return 'picloud'
  if (isClaimed) return 'app'
  return host === adminHost ? 'admin-host' : 'no-claim'
}

/** Whether a claim that fits the host counts there. */
export function claimReaches(claim: HostPattern, host: string, adminHost: string | null): boolean {
  return host !== adminHost || claim.kind === 'exact'
}

export function isReservedPath(path: string): boolean {
  return EXACT.has(path) || path.startsWith('/api/') || path.startsWith('/admin/')
}

/**
 * @param host normalised
 * @param adminHost the one host for it, when the operator named one
 */
export function isAdminHost(host: string, adminHost: string | null, isClaimed: boolean): boolean {
  if (adminHost !== null) return host === adminHost
  return !isClaimed || host === 'localhost' || isIpLiteral(host)
}
