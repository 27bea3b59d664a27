import { DEFAULT_LIMITS, defaultCeilings, heldLimitsSchema, OWN_LIMIT_KEYS } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const APPS = '/api/v1/admin/apps'
const CEILINGS = {
  ...defaultCeilings(DEFAULT_LIMITS),
  operationsMax: 1_000_000_000,
  recordDaysMax: 90,
  recordBytesMax: 1_000_000_000,
}
let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest({ ceilings: CEILINGS })
})
afterAll(() => api.close())

function set(slug: string, settings: object): Promise<Answer> {
  return api.request('PATCH', `${APPS}/${slug}`, { json: { settings } })
}

async function created(slug: string, settings = {}): Promise<Answer> {
  return api.request('POST', APPS, { json: { slug, settings } })
}

async function held(slug: string, name: string): Promise<unknown> {
  const { status, body } = await api.request('GET', `${APPS}/${slug}/limits`)
  expect(status).toBe(200)
  expect(heldLimitsSchema.parse(body)).toEqual(body)
  expect(body.items.map((item: { name: string }) => item.name)).toEqual(OWN_LIMIT_KEYS)
  return body.items.find((item: { name: string }) => item.name === name)
}

describe('limits of an app', () => {
  it('are changed one by one, and taken back by null', async () => {
    await created('shop', { limits: { operations: 5_000_000, log_bytes: 0 } })
    const changed = await set('shop', { limits: { operations: null, deadline_ms: 500 } })
    expect(changed.body.settings.limits).toEqual({ deadline_ms: 500, log_bytes: 0 })
    const other = await set('shop', { show_error_detail: true })
    expect(other.body.settings.limits).toEqual({ deadline_ms: 500, log_bytes: 0 })
    expect(await held('shop', 'deadline_ms')).toMatchObject({ value: 500, source: 'app', own: 500 })
    expect(await held('shop', 'operations')).toEqual({
      name: 'operations',
      unit: 'operations',
      value: DEFAULT_LIMITS.operationsMax,
      source: 'operator',
      own: null,
      default: DEFAULT_LIMITS.operationsMax,
      ceiling: 1_000_000_000,
      setting: 'PICLOUD_LIMIT_OPERATIONS',
      ceiling_setting: 'PICLOUD_CEILING_OPERATIONS',
    })
  })

  it('go up to the ceiling and not beyond, which names limit, ceiling and setting', async () => {
    await created('high')
    expect((await set('high', { limits: { operations: 1_000_000_000 } })).status).toBe(200)
    const refused = await set('high', {
      retention_days: 91,
      limits: { operations: 1_000_000_001, deadline_ms: 10_001, log_bytes: 1 },
    })
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({
      code: 'PIC_LIMIT_CEILING',
      errors: [
        {
          pointer: '/settings/retention_days',
          message:
            'It is 91; the operator allows up to 90 days. PICLOUD_CEILING_RECORD_DAYS raises that.',
        },
        { pointer: '/settings/limits/deadline_ms' },
        { pointer: '/settings/limits/operations' },
      ],
      limits: [
        { name: 'recordDaysMax', ceiling: 90, setting: 'PICLOUD_CEILING_RECORD_DAYS' },
        { name: 'deadlineMs', ceiling: 10_000, setting: 'PICLOUD_CEILING_DEADLINE_MS' },
        { name: 'operationsMax', ceiling: 1_000_000_000, setting: 'PICLOUD_CEILING_OPERATIONS' },
      ],
    })
    const { body } = await api.request('GET', `${APPS}/high`)
    expect(body.settings).toMatchObject({
      retention_days: null,
      limits: { operations: 1_000_000_000 },
    })
    expect((await created('too-high', { limits: { deadline_ms: 10_001 } })).status).toBe(422)
    expect((await set('high', { retention_bytes: 1_000_000_001 })).status).toBe(422)
  })

  it('that were set under a higher ceiling stay, count as the ceiling, and stop no other change', async () => {
    const { body } = await created('former')
    const settings = { limits: { operations: 2_000_000_000 } }
    await api.database.write((tx) => tx.apps.update(body.id, { settings }))
    expect(await held('former', 'operations')).toMatchObject({
      value: 1_000_000_000,
      source: 'ceiling',
      own: 2_000_000_000,
    })
    expect((await set('former', { show_error_detail: true })).status).toBe(200)
    const manifest = (await api.request('GET', `${APPS}/former/manifest`)).body
    const json = { ...manifest, name: 'Another' }
    expect((await api.request('PUT', `${APPS}/former/manifest`, { json })).status).toBe(200)
  })

  it('are in the manifest, which takes back what it does not name', async () => {
    await created('whole', { limits: { operations: 2_000_000, call_depth: 32 } })
    const { body } = await api.request('GET', `${APPS}/whole/manifest`)
    expect(body.settings.limits).toEqual({ operations: 2_000_000, call_depth: 32 })
    const put = (limits: object) =>
      api.request('PUT', `${APPS}/whole/manifest`, {
        json: { ...body, settings: { ...body.settings, limits } },
      })
    expect((await put({ call_depth: 32, operations: 2_000_000 })).body.applied).toBe(false)
    expect((await put({ log_bytes: 10 })).status).toBe(200)
    expect((await api.request('GET', `${APPS}/whole`)).body.settings.limits).toEqual({
      log_bytes: 10,
    })
    const refused = await put({ operations: 1_000_000_001 })
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
      422,
      'PIC_LIMIT_CEILING',
      '/settings/limits/operations',
    ])
    const file = {
      format: 'picloud-app',
      format_version: 1,
      exported_at: new Date().toISOString(),
      slug: 'copied',
      manifest: { ...body, settings: { limits: { deadline_ms: 10_001 } } },
    }
    const imported = await api.request('POST', `${APPS}:import`, { json: { file } })
    expect([imported.status, imported.body.errors?.[0].pointer]).toEqual([
      422,
      '/file/manifest/settings/limits/deadline_ms',
    ])
  })
})
