import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

let api: ManagerUnderTest

beforeEach(async () => {
  api = await startManagerUnderTest({
    metrics: () => [
      { name: 'picloud_other', type: 'gauge', help: 'Of another part.', samples: [{ value: 3 }] },
    ],
  })
})
afterEach(() => api.close())

describe('GET /metrics', () => {
  it('is for those who show a token', async () => {
    const { status, body } = await api.request('GET', '/metrics', { token: null })
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'PIC_UNAUTHENTICATED' })
  })

  it('counts answers by class, and shows what other parts count', async () => {
    for (const token of ['pic_wrong', undefined, undefined]) {
      await api.request('GET', '/api/v1/admin/apps', token === undefined ? {} : { token })
    }
    const read = () => api.request('GET', '/metrics')
    await expect.poll(async () => (await read()).text).toContain('{status="4xx"} 1\n')
    const { status, text, headers } = await read()
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(text).toContain('# TYPE picloud_other gauge\npicloud_other 3\n')
    expect(text).toMatch(/picloud_api_requests_total\{status="2xx"\} [3-9]\n/)
    expect(text).toMatch(/picloud_api_request_duration_seconds_count [4-9]\n/)
  })
})
