/**
 * Every limit an app or a script may set, through the whole of `picloud start`: at the limit a
 * request passes, one more is answered with the limit, its value and what raises it.
 */
import { createTestService } from '@picloud/executor-core/test-service'
import {
  DEFAULT_LIMITS,
  LIMITS,
  OWN_LIMIT_KEYS,
  OWN_LIMIT_NAMES,
  type OwnLimitKey,
  ownLimitKey,
} from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type PicloudUnderTest, startPicloudUnderTest } from './picloud-under-test.ts'

const CEILING = 100_000_000_000
let picloud: PicloudUnderTest

beforeAll(async () => {
  picloud = await startPicloudUnderTest({
    limits: { urlBytesMax: 256, headerBytesMax: 1024 },
    ceilings: { operationsMax: CEILING },
    services: [createTestService()],
  })
})
afterAll(() => picloud.stop())

const api: PicloudUnderTest['ask'] = (...asked) => picloud.ask(...asked)

async function serve(name: string, source: string): Promise<void> {
  await picloud.deploy(source, name)
}

async function setLimits(limits: object): Promise<void> {
  const { status, body } = await api('PATCH', '/apps/default', { settings: { limits } })
  expect(status, JSON.stringify(body)).toBe(200)
}

const NONE = Object.fromEntries(OWN_LIMIT_KEYS.map((key) => [key, null]))

/** The record of an execution, once it is written. */
async function recordOf(id: string | null): Promise<Body> {
  await expect.poll(async () => (await api('GET', `/executions/${id}`)).status).toBe(200)
  return (await api('GET', `/executions/${id}`)).body
}

interface Edge {
  readonly value: number
  readonly atLimit: string
  readonly overLimit: string
  readonly status?: number
  readonly body?: readonly [atLimit: number, overLimit: number]
}

/** Streams `s` once. */
const STREAM = '#{ statusCode: 200, body: || { n += 1; if n == 1 { s } else { () } } }'

/** A pair of scripts for each limit: one that uses all of it, one that uses one more. */
const EDGES: Readonly<Partial<Record<OwnLimitKey, Edge>>> = {
  body_bytes: {
    value: 1000,
    atLimit: 'request.body_raw.len()',
    overLimit: '1',
    body: [1000, 1001],
    status: 413,
  },
  call_depth: {
    value: 8,
    atLimit: 'fn f(n) { if n > 1 { f(n - 1) } } f(8); 1',
    overLimit: 'fn f(n) { if n > 1 { f(n - 1) } } f(9); 1',
  },
  variables: {
    value: 16,
    atLimit: `fn f() { ${variables(16)} } f(); 1`,
    overLimit: `fn f() { ${variables(17)} } f(); 1`,
  },
  string_bytes: {
    value: 1024,
    atLimit: `let s = ""; s.pad(1024, 'x'); 1`,
    overLimit: `let s = ""; s.pad(1025, 'x'); 1`,
  },
  array_items: {
    value: 100,
    atLimit: 'let a = []; a.pad(100, 1); 1',
    overLimit: 'let a = []; a.pad(101, 1); 1',
  },
  map_entries: {
    value: 100,
    atLimit: 'let m = #{}; for i in 0..100 { m["k" + i] = i; } 1',
    overLimit: 'let m = #{}; for i in 0..101 { m["k" + i] = i; } 1',
  },
  data_bytes: {
    value: 1024,
    atLimit: 'let a = []; a.pad(64, 1); 1',
    overLimit: 'let a = []; a.pad(65, 1); 1',
  },
  output_bytes: {
    value: 1024,
    atLimit: `let s = ""; s.pad(1024, 'x'); s`,
    overLimit: `let s = ""; s.pad(1025, 'x'); s`,
  },
  stream_bytes: {
    value: 1024,
    atLimit: `let s = ""; s.pad(1024, 'x'); let n = 0; ${STREAM}`,
    overLimit: `let s = ""; s.pad(1025, 'x'); let n = 0; ${STREAM}`,
  },
  cpu_ms: {
    value: 300,
    atLimit: '1',
    overLimit: 'loop {}',
  },
  deadline_ms: {
    value: 700,
    atLimit: '1',
    overLimit: 'loop {}',
    status: 504,
  },
}

/** Limits whose edge is found in another way, below. */
const MEASURED: readonly OwnLimitKey[] = ['operations', 'log_bytes', 'kv_attempts']

/** Scripts catch these as errors of `kv`: at the limit, and with one more. */
const OF_KV: Readonly<Partial<Record<OwnLimitKey, KvEdge>>> = {
  kv_key_bytes: {
    value: 8,
    atLimit: 'kv::set("12345678", 1)',
    overLimit: 'kv::set("123456789", 1)',
  },
  kv_value_bytes: {
    value: 100,
    atLimit: `let s = ""; s.pad(94, 'x'); kv::set("v", s)`,
    overLimit: `let s = ""; s.pad(95, 'x'); kv::set("v", s)`,
  },
  kv_keys: {
    value: 2,
    atLimit: 'kv::incr("a"); kv::incr("b")',
    overLimit: 'kv::incr("c")',
  },
  kv_bytes: {
    value: 20,
    atLimit: 'kv::set("a", 1); kv::set("bc", 1)',
    overLimit: 'kv::set("b2", 1)',
  },
  kv_list_items: {
    value: 5,
    atLimit: 'kv::list(#{ limit: 5 })',
    overLimit: 'kv::list(#{ limit: 6 })',
  },
  kv_transaction_keys: {
    value: 2,
    atLimit: 'kv::transaction(|| [kv::get("a"), kv::get("b")])',
    overLimit: 'kv::transaction(|| [kv::get("a"), kv::get("b"), kv::get("c")])',
  },
}

interface KvEdge {
  readonly value: number
  readonly atLimit: string
  readonly overLimit: string
}

/** Nothing here is called by scripts: the executor's own tests meet these. */
const OF_SERVICES: readonly OwnLimitKey[] = ['host_calls', 'host_calls_at_once', 'host_value_bytes']

/** Passed when an answer has begun, which no problem can follow: the tests of streams meet these. */
const OF_STREAMS: readonly OwnLimitKey[] = ['stream_ms']

function variables(count: number): string {
  return Array.from({ length: count }, (_, index) => `let v${index} = ${index};`).join(' ')
}

describe('a limit that an app sets', () => {
  it('is tried here, whichever it is', () => {
    const tried = [
      ...Object.keys(EDGES),
      ...Object.keys(OF_KV),
      ...MEASURED,
      ...OF_SERVICES,
      ...OF_STREAMS,
    ]
    expect(tried.toSorted()).toEqual(OWN_LIMIT_KEYS.toSorted())
  })

  it.each(Object.entries(EDGES))('holds for %s, to the last', async (key, edge) => {
    const { value, atLimit, overLimit, status = 500, body } = edge
    const slug = key.replaceAll('_', '-')
    await serve(`${slug}-at`, atLimit)
    await serve(`${slug}-over`, overLimit)
    // Nothing else may be met first: what a loop without end uses up is its time.
    await setLimits({ ...NONE, operations: CEILING, [key]: value })
    const ask = (path: string, bytes: number | undefined): Promise<Response> =>
      fetch(`${picloud.base}/${path}`, {
        ...(bytes === undefined ? {} : { method: 'POST', body: new Uint8Array(bytes) }),
      })
    expect((await ask(`${slug}-at`, body?.[0])).status).toBe(200)
    const over = await ask(`${slug}-over`, body?.[1])
    const problem = (await over.json()) as Body
    const name = OWN_LIMIT_NAMES.find((each) => ownLimitKey(each) === key) ?? ''
    // The operator lets it go no further than all apps may.
    const ceiling = DEFAULT_LIMITS[name as 'operationsMax']
    const raise = `\`picloud apps set default --limit ${key}=<number>\` raises it, up to ${ceiling}.`
    expect([over.status, problem]).toMatchObject([status, { limit: { name, value }, raise }])
    expect(problem.detail).toContain(raise)
    if (status === 413) return
    const record = await recordOf(over.headers.get('x-request-id'))
    expect(record.error.message).toBe(problem.detail)
  })

  it.each(Object.entries(OF_KV))('holds for %s, to the last', async (key, edge) => {
    const { value, atLimit, overLimit } = edge
    const slug = key.replaceAll('_', '-')
    await serve(`${slug}-at`, `${atLimit}; 1`)
    await serve(`${slug}-over`, `let m = ""; try { ${overLimit} } catch (e) { m = e.message } m`)
    await serve(`${slug}-empty`, 'for key in kv::list().items { kv::delete(key); } 1')
    await setLimits({ ...NONE, [key]: value })
    expect((await fetch(`${picloud.base}/${slug}-at`)).status).toBe(200)
    const message = await (await fetch(`${picloud.base}/${slug}-over`)).text()
    const name = OWN_LIMIT_NAMES.find((each) => ownLimitKey(each) === key) ?? ''
    if (key !== 'kv_list_items') expect(message).toContain(`the limit ${name} is ${value}`)
    else expect(message).toContain(`from 1 to ${value} (${name})`)
    await setLimits(NONE)
    expect((await fetch(`${picloud.base}/${slug}-empty`)).status).toBe(200)
  })

  it('holds for kv_attempts: of two that meet, one finds no second try', async () => {
    const source = `let m = "";
      try { kv::transaction(|| { let n = kv::get("n", 0); test::sleep(200); kv::set("n", n + 1) }) }
      catch (e) { m = e.message } m`
    await serve('kv-attempts', source)
    await setLimits({ ...NONE, kv_attempts: 1 })
    const both = await Promise.all([1, 2].map(() => fetch(`${picloud.base}/kv-attempts`)))
    const messages = await Promise.all(both.map((each) => each.text()))
    expect(messages.toSorted()).toEqual(['', expect.stringContaining('1 times (kvAttemptsMax)')])
  })

  it('holds for operations, to the last', async () => {
    await serve('counting', 'let n = 0; while n < 1000 { n += 1; } n')
    await setLimits(NONE)
    const free = await fetch(`${picloud.base}/counting`)
    const { operations } = await recordOf(free.headers.get('x-request-id'))
    await setLimits({ ...NONE, operations })
    expect((await fetch(`${picloud.base}/counting`)).status).toBe(200)
    await setLimits({ operations: operations - 1 })
    const over = await fetch(`${picloud.base}/counting`)
    expect([over.status, await over.json()]).toMatchObject([
      500,
      {
        code: 'PIC_SCRIPT_LIMIT',
        limit: { name: 'operationsMax', value: operations - 1 },
        raise: `\`picloud apps set default --limit operations=<number>\` raises it, up to ${CEILING}.`,
      },
    ])
  })

  it('holds for log_bytes, and the record says what was dropped and why', async () => {
    const line = 'x'.repeat(100)
    await serve('logging', `for i in 0..3 { log::info("${line}"); } 1`)
    await setLimits(NONE)
    const linesUnder = async (bytes: number): Promise<Body> => {
      await setLimits({ log_bytes: bytes })
      const answer = await fetch(`${picloud.base}/logging`)
      expect(answer.status).toBe(200)
      return recordOf(answer.headers.get('x-request-id'))
    }
    // A line costs its text and 48 bytes.
    expect(await linesUnder(3 * 148)).toMatchObject({ logs_dropped: 0 })
    const short = await linesUnder(3 * 148 - 1)
    expect(short.logs_dropped).toBe(1)
    expect(short.logs).toHaveLength(3)
    expect(short.logs[2]).toMatchObject({
      level: 'warn',
      message:
        '1 line was dropped: the limit logBytesMax is 443. ' +
        '`picloud apps set default --limit log_bytes=<number>` raises it, up to 65536.',
    })
  })

  it('at its ceiling names the variable of the operator', async () => {
    await serve('endless', 'loop {}')
    await setLimits({ ...NONE, operations: 1_000_000 })
    const { body: held } = await api('GET', '/apps/default/limits')
    expect(held.items.find((item: Body) => item.name === 'operations')).toEqual({
      name: 'operations',
      unit: 'operations',
      value: 1_000_000,
      source: 'app',
      own: 1_000_000,
      default: LIMITS.operationsMax.default,
      ceiling: CEILING,
      setting: 'PICLOUD_LIMIT_OPERATIONS',
      ceiling_setting: 'PICLOUD_CEILING_OPERATIONS',
    })
    await setLimits({ operations: null, array_items: DEFAULT_LIMITS.arrayItemsMax })
    await serve('array-of-all', 'let a = []; a.pad(1000001, 1); 1')
    await setLimits({ data_bytes: null })
    const problem = (await (await fetch(`${picloud.base}/array-of-all`)).json()) as Body
    expect(problem.raise).toBe(
      'No app may have more here: PICLOUD_CEILING_ARRAY_ITEMS raises that.',
    )
  })
})

describe('a limit that only the operator sets', () => {
  it('of the URL holds to the last byte', async () => {
    const url = (bytes: number): string => `${picloud.base}/${'u'.repeat(bytes - 1)}`
    expect((await fetch(url(256))).status).toBe(404)
    const over = await fetch(url(257))
    expect([over.status, await over.json()]).toMatchObject([
      414,
      {
        limit: { name: 'urlBytesMax', value: 256 },
        raise: 'PICLOUD_LIMIT_URL_BYTES raises it.',
        detail: expect.stringContaining('PICLOUD_LIMIT_URL_BYTES raises it.'),
      },
    ])
  })

  it('of the headers names itself', async () => {
    const withHeader = (bytes: number): Promise<Response> =>
      fetch(`${picloud.base}/none`, { headers: { 'x-pad': 'h'.repeat(bytes) } })
    expect((await withHeader(800)).status).toBe(404)
    const over = await withHeader(1300)
    expect([over.status, await over.json()]).toMatchObject([
      431,
      {
        limit: { name: 'headerBytesMax', value: 1024 },
        raise: 'PICLOUD_LIMIT_HEADER_BYTES raises it.',
      },
    ])
  })
})
