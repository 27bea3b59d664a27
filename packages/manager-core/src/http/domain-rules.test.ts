/**
 * The rules of claims as `docs/reference/routing.md` tells them, over HTTP and PostgreSQL.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'
import { codeIn, rowsOfRoutingPage } from '../../test/reference-table.ts'

const APPS = '/api/v1/admin/apps'
let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest({ adminHost: 'admin.example.net' })
  for (const slug of ['first', 'second']) await api.request('POST', APPS, { json: { slug } })
})
afterAll(() => api.close())

function claim(app: string, pattern: string): Promise<Answer> {
  return api.request('POST', `${APPS}/${app}/domains`, { json: { pattern } })
}

async function releaseAll(): Promise<void> {
  for (const app of ['first', 'second']) {
    const { body } = await api.request('GET', `${APPS}/${app}/domains`)
    for (const { id } of body.items) await api.request('DELETE', `${APPS}/${app}/domains/${id}`)
  }
}

describe('what can be claimed', () => {
  it.each(rowsOfRoutingPage('Written', 'Claimed as'))('%s: %s', async (written, expected) => {
    const { status, body } = await claim('first', codeIn(written))
    await releaseAll()
    if (expected?.startsWith('refused')) {
      expect(body).toMatchObject({ status: 422, code: codeIn(expected) })
      expect(body.errors[0].pointer).toBe('/pattern')
      return
    }
    expect([status, body.pattern]).toEqual([201, codeIn(expected)])
  })

  it('names the suffix, and what to do instead', async () => {
    const { body } = await claim('first', '*.Co.Uk')
    expect(body).toMatchObject({ code: 'PIC_DOMAIN_PUBLIC_SUFFIX', suffix: 'co.uk' })
    expect(body.detail).toBe(
      '*.co.uk cannot be claimed: co.uk is a public suffix, under which anyone may have names. ' +
        'Claim a name below it.',
    )
  })
})

describe('whose host it is', () => {
  it.each(rowsOfRoutingPage("First app's claim", "Second app's claim", 'It is', 'Host', 'Answers'))(
    '%s, then %s: %s; %s goes to %s',
    async (first, second, said, host, answers) => {
      const held = (await claim('first', codeIn(first))).body
      const { status, body, text } = await claim('second', codeIn(second))
      const url = encodeURIComponent(`http://${codeIn(host)}/`)
      const explained = await api.request('GET', `/api/v1/admin/explain?url=${url}`)
      await releaseAll()
      expect(explained.body.app?.slug ?? 'none').toBe(answers)
      if (said === 'allowed') {
        expect(status).toBe(201)
        return
      }
      expect(body).toMatchObject({ status: 409, code: 'PIC_DOMAIN_CLAIMED' })
      expect(body.claim).toEqual({ pattern: held.pattern, same_app: false })
      expect(text).not.toContain('first')
      expect(text).not.toContain(held.app_id)
    },
  )

  it('is the same for two claims of one app as for those of two', async () => {
    await claim('first', '*.example.com')
    const again = await claim('first', '{t}.Example.com')
    await releaseAll()
    expect(again.body).toMatchObject({
      code: 'PIC_DOMAIN_CLAIMED',
      claim: { pattern: '*.example.com', same_app: true },
    })
  })
})

describe('the admin host', () => {
  it('is left out of a pattern around it', async () => {
    await claim('first', '*.example.net')
    const { body } = await api.request(
      'GET',
      '/api/v1/admin/explain?url=http://admin.example.net/cart',
    )
    await releaseAll()
    expect(body).toMatchObject({ outcome: 'admin_host', status: 404, app: null })
    expect(body.claims).toMatchObject([{ pattern: '*.example.net', verdict: 'admin_host' }])
  })

  it('is a host like any other where none is named', async () => {
    const other = await startManagerUnderTest()
    const { status } = await other.request('POST', `${APPS}/default/domains`, {
      json: { pattern: 'admin.example.net' },
    })
    await other.close()
    expect(status).toBe(201)
  })
})
