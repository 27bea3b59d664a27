/**
 * What one run of a script does, seen from outside: its answer, what it sees of the request, its
 * failures, limits and log lines. Part of the suite every executor runs.
 *
 * @module
 */
import {
  type AppId,
  DEFAULT_LIMITS,
  type ExecutionFailure,
  type ExecutionLimits,
  type ExecutionOutcome,
  type ExecutionRequest,
  executionLimitsOf,
  newId,
  type ScriptId,
  type ScriptRequest,
  type ScriptVersionId,
  type StreamedAnswer,
  type StreamOutcome,
} from '@picloud/shared'
import { expect, it } from 'vitest'

const APP = { id: newId<AppId>(), slug: 'shop', services: null, egress: null }
const versions = new Map<string, ScriptVersionId>()

export interface RequestChanges {
  readonly app?: ExecutionRequest['app']
  readonly request?: Partial<ScriptRequest>
  readonly limits?: Partial<ExecutionLimits>
  readonly deadlineMs?: number
}

/** An invocation of `source`; equal sources are one version. */
export function requestOf(source: string, changes: RequestChanges = {}): ExecutionRequest {
  const versionId = versions.get(source) ?? newId<ScriptVersionId>()
  versions.set(source, versionId)
  return {
    id: newId(),
    app: changes.app ?? APP,
    script: { id: newId<ScriptId>(), name: 'greet', versionId, version: 3 },
    source,
    trigger: 'http',
    request: {
      method: 'POST',
      url: 'http://shop.example.com/hello/ann?x=1',
      host: 'shop.example.com',
      path: '/hello/ann',
      params: { name: 'ann' },
      query: { x: '1' },
      headers: { host: 'shop.example.com', accept: '*/*' },
      cookies: { session: 'abc' },
      body: new Uint8Array(0),
      ip: '192.0.2.7',
      ...changes.request,
    },
    deadlineAt: Date.now() + (changes.deadlineMs ?? 20_000),
    limits: { ...executionLimitsOf(DEFAULT_LIMITS), ...changes.limits },
  }
}

type Result = ExecutionOutcome | StreamedAnswer | StreamOutcome

export function failureIn(result: Result): ExecutionFailure {
  if (result.kind === 'failure') return result.failure
  throw new Error(`no failure: ${JSON.stringify(result)}`)
}

export function bodyText(result: Result): string {
  if (result.kind === 'answer') return Buffer.from(result.response.body).toString('utf8')
  throw new Error(`no answer: ${JSON.stringify(result)}`)
}

/** What a script came to that does not stream. */
export function outcomeIn(result: Result): ExecutionOutcome {
  if (result.kind === 'answer' || result.kind === 'failure') return result
  throw new Error(`a stream: ${JSON.stringify(result)}`)
}

/** Registers the tests; `run` hands a source to the executor under test. */
export function describeRuns(run: Run): void {
  describeAnswers(run)
  describeRequest(run)
  describeFailures(run)
  describeLimits(run)
  describeLogs(run)
}

export type Run = (source: string, changes?: RequestChanges) => Promise<ExecutionOutcome>

const TEXT = 'text/plain; charset=utf-8'
const JSON_TYPE = 'application/json'
const BLOB = 'application/octet-stream'

function describeAnswers(run: Run): void {
  it.each([
    ['()', 204, undefined, ''],
    ['', 204, undefined, ''],
    ['let x = 1;', 204, undefined, ''],
    ['"héllo"', 200, TEXT, 'héllo'],
    ['""', 200, TEXT, ''],
    ['blob(3, 65)', 200, BLOB, 'AAA'],
    ['#{ hello: "world", n: [1, 2.0, ()] }', 200, JSON_TYPE, '{"hello":"world","n":[1,2.0,null]}'],
    ['42', 200, JSON_TYPE, '42'],
    ['9223372036854775807', 200, JSON_TYPE, '9223372036854775807'],
    ['1.0', 200, JSON_TYPE, '1.0'],
    ['true', 200, JSON_TYPE, 'true'],
    ["'x'", 200, JSON_TYPE, '"x"'],
    ['[]', 200, JSON_TYPE, '[]'],
    ['#{ statusCode: 201, body: "made" }', 201, TEXT, 'made'],
    ['#{ statusCode: 404 }', 404, undefined, ''],
    ['#{ statusCode: 200, body: #{ a: 1 } }', 200, JSON_TYPE, '{"a":1}'],
    ['#{ statusCode: "200" }', 200, JSON_TYPE, '{"statusCode":"200"}'],
    [
      '#{ statusCode: 200, headers: #{ "Content-Type": "text/html" }, body: "<p>" }',
      200,
      'text/html',
      '<p>',
    ],
  ])('answers %s', async (source, status, type, body) => {
    const outcome = await run(source)
    expect(bodyText(outcome)).toBe(body)
    expect(outcome).toMatchObject({ kind: 'answer', response: { status } })
    if (outcome.kind === 'answer') expect(outcome.response.headers['content-type']).toBe(type)
  })

  it('answers with the headers of a full answer, in lower case, and repeats lists', async () => {
    const outcome = await run(`#{
      statusCode: 302,
      headers: #{ Location: "/next", "Set-Cookie": ["a=1", "b=2"], "X-Count": 3, "X-None": () }
    }`)
    expect(outcome).toMatchObject({
      response: {
        status: 302,
        headers: { location: '/next', 'set-cookie': ['a=1', 'b=2'], 'x-count': '3' },
      },
    })
  })

  it.each([
    ['#{ statusCode: 99 }', /statusCode 99/],
    ['#{ statusCode: 1000 }', /statusCode 1000/],
    ['#{ statusCode: -9223372036854775808 }', /statusCode -9/],
    ['#{ statusCode: 204, body: "x" }', /no body/],
    ['#{ statusCode: 200, headers: [] }', /headers must be a map/],
    ['#{ statusCode: 200, headers: #{ "a b": "c" } }', /"a b" is not a header name/],
    ['#{ statusCode: 200, headers: #{ a: "b\\r\\nset-cookie: c" } }', /line break/],
    ['#{ statusCode: 200, headers: #{ a: "€" } }', /Latin-1/],
    ['#{ statusCode: 200, headers: #{ a: #{} } }', /must be a text/],
    ['#{ statusCode: 200, headers: #{ a: "1", A: "2" } }', /given twice/],
    ['#{ statusCode: 200, headers: #{ Location: ["/a", "/b"] } }', /more than once/],
    ['#{ statusCode: 200, headers: #{ "content-type": ["text/html"] } }', /more than once/],
    ['#{ statusCode: 200, headers: #{ "set-cookie": "; Path=/" } }', /name=value/],
    ['#{ statusCode: 200, headers: #{ "set-cookie": ["a=1", "a b=2"] } }', /name=value/],
    ['#{ statusCode: 200, headers: #{ "set-cookie": "a=1\\nb=2" } }', /line break/],
    ['#{ statusCode: 200, headers: #{ a: "b\\x00" } }', /line break/],
    ['#{ statusCode: 200, headers: #{ "Transfer-Encoding": "chunked" } }', /belongs to the conn/],
    ['#{ statusCode: 200, headers: #{ Connection: "close" } }', /belongs to the connection/],
    ['#{ statusCode: 200, headers: #{ "Content-Length": 5 } }', /belongs to the connection/],
  ])('refuses to send %s', async (source, message) => {
    expect(failureIn(await run(source))).toMatchObject({
      code: 'PIC_SCRIPT_RESPONSE',
      status: 500,
      exposed: false,
      message: expect.stringMatching(message),
    })
  })
}

function describeRequest(run: Run): void {
  it('shows the request and the context, inside functions too', async () => {
    const outcome = await run(`
      fn look() { #{ request: request, ctx: ctx } }
      let seen = look();
      seen.ctx.deadline_ms = seen.ctx.deadline_ms > 10000 && seen.ctx.deadline_ms <= 20000;
      seen
    `)
    const { request, ctx } = JSON.parse(bodyText(outcome))
    expect(request).toMatchObject({
      method: 'POST',
      url: 'http://shop.example.com/hello/ann?x=1',
      host: 'shop.example.com',
      path: '/hello/ann',
      params: { name: 'ann' },
      query: { x: '1' },
      headers: { host: 'shop.example.com', accept: '*/*' },
      cookies: { session: 'abc' },
      body: null,
      body_raw: [],
      ip: '192.0.2.7',
    })
    expect(ctx).toEqual({
      app: 'shop',
      script: 'greet',
      version: 3,
      trigger: 'http',
      invocation_id: request.id,
      deadline_ms: true,
    })
  })

  it.each([
    ['application/json', '{"a":[1,2.5,null,"x"]}', '{"a":[1,2.5,null,"x"]}'],
    ['application/vnd.api+json; charset=utf-8', '[true]', '[true]'],
    [
      'application/json',
      '[9007199254740993,-9223372036854775808]',
      '[9007199254740993,-9223372036854775808]',
    ],
    ['application/json', '', 'null'],
    ['application/x-www-form-urlencoded', 'a=1&b=x+y%21&a=2', '{"a":"2","b":"x y!"}'],
    [
      'application/x-www-form-urlencoded',
      'a[]=1&b=2&a%5B%5D=3&c[]=4',
      '{"a[]":["1","3"],"b":"2","c[]":["4"]}',
    ],
    [
      'multipart/form-data; boundary=B',
      '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--B\r\n' +
        'Content-Disposition: form-data; name="f[]"; filename="t.bin"\r\n' +
        'Content-Type: application/x-t\r\n\r\nAB\r\n--B--\r\n',
      '{"a":"x","f[]":[{"content_type":"application/x-t","data":[65,66],"filename":"t.bin"}]}',
    ],
    ['text/csv; charset="utf-8"', 'ä;b', '"ä;b"'],
    ['image/png', 'AB', '[65,66]'],
    [undefined, 'AB', '[65,66]'],
  ])('parses a body of type %s: %s', async (type, body, expected) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
    const outcome = await run('[request.body, request.body_raw.len()]', {
      request: { headers, body: Buffer.from(body) },
    })
    expect(bodyText(outcome)).toBe(`[${expected},${Buffer.byteLength(body)}]`)
  })

  it('decodes a text body by its charset', async () => {
    const outcome = await run('request.body', {
      request: {
        headers: { 'content-type': 'text/plain; charset=iso-8859-1' },
        body: Uint8Array.of(0xe4, 0x41),
      },
    })
    expect(bodyText(outcome)).toBe('äA')
  })

  it.each([
    ['application/json', '{"a":', /not valid JSON/],
    ['application/json', '['.repeat(100_000), /JSON/],
    ['text/plain; charset=klingon', 'x', /charset "klingon"/],
    ['application/x-www-form-urlencoded', 'a&'.repeat(2000), /more fields than the 1000/],
    ['application/x-www-form-urlencoded', '&'.repeat(2000), /more fields than the 1000/],
    ['application/x-www-form-urlencoded', 'é'.repeat(600), /name of more than 1024 bytes/],
    ['multipart/form-data', '--B--', /names no boundary/],
    ['multipart/form-data; boundary=B', '--B\r\n\r\n--B--', /no Content-Disposition/],
  ])('refuses a body that is no %s before the script runs', async (type, body, message) => {
    const outcome = await run('request; print("ran"); 1', {
      request: { headers: { 'content-type': type }, body: Buffer.from(body) },
    })
    expect(failureIn(outcome)).toMatchObject({
      code: 'PIC_SCRIPT_REQUEST_BODY',
      status: 400,
      exposed: true,
      message: expect.stringMatching(message),
    })
    expect(outcome.logs).toEqual([])
  })

  it('carries a body of a megabyte there and back', async () => {
    const body = new Uint8Array(1_000_000).fill(7)
    const outcome = await run('request.body_raw', { request: { body } })
    expect(outcome).toMatchObject({ kind: 'answer', response: { status: 200 } })
    if (outcome.kind === 'answer') expect(Buffer.compare(outcome.response.body, body)).toBe(0)
  })

  it('keeps the bytes of a body apart from those that are read', async () => {
    const source = `
      let read = request.body; let raw = request.body_raw;
      read[0] = 90; raw[1] = 89;
      [read.as_string(), raw.as_string()]`
    const outcome = await run(source, { request: { headers: {}, body: Buffer.from('abc') } })
    expect(bodyText(outcome)).toBe('["Zbc","aYc"]')
  })

  it('keeps one run from seeing what another changed', async () => {
    const source = 'let r = request; r.query.x += "!"; r.body_raw.push(1); r.query.x'
    expect(bodyText(await run(source))).toBe('1!')
    expect(bodyText(await run(source))).toBe('1!')
  })
}

function describeFailures(run: Run): void {
  it('answers with the status and message of a thrown map', async () => {
    const outcome = await run('let id = 7; throw #{ status: 404, message: "no " + id };')
    expect(failureIn(outcome)).toMatchObject({
      code: 'PIC_SCRIPT_THROWN',
      status: 404,
      exposed: true,
      message: 'no 7',
    })
  })

  it('takes a thrown status out of a function', async () => {
    const outcome = await run('fn f() { throw #{ status: 418, message: "tea" } }\nf()')
    expect(failureIn(outcome)).toMatchObject({ code: 'PIC_SCRIPT_THROWN', status: 418 })
  })

  it.each(['"text"', '#{ status: 200 }', '#{ status: 600 }', '#{ status: "404" }', '42'])(
    'treats throw %s as an error nobody caught',
    async (thrown) => {
      expect(failureIn(await run(`throw ${thrown};`))).toMatchObject({
        code: 'PIC_SCRIPT_ERROR',
        status: 500,
        exposed: false,
      })
    },
  )

  it('says kind and position of an error nobody caught, and shows it to no client', async () => {
    expect(failureIn(await run('let a = [];\nlet b = a[5];'))).toMatchObject({
      code: 'PIC_SCRIPT_ERROR',
      status: 500,
      exposed: false,
      kind: 'ErrorArrayBounds',
      line: 2,
      column: 11,
    })
  })

  it('says where a function was called when the error in it has no position', async () => {
    expect(failureIn(await run('fn f(n) {\n  1 / n\n}\nf(0)'))).toMatchObject({
      kind: 'ErrorArithmetic',
      line: 4,
    })
  })

  it('says where inside a function the error happened', async () => {
    expect(failureIn(await run('fn f() {\n  [][5]\n}\nf()'))).toMatchObject({
      kind: 'ErrorArrayBounds',
      line: 2,
    })
  })

  it('says where a source does not compile', async () => {
    expect(failureIn(await run('let a = 1;\nlet = 2;'))).toMatchObject({
      code: 'PIC_SCRIPT_PARSE',
      status: 500,
      exposed: false,
      line: 2,
    })
  })

  it.each(['let a = ;', '"open', 'let a = nil;', 'eval("let a = ;")'])(
    'names the mistake in %j as the check of an upload names it',
    async (source) => {
      const { kind } = failureIn(await run(source))
      expect(kind).toBe(source.includes('nil') ? 'Reserved' : 'BadInput')
    },
  )
}

function describeLimits(run: Run): void {
  it('stops a loop without end by its meter', async () => {
    const outcome = await run('while true {}', { limits: { operationsMax: 1_000_000 } })
    expect(failureIn(outcome)).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      status: 500,
      exposed: true,
      limit: { name: 'operationsMax', value: 1_000_000 },
      message: expect.stringContaining('the limit operationsMax is 1000000.'),
    })
    expect(outcome.operations).toBeGreaterThanOrEqual(1_000_000)
  })

  it('stops a loop without end that catches every error', async () => {
    const outcome = await run('loop { try { throw 1; } catch { } }', {
      limits: { operationsMax: 100_000 },
    })
    expect(failureIn(outcome).limit?.name).toBe('operationsMax')
  })

  it('stops recursion without end', async () => {
    expect(failureIn(await run('fn f(n) { f(n + 1) } f(0)'))).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      limit: { name: 'callDepthMax', value: 64 },
    })
  })

  it.each([
    ['let s = "x"; loop { s += s; }', { stringBytesMax: 10_000 }],
    ['let a = [1]; loop { a += a; }', { arrayItemsMax: 1000 }],
    ['let a = []; loop { a.push(1); }', { arrayItemsMax: 1000 }],
    ['let m = #{}; let i = 0; loop { m["k" + i] = i; i += 1; }', { mapEntriesMax: 1000 }],
    ['let b = blob(); loop { b.push(1); }', { stringBytesMax: 10_000 }],
    ['let a = [1]; loop { a = [a, a]; }', { dataBytesMax: 10_000 }],
    ['let m = #{ a: [] }; loop { m.a.push("text"); }', { dataBytesMax: 10_000 }],
    ['fn f(a, b) { let c = a; c } f(1, 2)', { variablesMax: 2 }],
  ])('stops the growth of %s', async (source, limits) => {
    const [[name, value] = ['', 0]] = Object.entries(limits)
    expect(failureIn(await run(source, { limits }))).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      exposed: true,
      limit: { name, value },
    })
  })

  it.each([
    'text',
    '[text]',
    'bytes',
    '#{ statusCode: 200, body: text }',
    'let a = [1]; for i in 0..60 { a = [a, a]; } a',
  ])('refuses an answer over the output limit: %s', async (answer) => {
    const source = `let text = ""; text.pad(2000, 'x'); let bytes = blob(2000, 1); ${answer}`
    expect(
      failureIn(await run(source, { limits: { outputBytesMax: 1000, dataBytesMax: 0 } })),
    ).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      limit: { name: 'outputBytesMax', value: 1000 },
    })
  })
}

function describeLogs(run: Run): void {
  it('keeps log lines with level and fields, and the output of print and debug', async () => {
    const before = Date.now()
    const { logs, logsDropped } = await run(`
      log::debug("d");
      log::info("i", #{ a: 1, b: [2.5] }); log::warn(42); log::error(#{ x: () });
      print("printed"); debug("bugged"); log::info("odd", 7);
    `)
    expect(logsDropped).toBe(0)
    expect(logs.map(({ level, message, fields }) => [level, message, fields])).toEqual([
      ['debug', 'd', undefined],
      ['info', 'i', { a: 1, b: [2.5] }],
      ['warn', '42', undefined],
      ['error', '{"x":null}', undefined],
      ['info', 'printed', undefined],
      ['debug', '"bugged"', undefined],
      ['info', 'odd', { value: 7 }],
    ])
    expect(logs[0]?.at).toBeGreaterThanOrEqual(before)
  })

  it('drops a line whose value has no useful end, and goes on', async () => {
    const outcome = await run(
      'let a = [1]; for i in 0..60 { a = [a, a]; } log::info("x", #{ a: a }); 7',
      { limits: { dataBytesMax: 0 } },
    )
    expect(outcome).toMatchObject({ kind: 'answer', logs: [], logsDropped: 1 })
  })

  it('keeps the lines of a failed run', async () => {
    const { logs, kind } = await run('log::info("before"); throw "x";')
    expect(kind).toBe('failure')
    expect(logs).toMatchObject([{ message: 'before' }])
  })

  it('counts the lines that do not fit', async () => {
    const outcome = await run('for i in 0..1000 { log::info("a line of text"); }', {
      limits: { logBytesMax: 1000 },
    })
    expect(outcome.kind).toBe('answer')
    expect(outcome.logs.length).toBeGreaterThan(5)
    expect(outcome.logs.length + outcome.logsDropped).toBe(1000)
  })

  it('drops what print writes beyond them, whatever an answer may be', async () => {
    const source = 'for i in 0..100 { print("a line of text"); } 1'
    const outcome = await run(source, { limits: { logBytesMax: 500, outputBytesMax: 20 } })
    expect(outcome.kind).toBe('answer')
    expect(outcome.logsDropped).toBeGreaterThan(50)
  })
}
