/**
 * Where PiCloud's own paths stand before a route.
 *
 * Below `/api/v1/execute/` no route is ever reached, on any host, so one is refused there. The other
 * paths of PiCloud are its own on admin hosts alone, where an app may answer beside it (localhost,
 * addresses, an admin host claimed before it was named): a route for them is taken, with a warning.
 *
 * @module
 */
import {
  EXECUTE_PREFIX,
  type HostPattern,
  isAdminHost,
  type PathPattern,
  parsePathPattern,
  pathPatternCovers,
} from '@picloud/shared'
import { RouteUnreachableError } from '../errors/routes.ts'

const EXECUTE = parsePathPattern(`${EXECUTE_PREFIX}*`)
const RESERVED = [
  '/api',
  '/api/*',
  '/admin',
  '/admin/*',
  '/healthz',
  '/readyz',
  '/metrics',
  '/version',
].map(parsePathPattern)

/** @throws {@link RouteUnreachableError} */
export function requireReachable(path: PathPattern): void {
  if (pathPatternCovers(EXECUTE, path)) throw new RouteUnreachableError(path.text, EXECUTE_PREFIX)
}

/**
 * The hosts on which PiCloud answers in a route's place.
 *
 * @param hosts patterns the route would answer on
 * @param adminHost the one the operator named, normalised
 */
export function hostsTakenByPicloud(
  path: PathPattern,
  hosts: readonly HostPattern[],
  adminHost: string | null,
): readonly string[] {
  if (!RESERVED.some((reserved) => pathPatternCovers(reserved, path))) return []
  return hosts
    .filter((pattern) => pattern.kind === 'exact' && isAdminHost(pattern.host, adminHost, true))
    .map((pattern) => pattern.text)
}
