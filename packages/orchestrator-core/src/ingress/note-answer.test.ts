import { inspect } from 'node:util'
import { type Logger, metricsText, SILENT_LOGGER } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { failureOutcome, startTestIngress, testApp } from '../../test/test-ingress.ts'
import { IngressFigures } from './ingress-figures.ts'

const app = testApp('shop', ['shop.example.com'], ['* /'])
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`

function get(path: string, ...fields: readonly string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: shop.example.com', ...fields, '', ''].join('\r\n')
}

function textOf(figures: IngressFigures): string {
  const samples = [...figures.answers.samples(), ...figures.durations.samples()]
  return metricsText([{ name: 'picloud_x', type: 'gauge', help: 'x', samples }])
}

describe('the figures of an ingress', () => {
  it('count every answer once, whoever gave it', async () => {
    let failing = false
    await using server = await startTestIngress({
      apps: [app],
      execute: () => (failing ? failureOutcome({ code: 'PIC_EXEC_DEADLINE', status: 504 }) : {}),
    })
    await server.ask(get('/'))
    await server.ask(get('/unknown'))
    await server.ask('POST / HTTP/1.1\r\nHost: elsewhere.example.com\r\n\r\n')
    await server.ask('nonsense\r\n\r\n')
    failing = true
    await server.ask(get('/'))
    const { figures } = server.ingress
    const text = textOf(figures)
    expect(text).toContain('{status="2xx"} 1\n')
    expect(text).toContain('{status="4xx"} 3\n')
    expect(text).toContain('{status="5xx"} 1\n')
    expect(text).toContain('_count 2\n')
    expect(figures.executions).toEqual({ ok: 1, error: 1 })
    expect([...figures.failures]).toEqual([['PIC_EXEC_DEADLINE', 1]])
  })

  it('count a client that left as one without an answer', async () => {
    const started = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    await using server = await startTestIngress({
      apps: [app],
      execute: async (_request, signal) => {
        started.resolve()
        signal.addEventListener('abort', () => released.resolve())
        await released.promise
        return {}
      },
    })
    const client = await server.connect()
    client.send(get('/'))
    await started.promise
    client.drop()
    const { figures } = server.ingress
    await expect.poll(() => textOf(figures)).toContain('{status="none"} 1\n')
    expect(textOf(figures)).toContain('{status="2xx"} 0\n')
  })

  it('tell a bounded number of failure codes apart', () => {
    const figures = new IngressFigures()
    for (let index = 0; index < 1_000; index += 1) figures.executed(1, `PIC_X_${index}`)
    expect(figures.failures.size).toBeLessThanOrEqual(65)
    expect(figures.failures.get('other')).toBe(1_000 - 64)
  })
})

describe('the log of requests', () => {
  const lines: string[] = []
  const collect = (fields: object, message: string) => lines.push(`${message} ${inspect(fields)}`)
  const logger: Logger = { ...SILENT_LOGGER, debug: collect, error: collect }

  it('has a line with id and trace for each answer, when that is asked for', async () => {
    lines.length = 0
    await using server = await startTestIngress({
      apps: [app],
      ingress: { logger, logsRequests: true },
    })
    const answer = await server.ask(get('/?secret=1', `traceparent: ${TRACEPARENT}`))
    const refused = await server.ask(get('/unknown', 'traceparent: 00-garbage'))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain(`request_id: '${answer.headers['x-request-id']}'`)
    expect(lines[0]).toContain(`trace_id: '${TRACE}'`)
    expect(lines[0]).toContain("path: '/'")
    expect(lines[0]).not.toContain('secret')
    expect(lines[1]).toContain(`request_id: '${refused.headers['x-request-id']}'`)
    expect(lines[1]).not.toContain('trace_id')
  })

  it('otherwise has only what went wrong, with id and trace', async () => {
    lines.length = 0
    await using server = await startTestIngress({
      apps: [app],
      ingress: { logger },
      execute: () => {
        throw new Error('out of reach')
      },
    })
    const answer = await server.ask(get('/', `traceparent: ${TRACEPARENT}`))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(`request_id: '${answer.headers['x-request-id']}'`)
    expect(lines[0]).toContain(`trace_id: '${TRACE}'`)
  })

  it('hands the trace to the script as it was sent', async () => {
    const seen: unknown[] = []
    await using server = await startTestIngress({
      apps: [app],
      execute: ({ request }) => {
        seen.push(request.headers.traceparent)
        return {}
      },
    })
    await server.ask(get('/', `Traceparent: ${TRACEPARENT}`))
    expect(seen).toEqual([TRACEPARENT])
  })
})
