import {
  appExportSchema,
  appliedManifestSchema,
  DEFAULT_APP_SETTINGS,
  type Manifest,
  manifestSchema,
} from '@picloud/shared'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const APPS = '/api/v1/admin/apps'
let api: ManagerUnderTest
beforeAll(async () => {
  api = await startManagerUnderTest({ adminHost: 'admin.test' })
})
afterAll(() => api.close())

let made = 0
let app: string
let host: string
beforeEach(async () => {
  made += 1
  app = `app-${made}`
  host = `h${made}.test`
  expect((await api.request('POST', APPS, { json: { slug: app } })).status).toBe(201)
})

const SETTINGS = DEFAULT_APP_SETTINGS

const ONCE = { header: 'Idempotency-Key', required: true }

function route(path: string, script: string | null, more: object = {}) {
  return {
    method: '*',
    host_pattern: null,
    path_pattern: path,
    script,
    enabled: true,
    idempotency: null,
    ...more,
  }
}

function shop(): Manifest {
  return {
    name: 'The shop',
    settings: { ...SETTINGS, retention_days: 7 },
    domains: [`*.${host}`, host],
    scripts: [
      { name: 'cart', source: 'import "lib" as lib;\nlib::total()\n' },
      { name: 'lib', source: 'fn total() { 1 }\n' },
    ],
    routes: [
      route('/', 'cart'),
      route('/cart/:id', 'cart', { method: 'GET', host_pattern: `eu.${host}` }),
      route('/cart/secret', null, { enabled: false, idempotency: ONCE }),
    ] as Manifest['routes'],
  }
}

function put(json: object, query = '', headers: Record<string, string> = {}): Promise<Answer> {
  return api.request('PUT', `${APPS}/${app}/manifest${query}`, { json, headers })
}
function get(slug = app): Promise<Answer> {
  return api.request('GET', `${APPS}/${slug}/manifest`)
}
async function applied(json: object): Promise<Answer['body']> {
  const { status, body } = await put(json)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
function actionsOf(body: Answer['body']): readonly string[] {
  return body.changes.map((each: { action: string; name: string }) => `${each.action} ${each.name}`)
}

describe('a manifest', () => {
  it('of a new app is empty, and named by the slug', async () => {
    const { status, body } = await get()
    expect(status).toBe(200)
    expect(body).toEqual({ name: app, settings: SETTINGS, domains: [], scripts: [], routes: [] })
    expect(Object.keys(body)).toEqual(['name', 'settings', 'domains', 'scripts', 'routes'])
  })

  it('makes the app what it says, and is read as it was written', async () => {
    const body = await applied(shop())
    expect(appliedManifestSchema.parse(body)).toEqual(body)
    expect(actionsOf(body)).toEqual([
      `app.update ${app}`,
      `domain.claim *.${host}`,
      `domain.claim ${host}`,
      'script.create cart',
      'script.create lib',
      'route.create * /',
      `route.create GET eu.${host}/cart/:id`,
      'route.create * /cart/secret',
    ])
    const read = await get()
    expect(manifestSchema.parse(read.body)).toEqual(shop())
    expect(read.headers.get('etag')).toBe(`"${body.etag}"`)
    expect(body.applied).toBe(true)
  })

  it('is canonical: however it is written, equal apps have equal tags', async () => {
    const { etag } = await applied(shop())
    const written = shop()
    const other = {
      settings: { retention_days: 7 },
      name: written.name,
      domains: [host.toUpperCase(), `*.${host}.`],
      routes: written.routes.toReversed().map(({ path_pattern, script, ...rest }) => ({
        ...(rest.method === '*' ? {} : rest),
        enabled: rest.enabled,
        ...(rest.idempotency === null ? {} : { idempotency: rest.idempotency }),
        path_pattern,
        script,
      })),
      scripts: written.scripts.toReversed(),
    }
    const again = await applied(other)
    expect(again).toMatchObject({ applied: false, etag, previous_etag: etag, changes: [] })
  })

  it('writes nothing where there is nothing to change', async () => {
    await applied(shop())
    const before = await api.database.routing.sequence()
    expect(await applied(shop())).toMatchObject({ applied: false, changes: [] })
    expect(await api.database.routing.sequence()).toBe(before)
    const { body } = await api.request('GET', `/api/v1/admin/scripts?app=${app}&name=cart`)
    expect(body.items[0]).toMatchObject({ version: 1, latest_version: 1 })
  })

  it('changes what differs and nothing else, in one change that nodes see', async () => {
    await applied(shop())
    const ids = await idsOf('routes')
    const before = await api.database.routing.sequence()
    const next = shop()
    next.scripts[1] = { name: 'lib', source: 'fn total() { 2 }\n' }
    next.routes[1] = { ...next.routes[1], path_pattern: '/cart/:item' } as Manifest['routes'][0]
    next.routes[2] = { ...next.routes[2], enabled: true } as Manifest['routes'][0]
    const { changes } = await applied(next)
    expect(changes).toEqual([
      {
        action: 'script.save',
        target_type: 'script',
        name: 'lib',
        before: expect.objectContaining({ version: 1 }),
        after: expect.objectContaining({ version: 2, bytes: 17 }),
        diff: {
          lines_added: 1,
          lines_removed: 1,
          unified: '--- lib\n+++ lib\n@@ -1,1 +1,1 @@\n-fn total() { 1 }\n+fn total() { 2 }\n',
          is_complete: true,
        },
      },
      expect.objectContaining({
        action: 'script.activate',
        name: 'cart',
        before: expect.objectContaining({ version: 1, imports: { lib: 1 } }),
        after: expect.objectContaining({ version: 1, imports: { lib: 2 } }),
        diff: null,
      }),
      expect.objectContaining({
        action: 'route.update',
        name: `GET eu.${host}/cart/:item`,
        before: expect.objectContaining({ path_pattern: '/cart/:id', script: 'cart' }),
        diff: null,
      }),
      expect.objectContaining({ action: 'route.update', name: '* /cart/secret' }),
    ])
    expect(await idsOf('routes')).toEqual(ids)
    expect(await api.database.routing.sequence()).toBe(before + 1)
    expect((await get()).body).toEqual(next)
  })

  it('takes away what it does not list, in an order in which nothing is in the way', async () => {
    await applied(shop())
    const body = await applied({ domains: [], scripts: [], routes: [] })
    expect(actionsOf(body)).toEqual([
      `app.update ${app}`,
      'route.delete * /',
      `route.delete GET eu.${host}/cart/:id`,
      'route.delete * /cart/secret',
      'script.delete cart',
      'script.delete lib',
      `domain.release *.${host}`,
      `domain.release ${host}`,
    ])
    expect((await get()).body).toMatchObject({ name: app, settings: SETTINGS, scripts: [] })
  })

  it('lets a script come back to a source it had as the version it was', async () => {
    const one = { domains: [], scripts: [{ name: 'a', source: '1' }], routes: [] }
    await applied(one)
    const { body } = await api.request('GET', `/api/v1/admin/scripts?app=${app}&name=a`)
    const path = `/api/v1/admin/scripts/${body.items[0].id}`
    await api.request('PUT', path, { json: { source: '2', activate: false } })
    const { changes } = await applied({ ...one, scripts: [{ name: 'a', source: '2' }] })
    expect(changes).toMatchObject([{ action: 'script.activate', diff: { lines_added: 1 } }])
    expect((await api.request('GET', path)).body).toMatchObject({ version: 2, latest_version: 2 })
  })

  it('spells a claim anew while routes depend on it', async () => {
    const routes = [route('/', null, { host_pattern: `eu.${host}` })]
    await applied({ domains: [`*.${host}`], scripts: [], routes })
    const body = await applied({ domains: [`{land}.${host}`], scripts: [], routes })
    expect(actionsOf(body)).toEqual([`domain.release *.${host}`, `domain.claim {land}.${host}`])
    expect((await get()).body.domains).toEqual([`{land}.${host}`])
  })

  it('cuts the lines it shows where there are too many of them', async () => {
    const source = '"a long line of a script that says not much";\n'.repeat(3_000)
    const scripts = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, source }))
    const { changes } = await applied({ domains: [], scripts, routes: [] })
    const lengths = changes.map((each: Answer['body']) => each.diff.unified.length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(64 * 1024)
    expect(lengths.reduce((sum: number, length: number) => sum + length, 0)).toBeLessThan(
      257 * 1024,
    )
    expect(changes[0].diff).toMatchObject({ lines_added: 3_000, is_complete: false })
    expect(changes[0].diff.unified).toMatch(/\n$/)
  })

  it('is told by a former slug of the app too', async () => {
    await api.request('PATCH', `${APPS}/${app}`, { json: { slug: `${app}-new` } })
    const { status, headers } = await put({ domains: [], scripts: [], routes: [] }, '?dry_run=true')
    expect(status).toBe(308)
    expect(headers.get('location')).toBe(`${APPS}/${app}-new/manifest?dry_run=true`)
  })
})

async function idsOf(what: 'routes'): Promise<readonly string[]> {
  const { body } = await api.request('GET', `/api/v1/admin/${what}?app=${app}`)
  return body.items.map((item: { id: string }) => item.id).toSorted()
}

describe('a manifest that is refused', () => {
  async function check(manifest: object, status: number, expected: object): Promise<void> {
    const before = await get()
    for (const query of ['?dry_run=true', '']) {
      const answer = await put(manifest, query)
      expect(answer.body).toMatchObject(expected)
      expect(answer.status).toBe(status)
      expect((await get()).text).toBe(before.text)
    }
  }

  it('tells all that is wrong with it at once, by place', async () => {
    await applied(shop())
    const manifest = {
      ...shop(),
      domains: [host, `${host}.`, 'a..b'],
      scripts: [
        { name: 'bad', source: 'let a = 1;\nlet b = ;\nlet c = ;\n' },
        { name: 'good', source: '1' },
        { name: 'worse', source: 'fn (' },
        { name: 'good', source: '2' },
      ],
      routes: [
        route('nowhere', 'good'),
        route('/x', 'ghost'),
        route('/y/:a', 'good'),
        route('/y/:b', 'good'),
        route('/z', 'good', { host_pattern: 'other.test' }),
        route('/off', 'good', { host_pattern: 'other.test', enabled: false }),
      ],
    }
    await check(manifest, 422, { code: 'PIC_MANIFEST_INVALID' })
    const { body } = await put(manifest)
    const places = body.problems.map((each: Answer['body']) => `${each.pointer} ${each.code}`)
    expect(places).toEqual([
      '/domains/1 PIC_REQUEST_INVALID',
      '/domains/2 PIC_HOST_PATTERN_INVALID',
      expect.stringMatching(/^\/scripts\/0\/source PIC_SCRIPT_COMPILE$/),
      ...body.problems
        .slice(3)
        .filter(({ pointer }: { pointer: string }) => pointer === '/scripts/0/source')
        .map(() => '/scripts/0/source PIC_SCRIPT_COMPILE'),
      '/scripts/2/source PIC_SCRIPT_COMPILE',
      '/scripts/3/name PIC_REQUEST_INVALID',
      '/routes/0/path_pattern PIC_PATH_PATTERN_INVALID',
      '/routes/1/script PIC_REQUEST_INVALID',
      '/routes/3/path_pattern PIC_REQUEST_INVALID',
      '/routes/4/host_pattern PIC_ROUTE_HOST_UNCLAIMED',
    ])
    expect(body.problems[2]).toMatchObject({ line: 2, column: 9 })
    expect(body.errors).toHaveLength(body.problems.length)
  })

  it.each([
    ['a member nobody knows', { route: [] }, '/route'],
    ['a route with one', { routes: [{ ...route('/', null), pth: 1 }] }, '/routes/0/pth'],
    ['a list left out, which would take all of it away', { domains: undefined }, '/domains'],
    ['too many scripts', { scripts: scriptsOf(501) }, '/scripts'],
    ['too many routes', { routes: routesOf(1_001) }, '/routes'],
  ])('has %s', async (_what, members, pointer) => {
    const manifest = { ...shop(), ...members }
    await check(manifest, 422, { errors: [expect.objectContaining({ pointer })] })
  })

  it('has more source than one may', async () => {
    const source = `"${'x'.repeat(1_000_000)}"`
    const scripts = scriptsOf(9).map((script) => ({ ...script, source }))
    await check({ ...shop(), scripts }, 422, { errors: [{ pointer: '/scripts' }] })
    const { status } = await put({ ...shop(), name: 'x'.repeat(21 * 1024 * 1024) })
    expect(status).toBe(413)
  })

  it('wants what another app has, or nobody may have', async () => {
    const other = await api.request('POST', APPS, { json: { slug: `${app}-other` } })
    const pattern = `{any}.${host}`
    await api.request('POST', `${APPS}/${other.body.id}/domains`, { json: { pattern } })
    await check(shop(), 409, {
      code: 'PIC_DOMAIN_CLAIMED',
      errors: [{ pointer: '/domains/0', message: `Collides with the claim ${pattern}.` }],
    })
    await check({ domains: [host, 'admin.test'], scripts: [], routes: [] }, 422, {
      errors: [{ pointer: '/domains/1' }],
    })
    const hidden = { domains: [], scripts: [], routes: [route('/api/v1/execute/x', null)] }
    await check(hidden, 422, {
      code: 'PIC_ROUTE_UNREACHABLE',
      errors: [{ pointer: '/routes/0/path_pattern' }],
    })
  })

  it('takes a script away that another goes on importing', async () => {
    await applied(shop())
    const manifest = shop()
    manifest.scripts.pop()
    await check(manifest, 409, {
      code: 'PIC_SCRIPT_IN_USE',
      errors: [{ pointer: '/scripts/0/source' }],
    })
    // Once the import is gone the script may go.
    manifest.scripts[0] = { name: 'cart', source: '1' }
    expect(actionsOf(await applied(manifest))).toEqual(['script.save cart', 'script.delete lib'])
  })

  it('was thought of for another state of the app', async () => {
    const { etag, previous_etag } = await applied(shop())
    const stale = { 'if-match': `"${previous_etag}"` }
    for (const query of ['', '?dry_run=true']) {
      const answer = await put({ ...shop(), name: 'x' }, query, stale)
      expect(answer.status).toBe(412)
      expect(answer.body).toMatchObject({ code: 'PIC_MANIFEST_STALE', etag })
    }
    const headers = { 'if-none-match': `"${etag}"` }
    const known = await api.request('GET', `${APPS}/${app}/manifest`, { headers })
    expect([known.status, known.text]).toEqual([304, ''])
    expect((await put({ ...shop(), name: 'x' }, '', { 'if-match': `"${etag}"` })).status).toBe(200)
  })

  it('is of an app nobody knows', async () => {
    expect((await get('nobody')).status).toBe(404)
    app = 'nobody'
    expect((await put(shop())).status).toBe(404)
  })

  it('is of an app that holds more than one can say', async () => {
    const { body } = await api.request('GET', `${APPS}/${app}`)
    await api.database.write(async (tx) => {
      for (const { name } of scriptsOf(501)) {
        await tx.scripts.create({ appId: body.id, name, source: '1' })
      }
    })
    expect((await get()).body).toMatchObject({ status: 409, code: 'PIC_MANIFEST_TOO_LARGE' })
  })

  it('loses to one that came first: of many who saw one state, one is applied', async () => {
    const { etag } = await applied(shop())
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        put({ ...shop(), name: `name ${index}` }, '', { 'if-match': `"${etag}"` }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412])
  })
})

function scriptsOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({ name: `s${index}`, source: '1' }))
}
function routesOf(count: number) {
  return Array.from({ length: count }, (_, index) => route(`/${index}`, null))
}

describe('any two manifests', () => {
  const NAMES = ['a', 'b', 'c'] as const
  const SOURCES = ['1', '"two"\n', 'let x = 3;\nx\n', 'import "a" as a;\n1\n'] as const
  const PATHS = ['/', '/x', '/:id', '/:name', '/x/*rest', '/x/:id'] as const

  function manifests() {
    const subset = <T>(of: readonly T[]) => fc.subarray([...of])
    return fc
      .record({
        name: fc.constantFrom('One', 'Two'),
        days: fc.constantFrom(null, 1, 30),
        domains: subset(['', 'www.', '*.']),
        scripts: subset(NAMES),
        sources: fc.tuple(...NAMES.map(() => fc.constantFrom(...SOURCES))),
        routes: fc.array(
          fc.record({
            method: fc.constantFrom('*', 'GET', 'POST'),
            path: fc.constantFrom(...PATHS),
            host: fc.constantFrom(null, 'www.', 'eu.'),
            script: fc.constantFrom(null, ...NAMES),
            enabled: fc.boolean(),
          }),
          { maxLength: 6 },
        ),
      })
      .map(({ name, days, domains, scripts, sources, routes }) => {
        const importing = scripts.includes('a')
        const claimed = (prefix: string) => domains.includes(prefix) || domains.includes('*.')
        const seen = new Set<string>()
        return {
          name,
          settings: { ...SETTINGS, retention_days: days },
          domains: domains.map((prefix) => `${prefix}${host}`),
          scripts: scripts.map((script, index) => {
            const source = sources[index] ?? '1'
            return { name: script, source: importing ? source : source.replace(/^import.*\n/, '') }
          }),
          routes: routes
            .filter(({ method, path, host: prefix }) => {
              const key = `${method} ${prefix} ${path.replace(/:\w+/g, ':')}`
              return !seen.has(key) && seen.add(key)
            })
            .map(({ method, path, host: prefix, script, enabled }) =>
              route(path, scripts.some((each) => each === script) ? script : null, {
                method,
                host_pattern: prefix === null ? null : `${prefix}${host}`,
                enabled: enabled && (prefix === null || claimed(prefix)),
              }),
            ),
        }
      })
  }

  it('can follow each other, as a dry run foretells, and a broken one changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(manifests(), manifests(), async (first, second) => {
        await applied(first)
        const before = await get()
        const foretold = (await put(second, '?dry_run=true')).body
        expect((await get()).text).toBe(before.text)
        const broken = { ...second, routes: [...second.routes, route('/never', 'ghost')] }
        expect((await put(broken)).status).toBe(422)
        expect((await get()).text).toBe(before.text)

        const done = await applied(second)
        expect({ ...foretold, applied: done.applied }).toEqual(done)
        expect(done.applied).toBe(done.changes.length > 0)
        const after = await get()
        expect(after.body).toEqual(sorted(second))
        expect(after.headers.get('etag')).toBe(`"${done.etag}"`)
        expect((await applied(after.body)).changes).toEqual([])
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  interface Shown {
    readonly domains: readonly string[]
    readonly routes: readonly Record<string, unknown>[]
  }
  function sorted(manifest: Shown): object {
    const key = ({ path_pattern, host_pattern, method }: Record<string, unknown>) =>
      `${path_pattern}\0${host_pattern ?? ''}\0${method}`
    const order = (a: string, b: string) => (a < b ? -1 : 1)
    return {
      ...manifest,
      domains: [...manifest.domains].sort(order),
      routes: [...manifest.routes].sort((a, b) => order(key(a), key(b))),
    }
  }
})

describe('what a manifest changed', () => {
  it('stands in the audit log as it was told, and a dry run does not', async () => {
    const known = await entries()
    await put(shop(), '?dry_run=true')
    expect(await entries()).toEqual(known)
    const { changes } = await applied(shop())
    const fresh = (await entries()).slice(0, changes.length).toReversed()
    expect((await entries()).length).toBe(known.length + changes.length)
    expect(new Set(fresh.map((entry) => entry.request_id)).size).toBe(1)
    const told = changes.map(({ action, target_type: type, name, before, after }: Told) => {
      return { action, type, name, before: unnamed(before), after: unnamed(after) }
    })
    const logged = fresh.map(({ action, target: { type, name }, before, after }) => {
      return { action, type, name, before: unnamed(before), after: unnamed(after) }
    })
    expect(logged).toEqual(told)
  })

  type Snapshot = Record<string, unknown> | null
  interface Told {
    readonly action: string
    readonly target_type: string
    readonly name: string
    readonly before: Snapshot
    readonly after: Snapshot
  }
  interface Entry extends Told {
    readonly request_id: string
    readonly target: { readonly type: string; readonly name: string }
  }

  async function entries(): Promise<readonly Entry[]> {
    return (await api.request('GET', `/api/v1/admin/audit?app=${app}&limit=200`)).body.items
  }

  /** The log has a script's id where the answer has its name. */
  function unnamed(snapshot: Snapshot): Snapshot {
    if (snapshot === null) return null
    const { script: _name, script_id: _id, ...rest } = snapshot
    return rest
  }
})

describe('an app as one file', () => {
  const IMPORT = '/api/v1/admin/apps:import'

  async function exported(): Promise<Answer['body']> {
    await applied(shop())
    const { status, body } = await api.request('GET', `${APPS}/${app}/export`)
    expect(status).toBe(200)
    expect(appExportSchema.parse(body)).toEqual(body)
    return body
  }

  it('comes back as it was, once it is gone', async () => {
    const file = await exported()
    expect(file).toMatchObject({ format: 'picloud-app', format_version: 1, slug: app })
    await api.request('DELETE', `${APPS}/${app}?force=true`)
    const { status, body } = await api.request('POST', IMPORT, { json: { file } })
    expect(status).toBe(201)
    expect(body.app).toMatchObject({ slug: app, name: 'The shop' })
    expect(actionsOf(body)[0]).toBe(`app.create ${app}`)
    const read = await get()
    expect(read.body).toEqual(shop())
    expect(read.headers.get('etag')).toBe(`"${body.etag}"`)
  })

  it('becomes another app, without the domains that the first one claims', async () => {
    const file = await exported()
    const slug = `${app}-copy`
    const refused = await api.request('POST', IMPORT, { json: { file, slug } })
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({
      code: 'PIC_DOMAIN_CLAIMED',
      errors: [{ pointer: '/file/manifest/domains/0' }],
    })
    expect((await get(slug)).status).toBe(404)
    const json = { file, slug, without_domains: true }
    expect((await api.request('POST', IMPORT, { json })).status).toBe(201)
    const copy = (await get(slug)).body
    const off = (each: Manifest['routes'][number]) => ({
      ...each,
      enabled: each.enabled && each.host_pattern === null,
    })
    expect(copy).toEqual({ ...shop(), domains: [], routes: shop().routes.map(off) })
  })

  it('is refused whole when the slug is taken, or a script does not compile', async () => {
    const file = await exported()
    const taken = await api.request('POST', IMPORT, { json: { file } })
    expect(taken.body).toMatchObject({ code: 'PIC_APP_SLUG_TAKEN', errors: [{ pointer: '/slug' }] })
    file.manifest.scripts[0].source = 'let'
    const broken = await api.request('POST', IMPORT, { json: { file, slug: `${app}-x` } })
    expect(broken.status).toBe(422)
    expect(broken.body.problems[0].pointer).toBe('/file/manifest/scripts/0/source')
    const future = { ...file, format_version: 2 }
    const unknown = await api.request('POST', IMPORT, { json: { file: future } })
    expect(unknown.body.errors).toMatchObject([{ pointer: '/file/format_version' }])
  })
})
