import { createConnection } from 'node:net'
import { DEFAULT_LIMITS, problemSchema } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ManagerUnderTest,
  type RequestOptions,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const APPS = '/api/v1/admin/apps'
const JSON_TYPE = { 'content-type': 'application/json' }
const SOURCE_BYTES_MAX = 4_096
const BODY_BYTES_MAX = 2 * SOURCE_BYTES_MAX + 16_384
let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest({
    limits: { ...DEFAULT_LIMITS, sourceBytesMax: SOURCE_BYTES_MAX },
  })
})
afterAll(() => api.close())

interface Refused {
  readonly what: string
  readonly method?: string
  readonly path?: string
  readonly request?: RequestOptions
  readonly status: number
  readonly code: string
}

const REFUSED: readonly Refused[] = [
  {
    what: 'a body that is no JSON',
    request: { headers: JSON_TYPE, body: '{"slug":' },
    status: 400,
    code: 'PIC_BODY_MALFORMED',
  },
  {
    what: 'a body of two values',
    request: { headers: JSON_TYPE, body: '{} {}' },
    status: 400,
    code: 'PIC_BODY_MALFORMED',
  },
  {
    what: 'a body that is not UTF-8',
    request: { headers: JSON_TYPE, body: new Uint8Array([0x22, 0xff, 0x22]) },
    status: 400,
    code: 'PIC_BODY_MALFORMED',
  },
  {
    what: 'a body with __proto__',
    request: { headers: JSON_TYPE, body: '{"__proto__":{"slug":"a"}}' },
    status: 422,
    code: 'PIC_REQUEST_INVALID',
  },
  {
    what: 'a body with constructor.prototype',
    request: { headers: JSON_TYPE, body: '{"constructor":{"prototype":{"slug":"a"}}}' },
    status: 422,
    code: 'PIC_REQUEST_INVALID',
  },
  { what: 'no body', status: 422, code: 'PIC_REQUEST_INVALID' },
  {
    what: 'an empty body',
    request: { headers: JSON_TYPE, body: '' },
    status: 422,
    code: 'PIC_REQUEST_INVALID',
  },
  {
    what: 'null',
    request: { headers: JSON_TYPE, body: 'null' },
    status: 422,
    code: 'PIC_REQUEST_INVALID',
  },
  {
    what: 'a form',
    request: {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'slug=shop',
    },
    status: 415,
    code: 'PIC_MEDIA_TYPE_UNSUPPORTED',
  },
  {
    what: 'plain text, which browsers may send across origins',
    request: { headers: { 'content-type': 'text/plain' }, body: '{"slug":"shop"}' },
    status: 415,
    code: 'PIC_MEDIA_TYPE_UNSUPPORTED',
  },
  {
    what: 'a body over the limit',
    request: { headers: JSON_TYPE, body: JSON.stringify({ slug: 'a'.repeat(BODY_BYTES_MAX) }) },
    status: 413,
    code: 'PIC_BODY_TOO_LARGE',
  },
  {
    what: 'a body over the smaller limit of what anyone may call',
    path: '/api/v1/setup',
    request: { headers: JSON_TYPE, body: JSON.stringify({ setup_token: 'a'.repeat(4_096) }) },
    status: 413,
    code: 'PIC_BODY_TOO_LARGE',
  },
  {
    what: 'an unknown address',
    path: '/api/v1/admin/nothing',
    status: 404,
    code: 'PIC_ENDPOINT_UNKNOWN',
  },
  { what: 'a future version', path: '/api/v2/apps', status: 404, code: 'PIC_ENDPOINT_UNKNOWN' },
  {
    what: 'metrics without a token',
    method: 'GET',
    path: '/metrics',
    request: { token: null },
    status: 401,
    code: 'PIC_UNAUTHENTICATED',
  },
  {
    what: 'the dashboard, which is not built',
    method: 'GET',
    path: '/admin',
    status: 404,
    code: 'PIC_ENDPOINT_UNKNOWN',
  },
  {
    what: 'a trailing slash',
    method: 'GET',
    path: `${APPS}/`,
    status: 404,
    code: 'PIC_APP_NOT_FOUND',
  },
  { what: 'another method', method: 'PUT', status: 405, code: 'PIC_METHOD_NOT_ALLOWED' },
  {
    what: 'a malformed escape',
    method: 'GET',
    path: `${APPS}/%zz`,
    status: 400,
    code: 'PIC_URL_MALFORMED',
  },
  {
    what: 'a part of the path that is too long',
    method: 'GET',
    path: `${APPS}/${'a'.repeat(257)}`,
    status: 414,
    code: 'PIC_URL_TOO_LONG',
  },
]

describe('every refusal is a problem document', () => {
  it.each(REFUSED)('$what: $status $code', async (refused) => {
    const { method = 'POST', path = APPS, request = {}, status, code } = refused
    const answer = await api.request(method, path, request)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(problemSchema.parse(answer.body)).toEqual(answer.body)
    expect(answer.body).toMatchObject({ status, code, type: `urn:picloud:error:${code}` })
    expect(answer.headers.get('x-request-id')).toBe(answer.body.request_id)
  })

  it('names the limit that a body passed', async () => {
    const body = ' '.repeat(BODY_BYTES_MAX + 1)
    const admin = await api.request('POST', APPS, { headers: JSON_TYPE, body })
    expect(admin.body.limit).toEqual({ value: BODY_BYTES_MAX, unit: 'bytes' })
    const open = await api.request('POST', '/api/v1/setup', { headers: JSON_TYPE, body })
    expect(open.body.limit).toEqual({ value: 4_096, unit: 'bytes' })
  })

  it('lists the allowed methods with 405, and answers OPTIONS with them', async () => {
    const refused = await api.request('PATCH', APPS)
    expect(refused.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS')
    const options = await api.request('OPTIONS', `${APPS}/shop`, { token: null })
    expect(options.status).toBe(204)
    expect(options.headers.get('allow')).toBe('GET, PATCH, DELETE, HEAD, OPTIONS')
    expect((await api.request('OPTIONS', '/nothing')).status).toBe(404)
  })

  it('answers HEAD as GET without the body', async () => {
    const { status, text, headers } = await api.request('HEAD', APPS)
    expect(status).toBe(200)
    expect(text).toBe('')
    expect(Number(headers.get('content-length'))).toBeGreaterThan(0)
  })

  it('reports every wrong member, with escaped pointers', async () => {
    const { body } = await api.request('POST', APPS, {
      json: { slug: '', name: '', 'a/b~c': 1 },
    })
    const pointers = body.errors.map((error: { pointer: string }) => error.pointer)
    expect(pointers).toEqual(expect.arrayContaining(['/slug', '/name', '/a~1b~0c']))
  })

  it('reports at most twenty of them', async () => {
    const json = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x${index}`, 1]))
    const { body } = await api.request('POST', APPS, { json })
    expect(body.errors).toHaveLength(20)
  })

  it('refuses a declared length over the limit without waiting for the body', async () => {
    const head = [
      `POST ${APPS} HTTP/1.1`,
      'Host: localhost',
      'Authorization: Bearer preset-token-of-the-operator',
      'Content-Type: application/json',
      `Content-Length: ${BODY_BYTES_MAX + 1}`,
    ]
    const answer = await firstLineOf(api.port, `${head.join('\r\n')}\r\n\r\n`)
    expect(answer).toBe('HTTP/1.1 413 Payload Too Large')
  })

  it('checks the token before it reads a byte of the body', async () => {
    const head = [
      `POST ${APPS} HTTP/1.1`,
      'Host: localhost',
      'Content-Type: application/json',
      'Content-Length: 1000',
    ]
    const answer = await firstLineOf(api.port, `${head.join('\r\n')}\r\n\r\n`)
    expect(answer).toBe('HTTP/1.1 401 Unauthorized')
  })
})

describe('when the database is away', () => {
  it('hides what a client must not see, and logs it under the request id', async () => {
    const away = await startManagerUnderTest()
    await away.loseDatabase()
    const { status, body, text } = await away.request('GET', APPS)
    await away.close()
    expect(status).toBeGreaterThanOrEqual(500)
    expect(body.code).toMatch(/^PIC_/)
    expect(text).not.toContain('pool')
    expect(away.logs.some((line) => line.includes(body.request_id))).toBe(true)
  })
})

async function firstLineOf(port: number, request: string): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port })
  try {
    socket.write(request)
    let text = ''
    for await (const chunk of socket) {
      text += String(chunk)
      const end = text.indexOf('\r\n')
      if (end !== -1) return text.slice(0, end)
    }
    return text
  } finally {
    socket.destroy()
  }
}
