/**
 * Whether two nodes place the same requests alike: asked of every host and path that some claim or
 * route is about, and of every script.
 *
 * @module
 */
import type { RoutingTables } from '@picloud/orchestrator-core'
import { parseHostPattern, parsePathPattern, type ScriptId } from '@picloud/shared'
import type { ControlPlaneRows } from '@picloud/storage/testing'

const METHODS = ['GET', 'POST', 'HEAD', 'DELETE']

export function differencesBetween(
  one: RoutingTables,
  other: RoutingTables,
  rows: ControlPlaneRows,
): readonly string[] {
  const probes = [
    { what: 'apps', of: (tables: RoutingTables) => `${tables.appCount}` },
    ...rows.scripts.map(({ id }) => ({
      what: `script ${id}`,
      of: (tables: RoutingTables) => JSON.stringify(tables.findScript(id as ScriptId)) ?? 'none',
    })),
    ...hostsOf(rows).flatMap((host) =>
      pathsOf(rows).flatMap((path) =>
        METHODS.map((method) => ({
          what: `${method} ${host}${path}`,
          of: (tables: RoutingTables) => placeOf(tables, { method, host, path }),
        })),
      ),
    ),
  ]
  return probes.flatMap(({ what, of }) => {
    const [first, second] = [of(one), of(other)]
    return first === second ? [] : [`${what} is ${first} and ${second}`]
  })
}

interface Probe {
  readonly method: string
  readonly host: string
  readonly path: string
}

function placeOf(tables: RoutingTables, { method, host, path }: Probe): string {
  const domain = tables.findDomain(host)
  if (domain === undefined) return 'nobody'
  const match = domain.app.routes.match(method, host, path)
  const { slug, id } = domain.app
  const found =
    match.kind === 'route'
      ? { route: match.entry.route, target: match.entry.target, segments: match.segments }
      : match
  return JSON.stringify({ slug, id, claim: domain.domain, found })
}

/** One host of each pattern. */
function hostsOf(rows: ControlPlaneRows): readonly string[] {
  const patterns = [
    ...rows.app_domains.map(({ pattern }) => pattern),
    ...rows.routes.flatMap(({ host_pattern: pattern }) => pattern ?? []),
  ]
  const hosts = patterns.map((text) => {
    const pattern = parseHostPattern(text)
    return pattern.kind === 'exact' ? pattern.host : `some.${pattern.suffix}`
  })
  return [...new Set([...hosts, 'nobody.example'])]
}

/** One path of each pattern. */
function pathsOf(rows: ControlPlaneRows): readonly string[] {
  const paths = rows.routes.map(({ path_pattern: text }) => {
    const parts = parsePathPattern(text).segments.map((segment) =>
      segment.kind === 'literal' ? encodeURIComponent(segment.text) : 'x',
    )
    return `/${parts.join('/')}`
  })
  return [...new Set([...paths, '/nothing'])]
}
