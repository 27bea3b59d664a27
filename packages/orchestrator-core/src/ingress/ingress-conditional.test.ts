import type { ScriptResponse } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import type { RawAnswer } from '../../test/raw-client.ts'
import {
  answerOutcome,
  startTestIngress,
  type TestIngress,
  testApp,
} from '../../test/test-ingress.ts'

const NOV_6 = 'Sun, 06 Nov 1994 08:49:37 GMT'

describe('a client that has the answer already', () => {
  it.each([
    ['the same tag', '"a"', 'If-None-Match: "a"'],
    ['one of a list', '"a"', 'If-None-Match: "x", W/"a" , "y"'],
    ['one in two fields', '"a"', 'If-None-Match: "x"\r\nIf-None-Match: "a"'],
    ['a weak tag of a strong one', '"a"', 'If-None-Match: W/"a"'],
    ['a strong tag of a weak one', 'W/"a"', 'If-None-Match: "a"'],
    ['any', '"a"', 'If-None-Match: *'],
    ['a tag with a comma', '"a,b"', 'If-None-Match: "a,b"'],
  ])('by %s is told so', async (_, etag, field) => {
    const answer = await ask(field, { headers: { etag } })
    expect([answer.status, answer.headers.etag]).toEqual([304, etag])
    expect(answer.headers).not.toHaveProperty('content-length')
  })

  it.each([
    ['another tag', '"a"', 'If-None-Match: "b"'],
    ['a longer tag', '"a"', 'If-None-Match: "ab"'],
    ['a tag within one', '"a"', 'If-None-Match: "x"a"'],
    ['a tag that is none', 'a', 'If-None-Match: a'],
    ['an older date, and another tag', '"a"', `If-None-Match: "b"\r\nIf-Modified-Since: ${NOV_6}`],
  ])('is not one with %s', async (_, etag, field) => {
    const headers = { etag, 'last-modified': NOV_6 }
    expect((await ask(field, { headers })).status).toBe(200)
  })

  it.each([
    [NOV_6, 304],
    ['Mon, 07 Nov 1994 08:49:37 GMT', 304],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 304],
    ['Sun Nov  6 08:49:37 1994', 304],
    ['Sun, 06 Nov 1994 08:49:36 GMT', 200],
    ['Sun Nov  6 08:49:36 1994', 200],
    ['1994-11-06T08:49:37Z', 200],
    ['later', 200],
  ])('since %s gets %d', async (date, status) => {
    const headers = { 'last-modified': NOV_6 }
    expect((await ask(`If-Modified-Since: ${date}`, { headers })).status).toBe(status)
  })

  it('gets the fields that matter to what it has, and no others of the content', async () => {
    const headers = {
      etag: '"a"',
      'last-modified': NOV_6,
      'content-type': 'text/plain',
      'content-language': 'en',
      'content-location': '/x',
      'cache-control': 'no-cache',
      expires: NOV_6,
      vary: 'Cookie',
      'set-cookie': ['a=1', 'b=2'],
    }
    const { fields } = await ask('If-None-Match: "a"', { headers })
    const names = fields.map(([name]) => name)
    expect(names).toEqual(expect.arrayContaining(['etag', 'content-location', 'cache-control']))
    expect(names).toEqual(expect.arrayContaining(['expires', 'vary', 'x-request-id', 'date']))
    expect(names.filter((name) => name === 'set-cookie')).toHaveLength(2)
    for (const gone of ['content-type', 'content-language', 'last-modified']) {
      expect(names).not.toContain(gone)
    }
  })

  it.each([
    ['a change', 'POST', {}],
    ['another status', 'GET', { status: 201 }],
  ])('is not asked at %s', async (_, method, response) => {
    const answer = await ask(
      'If-None-Match: "a"',
      { headers: { etag: '"a"' }, ...response },
      method,
    )
    expect(answer.status).not.toBe(304)
  })

  it.each(['If-Match: "b"', 'If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT'])(
    'is for the script to ask about what it does: %s',
    async (field) => {
      const headers = { etag: '"a"', 'last-modified': NOV_6 }
      expect((await ask(field, { headers }, 'PUT')).status).toBe(200)
    },
  )

  it('keeps its connection, also with HEAD, and stands in the record', async () => {
    await using server = await start({ headers: { etag: '"a"' }, body: Buffer.from('hello') })
    const client = await server.connect()
    client.send(
      raw('GET', 'If-None-Match: "a"') + raw('HEAD', 'If-None-Match: "a"') + raw('GET', 'X: y'),
    )
    expect((await client.answer({ bare: true })).status).toBe(304)
    expect((await client.answer({ bare: true })).status).toBe(304)
    expect(String((await client.answer()).body)).toBe('hello')
    expect(server.records.map(({ status, outcome }) => [status, outcome])).toEqual([
      [304, 'ok'],
      [304, 'ok'],
      [200, 'ok'],
    ])
  })
})

async function ask(
  field: string,
  response: Partial<ScriptResponse>,
  method = 'GET',
): Promise<RawAnswer> {
  await using server = await start({ body: Buffer.from('hello'), ...response })
  return await server.ask(raw(method, field))
}

async function start(response: Partial<ScriptResponse>): Promise<TestIngress> {
  return await startTestIngress({
    apps: [testApp('a', ['a.example'], ['* /'])],
    execute: () => answerOutcome(response),
  })
}

function raw(method: string, field: string): string {
  return `${method} / HTTP/1.1\r\nHost: a.example\r\n${field}\r\n\r\n`
}
