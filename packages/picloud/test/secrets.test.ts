/** Secrets in the whole of `picloud start`, over real HTTP: what scripts can do, and what leaks. */
import { inspect } from 'node:util'
import { createTestService } from '@picloud/executor-core/test-service'
import type { Logger } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PicloudUnderTest, startPicloudUnderTest, TOKEN } from './picloud-under-test.ts'

const SECRET = 'sk_live_"Zx81/+?&\u00e9~end'
const logged: string[] = []
let picloud: PicloudUnderTest

beforeAll(async () => {
  const log = (fields: object, message: string) => {
    logged.push(`${message} ${inspect(fields, { depth: 9, maxStringLength: null })}`)
  }
  const logger: Logger = { debug: log, info: log, warn: log, error: log }
  picloud = await startPicloudUnderTest({ logger, services: [createTestService()], sandboxes: 2 })
})
afterAll(() => picloud.stop())

const api: PicloudUnderTest['api'] = (...asked) => picloud.api(...asked)

let scripts = 0

/** Makes a script in the app; how to run it. */
async function deploy(app: string, source: string) {
  scripts += 1
  const { id: app_id } = await api('GET', `/apps/${app}`)
  const { id } = await api('POST', '/scripts', { app_id, name: `script-${scripts}`, source })
  return async (body = '') => {
    const answer = await fetch(`${picloud.base}/api/v1/execute/${id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain' },
      body,
    })
    // A stream that fails is cut.
    return { status: answer.status, text: await answer.text().catch(() => '') }
  }
}

async function run(app: string, source: string) {
  return await (await deploy(app, source))()
}

async function makeApp(slug: string): Promise<string> {
  await api('POST', '/apps', { slug, settings: { show_error_detail: true } })
  return slug
}

const put = (app: string, name: string, value: string) =>
  api('PUT', `/apps/${app}/secrets/${name}`, { value })

describe('a script', () => {
  it('reads the secrets of its app, as they are now', async () => {
    const app = await makeApp('reads')
    const source = `[secrets::has("KEY"), if secrets::has("KEY") { secrets::get("KEY") } else { () }]`
    const ask = await deploy(app, source)
    expect((await ask()).text).toBe('[false,null]')
    await put(app, 'KEY', 'first value')
    expect((await ask()).text).toBe('[true,"first value"]')
    await put(app, 'KEY', SECRET)
    expect((await ask()).text).toBe(JSON.stringify([true, SECRET]))
    await api('POST', '/secrets/rotate-key', {})
    expect((await ask()).text).toBe(JSON.stringify([true, SECRET]))
    await api('DELETE', `/apps/${app}/secrets/KEY`)
    expect((await ask()).text).toBe('[false,null]')
  })

  it('can catch that there is none', async () => {
    const app = await makeApp('catches')
    const source = 'let r = (); try { secrets::get("NO_KEY") } catch (e) { r = e; } r'
    expect(JSON.parse((await run(app, source)).text)).toEqual({
      code: 'PIC_SECRETS_NOT_FOUND',
      message: 'The app has no secret named "NO_KEY".',
    })
    const { status, text } = await run(app, 'secrets::get("NO_KEY")')
    expect(status).toBe(500)
    expect(text).toContain('NO_KEY')
  })

  it('has no other way to ask than by a string', async () => {
    const app = await makeApp('asks')
    for (const source of ['secrets::get(1)', 'secrets::get(#{})', 'secrets::list()']) {
      expect((await run(app, source)).text).toContain('Function not found')
    }
  })
})

describe('a secret of another app', () => {
  beforeAll(async () => {
    await makeApp('victim')
    await makeApp('attacker')
    await put('victim', 'KEY', 'value of the victim')
  })

  it.each([
    'KEY',
    'victim/KEY',
    'victim.KEY',
    'victim:KEY',
    '../victim/secrets/KEY',
    'KEY\\u0000',
    '\\u0000KEY',
    "' or '1'='1",
    'KEY%',
    '%',
    '_EY',
    '',
    'key',
    ' KEY',
    'K\\u0415Y',
    '$(KEY)',
    'x'.repeat(10_000),
  ])('is not to be had by the name %j', async (name) => {
    const { id } = await api('GET', '/apps/victim')
    const ask = (text: string) =>
      run('attacker', `let name = "${text}"; [secrets::has(name), secrets::get(name)]`)
    for (const text of [name, `${id}/${name}`, `${id}\\u0000${name}`]) {
      const { status, text: answer } = await ask(text)
      expect(status).toBe(500)
      expect(answer).toContain('PIC_SECRETS_NOT_FOUND')
      expect(answer).not.toContain('value of the victim')
    }
  })

  it('is not to be had by what a script says of itself', async () => {
    const source = 'ctx.app = #{ slug: "victim" }; request.app = "victim"; secrets::get("KEY")'
    expect((await run('attacker', source)).text).not.toContain('value of the victim')
  })
})

/** Ways to let out a secret in what is kept or told of an invocation. */
const LEAKS: readonly (readonly [string, string])[] = [
  ['print', 'print(s)'],
  ['debug', 'debug(s)'],
  ['debug of a map', 'debug(#{ a: [s, #{ b: s }] })'],
  ['a blob', 'let b = s.to_blob(); print(b); debug(b)'],
  ['a log message', 'log::info("key " + s)'],
  ['log fields', 'log::warn("fields", #{ a: s, b: [s], c: #{ d: s } })'],
  ['the name of a field', 'let m = #{}; m[s] = 1; log::error("names", m)'],
  ['a value of the log', 'log::info(#{ s: s }, [s])'],
  ['JSON', 'log::info(#{ s: s }.to_json())'],
  ['an interpolation', ['log::info(`<$', '{s}>`)'].join('')],
  ['a throw', 'throw s'],
  ['a throw of a map', 'throw #{ why: s }'],
  ['an answer to an error', 'throw #{ status: 403, message: "refused " + s }'],
  ['a long throw', 'let t = ""; t.pad(8180, "x"); throw t + s'],
  [
    'a long answer to an error',
    'let t = ""; t.pad(4085, "x"); throw #{ status: 400, message: t + s }',
  ],
  ['an unknown function', 'call(s)'],
  ['an unknown property', 'let m = #{}; m.a.b[s].c'],
  ['a wrong conversion', 'parse_int(s)'],
  ['a wrong header value', 'let h = #{}; h[s] = "x"; #{ statusCode: 200, headers: h }'],
  ['a wrong status', 'let a = #{ statusCode: 200, headers: s }; a'],
  ['an error of a service', 'test::fail("upstream http://x.test/?key=" + s)'],
  ['a crash of a service', 'test::crash()'],
  ['eval', 'eval("let x = " + s)'],
  ...[
    ['a long URL', 'http::get("http://a b/" + pad(62) + s)'],
    ['a long method', 'http::request(#{ method: pad(33) + s, url: "http://a.test/" })'],
    ['a long name of a header', 'http::get("http://a.test/", #{ headers: named(pad(70) + s) })'],
    [
      'a long key',
      'let k = pad(52) + s; kv::set(k, "text"); try { kv::incr(k) } catch (e) { kv::delete(k); throw e }',
    ],
    ['a long name of a secret', 'secrets::get(pad(56) + s)'],
    ['a long name of a script', 'script::call(pad(92) + s)'],
    ['a long text that is no URL', 'url::parse(pad(92) + s)'],
    ['a long name of a time zone', 'time::format(0, "yyyy", pad(72) + s)'],
    ['a long name of an option', 'time::add(0, named(pad(32) + s))'],
    ['a long name of an algorithm', 'jwt::sign(#{}, "key", pad(12) + s)'],
    ['a long text that is no time', 'time::parse(pad(72) + s)'],
    ['a long header of a table', 'csv::parse(pad(72) + s + "," + pad(72) + s, #{ headers: true })'],
  ].flatMap(([how, leak]): [string, string][] => {
    const fns =
      'fn pad(n) { let t = ""; t.pad(n, "x"); t } fn named(n) { let m = #{}; m[n] = "x"; m }'
    return [
      [`${how}, quoted in part`, `${fns} ${leak}`],
      [
        `${how}, quoted in part and logged`,
        `${fns} try { ${leak} } catch (e) { print(e); throw e }`,
      ],
    ]
  }),
  ['a stream that fails', '#{ statusCode: 200, body: || { print(s); throw s } }'],
  [
    'a stream that fails later',
    `
    let n = 0;
    #{ statusCode: 200, body: || { n += 1; log::info(s); if n > 2 { throw "after " + s } "chunk" } }`,
  ],
  ['a log before it is read', 'print(request.body)'],
]

/** Scripts that others call. */
const OTHERS = {
  giver: 'secrets::get("KEY")',
  thrower: 'throw #{ why: secrets::get("KEY") }',
  taker: 'print(request.body); throw #{ got: request.body }',
  passer: 'script::call("giver")',
}

describe('the value of a secret', () => {
  beforeAll(async () => {
    await makeApp('leaks')
    await put('leaks', 'KEY', SECRET)
    const { id: app_id } = await api('GET', '/apps/leaks')
    for (const [name, source] of Object.entries(OTHERS)) {
      await api('POST', '/scripts', { app_id, name, source })
    }
  })

  it.each(LEAKS)('is in nothing that is kept of %s', async (_how, leak) => {
    const before = leak.includes('request.body') ? `${leak};` : ''
    const source = `${before}\nlet s = secrets::get("KEY");\n${before === '' ? leak : ''}`
    const { text } = await (await deploy('leaks', source))(SECRET)
    expectNone(text)
  })

  it.each([
    ['a script that answers it', 'let s = script::call("giver"); print(s); throw s'],
    ['a script that throws it', 'script::call("thrower")'],
    [
      'a text of another that is cut in it',
      'let t = ""; t.pad(8168, "x"); throw t + script::call("giver")',
    ],
    [
      'an answer to an error that is cut in it',
      'let t = ""; t.pad(4085, "x"); throw #{ status: 400, message: t + script::call("giver") }',
    ],
    ['a script that is given it', 'script::call("taker", secrets::get("KEY"))'],
    ['a script that was given it by another', 'let s = script::call("passer"); print(s); throw s'],
    ['a script that knows it by another', 'script::call("giver"); script::call("taker")'],
  ])('is in nothing that is kept of %s', async (_how, source) => {
    expectNone((await run('leaks', source)).text)
  })

  it('is in no record, no log line of the program and no text of the database', async () => {
    const count = LEAKS.length
    await expect
      .poll(async () => (await api('GET', '/executions?app=leaks&limit=200')).items.length)
      .toBeGreaterThanOrEqual(count - 1)
    const records = JSON.stringify(await api('GET', '/executions?app=leaks&limit=200'))
    expect(records.split('[secret KEY]').length).toBeGreaterThan(count)
    expectNone(records)
    expectNone(logged.join('\n'))
    const stored = await picloud.textsOfDatabase()
    expect(stored).toContain('[secret KEY]')
    expectNone(stored)
  })
})

function expectNone(text: string): void {
  const bytes = Buffer.from(SECRET)
  const forms = {
    plain: SECRET,
    json: JSON.stringify(SECRET).slice(1, -1),
    json2: JSON.stringify(JSON.stringify(SECRET)).slice(3, -3),
    base64: bytes.toString('base64').slice(0, -2),
    hex: bytes.toString('hex'),
    url: encodeURIComponent(SECRET),
    begin: 'sk_live',
  }
  const found = Object.entries(forms).filter(([, form]) => text.includes(form))
  expect(
    found.map(([name]) => name),
    text.slice(0, 2000),
  ).toEqual([])
}
