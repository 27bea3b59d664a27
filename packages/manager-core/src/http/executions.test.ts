import { once } from 'node:events'
import {
  type AppId,
  type ExecutionId,
  executionListSchema,
  executionSchema,
  newId,
  type ScriptId,
} from '@picloud/shared'
import { ChangeFeed, type NewExecution } from '@picloud/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const EXECUTIONS = '/api/v1/admin/executions'
let api: ManagerUnderTest
let feed: ChangeFeed

interface App {
  readonly id: AppId
  readonly script: ScriptId
}
let shop: App
let blog: App

beforeAll(async () => {
  api = await startManagerUnderTest()
  feed = new ChangeFeed({
    connectionString: api.database.connectionString,
    onChange: () => {},
    onExecutionsRecorded: () => api.manager.notifyExecutionsRecorded(),
  })
  feed.start()
  await feed.waitFor(0, 10_000)
  shop = await createApp('shop')
  blog = await createApp('blog')
})
afterAll(async () => {
  await feed.stop()
  await api.close()
})

async function createApp(slug: string): Promise<App> {
  const { body: app } = await api.request('POST', '/api/v1/admin/apps', { json: { slug } })
  const json = { app_id: app.id, name: 'main', source: '1' }
  const { body: script } = await api.request('POST', '/api/v1/admin/scripts', { json })
  return { id: app.id, script: script.id }
}

async function record(app: App, change: Partial<NewExecution> = {}): Promise<ExecutionId> {
  const id = newId<ExecutionId>()
  const row: NewExecution = {
    id,
    appId: app.id,
    scriptId: app.script,
    version: 1,
    routeId: null,
    trigger: 'execute',
    outcome: 'ok',
    method: 'POST',
    path: '/',
    status: 200,
    startedAt: new Date(),
    durationMs: 1.25,
    operations: 42,
    logs: [{ at: Date.now(), level: 'info', message: 'hello', fields: { a: [1] } }],
    logsDropped: 0,
    error: null,
    ...change,
  }
  expect(await api.database.executions.insertBatch([row])).toEqual({ stored: 1 })
  return id
}

function idsOf(answer: Answer): readonly string[] {
  return answer.body.items.map((item: { id: string }) => item.id)
}

async function latest(query = ''): Promise<string> {
  const { status, body } = await api.request('GET', `${EXECUTIONS}?after=latest${query}`)
  expect(status).toBe(200)
  expect(body.items).toEqual([])
  return body.next_cursor
}

describe('listing executions', () => {
  it('answers newest first, in pages', async () => {
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1) ids.unshift(await record(shop))
    const first = await api.request('GET', `${EXECUTIONS}?app=shop&limit=2`)
    expect(executionListSchema.parse(first.body)).toEqual(first.body)
    expect(idsOf(first)).toEqual(ids.slice(0, 2))
    const cursor = encodeURIComponent(first.body.next_cursor)
    const second = await api.request('GET', `${EXECUTIONS}?app=shop&limit=3&cursor=${cursor}`)
    expect(idsOf(second)).toEqual(ids.slice(2, 5))
  })

  it('filters by app, script and outcome', async () => {
    const error = { code: 'PIC_SCRIPT_ERROR', message: 'no', kind: null, line: 1, column: null }
    const failed = await record(blog, { outcome: 'error', status: 500, error })
    const fine = await record(blog)
    const ask = async (query: string): Promise<readonly string[]> =>
      idsOf(await api.request('GET', `${EXECUTIONS}?${query}`))
    expect(await ask('app=blog')).toEqual([fine, failed])
    expect(await ask('app=blog&outcome=error')).toEqual([failed])
    expect(await ask(`app=${blog.id}&script=main&outcome=ok`)).toEqual([fine])
    expect(await ask(`script=${blog.script}`)).toEqual([fine, failed])
  })

  it.each([
    ['app=missing', 404, 'PIC_APP_NOT_FOUND'],
    ['script=main', 404, 'PIC_SCRIPT_NOT_FOUND'],
    ['app=blog&script=none', 404, 'PIC_SCRIPT_NOT_FOUND'],
    ['app=blog&script=%00', 404, 'PIC_SCRIPT_NOT_FOUND'],
    ['outcome=maybe', 400, 'PIC_QUERY_INVALID'],
    ['wait_ms=30001', 400, 'PIC_QUERY_INVALID'],
    ['after=x&cursor=x', 400, 'PIC_QUERY_INVALID'],
    ['after=x', 422, 'PIC_STORAGE_CURSOR_INVALID'],
  ])('refuses ?%s', async (query, status, code) => {
    const answer = await api.request('GET', `${EXECUTIONS}?${query}`)
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
  })

  it('does not find a script of one app through another', async () => {
    const answer = await api.request('GET', `${EXECUTIONS}?app=blog&script=${shop.script}`)
    expect(answer.status).toBe(404)
  })
})

describe('getting an execution', () => {
  it('answers all that was recorded', async () => {
    const id = await record(shop, { path: '/exact', logsDropped: 3 })
    const { status, body } = await api.request('GET', `${EXECUTIONS}/${id}`)
    expect(status).toBe(200)
    expect(executionSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      id,
      app_id: shop.id,
      script_name: 'main',
      path: '/exact',
      duration_ms: 1.25,
      operations: 42,
      logs_dropped: 3,
      logs: [{ level: 'info', message: 'hello', fields: { a: [1] } }],
    })
  })

  it('answers 404 for what is no execution', async () => {
    for (const id of [newId(), 'x', '%00']) {
      expect((await api.request('GET', `${EXECUTIONS}/${id}`)).status).toBe(404)
    }
  })
})

describe('following executions', () => {
  it('answers at once without a wait, with a cursor to go on from', async () => {
    const after = await latest()
    const { body } = await api.request('GET', `${EXECUTIONS}?after=${after}`)
    expect(body).toEqual({ items: [], next_cursor: expect.any(String) })
  })

  it('holds the question until something is recorded', async () => {
    const after = await latest()
    const held = api.request('GET', `${EXECUTIONS}?app=shop&after=${after}&wait_ms=20000`)
    await delay(300)
    const recordedAt = performance.now()
    const id = await record(shop)
    const answer = await held
    expect(performance.now() - recordedAt).toBeLessThan(2_000)
    expect(idsOf(answer)).toEqual([id])
  })

  it('is not woken by what the filter leaves out, and does not miss what comes after', async () => {
    const after = await latest('&app=shop')
    const held = api.request('GET', `${EXECUTIONS}?app=shop&after=${after}&wait_ms=20000`)
    for (let count = 0; count < 5; count += 1) await record(blog)
    await delay(300)
    const id = await record(shop)
    expect(idsOf(await held)).toEqual([id])
  })

  it('misses nothing and repeats nothing while records keep coming', async () => {
    let after = await latest('&app=shop')
    const expected: string[] = []
    const recording = (async () => {
      for (let count = 0; count < 30; count += 1) {
        expected.push(await record(shop))
        await delay(10)
      }
    })()
    const seen: string[] = []
    while (seen.length < 30) {
      const query = `app=shop&after=${encodeURIComponent(after)}&wait_ms=5000&limit=7`
      const answer = await api.request('GET', `${EXECUTIONS}?${query}`)
      expect(answer.body.items.length).toBeGreaterThan(0)
      seen.push(...idsOf(answer))
      after = answer.body.next_cursor
    }
    await recording
    expect(seen).toEqual(expected)
  })

  it('answers empty when the wait ends', async () => {
    const after = await latest()
    const startedAt = performance.now()
    const { body } = await api.request('GET', `${EXECUTIONS}?after=${after}&wait_ms=250`)
    expect(body.items).toEqual([])
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(240)
  })

  it('forgets a client that goes away', async () => {
    const after = await latest()
    const abort = new AbortController()
    const held = api
      .request('GET', `${EXECUTIONS}?after=${after}&wait_ms=30000`, { signal: abort.signal })
      .catch((error: Error) => error.name)
    await delay(200)
    abort.abort()
    expect(await held).toBe('AbortError')
  })
})

describe('a manager that stops', () => {
  it('answers what it holds, then refuses with 503', async () => {
    const stopping = await startManagerUnderTest()
    const { body } = await stopping.request('GET', `${EXECUTIONS}?after=latest`)
    const path = `${EXECUTIONS}?after=${body.next_cursor}&wait_ms=30000`
    const held = stopping.request('GET', path)
    await delay(300)
    const startedAt = performance.now()
    await stopping.manager.close()
    const answer = await held
    expect(answer.body.items).toEqual([])
    expect(answer.headers.get('connection')).toBe('close')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    const refused = await stopping.request('GET', '/version')
    expect(refused.status).toBe(503)
    expect(refused.body.code).toBe('PIC_MANAGER_STOPPING')
    expect(refused.headers.get('retry-after')).toBe('1')
    await stopping.close()
  })
})

async function delay(ms: number): Promise<void> {
  await once(AbortSignal.timeout(ms), 'abort')
}
