import { readFileSync } from 'node:fs'
import {
  type AppId,
  captureParams,
  compareRoutes,
  type DomainId,
  matchHost,
  matchPath,
  newId,
  normalizeHost,
  parseHostPattern,
  parsePathPattern,
  type RoutedRoute,
  routeFits,
  routesConflict,
  type ScriptId,
  type ScriptVersionId,
} from '@picloud/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppDomainTable } from './app-domain-table.ts'
import { type RouteEntry, routeEntryOf, SharedPatterns } from './route-entry.ts'
import { RouteTable } from './route-table.ts'
import { DEFAULT_LIMIT_POLICY, scriptLimitsUnder } from './script-limits.ts'

const PAGE = readFileSync(new URL('../../../../docs/reference/routing.md', import.meta.url), 'utf8')
const SOME_HOST = 'some.example.org'

describe('the tables of docs/reference/routing.md', () => {
  it.each(rowsUnder('Pattern', 'Host header'))(
    'host %s against %s: %s',
    (pattern, header, said) => {
      const host = normalizeHost(code(header)) ?? ''
      const params = matchHost(parseHostPattern(code(pattern)), host)
      expect(params === null ? 'no' : ['yes', ...captures(params)].join(', ')).toBe(said)
    },
  )

  it.each(rowsUnder('Claims', 'Host'))('claims %s: %s goes to %s', (claims, host, winner) => {
    const entries = codes(claims).map((text) => ({
      domain: { id: newId<DomainId>(), pattern: text },
      pattern: parseHostPattern(text),
      app: text,
    }))
    for (const order of [entries, entries.toReversed()]) {
      const found = new AppDomainTable(order).find(code(host))
      expect(found === undefined ? 'none' : `\`${found.app}\``).toBe(winner)
    }
  })

  it.each(rowsUnder('Pattern', 'Path'))('path %s against %s: %s', (pattern, path, said) => {
    const params = matchPath(parsePathPattern(code(pattern)), code(path))
    const found = params === null ? 'no match' : captures(params).join(', ') || 'nothing'
    expect(found).toBe(said)
  })

  it.each(rowsUnder('Routes', 'Request'))('routes %s: %s gets %s', (routes, request, said) => {
    const entries = codes(routes).map(routeOf)
    for (const order of [entries, entries.toReversed()]) {
      expect(answerOf(new RouteTable(order), code(request))).toBe(said)
    }
  })

  it.each(rowsUnder('Route', 'Existing route'))('%s beside %s: conflict %s', (a, b, said) => {
    expect(routesConflict(routeOf(code(a)), routeOf(code(b))) ? 'yes' : 'no').toBe(said)
  })
})

const path = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 4 })
  .map((segments) => `/${segments.join('/')}`)
const pathPattern = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', ':'), { maxLength: 3 }), fc.constantFrom('', 'a', '*'))
  .map(([segments, last]) => [...segments, last].map((text, i) => (text === ':' ? `:p${i}` : text)))
  .map((segments) => `/${segments.join('/')}`)
const host = fc.constantFrom('a.example.com', 'b.example.com', 'c.a.example.com', 'other')
const hostPattern = fc.constantFrom('', 'a.example.com', '*.example.com', '{t}.a.example.com')
const method = fc.constantFrom('*', 'GET', 'POST', 'HEAD', 'OPTIONS')
const route = fc
  .tuple(method, hostPattern, pathPattern)
  .map(([verb, hosts, paths]) => routeOf(`${verb} ${hosts}${paths}`))

describe('RouteTable', () => {
  it('chooses as trying every route in order of specificity would', () => {
    fc.assert(
      fc.property(
        fc.array(route, { maxLength: 12 }),
        fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE'),
        host,
        path,
        (given, verb, asked, target) => {
          const entries = withoutConflicts(given)
          const fitting = entries
            .filter((entry) => routeFits(entry, asked, target))
            .toSorted(compareRoutes)
          const table = new RouteTable(entries)
          const expected = fitting.find((entry) => answers(entry, fitting, verb))
          const found = table.match(verb, asked, target)
          expect(found.kind === 'route' ? found.entry : undefined).toBe(expected)
          expect(table.candidates(asked, target).toSorted(byId)).toEqual(fitting.toSorted(byId))
          if (expected !== undefined) return
          expect(found.kind).toBe(fitting.length === 0 ? 'not-found' : 'method-not-allowed')
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('gives the captures of claim, route host and path, the nearest to the path first', () => {
    const entry = routeOf('GET {a}.example.com/x/:b/*c')
    const segments = ['x', '1', '2', '3']
    const claim = parseHostPattern('{t}.example.com')
    expect(captureParams(claim, 'shop.example.com', entry, segments)).toEqual({
      t: 'shop',
      a: 'shop',
      b: '1',
      c: '2/3',
    })
    const same = routeOf('GET {t}.example.com/:t')
    expect(captureParams(claim, 'shop.example.com', same, ['path'])).toEqual({ t: 'path' })
  })

  it('lists candidates with the one that answers first', () => {
    const table = new RouteTable(['* /*', 'GET /users/:id', 'GET /users/new'].map(routeOf))
    expect(table.candidates(SOME_HOST, '/users/new').map(textOf)).toEqual([
      'GET /users/new',
      'GET /users/:id',
      '* /*rest',
    ])
  })
})

function rowsUnder(first: string, second: string): [string, string, string][] {
  const lines = PAGE.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${first} | ${second} |`))
  if (start === -1) throw new Error(`The page has no table ${first}, ${second}.`)
  const rows: [string, string, string][] = []
  for (const line of lines.slice(start + 2)) {
    const [, a, b, c] = /^\| (.*) \| (.*) \| (.*) \|$/.exec(line) ?? []
    if (a === undefined || b === undefined || c === undefined) break
    rows.push([a, b, c])
  }
  return rows
}

function codes(cell: string): string[] {
  return [...cell.matchAll(/`([^`]*)`/g)].map(([, text = '']) => text)
}

function code(cell: string): string {
  const [text, more] = codes(cell)
  if (text === undefined || more !== undefined) throw new Error(`One code span, not ${cell}`)
  return text
}

function captures(params: Readonly<Record<string, string>>): string[] {
  return Object.entries(params).map(([name, value]) => `\`${name}\` = \`${value}\``)
}

const HOLE = ' (hole)'

/** `GET api.example.com/users/:id`; without a host the path follows the method. */
function splitLine(text: string): { method: string; host: string; path: string } {
  const [, verb = '', hosts = '', paths = ''] = /^(\S+) ([^/]*)(\/.*)$/.exec(text) ?? []
  return { method: verb, host: hosts, path: paths }
}

function routeOf(text: string): RouteEntry {
  const isHole = text.endsWith(HOLE)
  const line = splitLine(isHole ? text.slice(0, -HOLE.length) : text)
  const scriptId = newId<ScriptId>()
  const written: RoutedRoute = {
    id: newId(),
    method: line.method,
    hostPattern: line.host === '' ? null : line.host,
    pathPattern: line.path,
    scriptId: isHole ? null : scriptId,
    enabled: true,
    idempotency: null,
  }
  if (isHole) return routeEntryOf(written, null, new SharedPatterns())
  const script = { id: scriptId, name: 'script', versionId: newId<ScriptVersionId>(), version: 1 }
  const app = { id: newId<AppId>(), slug: 'app', services: null, egress: null }
  const limits = scriptLimitsUnder(DEFAULT_LIMIT_POLICY)({}, {})
  const target = {
    app,
    script,
    source: '',
    showErrorDetail: false,
    serverTiming: false,
    recordSamplingPercent: null,
    limits,
  }
  return routeEntryOf(written, target, new SharedPatterns())
}

function textOf({ route: { method: verb }, hostPattern: hosts, pathPattern }: RouteEntry): string {
  return `${verb} ${hosts?.text ?? ''}${pathPattern.text}`
}

function answerOf(table: RouteTable, request: string): string {
  const line = splitLine(request)
  const match = table.match(line.method, line.host === '' ? SOME_HOST : line.host, line.path)
  switch (match.kind) {
    case 'route':
      if (match.entry.target === null) return '404'
      return `\`${textOf(match.entry)}\``
    case 'method-not-allowed':
      return `405, Allow: ${match.allow.join(', ')}`
    case 'not-found':
      return '404'
    case 'path-malformed':
      return '400'
  }
}

function withoutConflicts(entries: readonly RouteEntry[]): RouteEntry[] {
  return entries.filter(
    (entry, index) => !entries.slice(0, index).some((b) => routesConflict(entry, b)),
  )
}

/** A GET route answers HEAD where no HEAD route has its host and path; `*` only after that. */
function answers(entry: RouteEntry, fitting: readonly RouteEntry[], verb: string): boolean {
  const own = entry.route.method
  if (own === verb) return true
  const siblings = fitting.filter((other) => sameShape(other, entry)).map((e) => e.route.method)
  if (verb === 'HEAD' && siblings.includes('HEAD')) return false
  if (verb === 'HEAD' && own === 'GET') return true
  return own === '*' && !(verb === 'HEAD' && siblings.includes('GET'))
}

function sameShape(a: RouteEntry, b: RouteEntry): boolean {
  return routesConflict(a, { ...b, method: a.method })
}

function byId(a: RouteEntry, b: RouteEntry): number {
  return a.route.id < b.route.id ? -1 : 1
}
