/**
 * What scripts make of streamed answers, and how they are held back. Part of the suite every
 * executor runs.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Executor, StreamedAnswer, StreamOutcome } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { bodyText, failureIn, type RequestChanges, requestOf } from './script-run.contract.ts'
import type { TestService } from './test-service.ts'

interface UnderTest {
  readonly executor: Executor
  readonly testService: TestService
}

type Open = (
  source: string,
  changes?: RequestChanges,
  signal?: AbortSignal,
) => Promise<StreamedAnswer>

/** Registers the tests; `under` answers what the suite has started. */
export function describeStreams(under: () => UnderTest): void {
  const open: Open = async (source, changes, signal) => {
    const result = await under().executor.execute(requestOf(source, changes), signal)
    if (result.kind === 'stream') return result
    throw new Error(`no stream: ${JSON.stringify(result)}`)
  }
  describe('a script that streams its answer', () => {
    describeChunks(under, open)
    describeEvents(under, open)
    describeFailures(under, open)
    describeBackPressure(under, open)
    describeStreamLimits(under, open)
    describeEnds(under, open)
  })
}

/** A stream of `count` chunks, each the value of `chunk` for its number `n`. */
function counting(count: number, chunk: string, rest = ''): string {
  return `let n = 0; #{ statusCode: 200, ${rest} body: || { n += 1; if n > ${count} { () } else { ${chunk} } } }`
}

const EVENTS = 'headers: #{ "content-type": "text/event-stream" },'

async function textOf(answer: StreamedAnswer): Promise<string> {
  const pieces: Uint8Array[] = []
  for (let piece = await answer.next(); piece !== null; piece = await answer.next()) {
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

type Under = () => UnderTest

function describeChunks(under: Under, open: Open): void {
  it('sends what its function gives until that is ()', async () => {
    const answer = await open(counting(3, '"chunk " + n + "\\n"'))
    expect(answer.head).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
    expect(await textOf(answer)).toBe('chunk 1\nchunk 2\nchunk 3\n')
    const outcome = await answer.outcome
    expect(outcome).toMatchObject({ kind: 'streamed', logs: [], logsDropped: 0 })
    expect(outcome.operations).toBeGreaterThan(5)
    expect(await answer.next()).toBe(null)
  })

  it.each([
    ['"a"', 'text/plain; charset=utf-8', 'aa'],
    ['blob(2, 65)', 'application/octet-stream', 'AAAA'],
    ['#{ n: n }', 'application/x-ndjson', '{"n":1}\n{"n":2}\n'],
    ['[n, 1.0]', 'application/x-ndjson', '[1,1.0]\n[2,1.0]\n'],
  ])('takes %s for a chunk', async (chunk, type, text) => {
    const answer = await open(counting(2, chunk))
    expect(answer.head.headers).toEqual({ 'content-type': type })
    expect(await textOf(answer)).toBe(text)
  })

  it('keeps the headers and the status its script gives', async () => {
    const rest = 'headers: #{ "Content-Type": "text/csv", "x-a": "1" },'
    const answer = await open(counting(1, '"a,b"', rest).replace('200', '206'))
    expect(answer.head).toEqual({
      status: 206,
      headers: { 'content-type': 'text/csv', 'x-a': '1' },
    })
    await textOf(answer)
  })

  it('may be made by a function of its name, or by waiting for the host', async () => {
    const named = 'fn f() { "no end" } #{ statusCode: 200, body: Fn("f") }'
    const endless = await open(named, { limits: { streamBytesMax: 600 } })
    expect(await textOf(endless)).toBe('no end'.repeat(100))
    expect(await textOf(await open(counting(3, 'test::echo(n) + ";"')))).toBe('1;2;3;')
  })

  it('is no stream without a chunk', async () => {
    const source = '#{ statusCode: 202, headers: #{ "x-a": "1" }, body: || () }'
    const outcome = await under().executor.execute(requestOf(source))
    expect(bodyText(outcome)).toBe('')
    expect(outcome).toMatchObject({ response: { status: 202, headers: { 'x-a': '1' } } })
  })

  it('sends its head with a chunk that is empty', async () => {
    const answer = await open(counting(2, 'if n == 1 { "" } else { test::sleep(300); "late" }'))
    expect(await answer.next()).toHaveLength(0)
    expect(await textOf(answer)).toBe('late')
  })

  it('sends each chunk when it is made', async () => {
    const answer = await open(counting(3, 'if n > 1 { test::sleep(150); } "" + n'))
    const times: number[] = []
    while ((await answer.next()) !== null) times.push(performance.now())
    expect(times).toHaveLength(3)
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(250)
  })

  it('sends a chunk of any length whole', async () => {
    const source =
      'let s = "0123456789abcdef"; for i in 0..14 { s += s; } let n = 0; ' +
      '#{ statusCode: 200, body: || { n += 1; if n > 3 { () } else { s } } }'
    const text = await textOf(await open(source))
    expect(text).toBe('0123456789abcdef'.repeat(3 * 2 ** 14))
  })

  it('ends with the last chunk when its script exits', async () => {
    const answer = await open(counting(9, 'if n == 2 { exit("end") } "a"'))
    expect(await textOf(answer)).toBe('aend')
    expect((await answer.outcome).kind).toBe('streamed')
  })

  it('keeps the lines it logs on the way', async () => {
    const answer = await open(counting(2, 'log::info("at " + n); "a"'))
    await textOf(answer)
    const { logs } = await answer.outcome
    expect(logs.map(({ message }) => message)).toEqual(['at 1', 'at 2'])
  })
}

function describeEvents(under: Under, open: Open): void {
  it.each([
    ['"hello"', 'data: hello\n\n'],
    ['#{ data: "hello" }', 'data: hello\n\n'],
    ['#{ data: #{ a: 1 } }', 'data: {"a":1}\n\n'],
    ['#{ data: 42 }', 'data: 42\n\n'],
    ['42', 'data: 42\n\n'],
    [
      '#{ data: "one\\ntwo\\r\\nthree\\rfour" }',
      'data: one\ndata: two\ndata: three\ndata: four\n\n',
    ],
    ['#{ data: "" }', 'data: \n\n'],
    ['#{ id: 7, data: "x" }', 'id: 7\ndata: x\n\n'],
    ['#{ event: "tick" }', 'event: tick\n\n'],
    ['#{ retry: 5000 }', 'retry: 5000\n\n'],
    ['#{ data: () }', ':\n\n'],
    ['#{}', ':\n\n'],
    ['blob(2, 58)', '::'],
  ])('writes %s as an event', async (chunk, text) => {
    const answer = await open(counting(1, chunk, EVENTS))
    expect(await textOf(answer)).toBe(text)
  })

  it('keeps caches and proxies from holding events back, unless it says otherwise', async () => {
    const answer = await open(counting(1, '1', EVENTS))
    expect(answer.head.headers).toEqual({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    await textOf(answer)
    const own = EVENTS.replace('#{', '#{ "cache-control": "no-cache", ').replace(
      'event-stream',
      'Event-Stream; charset=utf-8',
    )
    const changed = await open(counting(1, '1', own))
    expect(changed.head.headers).toMatchObject({ 'cache-control': 'no-cache' })
    expect(await textOf(changed)).toBe('data: 1\n\n')
  })

  it.each([
    ['#{ event: "a\\nb" }', 'event of an event has more than one line'],
    ['#{ id: "a\\rb" }', 'id of an event has more than one line'],
    ['#{ id: [1] }', 'id of an event must be a text'],
    ['#{ retry: -1 }', 'retry of an event'],
    ['#{ datum: 1 }', 'no datum'],
  ])('refuses %s', async (chunk, message) => {
    const source = counting(1, chunk, EVENTS)
    expect(failureIn(await under().executor.execute(requestOf(source)))).toMatchObject({
      code: 'PIC_SCRIPT_RESPONSE',
      status: 500,
      message: expect.stringContaining(message),
    })
  })

  it('holds lines of data to the limit of a chunk, whatever they become', async () => {
    const chunk = 'let s = "\\n"; for i in 0..20 { s += s; } #{ data: s }'
    const failure = failureIn(
      await under().executor.execute(
        requestOf(counting(1, chunk, EVENTS), { limits: { outputBytesMax: 2 ** 21 } }),
      ),
    )
    expect(failure.limit).toEqual({ name: 'outputBytesMax', value: 2 ** 21 })
  })
}

function describeFailures(under: Under, open: Open): void {
  it('fails as a whole when its first chunk does', async () => {
    const thrown = '#{ statusCode: 200, body: || { throw #{ status: 404, message: "none" } } }'
    expect(failureIn(await under().executor.execute(requestOf(thrown)))).toMatchObject({
      code: 'PIC_SCRIPT_THROWN',
      status: 404,
    })
    const wrong = '#{ statusCode: 200, body: |x| x }'
    expect(failureIn(await under().executor.execute(requestOf(wrong))).code).toBe(
      'PIC_SCRIPT_ERROR',
    )
    const bare = '#{ statusCode: 204, body: || "x" }'
    expect(failureIn(await under().executor.execute(requestOf(bare))).code).toBe(
      'PIC_SCRIPT_RESPONSE',
    )
  })

  it.each([
    ['at once', '"a"'],
    ['after waiting', 'test::echo("a")'],
  ])('sends what there is before it fails, %s', async (_, chunk) => {
    const answer = await open(counting(9, `if n == 3 {\n  throw "broken" }\n ${chunk}`))
    expect(await textOf(answer)).toBe('aa')
    expect(failureIn(await answer.outcome)).toMatchObject({
      code: 'PIC_SCRIPT_ERROR',
      kind: 'ErrorRuntime',
      message: expect.stringContaining('broken'),
      line: 2,
      column: 3,
    })
  })
}

function describeBackPressure(under: Under, open: Open): void {
  it('makes no more than a few chunks that nobody takes', async () => {
    const source = counting(1_000, 'test::echo(n); "a"')
    const pulled = await open(source)
    await sleep(200)
    const early = await open(counting(1_000, 'log::info(""); "x"'))
    await sleep(200)
    expect(under().testService.pending).toBe(0)
    for (let i = 0; i < 40; i++) await early.next()
    expect(await textOf(pulled)).toBe('a'.repeat(1_000))
    expect(await textOf(early)).toBe('x'.repeat(960))
    expect((await early.outcome).logs.length).toBeGreaterThan(999)
  })

  it('lets others run while its client is slow', async () => {
    const slow = await Promise.all(
      Array.from({ length: 40 }, () => open(counting(100, '"a".sub_string(0, 1)'))),
    )
    expect(bodyText(await under().executor.execute(requestOf('"still here"')))).toBe('still here')
    const texts = await Promise.all(slow.map(textOf))
    expect(new Set(texts)).toEqual(new Set(['a'.repeat(100)]))
  })
}

function describeStreamLimits(under: Under, open: Open): void {
  async function endOf(
    source: string,
    limits: RequestChanges['limits'],
  ): Promise<StreamOutcome & { readonly text: string }> {
    const answer = await open(source, { limits: limits ?? {} })
    const text = await textOf(answer)
    return { ...(await answer.outcome), text }
  }

  it('may be as long as its limit in all, and no longer', async () => {
    const source = counting(10, '"0123456789"')
    expect((await endOf(source, { streamBytesMax: 100 })).kind).toBe('streamed')
    const end = await endOf(source, { streamBytesMax: 99 })
    expect(end.text).toHaveLength(90)
    expect(failureIn(end)).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      limit: { name: 'streamBytesMax', value: 99 },
    })
  })

  it('holds each chunk to the length of an answer', async () => {
    const source = counting(10, '"0123456789"')
    expect((await endOf(source, { outputBytesMax: 10 })).kind).toBe('streamed')
    const failed = await under().executor.execute(
      requestOf(source, { limits: { outputBytesMax: 9 } }),
    )
    expect(failureIn(failed).limit).toEqual({ name: 'outputBytesMax', value: 9 })
  })

  it('uses up one count of operations', async () => {
    const end = await endOf(counting(1_000_000, '"a"'), { operationsMax: 2_000 })
    expect(failureIn(end).limit).toEqual({ name: 'operationsMax', value: 2_000 })
    expect(end.text.length).toBeGreaterThan(50)
    expect(end.text.length).toBeLessThan(2_000)
  })

  it('uses up one count of processor time', async () => {
    const end = await endOf(counting(1_000_000, 'for i in 0..100_000 {} ""'), {
      cpuMsMax: 50,
      operationsMax: 100_000_000_000,
    })
    expect(failureIn(end).limit).toEqual({ name: 'cpuMsMax', value: 50 })
    expect(end.computedMs).toBeGreaterThan(40)
  })

  it.each([
    ['computes', counting(1_000_000, 'for i in 0..10_000 {} ""')],
    ['waits for the host', counting(1_000, 'test::sleep(20); "a"')],
    ['hangs', counting(2, 'if n > 1 { test::sleep(60_000); } "a"')],
  ])('ends when its time is over while it %s', async (_, source) => {
    const startedAt = performance.now()
    const end = await endOf(source, {
      streamMs: 300,
      operationsMax: 100_000_000_000,
      cpuMsMax: 60_000,
    })
    expect(failureIn(end)).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      limit: { name: 'streamMs', value: 300 },
    })
    expect(performance.now() - startedAt).toBeGreaterThan(250)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('ends when its time is over and nobody has taken it', async () => {
    const answer = await open(counting(1_000, '"a"'), { limits: { streamMs: 100 } })
    const failure = failureIn(await answer.outcome)
    expect(failure.limit).toEqual({ name: 'streamMs', value: 100 })
    expect((await textOf(answer)).length).toBeLessThan(40)
  })

  it('has the deadline of any other answer up to its first chunk', async () => {
    const source = counting(3, 'test::sleep(120); "a"')
    const answer = await open(source, { deadlineMs: 200 })
    expect(await textOf(answer)).toBe('aaa')
    const late = counting(3, 'test::sleep(10_000); "a"')
    const failed = await under().executor.execute(requestOf(late, { deadlineMs: 100 }))
    expect(failureIn(failed).code).toBe('PIC_EXEC_DEADLINE')
  })
}

function describeEnds(under: Under, open: Open): void {
  it('ends with its caller where it waits for the host', async () => {
    const { testService } = under()
    const before = testService.aborted
    const controller = new AbortController()
    const source = counting(9, 'if n > 1 { test::sleep(60_000); } "a"')
    const answer = await open(source, {}, controller.signal)
    await answer.next()
    const next = answer.next()
    while (testService.pending === 0) await sleep(5)
    controller.abort()
    expect(await next).toBe(null)
    expect(failureIn(await answer.outcome).code).toBe('PIC_EXEC_CANCELLED')
    while (testService.aborted === before) await sleep(5)
  })

  it('ends with its caller where it waits to be taken', async () => {
    for (let i = 0; i < 20; i++) {
      const controller = new AbortController()
      const answer = await open(counting(1_000, '"a"'), {}, controller.signal)
      controller.abort()
      expect(failureIn(await answer.outcome).code).toBe('PIC_EXEC_CANCELLED')
    }
    expect(await textOf(await open(counting(3, '"a"')))).toBe('aaa')
  })

  it('disturbs no other when its caller goes before it has begun', async () => {
    const other = await open(counting(1_000, '"a"'))
    for (let i = 0; i < 60; i++) {
      const controller = new AbortController()
      const { executor } = under()
      const ended = executor.execute(requestOf(counting(2, '"b"')), controller.signal)
      // Sent, and so soon given up that its answer is on its way already.
      if (i % 3 > 0) await sleep(i % 3)
      controller.abort()
      await ended
    }
    expect(await textOf(other)).toBe('a'.repeat(1_000))
  })

  it('gives each of many its own', async () => {
    const texts = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const source = counting(20, i % 2 === 0 ? 'request.query.n' : 'test::echo(request.query.n)')
        return textOf(await open(source, { request: { query: { n: `${i},` } } }))
      }),
    )
    expect(texts).toEqual(texts.map((_, i) => `${i},`.repeat(20)))
  })
}
