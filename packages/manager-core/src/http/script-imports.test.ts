import { scriptImportsSchema } from '@picloud/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const SCRIPTS = '/api/v1/admin/scripts'
const APPS = '/api/v1/admin/apps'
let api: ManagerUnderTest
let app: string
let slug: string
let made = 0

beforeAll(async () => {
  api = await startManagerUnderTest()
})
afterAll(() => api.close())
beforeEach(async () => {
  made += 1
  slug = `app-${made}`
  app = (await api.request('POST', APPS, { json: { slug } })).body.id
})

const create = (name: string, source: string, appId = app): Promise<Answer> =>
  api.request('POST', SCRIPTS, { json: { app_id: appId, name, source } })

async function make(name: string, source: string): Promise<string> {
  const { status, body } = await create(name, source)
  expect(status, JSON.stringify(body)).toBe(201)
  return `${SCRIPTS}/${body.id}`
}

const save = (path: string, source: string, more: object = {}): Promise<Answer> =>
  api.request('PUT', path, { json: { source, ...more } })

const activate = (path: string, version: number): Promise<Answer> =>
  api.request('POST', `${path}/versions/${version}:activate`)

/** What nodes run a script with, by name. */
async function served(name: string): Promise<Readonly<Record<string, string>>> {
  const { apps } = await api.database.routing.load([app as never])
  const script = apps[0]?.scripts.find((each) => each.name === name)
  return Object.fromEntries((script?.imports ?? []).map((each) => [each.name, each.source]))
}

async function shown(path: string) {
  const { status, body } = await api.request('GET', `${path}/imports`)
  expect(status).toBe(200)
  return scriptImportsSchema.parse(body)
}

const importing = (...names: readonly string[]): string =>
  names.map((name, at) => `import "${name}" as m${at};`).join(' ')

describe('a script that imports another', () => {
  it('keeps the version that was active when it was activated', async () => {
    const lib = await make('lib', 'fn n() { 1 }')
    const main = await make('main', importing('lib'))
    await save(lib, 'fn n() { 2 }')
    expect(await served('main')).toEqual({ lib: 'fn n() { 1 }' })
    expect((await shown(main)).imports).toMatchObject([
      { name: 'lib', version: 1, active_version: 2, script_id: lib.split('/').at(-1) },
    ])
    expect((await shown(lib)).imported_by).toMatchObject([{ name: 'main', version: 1 }])
  })

  it.each([
    ['saved with another source', (main: string) => save(main, `${importing('lib')} 7`)],
    ['saved again', (main: string) => save(main, importing('lib'))],
    ['activated again', (main: string) => activate(main, 1)],
  ])('imports what is active now when it is %s', async (_how, follow) => {
    const lib = await make('lib', '1')
    const main = await make('main', importing('lib'))
    await save(lib, '2')
    expect((await follow(main)).status).toBe(200)
    expect(await served('main')).toEqual({ lib: '2' })
  })

  it('is not activated again for nothing', async () => {
    await make('lib', '1')
    const main = await make('main', importing('lib'))
    const { body } = await activate(main, 1)
    expect(body.revision).toBe(1)
    expect((await api.request('GET', `${main}/activations`)).body.items).toHaveLength(1)
  })

  it('imports what those import, by one name one version', async () => {
    await make('deep', '1')
    const deep = await make('mid', importing('deep'))
    const main = await make('main', importing('mid'))
    expect(await served('main')).toEqual({ deep: '1', mid: importing('deep') })
    expect(await served('mid')).toEqual({ deep: '1' })
    expect((await shown(deep)).imported_by).toMatchObject([{ name: 'main' }])
    expect((await shown(main)).imports.map(({ name }) => name)).toEqual(['deep', 'mid'])
  })

  it('goes back with what it imported then', async () => {
    const lib = await make('lib', '1')
    const main = await make('main', importing('lib'))
    await save(lib, '2')
    await save(main, `${importing('lib')} 7`)
    expect(await served('main')).toEqual({ lib: '2' })
    expect((await api.request('POST', `${main}:rollback`)).status).toBe(200)
    expect(await served('main')).toEqual({ lib: '1' })
    const { items } = (await api.request('GET', `${main}/activations`)).body
    expect(items.map((each: { imports: object[] }) => each.imports)).toEqual([
      [{ name: 'lib', version: 1 }],
      [{ name: 'lib', version: 2 }],
      [{ name: 'lib', version: 1 }],
    ])
  })

  it('goes back from following what it imports', async () => {
    const lib = await make('lib', '1')
    const main = await make('main', importing('lib'))
    await save(lib, '2')
    await activate(main, 1)
    expect((await api.request('POST', `${main}:rollback`)).body.version).toBe(1)
    expect(await served('main')).toEqual({ lib: '1' })
  })

  it('has the change of what it imports in the audit log', async () => {
    const lib = await make('lib', '1')
    const main = await make('main', importing('lib'))
    await save(lib, '2')
    await activate(main, 1)
    const { body } = await api.request('GET', `/api/v1/admin/audit?app=${app}&limit=1`)
    expect(body.items[0]).toMatchObject({
      action: 'script.activate',
      before: { imports: { lib: 1 } },
      after: { imports: { lib: 2 } },
    })
  })

  it('is not active when it is only stored, and asks for nothing then', async () => {
    const main = await make('main', '1')
    expect((await save(main, importing('none'), { activate: false })).status).toBe(200)
    const { status, body } = await activate(main, 2)
    expect([status, body.code]).toEqual([422, 'PIC_SCRIPT_IMPORT_NOT_FOUND'])
  })

  it('is refused where there is no such script, and nothing is stored', async () => {
    const { status, body } = await create('main', importing('lib'))
    expect([status, body.code]).toEqual([422, 'PIC_SCRIPT_IMPORT_NOT_FOUND'])
    expect(body.detail).toContain('"lib"')
    expect(body).toMatchObject({ missing: 'lib', imported_by: 'main' })
    expect(body.errors[0].pointer).toBe('/source')
    const list = await api.request('GET', `${SCRIPTS}?app=${slug}`)
    expect(list.body.items).toEqual([])
  })

  it('never imports a script of another app', async () => {
    const other = (await api.request('POST', APPS, { json: { slug: `other-${made}` } })).body.id
    expect((await create('lib', '1', other)).status).toBe(201)
    expect((await create('main', importing('lib'))).body.code).toBe('PIC_SCRIPT_IMPORT_NOT_FOUND')
  })

  it('says which of those it imports asks for what is missing', async () => {
    const deep = await make('deep', '1')
    await make('mid', importing('deep'))
    expect((await api.request('DELETE', `${deep}?force=true`)).status).toBe(204)
    const { body } = await create('main', importing('mid'))
    expect(body).toMatchObject({ missing: 'deep', imported_by: 'mid' })
  })

  it('can import itself and others that import it', async () => {
    const a = await make('a', '1')
    await make('b', importing('a'))
    expect((await save(a, importing('a', 'b'))).status).toBe(200)
    expect(Object.keys(await served('a'))).toEqual(['a', 'b'])
  })

  it('has nothing pinned by a path that is computed', async () => {
    await make('lib', '1')
    await make('main', 'let name = "lib"; import name as m;')
    expect(await served('main')).toEqual({})
  })

  it('goes on under another name of what it imports, and without it when that is deleted', async () => {
    const lib = await make('lib', '1')
    await make('main', importing('lib'))
    const renamed = await api.request('PATCH', `${lib}?force=true`, { json: { name: 'new' } })
    expect(renamed.status).toBe(200)
    expect(await served('main')).toEqual({ lib: '1' })
    // By its new name nothing imports it, but what was pinned still does.
    const { status, body } = await api.request('DELETE', lib)
    expect([status, body.scripts]).toMatchObject([409, [{ name: 'main' }]])
    expect((await api.request('DELETE', `${lib}?force=true`)).status).toBe(204)
    expect(await served('main')).toEqual({})
  })
})

describe('how much a script imports', () => {
  it('is limited in number and in bytes, and says what raises that', async () => {
    const limits = { importsMax: 2, importBytesMax: 1_000 }
    const { DEFAULT_LIMITS } = await import('@picloud/shared')
    await using under = await bounded({ ...DEFAULT_LIMITS, ...limits })
    const given = (name: string, source: string) =>
      under.api.request('POST', SCRIPTS, { json: { app_id: under.app, name, source } })
    for (const name of ['a', 'b']) expect((await given(name, '1')).status).toBe(201)
    expect((await given('c', importing('a', 'b'))).status).toBe(201)
    const many = await given('d', importing('c'))
    expect([many.status, many.body.code]).toEqual([422, 'PIC_SCRIPT_IMPORTS_TOO_LARGE'])
    expect(many.body.detail).toContain('PICLOUD_LIMIT_IMPORTS')
    expect((await given('e', `1${' '.repeat(999)}`)).status).toBe(201)
    expect((await given('f', importing('e'))).status).toBe(201)
    const long = await given('g', importing('e', 'a'))
    expect(long.body.limit).toEqual({ name: 'importBytesMax', value: 1_000, unit: 'bytes' })
  })
})

async function bounded(limits: NonNullable<Parameters<typeof startManagerUnderTest>[0]>['limits']) {
  const other = await startManagerUnderTest(limits === undefined ? {} : { limits })
  const made = await other.request('POST', APPS, { json: { slug: 'small' } })
  return { api: other, app: made.body.id, [Symbol.asyncDispose]: () => other.close() }
}

describe('a manifest', () => {
  const put = (scripts: object, query = ''): Promise<Answer> =>
    api.request('PUT', `${APPS}/${slug}/manifest${query}`, {
      json: {
        scripts: Object.entries(scripts).map(([name, source]) => ({ name, source })),
        routes: [],
        domains: [],
      },
    })

  it('makes scripts that import each other, in whatever order', async () => {
    const { status, body } = await put({ a: importing('z'), z: '1', m: importing('a', 'z') })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(Object.keys(await served('m'))).toEqual(['a', 'z'])
  })

  it('has scripts that stay as they are follow what they import', async () => {
    await put({ main: importing('lib'), lib: '1' })
    const rehearsed = await put({ main: importing('lib'), lib: '2' }, '?dry_run=true')
    const actions = rehearsed.body.changes.map((each: { action: string; name: string }) => [
      each.action,
      each.name,
    ])
    expect(actions).toEqual([
      ['script.save', 'lib'],
      ['script.activate', 'main'],
    ])
    expect(await served('main')).toEqual({ lib: '1' })
    await put({ main: importing('lib'), lib: '2' })
    expect(await served('main')).toEqual({ lib: '2' })
    expect((await put({ main: importing('lib'), lib: '2' })).body.changes).toEqual([])
  })

  it('takes away what is no longer imported by what is imported', async () => {
    await put({ main: importing('mid'), mid: importing('deep'), deep: '1' })
    const { status, body } = await put({ main: importing('mid'), mid: '1' })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(Object.keys(await served('main'))).toEqual(['mid'])
  })

  it('says where it imports what there is not', async () => {
    const { status, body } = await put({ main: importing('none') })
    expect([status, body.code]).toEqual([422, 'PIC_SCRIPT_IMPORT_NOT_FOUND'])
    expect(body.errors[0].pointer).toBe('/scripts/0/source')
  })
})
