/** `kv::` as scripts have it: real sandboxes, a real database, several apps, many at the same time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type LocalExecutor, startExecutor } from '@picloud/executor-core'
import { createTestService } from '@picloud/executor-core/test-service'
import {
  DEFAULT_LIMITS,
  type ExecutionApp,
  type ExecutionLimits,
  type ExecutionOutcome,
  type ExecutionRequest,
  executionLimitsOf,
  newId,
  type ScriptId,
  type ScriptVersionId,
} from '@picloud/shared'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { servicesOn } from './services-under-test.ts'

const MIB = 1024 * 1024

let test: TestDatabase
let executor: LocalExecutor
let app: ExecutionApp
let apps = 0

beforeAll(async () => {
  test = await createTestDatabase()
  executor = startExecutor({
    processes: 2,
    sandboxMemoryBytesMax: 64 * MIB,
    services: [...servicesOn(test.database), createTestService()],
  })
})
afterAll(async () => {
  await executor.stop()
  await test.drop()
})
beforeEach(async () => {
  app = await newApp()
})

async function newApp(): Promise<ExecutionApp> {
  apps += 1
  const slug = `app-${apps}`
  const { result } = await test.database.write((tx) => tx.apps.create({ slug }))
  return { id: result.id, slug, services: null, egress: null }
}

interface Run {
  readonly app?: ExecutionApp
  readonly body?: string
  readonly limits?: Partial<ExecutionLimits>
}

const versions = new Map<string, ScriptVersionId>()

function requestOf(source: string, run: Run): ExecutionRequest {
  const versionId = versions.get(source) ?? newId<ScriptVersionId>()
  versions.set(source, versionId)
  return {
    id: newId(),
    app: { ...(run.app ?? app), services: null, egress: null },
    script: { id: newId<ScriptId>(), name: 'script', versionId, version: 1 },
    source,
    trigger: 'http',
    request: {
      method: 'POST',
      url: 'http://localhost/',
      host: 'localhost',
      path: '/',
      params: {},
      query: {},
      headers: { 'content-type': 'application/json' },
      cookies: {},
      body: Buffer.from(run.body ?? 'null'),
      ip: '127.0.0.1',
    },
    deadlineAt: Date.now() + 20_000,
    limits: { ...executionLimitsOf(DEFAULT_LIMITS), ...run.limits },
  }
}

async function outcomeOf(source: string, run: Run = {}): Promise<ExecutionOutcome> {
  const outcome = await executor.execute(requestOf(source, run))
  if (outcome.kind === 'stream') throw new Error('a stream')
  return outcome
}

/** What a script answers; INTs beyond JSON's own come as they are. */
async function text(source: string, run: Run = {}): Promise<string> {
  const outcome = await outcomeOf(source, run)
  if (outcome.kind === 'failure') throw new Error(JSON.stringify(outcome.failure))
  return Buffer.from(outcome.response.body).toString()
}

const answer = async (source: string, run: Run = {}) => JSON.parse(await text(source, run))

/** The code of what a script catches. */
const caught = (source: string, run: Run = {}) =>
  answer(`let r = "nothing"; try { ${source} } catch (e) { r = e.code } [r]`, run).then(([r]) => r)

describe('kv', () => {
  it.each(['kv::get("none")', 'kv::get("none", 7)', 'kv::set("a", 1)'])(
    'answers where there is nothing to say: %s',
    async (source) => {
      expect(await text(`[${source}]`)).toBe(source.includes('7') ? '[7]' : '[null]')
    },
  )

  it.each([
    ['()', 'null'],
    ['true', 'true'],
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775807 - 1', '-9223372036854775808'],
    ['9007199254740993', '9007199254740993'],
    ['1.0', '1.0'],
    ['"grüße 🐈\\u0000"', '"grüße 🐈\\u0000"'],
    ["'ß'", '"ß"'],
    ['#{ a: [1, 1.0, #{ b: () }], "": [] }', '{"":[],"a":[1,1.0,{"b":null}]}'],
  ])('gives back exactly what it was given: %s', async (value, expected) => {
    const source = `let v = ${value}; kv::set("k", v); let w = kv::get("k"); [w, type_of(w) == type_of(v)]`
    expect(await text(source)).toBe(`[${expected},true]`)
  })

  it('keeps a blob', async () => {
    expect(await text('kv::set("k", blob(3, 65)); kv::get("k")')).toBe('AAA')
  })

  it('keeps no function', async () => {
    expect(await outcomeOf('kv::set("k", |x| x)')).toMatchObject({ kind: 'failure' })
  })

  it('has, deletes, counts and compares', async () => {
    const source = `[
      kv::has("n"), kv::incr("n"), kv::incr("n", 5), kv::incr("n", -10), kv::has("n"),
      kv::compare_and_set("n", 4, 1), kv::compare_and_set("n", -4, 1), kv::get("n"),
      kv::compare_and_set("m", (), "x"), kv::compare_and_set("m", (), "y"), kv::get("m"),
      kv::delete("m"), kv::delete("m"), kv::get("m")
    ]`
    expect(await answer(source)).toEqual([
      false,
      1,
      6,
      -4,
      true,
      false,
      true,
      1,
      true,
      false,
      'x',
      true,
      false,
      null,
    ])
  })

  it('forgets when the time has come', async () => {
    const set = `kv::set("a", 1, #{ ttl_ms: 60 }); kv::set("b", 1, #{ ttl: 60 }); kv::set("c", 1);
      kv::incr("d", 1, #{ ttl_ms: 60 });
      [kv::get("a"), kv::ttl("a") <= 60, kv::ttl("b") > 59000, kv::ttl("c"), kv::ttl("none"),
        kv::expire("c", 60), kv::expire("b", ()), kv::ttl("b"), kv::expire("none", 5)]`
    expect(await answer(set)).toEqual([1, true, true, null, null, true, true, null, false])
    await sleep(120)
    const read = '[kv::get("a"), kv::has("b"), kv::has("c"), kv::incr("d"), kv::list().items]'
    expect(await answer(read)).toEqual([null, true, false, 1, ['b', 'd']])
  })

  it('deletes what nobody sees any more, as writes come along', async () => {
    await answer('for i in 0..300 { kv::set("old/" + i, 1, #{ ttl_ms: 1 }) } [1]')
    await sleep(1100)
    await answer('kv::set("new", 1); [1]')
    await expect.poll(async () => (await test.database.kv.usage(app.id)).keys).toBeLessThan(150)
    await answer('kv::set("new", 1); [1]')
    await expect.poll(() => test.database.kv.usage(app.id)).toMatchObject({ keys: 1 })
  })

  it('lists page by page, whatever comes meanwhile', async () => {
    const fill = 'for i in 0..25 { kv::set("p/" + (100 + i), i) } kv::set("q", 1); [1]'
    await answer(fill)
    const pages = `
      let seen = []; let cursor = (); let n = 0;
      loop {
        let page = kv::list(#{ prefix: "p/", limit: 10, cursor: cursor, values: true });
        for item in page.items { seen.push(item.value); }
        n += 1;
        kv::set("p/" + (100 + n) + "x", "new");
        kv::delete("p/100");
        cursor = page.cursor;
        if cursor == () { break }
      }
      [seen, n]`
    const [seen, n] = await answer(pages)
    expect(seen.filter((each: unknown) => each !== 'new')).toEqual(
      Array.from({ length: 25 }, (_, i) => i),
    )
    expect(n).toBe(3)
    expect(await answer('kv::list("p/11").items')).toEqual(
      Array.from({ length: 10 }, (_, i) => `p/${110 + i}`),
    )
  })

  it('loses no count of 64 clients', async () => {
    const source = 'let n = 0; for i in 0..20 { n = kv::incr("n"); } [n]'
    await Promise.all(Array.from({ length: 64 }, () => answer(source)))
    expect(await answer('[kv::get("n")]')).toEqual([64 * 20])
  })

  it('gives each of those who count its own number', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => answer('[kv::incr("n")]')))
    expect(new Set(answers.flat()).size).toBe(200)
  })
})

describe('kv refuses', () => {
  it.each([
    ['kv::get("")', 'PIC_KV_KEY_INVALID'],
    ['kv::get("a\\u0000b")', 'PIC_KV_KEY_INVALID'],
    ['let k = ""; k.pad(513, \'k\'); kv::get(k)', 'PIC_KV_KEY_INVALID'],
    ['let k = ""; k.pad(257, \'ß\'); kv::set(k, 1)', 'PIC_KV_KEY_INVALID'],
    ['let v = ""; v.pad(262145, \'v\'); kv::set("k", v)', 'PIC_KV_VALUE_TOO_LONG'],
    ['kv::set("k", 1, #{ ttl_ms: 0 })', 'PIC_OPTION_INVALID'],
    ['kv::set("k", 1, #{ ttl_ms: 5, ttl: 5 })', 'PIC_OPTION_INVALID'],
    ['kv::set("k", 1, #{ tll: 5 })', 'PIC_OPTION_INVALID'],
    ['kv::list(#{ limit: 1001 })', 'PIC_OPTION_INVALID'],
    ['kv::list(#{ cursor: "a\\u0000" })', 'PIC_KV_KEY_INVALID'],
    ['kv::set("k", "x"); kv::incr("k")', 'PIC_KV_NOT_INT'],
    ['kv::set("k", 9223372036854775807); kv::incr("k")', 'PIC_KV_OVERFLOW'],
    ['kv::set("k", -5); kv::incr("k", -9223372036854775807)', 'PIC_KV_OVERFLOW'],
  ])('%s', async (source, code) => {
    expect(await caught(source)).toBe(code)
    if (!source.includes('incr')) {
      expect(await caught(`kv::transaction(|| { ${source} })`)).toBe(code)
    }
  })

  it('what is more than an app may hold, and says which limit', async () => {
    const source = 'for i in 0..10 { kv::set("k" + i, i) }'
    expect(await caught(source, { limits: { kvKeysMax: 5 } })).toBe('PIC_KV_QUOTA')
    expect(await answer('kv::list().items.len()', {})).toBe(5)
    const message = await text(
      'let m = ""; try { kv::incr("new") } catch (e) { m = e.message } m',
      {
        limits: { kvKeysMax: 5 },
      },
    )
    expect(message).toContain('the limit kvKeysMax is 5')
    expect(
      await caught('kv::set("k1", "longer than before")', { limits: { kvBytesMax: 20 } }),
    ).toBe('PIC_KV_QUOTA')
    expect(await caught('kv::set("k1", 77)', { limits: { kvBytesMax: 20, kvKeysMax: 1 } })).toBe(
      'nothing',
    )
  })

  it('nothing for want of room that expired keys take', async () => {
    const limits = { kvKeysMax: 5 }
    await answer('for i in 0..5 { kv::set("k" + i, i, #{ ttl_ms: 1 }) } [1]', { limits })
    await sleep(20)
    expect(
      await answer('for i in 0..5 { kv::incr("n" + i) } kv::list().items.len()', { limits }),
    ).toBe(5)
  })

  it('more than the quota by no more than what writes at the same time bring', async () => {
    const limits = { kvKeysMax: 50 }
    const source =
      'let n = 0; for i in 0..10 { try { kv::set(request.body + i, i); n += 1 } catch { } } [n]'
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        answer(source, { limits, body: JSON.stringify(`k${i}/`) }),
      ),
    )
    const { keys } = await test.database.kv.usage(app.id)
    expect(keys).toBeGreaterThanOrEqual(50)
    expect(keys).toBeLessThanOrEqual(50 + 4)
  })
})

describe('an app', () => {
  it('reaches no key of another by any name, and no prefix', async () => {
    const victim = await newApp()
    const keys = ['secret', 'a/b', 'ä', '%', '_', '\u{10ffff}', '\\', "'", '"', 'x'.repeat(512)]
    for (const key of keys) {
      const body = JSON.stringify(key)
      await answer('kv::set(request.body, "theirs"); [1]', { app: victim, body })
    }
    const names = [
      ...keys,
      ...keys.flatMap((key) => [
        `${victim.id}/${key}`,
        `../${victim.slug}/${key}`,
        `${victim.slug}:${key}`,
      ]),
      "' or 1=1 --",
      '%',
      '*',
      `${victim.id}`,
      '\u{2215}secret',
      'ѕecret',
      'secret\u200b',
      'SECRET',
      '\ud800secret',
      'secret\u0000',
      '\u0001',
      '\uffff',
    ].map((name) => name.slice(0, 512))
    const source = `
      let found = [];
      for name in request.body {
        try { if kv::get(name) != () { found.push(name) } } catch { }
        try { if kv::has(name) { found.push(name) } } catch { }
        try { if kv::delete(name) { found.push(name) } } catch { }
        try { if kv::compare_and_set(name, "theirs", "mine") { found.push(name) } } catch { }
        try { if kv::list(name).items.len() > 0 { found.push(name) } } catch { }
        try { if kv::list(#{ prefix: "", cursor: name }).items.len() > 0 { found.push(name) } } catch { }
        try { if kv::transaction(|| kv::get(name)) != () { found.push(name) } } catch { }
        try { if kv::expire(name, 1) { found.push(name) } } catch { }
        try { kv::set(name, "mine"); kv::delete(name) } catch { }
      }
      found`
    const halves = [names.slice(0, 25), names.slice(25)]
    for (const half of halves)
      expect(await answer(source, { body: JSON.stringify(half) })).toEqual([])
    for (const key of keys) {
      const body = JSON.stringify(key)
      expect(await text('kv::get(request.body)', { app: victim, body })).toBe('theirs')
    }
  })

  it('finds no function that is not for scripts', async () => {
    for (const call of [
      'transaction_read("a")',
      'transaction_list(#{})',
      'transaction_commit(#{})',
    ]) {
      expect(await outcomeOf(`kv::${call}`)).toMatchObject({
        failure: { message: expect.stringContaining('Function not found') },
      })
    }
  })
})

describe('kv::transaction', () => {
  it('gives the value of its closure, and reads what it has written', async () => {
    const source = `kv::set("a", 1);
      let r = kv::transaction(|| {
        kv::set("b", [kv::get("a")]);
        kv::incr("a", 4);
        kv::delete("none");
        let own = [kv::get("a"), kv::get("b"), kv::has("c"), kv::list().items,
          kv::compare_and_set("c", (), #{ x: 1.5 }), kv::compare_and_set("c", #{ x: 1.5 }, 2),
          kv::compare_and_set("c", 2.0, 3), kv::delete("b"), kv::get("b")];
        own
      });
      [r, kv::get("a"), kv::get("b"), kv::get("c")]`
    expect(await answer(source)).toEqual([
      [5, [1], false, ['a', 'b'], true, true, false, true, null],
      5,
      null,
      2,
    ])
  })

  it('keeps what was written as it was then', async () => {
    const source = `kv::transaction(|| { let l = [1]; kv::set("l", l); l.push(2); let m = kv::get("l"); m.push(3); });
      kv::get("l")`
    expect(await answer(source)).toEqual([1])
  })

  it('writes nothing when its closure throws, and the script gets the error', async () => {
    const source = `let r = ();
      try { kv::transaction(|| { kv::set("a", 1); throw "no" }) } catch (e) { r = e; }
      [r, kv::get("a"), kv::transaction(|| kv::incr("b"))]`
    expect(await answer(source)).toEqual(['no', null, 1])
  })

  it('stands in no other, and is over after an error', async () => {
    const source = `let r = ();
      try { kv::transaction(|| { kv::set("a", 1); kv::transaction(|| 1) }) } catch (e) { r = e.code; }
      kv::set("b", 2); [r, kv::get("a"), kv::get("b")]`
    expect(await answer(source)).toEqual(['PIC_KV_NESTED', null, 2])
  })

  it('writes nothing when a limit ends the script, or exit does', async () => {
    const limits = { operationsMax: 100_000 }
    await outcomeOf('kv::transaction(|| { kv::set("a", 1); loop {} })', { limits })
    await outcomeOf('kv::transaction(|| { kv::set("b", 1); exit(1) })')
    expect(await answer('kv::list().items')).toEqual([])
  })

  it('touches no more keys than it may', async () => {
    const source = 'kv::transaction(|| { for i in 0..11 { kv::set("k" + i, i) } })'
    expect(await caught(source, { limits: { kvTransactionKeysMax: 10 } })).toBe(
      'PIC_KV_TRANSACTION_TOO_LARGE',
    )
  })

  const slow = `let runs = 0; let r = ();
    try {
      r = kv::transaction(|| { runs += 1; let n = kv::get("n"); test::sleep(150); kv::set("m", n); n })
    } catch (e) { r = e.code }
    [runs, r, kv::get("m")]`

  it('runs again when others were in its way', async () => {
    await answer('kv::set("n", 1); [1]')
    const result = answer(slow)
    await sleep(80)
    await answer('[kv::incr("n")]')
    expect(await result).toEqual([2, 2, 2])
  })

  it('gives up when they are too often', async () => {
    const result = answer(slow, { limits: { kvAttemptsMax: 3 } })
    let isOver = false
    result.finally(() => {
      isOver = true
    })
    while (!isOver) {
      await answer('[kv::incr("n")]')
      await sleep(10)
    }
    expect(await result).toEqual([3, 'PIC_KV_CONFLICT', null])
  })

  it('takes an error of its closure for its own only when what it saw was so', async () => {
    await answer('kv::set("n", 1); [1]')
    const source = `let runs = 0;
      [kv::transaction(|| { runs += 1; let n = kv::get("n"); kv::get("m"); test::sleep(150); if n == 1 { throw n } n }), runs]`
    const result = answer(source)
    await sleep(80)
    await answer('[kv::incr("n")]')
    expect(await result).toEqual([2, 2])
  })

  it('keeps the sum of all accounts, whoever pays whom', async () => {
    await answer('for i in 0..5 { kv::set("account/" + i, 100) } [1]')
    const pay = `
      let from = "account/" + request.body.from; let to = "account/" + request.body.to;
      let done = 0;
      for i in 0..5 {
        kv::transaction(|| {
          let left = kv::get(from);
          if left >= 10 { kv::set(from, left - 10); kv::incr(to, 10); }
        });
        done += 1;
      }
      [done]`
    const sum = `kv::transaction(|| {
      let total = 0;
      for item in kv::list(#{ prefix: "account/", values: true }).items { total += item.value; }
      total
    })`
    const sums: Promise<string>[] = []
    const payments = Array.from({ length: 40 }, (_, i) => {
      if (i % 8 === 0) sums.push(text(sum, { limits: { kvAttemptsMax: 1000 } }))
      const body = JSON.stringify({ from: i % 5, to: (i * 3 + 1) % 5 })
      return answer(pay, { body, limits: { kvAttemptsMax: 1000 } })
    })
    expect((await Promise.all(payments)).flat()).toEqual(Array(40).fill(5))
    expect(new Set(await Promise.all(sums))).toEqual(new Set(['500']))
    expect(await text(sum)).toBe('500')
  })
})

describe('kv without its database', () => {
  it('refuses in words a script can catch', async () => {
    const other = await createTestDatabase()
    const services = servicesOn(other.database)
    const alone = startExecutor({ processes: 1, sandboxMemoryBytesMax: 64 * MIB, services })
    try {
      await other.lose()
      const source = 'let r = (); try { kv::get("a") } catch (e) { r = e.code } [r]'
      const outcome = await alone.execute(requestOf(source, {}))
      expect(outcome).toMatchObject({ kind: 'answer' })
      const { body } = (outcome as { response: { body: Uint8Array } }).response
      expect(Buffer.from(body).toString()).toBe('["PIC_KV_UNAVAILABLE"]')
    } finally {
      await alone.stop()
      await other.drop()
    }
  })
})
