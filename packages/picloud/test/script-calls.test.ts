/** Scripts that call scripts and import them: the whole of `picloud start`, over real HTTP. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestService } from '@picloud/executor-core/test-service'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Body,
  type PicloudUnderTest,
  startPicloudUnderTest,
  TOKEN,
} from './picloud-under-test.ts'

const LIMITS = { hostCallsMax: 50, scriptCallDepthMax: 4 }
const service = createTestService()
let picloud: PicloudUnderTest

beforeAll(async () => {
  picloud = await startPicloudUnderTest({ limits: LIMITS, services: [service] })
})
afterAll(() => picloud.stop())

const api: PicloudUnderTest['api'] = (...asked) => picloud.api(...asked)

let made = 0
let app: string
beforeEach(async () => {
  made += 1
  app = `app-${made}`
  await api('POST', '/apps', { slug: app })
})

/** Makes the app these scripts; a run of `main` answers its body. */
async function deploy(sources: Readonly<Record<string, string>>): Promise<void> {
  const scripts = Object.entries(sources).map(([name, source]) => ({ name, source }))
  await api('PUT', `/apps/${app}/manifest`, {
    scripts,
    routes: [],
    domains: [],
    settings: { show_error_detail: true },
  })
}

async function main(init: RequestInit = {}): Promise<{ readonly status: number; body: Body }> {
  const { items } = await api('GET', `/scripts?app=${app}&name=main`)
  const answer = await fetch(`${picloud.base}/api/v1/execute/${items[0].id}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    ...init,
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}

const run = async (sources: Readonly<Record<string, string>>) => {
  await deploy(sources)
  return main()
}

/** All that was recorded, once there are so many, first started first. */
async function records(count: number): Promise<Body[]> {
  const read = async () => (await api('GET', `/executions?app=${app}&limit=200`)).items
  await expect.poll(async () => (await read()).length).toBe(count)
  return (await read()).toSorted((a: Body, b: Body) => (a.started_at < b.started_at ? -1 : 1))
}

describe('a script that calls another', () => {
  it.each([
    ['a number that stays what it is', '[1.0, 9007199254740993]', '[1.0,9007199254740993]'],
    ['a string', '"text"', '"text"'],
    ['nothing', '()', 'null'],
    ['a map', '#{ b: [1, #{}], a: () }', '{"a":null,"b":[1,{}]}'],
    [
      'a full answer as the map it is',
      '#{ statusCode: 404, body: "x" }',
      '{"body":"x","statusCode":404}',
    ],
  ])('gets its value: %s', async (_what, value, expected) => {
    await deploy({ main: '[script::call("other")]', other: value })
    const { items } = await api('GET', `/scripts?app=${app}&name=main`)
    const answer = await fetch(`${picloud.base}/api/v1/execute/${items[0].id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    expect(await answer.text()).toBe(`[${expected}]`)
  })

  it('gives it a payload, and nothing of its own request', async () => {
    const { body } = await run({
      main: 'script::call("other", #{ n: [1, 2.5], b: blob(2, 7) })',
      other: `#{ body: request.body, kind: type_of(request.body.n[1]), method: request.method,
        query: request.query, raw: request.body_raw.len(), trigger: ctx.trigger, script: ctx.script }`,
    })
    expect(body).toEqual({
      body: { n: [1, 2.5], b: expect.anything() },
      kind: 'f64',
      method: 'CALL',
      query: {},
      raw: 0,
      trigger: 'call',
      script: 'other',
    })
  })

  it('runs the version that is active now, also where it imports another', async () => {
    await deploy({ main: 'import "o" as o; [o::n(), script::call("o")]', o: 'fn n() { 1 } n()' })
    const o = (await api('GET', `/scripts?app=${app}&name=o`)).items[0].id
    await api('PUT', `/scripts/${o}`, { source: 'fn n() { 2 } n()' })
    expect((await main()).body).toEqual([1, 2])
  })

  it('finds what it calls with its imports', async () => {
    const { body } = await run({
      main: 'script::call("mid") + 1',
      mid: 'import "lib" as lib; lib::ask()',
      lib: 'fn ask() { test::echo(41) }',
    })
    expect(body).toBe(42)
  })

  it('can have it called by what it imports', async () => {
    const { body } = await run({
      main: 'import "lib" as lib; lib::ask()',
      lib: 'fn ask() { script::call("other", 20) }',
      other: 'request.body * 2',
    })
    expect(body).toBe(40)
  })

  it.each([
    ['an error', 'let a = 1; a / 0', { code: 'PIC_SCRIPT_ERROR' }],
    ['a text', 'throw "no"', { code: 'PIC_SCRIPT_ERROR', message: expect.stringContaining('no') }],
    [
      'a map',
      'throw #{ status: 409, message: "taken", by: [1.5] }',
      {
        code: 'PIC_SCRIPT_THROWN',
        message: 'taken',
        thrown: { status: 409, message: 'taken', by: [1.5] },
      },
    ],
    ['a map without a status', 'throw #{ a: 1 }', { code: 'PIC_SCRIPT_ERROR', thrown: { a: 1 } }],
    ['a limit of it', 'let s = "x"; loop { s += s; }', { code: 'PIC_SCRIPT_LIMIT' }],
    ['a value that is no data', '|| 1', { code: 'PIC_SCRIPT_RESPONSE' }],
  ])('catches what it fails by: %s', async (_what, source, expected) => {
    const { body } = await run({
      main: 'let e = (); try { script::call("other"); } catch (error) { e = error; } e',
      other: source,
    })
    expect(body).toMatchObject(expected)
    expect('thrown' in body).toBe('thrown' in expected)
  })

  it('can answer by what it threw', async () => {
    const { status, body } = await run({
      main: 'try { script::call("other") } catch (e) { throw e.thrown; }',
      other: 'throw #{ status: 409, message: "taken" }',
    })
    expect([status, body.detail]).toEqual([409, 'taken'])
  })

  it.each(['nobody', '', '../other', 'Main', 'a\\u0000b'])(
    'is refused a name no script of its app has: %j',
    async (name) => {
      const { body } = await run({
        main: `let code = ""; try { script::call("${name}"); } catch (e) { code = e.code; } [code]`,
        other: '1',
      })
      expect(body).toEqual(['PIC_CALL_NOT_FOUND'])
    },
  )

  it('cannot reach a script of another app, by its name or its id', async () => {
    await deploy({ secret: '"mine"' })
    const secret = (await api('GET', `/scripts?app=${app}`)).items[0].id
    const victim = app
    made += 1
    app = `app-${made}`
    await api('POST', '/apps', { slug: app })
    const names = ['secret', secret, `${victim}/secret`, `${victim}::secret`, `../${victim}/secret`]
    const { body } = await run({
      main: `let seen = [];
        for name in ${JSON.stringify(names)} {
          try { seen.push(script::call(name)) } catch (e) { seen.push(e.code) }
        }
        seen`,
    })
    expect(body).toEqual(names.map(() => 'PIC_CALL_NOT_FOUND'))
  })

  it('has its calls recorded, each with the execution that made it', async () => {
    await run({
      main: 'log::info("a"); script::call("mid"); 1',
      mid: 'log::info("b"); try { script::call("end") } catch {} 2',
      end: 'log::info("c"); throw "x"',
    })
    const all = await records(3)
    const [outer, mid, end] = ['main', 'mid', 'end'].map((name) =>
      all.find((each) => each.script_name === name),
    )
    expect(outer).toMatchObject({ trigger: 'execute', parent_id: null, outcome: 'ok' })
    expect(mid).toMatchObject({ trigger: 'call', parent_id: outer.id, status: 200, method: null })
    expect(end).toMatchObject({
      trigger: 'call',
      parent_id: mid.id,
      outcome: 'error',
      error: { code: 'PIC_SCRIPT_ERROR' },
      logs: [{ message: 'c' }],
    })
    const children = await api('GET', `/executions?app=${app}&parent=${outer.id}`)
    expect(children.items.map(({ id }: Body) => id)).toEqual([mid.id])
  })
})

describe('what scripts that call each other may use together', () => {
  const loops = 'let s = 0; for i in 0..100_000 { s += i; } s'

  it('is charged to the caller', async () => {
    await run({ main: 'script::call("other"); 1', other: loops })
    const all = await records(2)
    const [outer, inner] = ['main', 'other'].map((name) => all.find((r) => r.script_name === name))
    expect(inner.operations).toBeGreaterThan(100_000)
    expect(outer.operations).toBeGreaterThan(inner.operations)
    expect(outer.operations).toBeLessThan(inner.operations + 1_000)
  })

  it('ends with the operations of the first', async () => {
    await deploy({
      main: 'loop { try { script::call("other") } catch {} }',
      other: 'loop { }',
    })
    await api('PATCH', `/apps/${app}`, { settings: { limits: { operations: 200_000 } } })
    const { status, body } = await main()
    expect([status, body.code, body.limit.name]).toEqual([500, 'PIC_SCRIPT_LIMIT', 'operationsMax'])
    expect(await records(2)).toHaveLength(2)
  })

  it('ends with the processor time of the first', async () => {
    await deploy({
      main: 'loop { try { script::call("other") } catch {} }',
      other: 'loop { }',
    })
    await api('PATCH', `/apps/${app}`, { settings: { limits: { cpu_ms: 50 } } })
    const startedAt = performance.now()
    const { status, body } = await main()
    expect([status, body.code, body.limit?.name], JSON.stringify(body)).toEqual([
      500,
      'PIC_SCRIPT_LIMIT',
      'cpuMsMax',
    ])
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('ends with the deadline of the first, wherever it waits', async () => {
    await deploy({
      main: 'try { script::call("mid") } catch {} 1',
      mid: 'try { script::call("end") } catch {} 1',
      end: 'test::sleep(60_000)',
    })
    await api('PATCH', `/apps/${app}`, { settings: { limits: { deadline_ms: 1_000 } } })
    const { status, body } = await main()
    expect([status, body.code]).toEqual([504, 'PIC_EXEC_DEADLINE'])
    await expect.poll(() => service.pending).toBe(0)
  })

  it('is no more than so many calls, however they are nested and caught', async () => {
    await deploy({ main: 'for i in 0..1000 { try { script::call("main") } catch {} } 1' })
    const { status, body } = await main()
    expect([status, body.code, body.limit.name]).toEqual([500, 'PIC_SCRIPT_LIMIT', 'hostCallsMax'])
    const ran = await records(await countOfRecords())
    // The first, and one for each call the first may make; those that went too deep ran nothing.
    expect(ran.length).toBeLessThanOrEqual(1 + LIMITS.hostCallsMax)
  })

  it('is calls only so deep', async () => {
    const { body } = await run({
      main: `let n = if type_of(request.body) == "i64" { request.body } else { 0 };
        let at = ();
        try { at = script::call("main", n + 1); } catch (e) { at = [n, e.code]; }
        at`,
    })
    expect(body).toEqual([LIMITS.scriptCallDepthMax, 'PIC_CALL_DEPTH'])
  })

  async function countOfRecords(): Promise<number> {
    let count = -1
    for (;;) {
      const now = (await api('GET', `/executions?app=${app}&limit=200`)).items.length
      if (now === count) return now
      count = now
      await sleep(300)
    }
  }
})

describe('a script that waits for one it called', () => {
  it('takes no room from it, with hundreds of them on one process', async () => {
    await deploy({
      main: 'script::call("mid", request.query.n)',
      mid: 'script::call("end", request.body)',
      end: 'test::sleep(20); request.body',
    })
    const { items } = await api('GET', `/scripts?app=${app}&name=main`)
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const answer = await fetch(`${picloud.base}/api/v1/execute/${items[0].id}?n=${n}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${TOKEN}` },
        })
        return answer.text()
      }),
    )
    expect(answers).toEqual(answers.map((_, n) => String(n)))
  })

  it('takes it along when its client goes', async () => {
    await deploy({ main: 'script::call("end")', end: 'test::sleep(60_000)' })
    const abortedBefore = service.aborted
    const controller = new AbortController()
    const gone = main({ signal: controller.signal }).catch(() => 'gone')
    await expect.poll(() => service.pending).toBe(1)
    controller.abort()
    expect(await gone).toBe('gone')
    await expect.poll(() => service.pending).toBe(0)
    expect(service.aborted).toBe(abortedBefore + 1)
    const all = await records(2)
    expect(all.map(({ error }) => error?.code)).toEqual([
      'PIC_EXEC_CANCELLED',
      'PIC_EXEC_CANCELLED',
    ])
  })

  it('can call it while it streams its answer', async () => {
    await deploy({
      main: `let n = 0;
        #{ statusCode: 200, body: || { n += 1; if n > 3 { () } else { script::call("end", n) } } }`,
      end: 'request.body.to_string() + ";"',
    })
    const { items } = await api('GET', `/scripts?app=${app}&name=main`)
    const answer = await fetch(`${picloud.base}/api/v1/execute/${items[0].id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    expect(await answer.text()).toBe('1;2;3;')
  })
})
