import {
  type AppId,
  type Execution,
  type ExecutionId,
  executionListSchema,
  executionSchema,
  executionStatisticsSchema,
  newId,
  type RouteId,
  type ScriptId,
} from '@picloud/shared'
import { ChangeFeed, type NewExecution } from '@picloud/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  PRESET_TOKEN,
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
    ['status=6xx', 400, 'PIC_QUERY_INVALID'],
    ['status=5x', 400, 'PIC_QUERY_INVALID'],
    ['trigger=cron', 400, 'PIC_QUERY_INVALID'],
    ['q=', 400, 'PIC_QUERY_INVALID'],
    ['q=%00', 400, 'PIC_QUERY_INVALID'],
    ['since=yesterday', 400, 'PIC_QUERY_INVALID'],
    ['route=%2F', 400, 'PIC_QUERY_INVALID'],
    ['wait_ms=1', 400, 'PIC_QUERY_INVALID'],
    ['cursor=x', 422, 'PIC_STORAGE_CURSOR_INVALID'],
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

describe('narrowing executions', () => {
  let app: App
  const ids: Record<string, ExecutionId> = {}
  const route = newId<RouteId>()
  const line = (message: string) => ({ at: 1, level: 'info', message }) as const

  beforeAll(async () => {
    app = await createApp('narrow')
    const error = { code: 'X', message: 'Out of Cheese', kind: null, line: 1, column: null }
    ids.old = await record(app, { startedAt: new Date('2026-01-01T00:00:00Z') })
    ids.missing = await record(app, { status: 404, path: '/nope/100%_sure', routeId: route })
    ids.failed = await record(app, { status: 503, outcome: 'error', error })
    ids.http = await record(app, { trigger: 'http', logs: [line('one'), line('Two Words')] })
    ids.fields = await record(app, {
      logs: [{ at: 1, level: 'warn', message: '', fields: { order: 'A-17' } }],
    })
    // The same in another app: no question about the first may answer with it.
    const other = await createApp('narrow-other')
    await record(other, { status: 404, path: '/nope/100%_sure', routeId: route })
    await record(other, { trigger: 'http', logs: [line('Two Words')], outcome: 'error' })
  })

  it.each([
    ['status=404', ['missing']],
    ['status=5xx', ['failed']],
    ['status=2xx', ['fields', 'http', 'old']],
    ['trigger=http', ['http']],
    ['outcome=error', ['failed']],
    ['q=two+words', ['http']],
    ['q=100%25_', ['missing']],
    ['q=1___', []],
    ['q=a-17', ['fields']],
    ['q=cheese', ['failed']],
    ['until=2026-01-01T00:00:00.001Z', ['old']],
    ['since=2026-01-01T00:00:00.001Z&status=2xx', ['fields', 'http']],
    ['since=2026-01-01T01:00:00%2B01:00&until=2026-02-01T00:00:00Z', ['old']],
    ['order=oldest&limit=2', ['old', 'missing']],
  ])('?%s', async (query, names) => {
    const answer = await api.request('GET', `${EXECUTIONS}?app=narrow&${query}`)
    expect(answer.status).toBe(200)
    const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id)
    expect(idsOf(answer).map(nameOf)).toEqual(names)
  })

  it('by route, in any app that has such records and only in the one asked for', async () => {
    const all = await api.request('GET', `${EXECUTIONS}?route=${route}`)
    expect(all.body.items).toHaveLength(2)
    const one = await api.request('GET', `${EXECUTIONS}?route=${route}&app=narrow`)
    expect(idsOf(one)).toEqual([ids.missing])
  })

  it('goes through all pages from the oldest, and says where the end is', async () => {
    const seen: string[] = []
    let query = 'app=narrow&order=oldest&limit=2'
    for (;;) {
      const { body } = await api.request('GET', `${EXECUTIONS}?${query}`)
      seen.push(...body.items.map((item: { id: string }) => item.id))
      if (body.next_cursor === null) break
      query = `app=narrow&order=oldest&limit=2&cursor=${body.next_cursor}`
    }
    expect(seen).toEqual([ids.old, ids.missing, ids.failed, ids.http, ids.fields])
  })
})

describe('following executions', () => {
  it('tells of each as it is recorded, in the shape of the list', async () => {
    const stream = await openStream('?app=shop')
    expect(stream.type).toBe('text/event-stream')
    const recordedAt = performance.now()
    const id = await record(shop)
    const event = await stream.next()
    expect(performance.now() - recordedAt).toBeLessThan(2_000)
    expect(event.event).toBe('execution')
    const { body } = await api.request('GET', `${EXECUTIONS}/${id}`)
    expect(event.data).toEqual(body)
    await stream.close()
  })

  it('begins with the newest when asked to, oldest first', async () => {
    const ids = [await record(shop), await record(shop)]
    const stream = await openStream('?app=shop&tail=2')
    ids.push(await record(shop))
    expect(await stream.ids(3)).toEqual(ids)
    await stream.close()
  })

  it('leaves out what the filter leaves out, and does not miss what comes after', async () => {
    const stream = await openStream('?app=shop&status=5xx&q=needle')
    for (let count = 0; count < 5; count += 1) await record(blog, { status: 500, path: '/needle' })
    await record(shop, { status: 500 })
    const id = await record(shop, { status: 500, path: '/a/needle/b' })
    expect(await stream.ids(1)).toEqual([id])
    await stream.close()
  })

  it('misses and repeats nothing for a client that is cut off again and again', async () => {
    const expected: string[] = []
    let stream = await openStream('?app=shop')
    const recording = (async () => {
      for (let count = 0; count < 60; count += 1) {
        expected.push(await record(shop))
        await record(blog)
      }
    })()
    const seen: string[] = []
    while (seen.length < 60) {
      seen.push(...(await stream.ids(7, 60 - seen.length)))
      await stream.close()
      const headers = { 'last-event-id': stream.lastEventId }
      if (seen.length < 60) stream = await openStream('?app=shop', headers)
    }
    await recording
    expect(seen).toEqual(expected)
  })

  it.each([
    ['?app=missing', {}, 404],
    ['?tail=201', {}, 400],
    ['', { 'last-event-id': 'nonsense' }, 422],
    ['', { authorization: 'Bearer wrong' }, 401],
  ])('refuses %s %j with %i and a problem document', async (query, headers, status) => {
    const answer = await api.request('GET', `${EXECUTIONS}/stream${query}`, { headers })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  it('has room for a bounded number of followers, and takes the next when one leaves', async () => {
    const streams = await Promise.all(Array.from({ length: 256 }, () => openStream('')))
    const refused = await api.request('GET', `${EXECUTIONS}/stream`)
    expect(refused.body.code).toBe('PIC_FOLLOWERS_TOO_MANY')
    await streams.pop()?.close()
    await expect
      .poll(async () => {
        const next = await openStream('').catch(() => null)
        if (next !== null) streams.push(next)
        return next !== null
      })
      .toBe(true)
    await Promise.all(streams.map((stream) => stream.close()))
  })
})

describe('statistics', () => {
  it('sums up counts, failures, durations and operations, by bucket and in all', async () => {
    const app = await createApp('sums')
    const at = (time: string) => new Date(`2026-03-01T${time}Z`)
    for (let ms = 1; ms <= 100; ms += 1) {
      await record(app, { startedAt: at('10:00:30'), durationMs: ms, operations: 10 })
    }
    await record(app, { startedAt: at('10:02:00'), outcome: 'error', durationMs: 7 })
    await record(app, { startedAt: at('10:03:00') })
    await record(shop, { startedAt: at('10:00:30') })
    const range = 'since=2026-03-01T10:00:00Z&until=2026-03-01T10:03:00Z&step=60'
    const { status, body } = await api.request('GET', `${EXECUTIONS}/stats?app=sums&${range}`)
    expect(status).toBe(200)
    expect(executionStatisticsSchema.parse(body)).toEqual(body)
    expect(body.total).toMatchObject({ count: 101, errors: 1, operations: 1_042 })
    expect(body.total.error_rate).toBeCloseTo(1 / 101)
    const none = { count: 0, errors: 0, p50_ms: null, p95_ms: null, p99_ms: null, operations: 0 }
    expect(body.buckets).toEqual([
      {
        at: '2026-03-01T10:00:00.000Z',
        count: 100,
        errors: 0,
        p50_ms: 50.5,
        p95_ms: 95.05,
        p99_ms: 99.01,
        operations: 1_000,
      },
      { at: '2026-03-01T10:01:00.000Z', ...none },
      {
        at: '2026-03-01T10:02:00.000Z',
        count: 1,
        errors: 1,
        p50_ms: 7,
        p95_ms: 7,
        p99_ms: 7,
        operations: 42,
      },
    ])
    const script = await api.request(
      'GET',
      `${EXECUTIONS}/stats?app=sums&script=${app.script}&${range}`,
    )
    expect(script.body).toEqual(body)
    const route = await api.request('GET', `${EXECUTIONS}/stats?app=sums&route=${newId()}&${range}`)
    expect(route.body.total.count).toBe(0)
  })

  it('chooses a readable step, and answers without any record too', async () => {
    await createApp('quiet')
    const { body } = await api.request('GET', `${EXECUTIONS}/stats?app=quiet`)
    expect(body).toMatchObject({ step: 1_800, total: { count: 0, error_rate: 0 } })
    expect(body.buckets).toHaveLength(48)
  })

  it.each([
    ['', 400],
    ['app=shop&step=0', 400],
    ['app=shop&step=1', 400],
    ['app=shop&since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 400],
    ['app=missing', 404],
    ['app=shop&script=none', 404],
  ])('refuses ?%s', async (query, status) => {
    expect((await api.request('GET', `${EXECUTIONS}/stats?${query}`)).status).toBe(status)
  })
})

describe('a manager that stops', () => {
  it('ends the streams it holds with a reason, then refuses with 503', async () => {
    const stopping = await startManagerUnderTest()
    const stream = await openStream('', {}, stopping.url)
    const startedAt = performance.now()
    await stopping.manager.close()
    expect(await stream.next()).toEqual({ event: 'end', data: { reason: 'stopping' } })
    expect(await stream.next()).toEqual({ event: 'closed', data: null })
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    const refused = await stopping.request('GET', '/version')
    expect(refused.status).toBe(503)
    expect(refused.body.code).toBe('PIC_MANAGER_STOPPING')
    expect(refused.headers.get('retry-after')).toBe('1')
    await stopping.close()
  })
})

interface Stream {
  readonly type: string | null
  /** As a browser's EventSource keeps it. */
  readonly lastEventId: string
  next(): Promise<{ readonly event: string; readonly data: unknown }>
  /** Ids of the next executions, `count` of them or at most `max`. */
  ids(count: number, max?: number): Promise<string[]>
  close(): Promise<void>
}

/** Reads events by the rules of the HTML standard; resolves when the first position is known. */
async function openStream(
  query: string,
  headers: Readonly<Record<string, string>> = {},
  url = api.url,
): Promise<Stream> {
  const abort = new AbortController()
  const response = await fetch(`${url}${EXECUTIONS}/stream${query}`, {
    headers: { authorization: `Bearer ${PRESET_TOKEN}`, ...headers },
    signal: abort.signal,
  })
  if (response.status !== 200 || response.body === null) throw new Error(await response.text())
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  let lastEventId = ''
  const block = async (): Promise<string | null> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end !== -1) {
        const found = text.slice(0, end)
        text = text.slice(end + 2)
        const id = /^id: (.*)$/m.exec(found)?.[1]
        if (id !== undefined) lastEventId = id
        return found
      }
      const { value, done } = await reader.read()
      if (done) return null
      text += value
    }
  }
  const next: Stream['next'] = async () => {
    for (;;) {
      const found = await block()
      if (found === null) return { event: 'closed', data: null }
      const data = /^data: (.*)$/m.exec(found)?.[1]
      const event = /^event: (.*)$/m.exec(found)?.[1]
      if (data !== undefined) return { event: event ?? 'message', data: JSON.parse(data) }
    }
  }
  if (!query.includes('tail') && headers['last-event-id'] === undefined) {
    while (lastEventId === '') await block()
  }
  return {
    type: response.headers.get('content-type'),
    get lastEventId() {
      return lastEventId
    },
    next,
    ids: async (count, max = count) => {
      const ids: string[] = []
      while (ids.length < Math.min(count, max)) ids.push(((await next()).data as Execution).id)
      return ids
    },
    close: async () => {
      abort.abort()
      await reader.cancel().catch(() => {})
    },
  }
}
