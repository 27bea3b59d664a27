import { describe, expect, it } from 'vitest'
import type { RawAnswer } from '../../test/raw-client.ts'
import {
  answerOutcome,
  failureOutcome,
  startTestIngress,
  testApp,
} from '../../test/test-ingress.ts'
import { OverloadedError } from '../errors.ts'

const app = testApp('shop', ['shop.example.com'], ['* /'])
const GET = 'GET / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n'

describe('an answer', () => {
  it('is sent with its status, fields, cookies and length', async () => {
    const answer = await answerTo(
      answerOutcome({
        status: 201,
        headers: { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'], 'x-own': 'ü' },
        body: Buffer.from('grüße'),
      }),
    )
    expect(answer.status).toBe(201)
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', 'content-length': '7' })
    expect(answer.cookies).toEqual(['a=1', 'b=2'])
    expect(String(answer.body)).toBe('grüße')
  })

  it.each([[0], [1], [16 * 1024], [16 * 1024 + 1], [3_000_000]])(
    'of %d bytes is sent byte for byte',
    async (length) => {
      const body = Uint8Array.from({ length }, (_, index) => (index * 7) % 256)
      const answer = await answerTo(answerOutcome({ body }))
      expect(answer.body.equals(body)).toBe(true)
    },
  )

  it.each([204, 304])('with %d has no content and no length', async (status) => {
    const answer = await answerTo(answerOutcome({ status, body: Buffer.from('unseen') }))
    expect(answer.status).toBe(status)
    expect(answer.headers).not.toHaveProperty('content-length')
    expect(answer.body).toHaveLength(0)
  })

  it('to HEAD has the fields of GET and no content', async () => {
    await using server = await startTestIngress({
      apps: [app],
      execute: () => answerOutcome({ body: Buffer.from('hello') }),
    })
    const client = await server.connect()
    client.send(`${GET.replace('GET', 'HEAD')}${GET}`)
    expect((await client.answer({ bare: true })).headers['content-length']).toBe('5')
    expect(String((await client.answer()).body)).toBe('hello')
  })

  it('keeps the framing ours, whatever the script says of it', async () => {
    await using server = await startTestIngress({
      apps: [app],
      execute: () =>
        answerOutcome({
          headers: {
            'content-length': '99',
            'Transfer-Encoding': 'chunked',
            connection: 'close',
            upgrade: 'h2c',
            'x-request-id': 'forged',
          },
          body: Buffer.from('hello'),
        }),
    })
    const client = await server.connect()
    client.send(`${GET}${GET}`)
    for (const _ of [1, 2]) {
      const answer = await client.answer()
      expect(answer.headers['content-length']).toBe('5')
      expect(answer.headers['x-request-id']).not.toBe('forged')
      expect(answer.headers).not.toHaveProperty('upgrade')
      expect(answer.headers).not.toHaveProperty('transfer-encoding')
      expect(answer.headers.connection).toBe('keep-alive')
    }
  })

  it('keeps the order of pipelined requests, whichever ends first', async () => {
    let turn = 0
    await using server = await startTestIngress({
      apps: [app],
      execute: async () => {
        turn += 1
        const mine = turn
        await new Promise((resolve) => setTimeout(resolve, mine === 1 ? 50 : 1))
        return { mine }
      },
    })
    const client = await server.connect()
    client.send(GET + GET + GET)
    for (const mine of [1, 2, 3]) {
      expect(JSON.parse(String((await client.answer()).body))).toEqual({ mine })
    }
  })

  it.each([
    ['a field with a line end', { headers: { 'x-a': 'b\r\nSet-Cookie: c=d' } }],
    ['a field name with a space', { headers: { 'x a': 'b' } }],
    ['a field beyond latin1', { headers: { 'x-a': '€' } }],
    ["PiCloud's own cookie", { headers: { 'set-cookie': ['a=1', ' picloud_session =x; Path=/'] } }],
    ['a status that is none', { status: 99 }],
    ['a status of an interim answer', { status: 101 }],
    ['a status that is no integer', { status: 200.5 }],
  ])('that cannot be sent is a 500: %s', async (_, response) => {
    await using server = await startTestIngress({
      apps: [app],
      execute: () => answerOutcome(response),
    })
    const answer = await server.ask(GET)
    expect(problemOf(answer)).toMatchObject({ status: 500, code: 'PIC_INGRESS_ANSWER_INVALID' })
    expect(answer.headers).not.toHaveProperty('set-cookie')
    expect(server.records).toMatchObject([
      { outcome: 'error', status: 500, error: { code: 'PIC_INGRESS_ANSWER_INVALID' } },
    ])
  })
})

describe('how long it took', () => {
  it.each([
    ['an answer', answerOutcome({ headers: { 'server-timing': 'db;dur=3' } })],
    ['a failure', failureOutcome({})],
  ])('is told by %s where the app wants that', async (_, outcome) => {
    await using server = await startTestIngress({
      apps: [{ ...app, serverTiming: true }],
      execute: () => outcome,
    })
    const { fields } = await server.ask(GET)
    const timings = fields.filter(([name]) => name === 'server-timing').map(([, value]) => value)
    expect(timings.at(-1)).toMatch(/^total;dur=\d+, script;dur=1\.50$/)
    expect(timings.length).toBe(outcome.kind === 'answer' ? 2 : 1)
  })

  it('is told nobody otherwise', async () => {
    expect((await answerTo({})).headers).not.toHaveProperty('server-timing')
  })
})

describe('a failure', () => {
  it('shows its code and the request id, and keeps the rest for the record', async () => {
    await using server = await startTestIngress({
      apps: [app],
      execute: () => failureOutcome({ message: 'secret', kind: 'ErrorArithmetic', line: 3 }),
    })
    const answer = await server.ask(GET)
    const problem = problemOf(answer)
    expect(problem).toMatchObject({ status: 500, code: 'PIC_SCRIPT_ERROR' })
    expect(problem.request_id).toBe(answer.headers['x-request-id'])
    expect(String(answer.body)).not.toContain('secret')
    expect(server.records).toMatchObject([
      {
        id: problem.request_id,
        outcome: 'error',
        status: 500,
        error: {
          code: 'PIC_SCRIPT_ERROR',
          message: 'secret',
          kind: 'ErrorArithmetic',
          line: 3,
          column: null,
        },
      },
    ])
  })

  it.each([
    ['an uncaught error', 'PIC_SCRIPT_ERROR', { detail: 'secret', line: 3, column: 7 }],
    ["PiCloud's own", 'PIC_EXEC_ENGINE', { detail: expect.stringContaining('request id') }],
  ])('shows what the script did wrong where the app allows it: %s', async (_, code, shown) => {
    await using server = await startTestIngress({
      apps: [{ ...app, showErrorDetail: true }],
      execute: () => failureOutcome({ code, message: 'secret', line: 3, column: 7 }),
    })
    const problem = problemOf(await server.ask(GET))
    expect(problem).toMatchObject({ status: 500, code, ...shown })
    expect('line' in problem).toBe('line' in shown)
  })

  it('shows what was thrown for the client, and the limit that was passed', async () => {
    const limit = { name: 'operationsMax', value: 1_000 }
    const failure = failureOutcome({ status: 404, exposed: true, message: 'No such cat.', limit })
    const problem = problemOf(await answerTo(failure))
    const raise =
      'PICLOUD_LIMIT_OPERATIONS raises it for all apps, ' +
      'PICLOUD_CEILING_OPERATIONS what one may set.'
    expect(problem).toMatchObject({ status: 404, detail: `No such cat. ${raise}`, limit, raise })
  })

  it.each([[200], [99], [600], [Number.NaN]])('with the status %d is a 500', async (status) => {
    expect((await answerTo(failureOutcome({ status }))).status).toBe(500)
  })

  it('asks to come again when the executor has no room', async () => {
    const answer = await answerTo(failureOutcome({ status: 503 }))
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
  })

  it.each([
    ['out of reach', new Error('connect ECONNREFUSED'), 'PIC_INGRESS_EXECUTOR_UNAVAILABLE'],
    ['refusing', new OverloadedError(1), 'PIC_INGRESS_OVERLOADED'],
  ])('is what an executor %s makes', async (_, error, code) => {
    await using server = await startTestIngress({
      apps: [app],
      execute: () => {
        throw error
      },
    })
    const answer = await server.ask(GET)
    expect(problemOf(answer)).toMatchObject({ status: 503, code })
    expect(String(answer.body)).not.toContain('ECONNREFUSED')
    expect(server.records).toMatchObject([{ outcome: 'error', status: 503, error: { code } }])
    expect(server.ingress.load.underWay).toBe(0)
  })

  it('to HEAD has no content', async () => {
    await using server = await startTestIngress({
      apps: [app],
      execute: () => failureOutcome({}),
    })
    const client = await server.connect()
    client.send(GET.replace('GET', 'HEAD') + GET)
    expect((await client.answer({ bare: true })).status).toBe(500)
    expect((await client.answer()).status).toBe(500)
  })
})

it('records every execution as it was', async () => {
  const logs = [{ at: 1, level: 'info' as const, message: 'hi' }]
  await using server = await startTestIngress({
    apps: [app],
    execute: () => ({ ...answerOutcome({ status: 202 }), logs, logsDropped: 2 }),
  })
  const before = Date.now()
  const answer = await server.ask(GET.replace('/ ', '/?q=1 '))
  const [record] = server.records
  expect(record).toEqual({
    id: answer.headers['x-request-id'],
    appId: app.id,
    scriptId: app.scriptId,
    version: 3,
    routeId: app.routes[0]?.id,
    trigger: 'http',
    outcome: 'ok',
    method: 'GET',
    path: '/',
    status: 202,
    startedAt: expect.any(Date),
    durationMs: 1.5,
    operations: 7,
    logs: [
      ...logs,
      {
        at: expect.any(Number),
        level: 'warn',
        message: expect.stringMatching(/^2 lines were dropped: the limit logBytesMax is 65536\. /),
        fields: { limit: { name: 'logBytesMax', value: 65_536 }, dropped: 2 },
      },
    ],
    logsDropped: 2,
    error: null,
  })
  expect(record?.startedAt.getTime()).toBeGreaterThanOrEqual(before)
})

it.each([
  [null, 40],
  [0.5, 0.5],
])('records as many successes as the app says, else the operator: %j', async (own, used) => {
  await using server = await startTestIngress({
    apps: [{ ...app, recordSamplingPercent: own }],
    limits: { recordSamplingPercent: 40 },
  })
  await server.ask(GET)
  expect(server.samplings).toEqual([used])
})

async function answerTo(outcome: unknown): Promise<RawAnswer> {
  await using server = await startTestIngress({ apps: [app], execute: () => outcome })
  return await server.ask(GET)
}

function problemOf(answer: RawAnswer): Record<string, unknown> {
  expect(answer.headers['content-type']).toBe('application/problem+json')
  return JSON.parse(String(answer.body))
}
