import {
  type AppId,
  type AppSettings,
  type DomainId,
  newId,
  type RouteId,
  type ScriptId,
  writtenCorsSchema,
} from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../database.ts'
import type { Page, PageRequest } from '../page.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'

let test: TestDatabase
let database: Database

beforeEach(async () => {
  test = await createTestDatabase()
  database = test.database
})

afterEach(async () => {
  await test.drop()
})

async function createApp(slug: string): Promise<AppId> {
  return (await database.write((tx) => tx.apps.create({ slug }))).result.id
}

async function createScript(appId: AppId, name = 'hello', source = '1'): Promise<ScriptId> {
  const { result } = await database.write((tx) => tx.scripts.create({ appId, name, source }))
  return result.id
}

async function createRoute(
  appId: AppId,
  scriptId: ScriptId | null,
  pathPattern = '/',
): Promise<RouteId> {
  const { result } = await database.write((tx) =>
    tx.routes.create({
      appId,
      scriptId,
      method: 'GET',
      hostPattern: null,
      pathPattern,
      enabled: true,
    }),
  )
  return result.id
}

async function walk<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await list({ limit: 2, cursor })
    expect(page.items.length).toBeLessThanOrEqual(2)
    items.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return items
}

const conflict = (code: string) => ({ code, status: 409, audience: 'user' })

describe('apps', () => {
  it('refuses a slug that is taken', async () => {
    await createApp('shop')
    await expect(createApp('shop')).rejects.toMatchObject(conflict('PIC_STORAGE_SLUG_TAKEN'))
  })

  it('finds by id and by slug, also when the slug looks like an id', async () => {
    const slug = newId<AppId>()
    const id = await createApp(slug)
    expect(await database.apps.find(id)).toMatchObject({ id, slug, name: slug })
    expect(await database.apps.find(slug)).toMatchObject({ id })
    expect(await database.apps.find('missing')).toBeNull()
  })

  it('lists by slug, page after page', async () => {
    for (const slug of ['d', 'b', 'c', 'a']) await createApp(slug)
    const listed = await walk((page) => database.apps.list(page))
    expect(listed.map(({ slug }) => slug)).toEqual(['a', 'b', 'c', 'd', 'default'])
  })

  it('keeps the settings that a change does not name', async () => {
    const id = await createApp('shop')
    const change = async (settings: Partial<AppSettings>) =>
      (await database.write((tx) => tx.apps.update(id, { settings }))).result
    await change({ retention_days: 7, show_error_detail: true })
    const changed = await change({ retention_days: null })
    const settings = { show_error_detail: true, retention_days: null, retention_bytes: null }
    expect(changed).toMatchObject({ slug: 'shop', name: 'shop', settings, revision: 3 })
    expect(await database.apps.find(id)).toEqual(changed)
    const { apps } = await database.routing.load([id])
    expect(apps[0]).toMatchObject({
      showErrorDetail: true,
      cors: null,
      serverTiming: false,
      services: null,
      egress: null,
      recordSamplingPercent: null,
    })
    const cors = writtenCorsSchema.parse({ origins: ['https://a.example', 'https://*.b.example'] })
    await change({ cors, server_timing: true, record_sampling_percent: 0.5 })
    const grants = { services: ['kv' as const], egress: { allow: ['10.0.0.1'], deny: ['*'] } }
    await change(grants)
    const [loaded] = (await database.routing.load([id])).apps
    expect(loaded).toMatchObject({
      showErrorDetail: true,
      cors,
      serverTiming: true,
      ...grants,
      recordSamplingPercent: 0.5,
    })
    await change({ cors: null, services: null, egress: null })
    const cleared = (await database.routing.load([id])).apps[0]
    expect(cleared).toMatchObject({ cors: null, services: null, egress: null })
  })

  it('refuses a slug that another app has, also in a change', async () => {
    const id = await createApp('shop')
    const change = { slug: 'default', name: 'Never' }
    const renamed = database.write((tx) => tx.apps.update(id, change))
    await expect(renamed).rejects.toMatchObject(conflict('PIC_STORAGE_SLUG_TAKEN'))
    expect(await database.apps.find(id)).toMatchObject({ slug: 'shop', name: 'shop' })
    const missing = await database.write((tx) => tx.apps.update(newId<AppId>(), { name: 'x' }))
    expect(missing.result).toBeNull()
  })

  it('refuses to delete an app with contents and says how much there is', async () => {
    const id = await createApp('shop')
    await createRoute(id, await createScript(id))
    await database.write((tx) =>
      tx.domains.claim({ appId: id, pattern: 'a.example', shapeKey: 'a.example' }),
    )
    const usage = { scripts: 1, routes: 1, domains: 1, secrets: 0, kvKeys: 0, executions: 0 }
    expect(await database.apps.usage(id)).toEqual(usage)
    await expect(database.write((tx) => tx.apps.delete(id))).rejects.toMatchObject({
      ...conflict('PIC_STORAGE_APP_IN_USE'),
      details: usage,
    })
    const { result } = await database.write((tx) => tx.apps.deleteWithContents(id))
    expect(result).toBe(true)
    expect(await database.apps.usage(id)).toEqual({
      scripts: 0,
      routes: 0,
      domains: 0,
      secrets: 0,
      kvKeys: 0,
      executions: 0,
    })
    expect(await database.apps.find('shop')).toBeNull()
  })

  it('deletes an empty app, and says when there was none', async () => {
    const id = await createApp('shop')
    expect((await database.write((tx) => tx.apps.delete(id))).result).toBe(true)
    expect((await database.write((tx) => tx.apps.delete(id))).result).toBe(false)
  })
})

describe('former slugs', () => {
  /** An app named `now` that had these slugs. */
  async function createRenamed(now: string, ...before: string[]): Promise<AppId> {
    const id = await createApp(now)
    await database.write(async (tx) => {
      for (const slug of before) await tx.formerSlugs.retire(slug, id)
    })
    return id
  }

  it('lead to their app and count every use, also uses at once', async () => {
    const id = await createRenamed('now', 'before', 'long-ago')
    const uses = Array.from({ length: 20 }, () => database.formerSlugs.follow('before'))
    for (const app of await Promise.all(uses)) expect(app).toMatchObject({ id, slug: 'now' })
    expect(await database.formerSlugs.follow('now')).toBeNull()
    expect(await database.formerSlugs.appOf('long-ago')).toEqual(await database.apps.find('now'))
    const listed = await walk((page) => database.formerSlugs.list({ appId: id, ...page }))
    expect(listed).toMatchObject([
      { slug: 'before', appId: id, hits: 20, lastHitAt: expect.any(Date) },
      { slug: 'long-ago', appId: id, hits: 0, lastHitAt: null },
    ])
  })

  it('lead nowhere when forgotten, and go with their app', async () => {
    const id = await createRenamed('now', 'before', 'other')
    const forget = (slug: string) => database.write((tx) => tx.formerSlugs.forget(slug))
    expect((await forget('before')).result).toBe(true)
    expect((await forget('before')).result).toBe(false)
    expect(await database.formerSlugs.appOf('before')).toBeNull()
    await database.write((tx) => tx.apps.delete(id))
    expect(await database.formerSlugs.follow('other')).toBeNull()
  })
})

describe('domains', () => {
  it('gives one shape to one app and names the claim that was there first', async () => {
    const [one, two] = [await createApp('one'), await createApp('two')]
    const shapeKey = '*.example.com'
    const { result } = await database.write((tx) =>
      tx.domains.claim({ appId: one, pattern: '*.example.com', shapeKey }),
    )
    const second = database.write((tx) =>
      tx.domains.claim({ appId: two, pattern: '{tenant}.example.com', shapeKey }),
    )
    await expect(second).rejects.toMatchObject({
      ...conflict('PIC_STORAGE_DOMAIN_TAKEN'),
      details: { pattern: '*.example.com' },
    })
    expect(await database.domains.findByShapeKey(shapeKey)).toEqual(result)
    expect(await database.domains.find(result.id)).toEqual(result)
    expect(await database.domains.listAll(one)).toEqual([result])
  })

  it('finds the claims of any app by their shapes', async () => {
    const [shop, blog] = [await createApp('shop'), await createApp('blog')]
    for (const [appId, pattern, key] of [
      [shop, '{t}.a.test', '*.a.test'],
      [blog, 'x.a.test', 'x.a.test'],
      [blog, 'y.a.test', 'y.a.test'],
    ] as const) {
      await database.write((tx) => tx.domains.claim({ appId, pattern, shapeKey: key }))
    }
    const found = await database.domains.listByShapeKeys(['x.a.test', '*.a.test', 'none.test'])
    expect(found.map(({ pattern }) => pattern).sort()).toEqual(['x.a.test', '{t}.a.test'])
  })

  it('frees the shape when the claim is released', async () => {
    const [one, two] = [await createApp('one'), await createApp('two')]
    const claim = (appId: AppId) =>
      database.write((tx) => tx.domains.claim({ appId, pattern: 'a.b', shapeKey: 'a.b' }))
    const { result } = await claim(one)
    expect((await database.write((tx) => tx.domains.release(result.id))).result).toBe(true)
    expect((await database.write((tx) => tx.domains.release(result.id))).result).toBe(false)
    expect((await claim(two)).result.appId).toBe(two)
  })

  it('refuses a claim for an app that is gone', async () => {
    const claim = database.write((tx) =>
      tx.domains.claim({ appId: newId<AppId>(), pattern: 'a.b', shapeKey: 'a.b' }),
    )
    await expect(claim).rejects.toMatchObject({ code: 'PIC_STORAGE_REFERENCE_MISSING' })
    expect(await database.domains.find(newId<DomainId>())).toBeNull()
  })

  it('lists by pattern, of all apps or of one', async () => {
    const id = await createApp('shop')
    for (const pattern of ['c.example', 'a.example', 'b.example']) {
      await database.write((tx) => tx.domains.claim({ appId: id, pattern, shapeKey: pattern }))
    }
    const patterns = async (appId?: AppId) =>
      (await walk((page) => database.domains.list({ ...page, appId }))).map((row) => row.pattern)
    expect(await patterns(id)).toEqual(['a.example', 'b.example', 'c.example'])
    expect(await patterns()).toEqual(['a.example', 'b.example', 'c.example', 'localhost'])
  })
})

describe('scripts', () => {
  it('keeps every version and serves the last', async () => {
    const appId = await createApp('shop')
    const id = await createScript(appId, 'hello', 'first')
    const first = await database.scripts.find(id)
    const { result } = await database.write((tx) =>
      tx.scripts.saveVersion(id, { source: 'second' }),
    )
    expect(result).toMatchObject({ id, appId, version: 2, source: 'second' })
    expect(result?.versionId).not.toBe(first?.versionId)
    expect(await database.scripts.find(id)).toEqual(result)
    expect(await database.scripts.findByName(appId, 'hello')).toEqual(result)
    expect((await database.scriptVersions.find(id, 1))?.source).toBe('first')
    expect((await database.scriptVersions.find(id, 2))?.source).toBe('second')
    expect(await database.scriptVersions.find(id, 3)).toBeNull()
  })

  it('has one script of a name in an app, and the same name in another app', async () => {
    const [one, two] = [await createApp('one'), await createApp('two')]
    await createScript(one)
    await expect(createScript(one)).rejects.toMatchObject(conflict('PIC_STORAGE_SCRIPT_NAME_TAKEN'))
    await createScript(two)
  })

  it('refuses a script for an app that is gone, and a version for a script that is gone', async () => {
    await expect(createScript(newId<AppId>())).rejects.toMatchObject({
      code: 'PIC_STORAGE_REFERENCE_MISSING',
      status: 422,
    })
    const save = database.write((tx) => tx.scripts.saveVersion(newId<ScriptId>(), { source: '1' }))
    expect((await save).result).toBeNull()
  })

  it('refuses to delete a script that routes run, and says how many', async () => {
    const appId = await createApp('shop')
    const id = await createScript(appId)
    await createRoute(appId, id, '/a')
    await createRoute(appId, id, '/b')
    await expect(database.write((tx) => tx.scripts.delete(id))).rejects.toMatchObject({
      ...conflict('PIC_STORAGE_SCRIPT_IN_USE'),
      details: { routes: 2 },
    })
    expect((await database.write((tx) => tx.scripts.deleteWithRoutes(id))).result).toBe(true)
    expect(await database.scripts.find(id)).toBeNull()
    expect(await database.routes.listAll(appId)).toEqual([])
    expect((await database.write((tx) => tx.scripts.delete(id))).result).toBe(false)
  })

  it('lists by name without sources, of all apps or of one', async () => {
    const [one, two] = [await createApp('one'), await createApp('two')]
    for (const name of ['c', 'a', 'b']) await createScript(one, name)
    await createScript(two, 'a')
    const listed = await walk((page) => database.scripts.list({ ...page, appId: one }))
    expect(listed.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(listed[0]).not.toHaveProperty('source')
    expect(await walk((page) => database.scripts.list(page))).toHaveLength(4)
  })
})

describe('routes', () => {
  it('refuses a second route with the same target in an app, and none in another', async () => {
    const [one, two] = [await createApp('one'), await createApp('two')]
    const script = await createScript(one)
    await createRoute(one, script)
    await expect(createRoute(one, script)).rejects.toMatchObject({
      ...conflict('PIC_STORAGE_ROUTE_TAKEN'),
      message: expect.stringContaining('GET (any host) /'),
    })
    await createRoute(two, await createScript(two))
  })

  it('refuses a script of another app, at creation and later', async () => {
    const [one, two] = [await createApp('one'), await createApp('two')]
    const [mine, foreign] = [await createScript(one), await createScript(two)]
    const missing = { code: 'PIC_STORAGE_REFERENCE_MISSING', status: 422 }
    await expect(createRoute(one, foreign)).rejects.toMatchObject(missing)
    const id = await createRoute(one, mine)
    await expect(
      database.write((tx) => tx.routes.update(id, { scriptId: foreign })),
    ).rejects.toMatchObject(missing)
  })

  it('changes what is given and keeps the rest', async () => {
    const appId = await createApp('shop')
    const [first, second] = [await createScript(appId, 'a'), await createScript(appId, 'b')]
    const id = await createRoute(appId, first)
    await database.write((tx) => tx.routes.update(id, { enabled: false }))
    expect(await database.routes.find(id)).toMatchObject({ scriptId: first, enabled: false })
    await database.write((tx) => tx.routes.update(id, { scriptId: second }))
    expect(await database.routes.find(id)).toMatchObject({ scriptId: second, enabled: false })
    const missing = await database.write((tx) => tx.routes.update(newId<RouteId>(), {}))
    expect(missing.result).toBeNull()
  })

  it('moves a route in place, and refuses a place that is taken', async () => {
    const appId = await createApp('shop')
    const script = await createScript(appId)
    const id = await createRoute(appId, script, '/a')
    await createRoute(appId, script, '/b')
    const moved = { method: '*', hostPattern: 'a.test', pathPattern: '/c' }
    await database.write((tx) => tx.routes.update(id, moved))
    expect(await database.routes.find(id)).toMatchObject({ ...moved, scriptId: script })
    const back = { method: 'GET', hostPattern: null, pathPattern: '/b' }
    await expect(database.write((tx) => tx.routes.update(id, back))).rejects.toMatchObject(
      conflict('PIC_STORAGE_ROUTE_TAKEN'),
    )
    await database.write((tx) => tx.routes.update(id, { ...back, pathPattern: '/a' }))
    expect(await database.routes.find(id)).toMatchObject({ hostPattern: null, pathPattern: '/a' })
  })

  it('keeps holes, also when the scripts of the app go', async () => {
    const appId = await createApp('shop')
    const script = await createScript(appId)
    const hole = await createRoute(appId, null, '/hole')
    const route = await createRoute(appId, script, '/filled')
    await database.write((tx) => tx.routes.update(route, { scriptId: null }))
    await database.write((tx) => tx.scripts.delete(script))
    const rows = await database.routes.listAll(appId)
    expect(rows.map(({ id, scriptId }) => ({ id, scriptId }))).toEqual([
      { id: route, scriptId: null },
      { id: hole, scriptId: null },
    ])
    const { apps } = await database.routing.load([appId])
    expect(apps[0]?.routes.map(({ scriptId }) => scriptId)).toEqual([null, null])
    await database.write((tx) => tx.apps.deleteWithContents(appId))
    expect(await database.routes.find(hole)).toBe(null)
  })

  it('switches off those that are on, and says which', async () => {
    const appId = await createApp('shop')
    const [on, off] = [
      await createRoute(appId, null, '/on'),
      await createRoute(appId, null, '/off'),
    ]
    await database.write((tx) => tx.routes.update(off, { enabled: false }))
    const { result } = await database.write((tx) => tx.routes.disable([on, off]))
    expect(result.map(({ id, enabled }) => ({ id, enabled }))).toEqual([{ id: on, enabled: false }])
    expect((await database.routes.find(off))?.revision).toBe(2)
    expect((await database.write((tx) => tx.routes.disable([]))).result).toEqual([])
  })

  it('lists by path, and by script', async () => {
    const appId = await createApp('shop')
    const [first, second] = [await createScript(appId, 'a'), await createScript(appId, 'b')]
    for (const path of ['/c', '/a', '/b']) await createRoute(appId, first, path)
    await createRoute(appId, second, '/d')
    const paths = async (scriptId?: ScriptId) =>
      (await walk((page) => database.routes.list({ ...page, appId, scriptId }))).map(
        (row) => row.pathPattern,
      )
    expect(await paths()).toEqual(['/a', '/b', '/c', '/d'])
    expect(await paths(second)).toEqual(['/d'])
  })

  it('deletes one, and says when there was none', async () => {
    const appId = await createApp('shop')
    const id = await createRoute(appId, await createScript(appId))
    expect((await database.write((tx) => tx.routes.delete(id))).result).toBe(true)
    expect((await database.write((tx) => tx.routes.delete(id))).result).toBe(false)
  })
})

describe('routing', () => {
  it('loads whole apps with the number of the change they are of', async () => {
    const id = await createApp('shop')
    const scriptId = await createScript(id, 'hello', 'source')
    const routeId = await createRoute(id, scriptId, '/x')
    const { sequence } = await database.write((tx) =>
      tx.scripts.saveVersion(scriptId, { source: 'newer' }),
    )
    const script = await database.scripts.find(scriptId)
    const snapshot = await database.routing.load([id])
    expect(snapshot).toEqual({
      sequence,
      apps: [
        {
          id,
          slug: 'shop',
          showErrorDetail: false,
          cors: null,
          serverTiming: false,
          services: null,
          egress: null,
          limits: {},
          recordSamplingPercent: null,
          domains: [],
          routes: [
            {
              id: routeId,
              method: 'GET',
              hostPattern: null,
              pathPattern: '/x',
              scriptId,
              enabled: true,
              idempotency: null,
            },
          ],
          scripts: [
            {
              id: scriptId,
              name: 'hello',
              versionId: script?.versionId,
              version: 2,
              source: 'newer',
            },
          ],
        },
      ],
    })
  })

  it('loads all apps when none is named, none for an empty list, and leaves out what is gone', async () => {
    const id = await createApp('shop')
    const slugs = async (ids?: readonly AppId[]) =>
      (await database.routing.load(ids)).apps.map(({ slug }) => slug)
    expect(await slugs()).toEqual(['default', 'shop'])
    expect(await slugs([])).toEqual([])
    expect(await slugs([id, newId<AppId>()])).toEqual(['shop'])
  })

  it('never mixes two moments, whatever is written meanwhile', async () => {
    const appId = await createApp('shop')
    const scriptId = await createScript(appId)
    const offset = (await database.routing.sequence()) - 1
    let writing = true
    const writer = (async () => {
      for (let n = 0; writing; n++) {
        await database.write(async (tx) => {
          const saved = await tx.scripts.saveVersion(scriptId, { source: `version ${n + 2}` })
          const routes = await tx.routes.listAll(appId)
          for (const route of routes) await tx.routes.delete(route.id)
          await tx.routes.create({
            appId,
            scriptId,
            method: 'GET',
            hostPattern: null,
            pathPattern: `/${saved?.version}`,
            enabled: true,
          })
        })
      }
    })()
    for (let n = 0; n < 30; n++) {
      const { apps, sequence } = await database.routing.load([appId])
      const [app] = apps
      if (app?.routes.length === 0) continue
      expect(app?.routes.map(({ pathPattern }) => pathPattern)).toEqual([
        `/${app?.scripts[0]?.version}`,
      ])
      // Each write makes one version, so the version also tells which change this is.
      expect(sequence - (app?.scripts[0]?.version ?? 0)).toBe(offset)
    }
    writing = false
    await writer
  })
})
