/** What scripts keep, as the operator sees and changes it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

const KV = '/api/v1/admin/apps/default/kv'
let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest()
})
afterAll(() => api.close())

const entry = (key: string) => `${KV}/entry?key=${encodeURIComponent(key)}`
const put = (key: string, json: object) => api.request('PUT', entry(key), { json })

describe('an entry', () => {
  it.each([
    null,
    true,
    'grüße 🐈',
    7,
    { $int: '9223372036854775807' },
    { $int: '-9223372036854775808' },
    { $float: '1.0' },
    { $float: '0.1' },
    { $float: '-0.0' },
    { $float: 'NaN' },
    { $float: 'Infinity' },
    { $char: 'ß' },
    { $blob: 'AP8=' },
    { $map: { $int: 'no number' } },
    { a: [1, { $float: '2.5' }, { b: null }], $x: 1 },
  ])('comes back exactly as it was put: %j', async (value) => {
    expect((await put('a/b?c=d&e', { value })).status).toBe(200)
    const { status, body } = await api.request('GET', entry('a/b?c=d&e'))
    expect([status, body]).toEqual([200, { key: 'a/b?c=d&e', value, ttl_ms: null }])
  })

  it.each([
    { $int: '9223372036854775808' },
    { $int: '1.5' },
    { $float: 'x' },
    { $char: 'ab' },
    { $blob: '%' },
    { $other: 1 },
    1e300,
    { $int: 1 },
    'x'.repeat(300_000),
  ])('that is none is refused: %j', async (value) => {
    const { status, body } = await put('refused', { value })
    expect([status, body.code]).toEqual([422, 'PIC_KV_ENTRY_REFUSED'])
  })

  it('of a FLOAT may be written as JSON has it', async () => {
    await put('float', { value: 1.5 })
    expect((await api.request('GET', entry('float'))).body.value).toEqual({ $float: '1.5' })
  })

  it('lives as long as it is told', async () => {
    await put('short', { value: 1, ttl_ms: 60_000 })
    const { body } = await api.request('GET', entry('short'))
    expect(body.ttl_ms).toBeGreaterThan(50_000)
  })

  it('is deleted once', async () => {
    await put('gone', { value: 1 })
    expect((await api.request('DELETE', entry('gone'))).status).toBe(204)
    expect((await api.request('DELETE', entry('gone'))).body.code).toBe('PIC_KV_ENTRY_NOT_FOUND')
    expect((await api.request('GET', entry('gone'))).status).toBe(404)
  })

  it('is changed with a line in the audit log that does not tell its value', async () => {
    await put('audited', { value: 'private' })
    const { body, text } = await api.request('GET', '/api/v1/admin/audit?app=default&limit=1')
    expect(body.items[0]).toMatchObject({
      action: 'kv.put',
      target: { type: 'kv', name: 'audited' },
    })
    expect(text).not.toContain('private')
  })

  it('is kept within the limits of the app', async () => {
    await api.request('PATCH', '/api/v1/admin/apps/default', {
      json: { settings: { limits: { kv_keys: 1, kv_key_bytes: 8 } } },
    })
    expect((await put('one-more', { value: 1 })).body.code).toBe('PIC_KV_ENTRY_REFUSED')
    expect((await put('long-as-a-key', { value: 1 })).body.detail).toContain('kvKeyBytesMax')
    await api.request('PATCH', '/api/v1/admin/apps/default', {
      json: { settings: { limits: { kv_keys: null, kv_key_bytes: null } } },
    })
  })
})

it('keys are listed in order, page by page', async () => {
  for (const key of ['l/b', 'l/a', 'l/c', 'm']) await put(key, { value: 1 })
  const first = (await api.request('GET', `${KV}?prefix=l/&limit=2`)).body
  expect(first).toEqual({
    items: [
      { key: 'l/a', bytes: 11 },
      { key: 'l/b', bytes: 11 },
    ],
    next_cursor: 'l/b',
  })
  const second = (await api.request('GET', `${KV}?prefix=l/&limit=2&cursor=l/b`)).body
  expect(second).toEqual({ items: [{ key: 'l/c', bytes: 11 }], next_cursor: null })
})

it('an app that keeps something is not deleted by accident', async () => {
  await api.request('POST', '/api/v1/admin/apps', { json: { slug: 'keeper' } })
  await api.request('PUT', '/api/v1/admin/apps/keeper/kv/entry?key=a', { json: { value: 1 } })
  const refused = await api.request('DELETE', '/api/v1/admin/apps/keeper')
  expect(refused.body).toMatchObject({ code: 'PIC_APP_NOT_EMPTY', would_delete: { kv_keys: 1 } })
  expect((await api.request('DELETE', '/api/v1/admin/apps/keeper?force=true')).status).toBe(204)
})
