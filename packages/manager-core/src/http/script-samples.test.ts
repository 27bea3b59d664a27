import { SAMPLES_PER_SCRIPT_MAX, TEST_BODY_LENGTH_MAX } from '@picloud/shared'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

const ADMIN = '/api/v1/admin'

let api: ManagerUnderTest
let number = 0

beforeAll(async () => {
  api = await startManagerUnderTest()
})
afterAll(() => api.close())

async function makeSamples() {
  number += 1
  const { body: app } = await api.request('POST', `${ADMIN}/apps`, {
    json: { slug: `s-${number}` },
  })
  const json = { app_id: app.id, name: 'hello', source: '1' }
  const { body: script } = await api.request('POST', `${ADMIN}/scripts`, { json })
  const path = `${ADMIN}/scripts/${script.id}/samples`
  return {
    script,
    list: async () => (await api.request('GET', path)).body.items,
    put: (name: string, sample: object = {}) =>
      api.request('PUT', `${path}/${encodeURIComponent(name)}`, { json: sample }),
    forget: (name: string) => api.request('DELETE', `${path}/${encodeURIComponent(name)}`),
  }
}

it('keeps requests by name, replaces and forgets them', async () => {
  const samples = await makeSamples()
  const full = {
    method: 'POST',
    path: '/orders?dry=1',
    headers: { accept: ['text/html', 'text/plain'], 'X-Tag': ['a'] },
    body: '{"n":9223372036854775807}',
  }
  expect((await samples.put('an order', full)).body).toMatchObject({ name: 'an order', ...full })
  expect((await samples.put('plain')).body).toMatchObject({ method: 'GET', path: '/', body: '' })
  await samples.put('plain', { path: '/other' })
  expect(await samples.list()).toMatchObject([full, { name: 'plain', path: '/other' }])
  expect((await samples.forget('plain')).status).toBe(204)
  expect((await samples.forget('plain')).body.code).toBe('PIC_SAMPLE_NOT_FOUND')
  expect(await samples.list()).toHaveLength(1)
})

it.each([
  ['a method there is not', { method: 'TRACE' }],
  ['a path that is none', { path: 'x' }],
  ['a path with a fragment', { path: '/a#b' }],
  ['a path with a space', { path: '/a b' }],
  ['a field that is none', { headers: { 'a b': ['1'] } }],
  ['a field of two lines', { headers: { a: ['1\r\nb: 2'] } }],
  ['too many fields', { headers: { a: Array.from({ length: 101 }, () => '1') } }],
  ['a body that is too long', { body: 'a'.repeat(TEST_BODY_LENGTH_MAX + 1) }],
  ['more than there is', { form: 'x' }],
])('refuses %s', async (_what, sample) => {
  const samples = await makeSamples()
  const { status, body } = await samples.put('wrong', sample)
  expect([status, body.code]).toEqual([422, 'PIC_REQUEST_INVALID'])
  expect(await samples.list()).toEqual([])
})

it('refuses names of several lines, and one sample too many', async () => {
  const samples = await makeSamples()
  expect((await samples.put('a\nb')).body.code).toBe('PIC_SAMPLE_NAME_INVALID')
  for (let at = 0; at < SAMPLES_PER_SCRIPT_MAX; at += 1) await samples.put(`sample ${at}`)
  const { status, body } = await samples.put('one more')
  expect([status, body.code]).toEqual([409, 'PIC_SAMPLES_FULL'])
  expect((await samples.put('sample 0', { path: '/again' })).status).toBe(200)
})

it('lets them go with their script', async () => {
  const samples = await makeSamples()
  await samples.put('there')
  await api.request('DELETE', `${ADMIN}/scripts/${samples.script.id}`)
  const { status } = await api.request('GET', `${ADMIN}/scripts/${samples.script.id}/samples`)
  expect(status).toBe(404)
})
