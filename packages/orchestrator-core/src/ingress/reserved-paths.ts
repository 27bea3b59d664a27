/**
 * Which paths belong to PiCloud itself, and on which hosts.
 *
 * On an admin host these are never an app's; on a host that an app claims they are the app's, all
 * but the one that executes a script by its id, which works everywhere.
 *
 * @module
 */
import { isIpLiteral } from '@picloud/shared'

const EXACT = new Set(['/healthz', '/readyz', '/metrics', '/version', '/api', '/admin'])
export const EXECUTE_PREFIX = '/api/v1/execute/'

export function isReservedPath(path: string): boolean {
  return EXACT.has(path) || path.startsWith('/api/') || path.startsWith('/admin/')
}

/**
 * @param host normalised
 * @param adminHost the one host for it, when the operator named one
 */
export function isAdminHost(host: string, adminHost: string | null, claimed: boolean): boolean {
  if (adminHost !== null) return host === adminHost
  return !claimed || host === 'localhost' || isIpLiteral(host)
}
