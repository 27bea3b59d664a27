/**
 * What the control plane says of a request and what a node does with it are one thing: random
 * installations are asked both ways, the node over a real socket.
 */
import {
  type DomainId,
  explainRequest,
  matchHost,
  newId,
  parseHostPattern,
  parseRoutePatterns,
  type RoutedApp,
  type RouteId,
  routesConflict,
  type ScriptId,
  type ScriptVersionId,
  shapeKey,
  winningClaim,
} from '@picloud/shared'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestIngress, type TestIngress } from '../../test/test-ingress.ts'
import { RoutingTables } from './routing-tables.ts'

const HOSTS = ['a.example.com', 'b.example.com', 'c.a.example.com', 'localhost', '10.0.0.1', 'nas']
const PATTERNS = [...HOSTS, '*.example.com', '{t}.example.com', '{u}.a.example.com', '*.com']
const PATHS = [
  ...['/', '/a', '/a/', '/a/b', '/a/c', '/b', '/a/b/c', '/a//b', '/a%2Fb'],
  ...['/a/..', '/%zz', '/admin', '/admin/x', '/healthz', '/api/v1/x', '/api/v1/execute/x'],
]
const ROUTE_PATHS = ['/', '/a', '/a/', '/a/b', '/a/:x', '/:y/b', '/:t', '/a/*r', '/*', '/admin']

interface Installation {
  readonly adminHost: string | null
  readonly apps: readonly RoutedApp[]
}

const route = fc.record({
  method: fc.constantFrom('*', 'GET', 'POST', 'HEAD', 'OPTIONS'),
  hostPattern: fc.option(fc.constantFrom(...PATTERNS), { nil: null, freq: 2 }),
  pathPattern: fc.constantFrom(...ROUTE_PATHS),
  isHole: fc.boolean(),
  enabled: fc.integer({ max: 3, min: 0 }).map((n) => n > 0),
  idempotency: fc.constant(null),
})

const app = fc.record({
  patterns: fc.array(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 4 }),
  routes: fc.array(route, { maxLength: 10 }),
})

const ADMIN_HOSTS = [null, 'b.example.com', 'localhost'] as const

const installation: fc.Arbitrary<Installation> = fc
  .record({
    adminHost: fc.constantFrom(...ADMIN_HOSTS),
    apps: fc.array(app, { minLength: 1, maxLength: 3 }),
  })
  .map(({ adminHost, apps }) => {
    const taken = new Set<string>()
    return {
      adminHost,
      apps: apps.map((one, index) => ({
        id: newId(),
        slug: `app${index}`,
        showErrorDetail: false,
        cors: null,
        serverTiming: false,
        services: null,
        egress: null,
        limits: {},
        recordSamplingPercent: null,
        domains: one.patterns.filter((text) => isFirst(taken, text)).map(domainOf),
        ...routesOf(one.routes),
      })),
    }
  })

function isFirst(taken: Set<string>, pattern: string): boolean {
  const key = shapeKey(parseHostPattern(pattern))
  return !taken.has(key) && taken.add(key).has(key)
}

function domainOf(pattern: string) {
  return { id: newId<DomainId>(), pattern }
}

/** Every route has a script of its own, so that the script says which route ran it. */
function routesOf(wanted: readonly (typeof route extends fc.Arbitrary<infer T> ? T : never)[]) {
  const routes: RoutedApp['routes'][number][] = []
  for (const { isHole, ...one } of wanted) {
    const patterns = parseRoutePatterns(one)
    if (routes.some((other) => routesConflict(parseRoutePatterns(other), patterns))) continue
    const scriptId = isHole ? null : newId<ScriptId>()
    routes.push({ id: newId<RouteId>(), ...one, scriptId })
  }
  const scripts = routes.flatMap(({ scriptId: id }) =>
    id === null
      ? []
      : [{ id, name: 'one', versionId: newId<ScriptVersionId>(), version: 1, source: '1' }],
  )
  return { routes, scripts }
}

let last: { script: string; params: unknown } | null = null
const nodes = new Map<string | null, { readonly tables: RoutingTables; readonly at: TestIngress }>()

beforeAll(async () => {
  for (const adminHost of ADMIN_HOSTS) {
    const tables = new RoutingTables()
    const at = await startTestIngress({
      execute: ({ script, request }) => {
        last = { script: script.id, params: { ...request.params } }
        return {}
      },
      ingress: { routing: tables, adminHost },
    })
    nodes.set(adminHost, { tables, at })
  }
})
afterAll(async () => {
  for (const { at } of nodes.values()) await at[Symbol.asyncDispose]()
})

describe('explaining a request', () => {
  it('says what a node does', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        installation,
        fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE'),
        fc.constantFrom(...HOSTS, 'elsewhere.example.org'),
        fc.constantFrom(...PATHS),
        async ({ adminHost, apps }, method, host, path) => {
          const explained = explain({ adminHost, apps }, { method, host, path })
          seen.add(explained.outcome)
          expect(await ask({ adminHost, apps }, { method, host, path })).toEqual(explained)
        },
      ),
      { numRuns: 1_500 },
    )
    expect([...seen].sort()).toEqual([
      'admin_host',
      'execute',
      'hole',
      'host_unknown',
      'method_not_allowed',
      'options',
      'path_malformed',
      'path_unknown',
      'picloud',
      'route',
    ])
  })
})

interface Asked {
  readonly method: string
  readonly host: string
  readonly path: string
}

/** A hole and no route are the same from outside, so `outcome` is compared by its code. */
interface Told {
  readonly outcome: string
  readonly status: number | null
  readonly allow: readonly string[]
  readonly ran: unknown
}

function explain({ adminHost, apps }: Installation, asked: Asked): Told {
  const claims = apps.flatMap((one) =>
    one.domains
      .map(({ pattern }) => ({ hostPattern: parseHostPattern(pattern), app: one }))
      .filter(({ hostPattern }) => matchHost(hostPattern, asked.host) !== null),
  )
  const owner = winningClaim(claims, asked.host, adminHost)?.app
  const routes = (owner?.routes ?? []).map((one) => ({ ...one, ...parseRoutePatterns(one) }))
  const told = explainRequest(asked, { adminHost, claims, routes })
  const winner = told.routes.find(({ verdict }) => verdict === 'wins')?.route
  const ran = told.outcome === 'route' ? { script: winner?.scriptId, params: told.params } : null
  return { outcome: told.outcome, status: told.status, allow: told.allow, ran }
}

const CODES: Readonly<Record<string, readonly string[]>> = {
  PIC_ROUTE_PATH_UNKNOWN: ['hole', 'path_unknown'],
  PIC_ROUTE_METHOD_NOT_ALLOWED: ['method_not_allowed'],
  PIC_INGRESS_TARGET_INVALID: ['path_malformed'],
  PIC_ROUTE_HOST_UNKNOWN: ['host_unknown'],
  PIC_ROUTE_ADMIN_HOST: ['admin_host'],
  PIC_ROUTE_SCRIPT_UNKNOWN: ['execute'],
}

/** What a node does, in the words of an explanation. */
async function ask(installed: Installation, asked: Asked): Promise<Told> {
  const node = nodes.get(installed.adminHost)
  if (node === undefined) throw new Error('there is a node for every admin host')
  node.tables.replaceAll(installed.apps)
  last = null
  const { method, host, path } = asked
  const raw = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const answer = await node.at.ask(raw, { bare: method === 'HEAD' })
  const allow = answer.headers.allow?.split(', ') ?? []
  const ran: unknown = last
  if (ran !== null) return { outcome: 'route', status: null, allow, ran }
  if (answer.status === 204) return { outcome: 'options', status: 204, allow, ran }
  if (answer.status === 200) return { outcome: 'picloud', status: null, allow, ran }
  const expected = explain(installed, asked).outcome
  if (method === 'HEAD') return { outcome: expected, status: answer.status, allow, ran }
  const { code } = JSON.parse(String(answer.body)) as { code: string }
  const outcome = CODES[code]?.find((one) => one === expected) ?? code
  return { outcome, status: outcome === 'execute' ? null : answer.status, allow, ran }
}
