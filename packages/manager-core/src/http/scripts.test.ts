import { DEFAULT_LIMITS, newId, scriptListSchema, scriptSchema } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const SCRIPTS = '/api/v1/admin/scripts'
const SOURCE_BYTES_MAX = 2_000
let api: ManagerUnderTest
let shop: string
let blog: string
const settled: number[] = []

beforeAll(async () => {
  api = await startManagerUnderTest({
    limits: { ...DEFAULT_LIMITS, sourceBytesMax: SOURCE_BYTES_MAX, functionsMax: 20 },
    settled: async (sequence) => {
      settled.push(sequence)
      if (settled.length === 1) throw new Error('the first wait fails')
    },
  })
  const create = async (slug: string): Promise<string> =>
    (await api.request('POST', '/api/v1/admin/apps', { json: { slug } })).body.id
  shop = await create('shop')
  blog = await create('blog')
})
afterAll(() => api.close())

function create(json: object): Promise<Answer> {
  return api.request('POST', SCRIPTS, { json: { app_id: shop, source: '1', ...json } })
}

describe('creating a script', () => {
  const REFUSED: readonly (readonly [string, object, string])[] = [
    ['no app', { app_id: undefined, name: 'x' }, '/app_id'],
    ['an app that is no id', { app_id: 'shop', name: 'x' }, '/app_id'],
    ['an app that does not exist', { app_id: newId(), name: 'x' }, '/app_id'],
    ['no name', {}, '/name'],
    ['a name with a space', { name: 'a b' }, '/name'],
    ['a name with a slash', { name: 'a/b' }, '/name'],
    ['a name of 101 characters', { name: 'a'.repeat(101) }, '/name'],
    ['no source', { name: 'x', source: undefined }, '/source'],
    ['a source that is no text', { name: 'x', source: 1 }, '/source'],
    ['a source with NUL', { name: 'x', source: '"\u0000"' }, '/source'],
    ['a source with half a surrogate pair', { name: 'x', source: '"\udc00"' }, '/source'],
    ['an unknown member', { name: 'x', version: 3 }, '/version'],
  ]
  it.each(REFUSED)('refuses %s', async (_what, json, pointer) => {
    const { status, body } = await create(json)
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'PIC_REQUEST_INVALID', errors: [{ pointer }] })
  })

  it('refuses what does not compile with its place, and stores nothing', async () => {
    const source = 'let a = 1;\nlet b = ;'
    const { status, body } = await create({ name: 'broken', source })
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'PIC_SCRIPT_COMPILE',
      line: 2,
      column: 9,
      errors: [{ pointer: '/source' }],
    })
    expect(body.detail).toContain('(line 2, position 9)')
    expect(body.compile_message).not.toContain('position')
    const list = await api.request('GET', `${SCRIPTS}?app=shop&name=broken`)
    expect(list.body.items).toEqual([])
  })

  it('counts the source in bytes, and takes one of exactly the limit', async () => {
    const comment = (bytes: number): string => `// ${'ü'.repeat((bytes - 4) / 2)}\n`
    const over = await create({ name: 'large', source: comment(SOURCE_BYTES_MAX + 2) })
    expect(over.status).toBe(413)
    expect(over.body).toMatchObject({
      code: 'PIC_SCRIPT_SOURCE_TOO_LARGE',
      limit: { name: 'sourceBytesMax', value: SOURCE_BYTES_MAX },
    })
    expect((await create({ name: 'large', source: comment(SOURCE_BYTES_MAX) })).status).toBe(201)
  })

  it('takes as many functions as the limit, and no more', async () => {
    const source = (count: number): string =>
      Array.from({ length: count }, (_, index) => `fn f${index}() {}`).join('\n')
    const over = await create({ name: 'functions', source: source(21) })
    expect(over.status).toBe(422)
    expect(over.body).toMatchObject({ code: 'PIC_SCRIPT_COMPILE', line: 21 })
    expect((await create({ name: 'functions', source: source(20) })).status).toBe(201)
  })

  it('answers version 1 with its source, byte for byte', async () => {
    const source = '\ufeff// ä 🙂 \r\n"\t\\u0041"'
    const { status, body } = await create({ name: 'exact', source: source.slice(1) })
    expect(status).toBe(201)
    expect(scriptSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({ app_id: shop, name: 'exact', version: 1 })
    const got = await api.request('GET', `${SCRIPTS}/${body.id}`)
    expect(got.body).toEqual(body)
    expect(got.body.source).toBe(source.slice(1))
  })

  it('refuses a name twice in one app only', async () => {
    expect((await create({ name: 'twice' })).status).toBe(201)
    const { status, body } = await create({ name: 'twice' })
    expect(status).toBe(409)
    expect(body).toMatchObject({ code: 'PIC_SCRIPT_NAME_TAKEN', errors: [{ pointer: '/name' }] })
    expect((await create({ name: 'twice', app_id: blog })).status).toBe(201)
  })

  it('waits until the node routes by the change, and answers although that failed', async () => {
    const before = settled.length
    expect((await create({ name: 'settled' })).status).toBe(201)
    expect(settled.length).toBe(before + 1)
    expect(settled).toEqual([...settled].sort((a, b) => a - b))
  })
})

describe('listing scripts', () => {
  it('filters by app and name, and leaves the source out', async () => {
    await create({ name: 'listed', app_id: blog })
    const { body } = await api.request('GET', `${SCRIPTS}?app=blog`)
    expect(scriptListSchema.parse(body)).toEqual(body)
    expect(body.items.every((script: { app_id: string }) => script.app_id === blog)).toBe(true)
    const named = await api.request('GET', `${SCRIPTS}?app=${blog}&name=listed`)
    expect(named.body.items.map((script: { name: string }) => script.name)).toEqual(['listed'])
    expect(named.body.items[0]).not.toHaveProperty('source')
  })

  it.each([
    ['app=missing', 404],
    ['app=', 400],
    ['app=%00', 404],
    ['name=listed', 400],
    ['app=blog&name=%00', 200],
  ])('answers ?%s with %i', async (query, status) => {
    expect((await api.request('GET', `${SCRIPTS}?${query}`)).status).toBe(status)
  })
})

describe('saving a new version', () => {
  it('counts versions up and makes the new one active', async () => {
    const { body: first } = await create({ name: 'versioned' })
    const { status, body } = await api.request('PUT', `${SCRIPTS}/${first.id}`, {
      json: { source: '2' },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: first.id, version: 2, source: '2' })
    expect(body.version_id).not.toBe(first.version_id)
  })

  it('keeps the active version when the new one does not compile', async () => {
    const { body: first } = await create({ name: 'kept' })
    const refused = await api.request('PUT', `${SCRIPTS}/${first.id}`, { json: { source: '(' } })
    expect(refused.status).toBe(422)
    expect(refused.body.code).toBe('PIC_SCRIPT_COMPILE')
    expect((await api.request('GET', `${SCRIPTS}/${first.id}`)).body).toEqual(first)
  })

  it('answers 404 for a script that does not exist, before it compiles anything', async () => {
    for (const id of [newId(), 'nope', '%00']) {
      const { status, body } = await api.request('PUT', `${SCRIPTS}/${id}`, {
        json: { source: '(' },
      })
      expect(status).toBe(404)
      expect(body.code).toBe('PIC_SCRIPT_NOT_FOUND')
    }
  })
})

describe('deleting a script', () => {
  it('refuses while routes use it, naming them, unless forced', async () => {
    const { body: script } = await create({ name: 'routed' })
    const route = await api.request('POST', '/api/v1/admin/routes', {
      json: { app_id: shop, script_id: script.id, method: 'GET', path_pattern: '/routed' },
    })
    const refused = await api.request('DELETE', `${SCRIPTS}/${script.id}`)
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({
      code: 'PIC_SCRIPT_IN_USE',
      routes: [{ id: route.body.id, method: 'GET', path_pattern: '/routed' }],
    })
    expect((await api.request('DELETE', `${SCRIPTS}/${script.id}?force=true`)).status).toBe(204)
    expect((await api.request('GET', `/api/v1/admin/routes/${route.body.id}`)).status).toBe(404)
    expect((await api.request('DELETE', `${SCRIPTS}/${script.id}`)).status).toBe(404)
  })

  it('deletes one that nothing uses', async () => {
    const { body: script } = await create({ name: 'unused' })
    expect((await api.request('DELETE', `${SCRIPTS}/${script.id}`)).status).toBe(204)
    expect((await create({ name: 'unused' })).status).toBe(201)
  })
})

describe('the services a script uses', () => {
  it('are told with it, and those its app is not granted', async () => {
    const source = 'log::info("x"); kv::get("a"); secrets::get("b"); json::parse("1")'
    const made = await create({ name: 'services', source })
    expect(made.body).toMatchObject({ services: ['kv', 'secrets'], missing_services: [] })
    const grant = (services: unknown) =>
      api.request('PATCH', '/api/v1/admin/apps/shop', { json: { settings: { services } } })
    await grant(['kv'])
    const listed = await api.request('GET', `${SCRIPTS}?app=shop&name=services`)
    expect(listed.body.items[0]).toMatchObject({ missing_services: ['secrets'] })
    const one = `${SCRIPTS}/${made.body.id}`
    const saved = await api.request('PUT', one, { json: { source: `${source};` } })
    expect(saved.body).toMatchObject({ services: ['kv', 'secrets'], missing_services: ['secrets'] })
    const back = await api.request('POST', `${one}/versions/1:activate`)
    expect(back.body).toMatchObject({ version: 1, missing_services: ['secrets'] })
    await grant(null)
    expect((await api.request('GET', one)).body.missing_services).toEqual([])
  })
})
