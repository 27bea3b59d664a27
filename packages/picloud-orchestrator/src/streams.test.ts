/** Streamed answers from a sandbox to a real socket: as they are made, and no faster than read. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  connectExecutor,
  type LocalExecutor,
  serveExecutor,
  startExecutor,
} from '@picloud/executor-core'
import { createTestService } from '@picloud/executor-core/test-service'
import { createIngressServer, ingressMetrics, Orchestrator } from '@picloud/orchestrator-core'
import { DEFAULT_LIMITS } from '@picloud/shared'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Chunks of an answer by the number `n`, until `ends` is true. */
function streaming(ends: string, chunk: string, headers = ''): string {
  return `let n = 0; #{ statusCode: 200, headers: #{ ${headers} }, body: || { n += 1; if ${ends} { () } else { ${chunk} } } }`
}

const EVENTS = '"content-type": "text/event-stream"'

const SCRIPTS: Readonly<Record<string, string>> = {
  three: streaming('n > 3', '"chunk " + n + "\\n"', '"etag": "\\"a\\""'),
  slow: streaming('n > 3', 'if n > 1 { test::sleep(400); } "chunk " + n'),
  events: streaming(
    'n > 2',
    '#{ id: n, data: "last " + (request.headers["last-event-id"] ?? "none") }',
    EVENTS,
  ),
  hangs: streaming('false', 'if n > 1 { test::sleep(60_000); } "a"'),
  breaks: streaming('n > 5', 'if n > 2 { throw "broken" } "a"'),
  fails: streaming('false', 'throw #{ status: 409, message: "not now" }'),
  endless: streaming('false', 'log::debug("" + n); big', '"x-a": "1"').replace(
    'let n = 0;',
    'let big = ""; big.pad(50_000, \'x\'); let n = 0;',
  ),
  computes: streaming('false', 'if n > 1 { loop {} } "a"'),
  quiet: streaming('n > 2', 'if n == 1 { "" } else { test::sleep(300); "late" }'),
}

for (const kind of ['in this process', 'of another program'] as const) {
  describe(`a streamed answer of an executor ${kind}`, () => {
    const cleanUp = new AsyncDisposableStack()
    const testService = createTestService()
    let test: TestDatabase
    let pool: LocalExecutor
    let orchestrator: Orchestrator
    let port: number
    let cutLink: () => Promise<void>

    beforeAll(async () => {
      test = await createTestDatabase()
      cleanUp.defer(() => test.drop())
      const app = await test.database.apps.find('default')
      if (app === null) throw new Error('no default app')
      await test.database.write(async (tx) => {
        for (const [name, source] of Object.entries(SCRIPTS)) {
          const script = await tx.scripts.create({ appId: app.id, name, source })
          const where = { method: '*', pathPattern: `/${name}`, hostPattern: null, enabled: true }
          await tx.routes.create({ appId: app.id, scriptId: script.id, ...where })
        }
      })
      const limits = { ...DEFAULT_LIMITS, deadlineMs: 3_000, streamMs: 4_000, cpuMsMax: 2_000 }
      pool = startExecutor({ ...limits, processes: 1, services: [testService] })
      cleanUp.defer(() => pool.stop())
      while (pool.sandboxes[0]?.isReady !== true) await sleep(20)
      let executor: Parameters<typeof serveExecutor>[0]['executor'] = pool
      if (kind === 'of another program') {
        const folder = await mkdtemp(join(tmpdir(), 'picloud-streams-'))
        cleanUp.defer(() => rm(folder, { recursive: true }))
        const socketPath = join(folder, 'executor.sock')
        let server = await serveExecutor({ socketPath, executor: pool })
        cutLink = async () => {
          await server.stop()
          server = await serveExecutor({ socketPath, executor: pool })
        }
        cleanUp.defer(() => server.stop())
        executor = connectExecutor({ socketPath })
        cleanUp.defer(() => executor.stop())
      }
      orchestrator = new Orchestrator({
        database: test.database,
        executor,
        limits,
        adminListener: (_, response) => response.end(),
        authorizeExecute: async () => {},
      })
      orchestrator.start()
      cleanUp.defer(() => orchestrator.stop(2_000))
      expect(await orchestrator.ready(5_000)).toBe(true)
      const server = createIngressServer(orchestrator.ingress, limits).listen(0, '127.0.0.1')
      cleanUp.defer(() => {
        server.closeAllConnections()
        server.close()
      })
      await once(server, 'listening')
      port = (server.address() as AddressInfo).port
    })
    afterAll(() => cleanUp.disposeAsync())

    async function ask(
      path: string,
      options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
    ): Promise<IncomingMessage> {
      const asked = request({ port, path, agent: false, ...options }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      return answer
    }

    function recordOf({ headers }: IncomingMessage) {
      return test.database.executions.find(String(headers['x-request-id']) as never)
    }

    it('comes in chunks, without a length', async () => {
      const answer = await ask('/three', { headers: { 'if-none-match': '"a"' } })
      expect(answer.statusCode).toBe(200)
      expect(answer.headers).toMatchObject({
        'transfer-encoding': 'chunked',
        'content-type': 'text/plain; charset=utf-8',
        etag: '"a"',
      })
      expect(answer.headers['content-length']).toBe(undefined)
      expect(await textOf(answer)).toBe('chunk 1\nchunk 2\nchunk 3\n')
      await expect.poll(() => recordOf(answer)).toMatchObject({ outcome: 'ok', status: 200 })
    })

    it('keeps the connection for the next request', async () => {
      const raw = await send(
        'GET /three HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(3),
        (text) => text.split('\r\n0\r\n\r\n').length > 3,
      )
      expect(raw.match(/chunk 3/g)).toHaveLength(3)
    })

    it('arrives chunk by chunk, while the script makes the next', async () => {
      const answer = await ask('/slow')
      const times: number[] = []
      for await (const _ of answer) times.push(performance.now())
      expect(times).toHaveLength(3)
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(300)
      const record = await polled(() => recordOf(answer))
      expect(record.durationMs).toBeGreaterThan(700)
    })

    it('begins with a chunk that is empty', async () => {
      const askedAt = performance.now()
      const answer = await ask('/quiet')
      const headMs = performance.now() - askedAt
      expect(await textOf(answer)).toBe('late')
      expect(performance.now() - askedAt - headMs).toBeGreaterThan(200)
    })

    it('may be events, whose client says which it has seen', async () => {
      const answer = await ask('/events', { headers: { 'last-event-id': '7' } })
      expect(answer.headers).toMatchObject({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      expect(await textOf(answer)).toBe('id: 1\ndata: last 7\n\nid: 2\ndata: last 7\n\n')
    })

    it('is closed at its end for a client of HTTP/1.0', async () => {
      const raw = await send('GET /three HTTP/1.0\r\nhost: localhost\r\n\r\n')
      expect(raw).toContain('Connection: close')
      expect(raw).not.toMatch(/transfer-encoding/i)
      expect(raw.split('\r\n\r\n')[1]).toBe('chunk 1\nchunk 2\nchunk 3\n')
    })

    it('is its head alone for HEAD, and the script ends', async () => {
      const aborted = testService.aborted
      const answer = await ask('/hangs', { method: 'HEAD' })
      expect(answer.statusCode).toBe(200)
      expect(await textOf(answer)).toBe('')
      await expect.poll(() => recordOf(answer)).toMatchObject({ outcome: 'ok', status: 200 })
      expect(testService.pending).toBe(0)
      expect(testService.aborted).toBeLessThanOrEqual(aborted + 1)
    })

    it('is a problem when its first chunk fails', async () => {
      const answer = await ask('/fails')
      expect(answer.statusCode).toBe(409)
      expect(JSON.parse(await textOf(answer))).toMatchObject({ detail: 'not now' })
    })

    it('is cut where its script fails later', async () => {
      const answer = await ask('/breaks')
      await expect(textOf(answer)).rejects.toThrow('aborted')
      await expect
        .poll(() => recordOf(answer))
        .toMatchObject({
          outcome: 'error',
          status: 200,
          error: { code: 'PIC_SCRIPT_ERROR', kind: 'ErrorRuntime' },
        })
      const old = send('GET /breaks HTTP/1.0\r\nhost: localhost\r\n\r\n')
      await expect(old).rejects.toMatchObject({ code: 'ECONNRESET' })
    })

    it('is cut where it passes a limit', async () => {
      const answer = await ask('/computes')
      await expect(textOf(answer)).rejects.toThrow('aborted')
      const record = await polled(() => recordOf(answer))
      expect(record.error).toMatchObject({ code: 'PIC_SCRIPT_LIMIT' })
      expect(record.error?.message).toContain('raises it')
    })

    it('is held back by a client that does not read', async () => {
      const answer = await ask('/endless')
      answer.pause()
      await sleep(1_000)
      expect(under()).toBe(1)
      answer.destroy()
      const record = await polled(() => recordOf(answer))
      expect(record).toMatchObject({ outcome: 'error', status: 499 })
      expect(record.error?.code).toBe('PIC_EXEC_CANCELLED')
      // Each chunk has logged a line: the buffers of two sockets, and no more.
      expect(record.logs.length + record.logsDropped).toBeLessThan(400)
      expect(under()).toBe(0)
    })

    it('ends with its client, and so does what its script waits for', async () => {
      const { aborted } = testService
      const answer = await ask('/hangs')
      answer.once('data', () => {})
      await expect.poll(() => testService.pending).toBe(1)
      answer.destroy()
      await expect.poll(() => testService.pending).toBe(0)
      expect(testService.aborted).toBe(aborted + 1)
      await expect
        .poll(() => recordOf(answer))
        .toMatchObject({
          outcome: 'error',
          status: 499,
          error: { code: 'PIC_EXEC_CANCELLED' },
        })
    })

    it('ends when its time is over', async () => {
      const answer = await ask('/hangs')
      await expect(textOf(answer)).rejects.toThrow('aborted')
      const { error } = await polled(() => recordOf(answer))
      expect(error?.message).toContain('the limit streamMs is 4000')
    })

    it('comes whole to each of many', async () => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => ask('/three')))
      const texts = await Promise.all(answers.map(textOf))
      expect(new Set(texts)).toEqual(new Set(['chunk 1\nchunk 2\nchunk 3\n']))
    })

    it('is cut when its sandbox is killed', async () => {
      const answer = await ask('/hangs')
      process.kill(pool.sandboxes[0]?.pid ?? 0, 'SIGKILL')
      await expect(textOf(answer)).rejects.toThrow('aborted')
      await expect
        .poll(() => recordOf(answer))
        .toMatchObject({
          outcome: 'error',
          error: { code: 'PIC_EXEC_SANDBOX_LOST' },
        })
      expect(await textOf(await ask('/three'))).toContain('chunk 3')
    })

    if (kind === 'of another program') {
      it('is cut when the executor goes', async () => {
        const answer = await ask('/hangs')
        const text = textOf(answer)
        text.catch(() => {})
        await cutLink()
        await expect(text).rejects.toThrow('aborted')
        await expect
          .poll(() => recordOf(answer))
          .toMatchObject({
            outcome: 'error',
            error: { code: 'PIC_EXEC_LINK_LOST' },
          })
        await expect.poll(() => testService.pending).toBe(0)
      })
    }

    /** Streams under way, as metrics tell. */
    function under(): number {
      const metrics = ingressMetrics(orchestrator.state)
      const metric = metrics.find(({ name }) => name === 'picloud_streams_under_way')
      return Array.from(metric?.samples ?? [], ({ value }) => value)[0] ?? -1
    }

    /** All that is answered to bytes, until the connection ends or `isWhole` is true. */
    function send(
      bytes: string,
      isWhole: (text: string) => boolean = () => false,
    ): Promise<string> {
      return new Promise((resolve, reject) => {
        let text = ''
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
        socket.on('data', (chunk) => {
          text += chunk.toString('latin1')
          if (isWhole(text)) socket.end()
        })
        socket.on('end', () => resolve(text))
        socket.on('error', reject)
      })
    }
  })
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of answer) text += chunk
  return text
}

async function polled<Found>(find: () => Promise<Found | null>): Promise<Found> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await find()
    if (found !== null) return found
    await sleep(25)
  }
  throw new Error('it was not found')
}
