/** The answers that `response::` makes, as a caller gets them from a real sandbox. */
import type { ScriptResponse } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { failureIn } from '../../script-run.contract.ts'
import { moduleRuns } from './module-runs.contract.ts'

const { execute, run, caught } = moduleRuns()

async function answerOf(source: string): Promise<ScriptResponse> {
  const result = await run(source)
  if (result.kind !== 'answer') throw new Error(JSON.stringify(result))
  return result.response
}

async function streamOf(source: string) {
  const result = await execute(source)
  if (result.kind !== 'stream') throw new Error(JSON.stringify(result))
  let text = ''
  for (let piece = await result.next(); piece !== null; piece = await result.next()) {
    text += Buffer.from(piece).toString('utf8')
  }
  return { head: result.head, text, outcome: await result.outcome }
}

describe('response', () => {
  it.each([
    ['json(#{ a: 1 })', 200, 'application/json', '{"a":1}'],
    ['json([1.0], 201)', 201, 'application/json', '[1.0]'],
    ['json("a\\"b")', 200, 'application/json', '"a\\"b"'],
    ['json(())', 200, 'application/json', 'null'],
    ['json(true)', 200, 'application/json', 'true'],
    ['text("hi")', 200, 'text/plain; charset=utf-8', 'hi'],
    ['html("<p>", 404)', 404, 'text/html; charset=utf-8', '<p>'],
    ['blob(blob(2, 65))', 200, 'application/octet-stream', 'AA'],
    ['blob(blob(2, 65), "image/png")', 200, 'image/png', 'AA'],
  ])('%s', async (call, status, type, text) => {
    const { status: given, headers, body } = await answerOf(`response::${call}`)
    expect([given, headers['content-type']]).toEqual([status, type])
    expect(Buffer.from(body).toString('utf8')).toBe(text)
  })

  it.each([
    ['redirect("/new")', 302, '/new'],
    ['redirect("https://example.com/", 308)', 308, 'https://example.com/'],
  ])('%s', async (call, status, location) => {
    const response = await answerOf(`response::${call}`)
    expect(response).toMatchObject({ status, headers: { location } })
    expect(response.body.byteLength).toBe(0)
  })

  it('changes a copy of any answer', async () => {
    const { status, headers, body } = await answerOf(`
      let a = response::header("hi", "X-One", 1);
      let b = response::status(a, 202);
      let c = response::header(b, "x-one", 2);
      if a.statusCode != 200 || a.headers["X-One"] != 1 { throw "changed" }
      c`)
    expect({ status, headers }).toEqual({
      status: 202,
      headers: { 'x-one': '2', 'content-type': 'text/plain; charset=utf-8' },
    })
    expect(Buffer.from(body).toString('utf8')).toBe('hi')
    expect((await answerOf('response::status(410)')).status).toBe(410)
    expect((await answerOf('response::header((), "x", "y")')).status).toBe(204)
  })

  it('sets cookies that are safe unless told otherwise, beside each other', async () => {
    const { headers } = await answerOf(`
      let a = response::cookie("hi", "one", "a b;c");
      response::cookie(a, "__Host-two", "2", #{
        secure: true, max_age: 60, same_site: "strict", http_only: false
      })`)
    expect(headers['set-cookie']).toEqual([
      'one=a%20b%3Bc; Path=/; HttpOnly; SameSite=Lax',
      '__Host-two=2; Path=/; Max-Age=60; Secure; SameSite=Strict',
    ])
  })

  it.each([
    ['cookie("", "a b", "")', 'PIC_COOKIE_INVALID'],
    ['cookie("", "a\\r\\nx: y", "")', 'PIC_COOKIE_INVALID'],
    ['cookie("", "a", "", #{ path: "/;domain=x" })', 'PIC_COOKIE_INVALID'],
    ['cookie("", "a", "", #{ domain: "x; secure" })', 'PIC_COOKIE_INVALID'],
    ['cookie("", "a", "", #{ same_site: "none" })', 'PIC_COOKIE_INVALID'],
    ['cookie("", "__Secure-a", "")', 'PIC_COOKIE_INVALID'],
    ['cookie("", "__Host-a", "", #{ secure: true, path: "/x" })', 'PIC_COOKIE_INVALID'],
    ['cookie("", "a", blob(5000, 65).as_string())', 'PIC_COOKIE_INVALID'],
    ['cookie("", "a", "", #{ max_ages: 1 })', 'PIC_OPTION_INVALID'],
    ['cookie("", "a", "", #{ max_age: -1 })', 'PIC_OPTION_INVALID'],
    ['cookie("", "a", "", #{ secure: 1 })', 'PIC_OPTION_INVALID'],
    ['cookie("", "a", "", #{ same_site: "all" })', 'PIC_OPTION_INVALID'],
    ['redirect("/", 200)', 'PIC_RESPONSE_INVALID'],
    ['stream("text")', 'PIC_RESPONSE_INVALID'],
    ['header(#{ statusCode: 200, headers: 1 }, "a", "b")', 'PIC_RESPONSE_INVALID'],
  ])('refuses %s', async (call, code) => {
    expect(await caught(`response::${call}`)).toMatch(new RegExp(`^${code}: `))
  })

  it('lets nothing into the head that is no header', async () => {
    const source = 'response::header("", "x", "a\\r\\nset-cookie: b=c")'
    expect(failureIn(await run(source)).code).toBe('PIC_SCRIPT_RESPONSE')
  })

  it.each([
    ['stream([1, (), "two", 3.0])', 'application/x-ndjson', '1\nnull\ntwo3.0\n'],
    ['stream(0..3)', 'application/x-ndjson', '0\n1\n2\n'],
    ['stream(range(5, 0, -2), "text/csv")', 'text/csv', '5\n3\n1\n'],
    ['sse(["a", #{ id: 1, data: "b" }])', 'text/event-stream', 'data: a\n\nid: 1\ndata: b\n\n'],
  ])('%s', async (call, type, text) => {
    const stream = await streamOf(`response::${call}`)
    expect(stream.head.headers['content-type']).toBe(type)
    expect(stream.text).toBe(text)
    expect(stream.outcome.kind).toBe('streamed')
  })

  it('streams what a function gives', async () => {
    const source = 'let n = 0; response::stream(|| { n += 1; if n < 4 { n + ";" } })'
    expect((await streamOf(source)).text).toBe('1;2;3;')
  })

  it('ends an endless list by the limit of streams', async () => {
    const source = 'response::stream(range(0, 9223372036854775807, 1))'
    const result = await execute(source, { streamBytesMax: 10_000 })
    if (result.kind !== 'stream') throw new Error(JSON.stringify(result))
    let bytes = 0
    for (let piece = await result.next(); piece !== null; piece = await result.next()) {
      bytes += piece.byteLength
    }
    expect(bytes).toBeLessThanOrEqual(10_000)
    expect(await result.outcome).toMatchObject({ failure: { limit: { name: 'streamBytesMax' } } })
  })

  it('walks a list as it was when it was given', async () => {
    const source = 'let a = [1, 2]; let r = response::stream(a); a.push(3); a[0] = 9; r'
    expect((await streamOf(source)).text).toBe('1\n2\n')
  })
})
