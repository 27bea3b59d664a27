import {
  type AppId,
  newId,
  type RoutedApp,
  type ScriptId,
  type ScriptVersionId,
} from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { RoutingTables } from './routing-tables.ts'

describe('RoutingTables', () => {
  it('knows nothing before the first snapshot, and says so', () => {
    const tables = new RoutingTables()
    expect(tables.loaded).toBe(false)
    expect(tables.findDomain('a.example.com')).toBeUndefined()
    tables.replaceAll([])
    expect(tables.loaded).toBe(true)
  })

  it('finds the app of a host, its routes, and scripts by id', () => {
    const tables = new RoutingTables()
    const app = appOf('shop', ['shop.example.com', '{tenant}.example.com'])
    tables.replaceAll([app, appOf('blog', ['blog.example.com'])])
    expect(slugAt(tables, 'shop.example.com')).toBe('shop')
    expect(slugAt(tables, 'acme.example.com')).toBe('shop')
    expect(slugAt(tables, 'blog.example.com')).toBe('blog')
    expect(slugAt(tables, 'example.org')).toBeUndefined()
    expect(tables.findScript(scriptOf(app))?.app.slug).toBe('shop')
    expect(tables.domainCandidates('shop.example.com').map((c) => c.domain.pattern)).toEqual([
      'shop.example.com',
      '{tenant}.example.com',
    ])
  })

  it('replaces and removes single apps and leaves the others as they were', () => {
    const tables = new RoutingTables()
    const [shop, blog] = [appOf('shop', ['shop.example.com']), appOf('blog', ['blog.example.com'])]
    tables.replaceAll([shop, blog])
    const before = tables.findDomain('blog.example.com')?.app
    const renamed = { ...shop, slug: 'store', domains: domainsOf(['store.example.com']) }
    tables.replaceApps([renamed], [])
    expect(slugAt(tables, 'shop.example.com')).toBeUndefined()
    expect(slugAt(tables, 'store.example.com')).toBe('store')
    expect(tables.findDomain('blog.example.com')?.app).toBe(before)
    tables.replaceApps([], [blog.id])
    expect(slugAt(tables, 'blog.example.com')).toBeUndefined()
    expect(tables.findScript(scriptOf(blog))).toBeUndefined()
    expect(tables.appCount).toBe(1)
  })

  it('tells which scripts are new or have another version, but not of the first snapshot', () => {
    const tables = new RoutingTables()
    const shop = appOf('shop', ['shop.example.com'])
    const blog = appOf('blog', ['blog.example.com'])
    expect(tables.replaceAll([shop])).toEqual([])
    expect(tables.replaceApps([{ ...shop, slug: 'store' }], [])).toEqual([])
    expect(tables.replaceApps([blog], []).map(({ script }) => script.id)).toEqual([scriptOf(blog)])
    const scripts = shop.scripts.map((script) => ({
      ...script,
      versionId: newId<ScriptVersionId>(),
    }))
    const saved = { ...shop, scripts }
    expect(tables.replaceAll([saved, blog]).map(({ script }) => script.id)).toEqual([
      scriptOf(shop),
    ])
  })

  it('moves a claim from one app to another in one change', () => {
    const tables = new RoutingTables()
    const [shop, blog] = [appOf('shop', ['www.example.com']), appOf('blog', [])]
    tables.replaceAll([shop, blog])
    const moved = [
      { ...blog, domains: domainsOf(['www.example.com']) },
      { ...shop, domains: [] },
    ]
    tables.replaceApps(moved, [])
    expect(slugAt(tables, 'www.example.com')).toBe('blog')
  })

  it('keeps a claim with the app it heard of later, whatever the other app is told of next', () => {
    const tables = new RoutingTables()
    const [shop, blog] = [appOf('shop', ['www.example.com']), appOf('blog', [])]
    tables.replaceAll([shop, blog])
    tables.replaceApps([{ ...blog, domains: domainsOf(['www.example.com']) }], [])
    expect(slugAt(tables, 'www.example.com')).toBe('blog')
    tables.replaceApps([{ ...shop, domains: [] }], [])
    expect(slugAt(tables, 'www.example.com')).toBe('blog')
    tables.replaceApps([], [blog.id])
    expect(slugAt(tables, 'www.example.com')).toBeUndefined()
  })

  it('takes in a change of one app among 10,000 as fast as among 10', () => {
    const [few = 0, many = 0] = [10, 10_000].map((count) => {
      const tables = new RoutingTables()
      const apps = Array.from({ length: count }, (_, n) => appOf(`app${n}`, [`a${n}.x.example`]))
      tables.replaceAll(apps)
      return fastestNanoseconds(() => tables.replaceApps(apps.slice(0, 1), []), 1_000)
    })
    expect(many).toBeLessThan(few * 20)
  })

  it('leaves out disabled routes, and rows that break the rules, and keeps the rest', () => {
    const warnings: string[] = []
    const ignore = () => {}
    const logger = {
      debug: ignore,
      info: ignore,
      error: ignore,
      warn: (_: object, message: string) => warnings.push(message),
    }
    const tables = new RoutingTables({
      logger: { ...logger, warn: (f, m) => void logger.warn(f, m) },
    })
    const app = appOf('shop', ['shop.example.com', 'not a host'])
    const [route] = app.routes
    if (route === undefined) throw new Error('the app has a route')
    const routes = [
      route,
      { ...route, id: newId<typeof route.id>(), pathPattern: '/off', enabled: false },
      { ...route, id: newId<typeof route.id>(), pathPattern: '/a/../b' },
      { ...route, id: newId<typeof route.id>(), pathPattern: '/gone', scriptId: newId<ScriptId>() },
    ]
    tables.replaceAll([{ ...app, routes }])
    const table = tables.findDomain('shop.example.com')?.app.routes
    expect(table?.match('GET', 'shop.example.com', '/hello').kind).toBe('route')
    expect(table?.match('GET', 'shop.example.com', '/off').kind).toBe('not-found')
    expect(table?.match('GET', 'shop.example.com', '/gone').kind).toBe('not-found')
    expect(warnings).toHaveLength(3)
  })

  it('finds a host among 10,000 apps as fast as among 10', () => {
    const nanoseconds = [10, 10_000].map((count) => {
      const tables = new RoutingTables()
      tables.replaceAll(
        Array.from({ length: count }, (_, n) => appOf(`app${n}`, [`a${n}.x.example`])),
      )
      const find = () => {
        const app = tables.findDomain('a7.x.example')?.app
        return app?.routes.match('GET', 'a7.x.example', '/users/7')
      }
      return fastestNanoseconds(find)
    })
    const [few = 0, many = 0] = nanoseconds
    expect(many).toBeLessThan(few * 5)
  })
})

function fastestNanoseconds(work: () => unknown, turns = 20_000): number {
  let fastest = Number.POSITIVE_INFINITY
  for (let round = 0; round < 10; round += 1) {
    const start = process.hrtime.bigint()
    for (let turn = 0; turn < turns; turn += 1) work()
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - start) / turns)
  }
  return fastest
}

function slugAt(tables: RoutingTables, host: string): string | undefined {
  return tables.findDomain(host)?.app.slug
}

function scriptOf(app: RoutedApp): ScriptId {
  const [script] = app.scripts
  if (script === undefined) throw new Error('the app has a script')
  return script.id
}

function domainsOf(patterns: readonly string[]): RoutedApp['domains'] {
  return patterns.map((pattern) => ({ id: newId(), pattern }))
}

function appOf(slug: string, patterns: readonly string[]): RoutedApp {
  const scriptId = newId<ScriptId>()
  return {
    id: newId<AppId>(),
    slug,
    showErrorDetail: false,
    cors: null,
    serverTiming: false,
    services: null,
    egress: null,
    limits: {},
    recordSamplingPercent: null,
    domains: domainsOf(patterns),
    scripts: [{ id: scriptId, name: 'hello', versionId: newId(), version: 1, source: '1' }],
    routes: ['/hello', '/users/:id'].map((pathPattern) => ({
      id: newId(),
      method: 'GET',
      hostPattern: null,
      pathPattern,
      scriptId,
      enabled: true,
      idempotency: null,
    })),
  }
}
