import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const traceparent = `00-${TRACE}-${SPAN}-01`

let api: ManagerUnderTest
let settleFails: boolean

beforeEach(async () => {
  settleFails = false
  api = await startManagerUnderTest({
    settled: async () => {
      if (settleFails) throw new Error('not heard of')
    },
  })
})
afterEach(() => api.close())

function lines(message: string): readonly string[] {
  return api.logs.filter((line) => line.startsWith(message))
}

describe('the log of a request', () => {
  it('names the request that a rule logs about, which was given to the client', async () => {
    settleFails = true
    const json = { slug: 'shop' }
    const { headers } = await api.request('POST', '/api/v1/admin/apps', {
      json,
      headers: { traceparent },
    })
    const [line] = lines('a change is stored but')
    expect(line).toContain(`request_id: '${headers.get('x-request-id')}'`)
    expect(line).toContain(`trace_id: '${TRACE}'`)
    expect(line).toContain(`span_id: '${SPAN}'`)
  })

  it('names it where the answer is an error', async () => {
    await api.loseDatabase()
    const path = '/api/v1/admin/apps'
    const { body } = await api.request('GET', path, { headers: { traceparent } })
    const line = api.logs.find((text) => text.includes(`request_id: '${body.request_id}'`))
    expect(line).toContain('PIC_STORAGE_DATABASE_UNREACHABLE')
    expect(line).toContain(`trace_id: '${TRACE}'`)
  })

  it('has one line for each answer, without query strings and tokens', async () => {
    const path = '/api/v1/admin/apps?limit=7'
    const { headers } = await api.request('GET', path, { headers: { traceparent: 'garbage' } })
    const id = String(headers.get('x-request-id'))
    await expect.poll(() => lines('A request was answered.').join('\n')).toContain(id)
    const line = lines('A request was answered.').find((text) => text.includes(id))
    expect(line).toMatch(/method: 'GET',\s+path: '\/api\/v1\/admin\/apps',\s+status: 200/)
    expect(line).not.toContain('trace_id')
    expect(line).not.toContain('limit')
  })
})
