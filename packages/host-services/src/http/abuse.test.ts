/** Servers that mean harm, or are merely broken: every one of them ends within bounds. */

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { type AppId, newId } from '@picloud/shared'
import { afterEach, describe, expect, it } from 'vitest'
import { type HttpUnderTest, httpUnderTest } from '../../test/http-under-test.ts'
import { startRawUpstream, type Upstream } from '../../test/upstream.ts'

const KIB = 1024
const MIB = 1024 * KIB
const TIMEOUT_MS = 300

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const each of cleanUp.splice(0)) await each()
})

async function against(
  answer: (socket: Socket) => void,
  limits: Parameters<typeof httpUnderTest>[0] = {},
): Promise<HttpUnderTest & { upstream: Upstream; get: (options?: object) => Promise<string> }> {
  const upstream = await startRawUpstream(answer)
  const http = httpUnderTest(limits)
  cleanUp.push(
    () => http.service.close(),
    () => upstream.stop(),
  )
  const get = (options: object = {}) =>
    http.codeOf({ url: upstream.url, timeout_ms: TIMEOUT_MS, ...options })
  return { ...http, upstream, get }
}

/** Writes pieces for as long as the other side takes them. */
function endless(socket: Socket, head: string, piece: string): void {
  socket.write(head)
  const more = () => {
    while (!socket.destroyed && socket.write(piece)) {}
  }
  socket.on('drain', more)
  more()
}

const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'

describe('a server', () => {
  it.each<readonly [string, string, (socket: Socket) => void]>([
    ['says nothing', 'PIC_HTTP_TIMEOUT', () => {}],
    ['sends half a head', 'PIC_HTTP_TIMEOUT', (s) => s.write('HTTP/1.1 200 OK\r\nx-a: b')],
    [
      'sends its headers a byte at a time',
      'PIC_HTTP_TIMEOUT',
      (s) => {
        s.write('HTTP/1.1 200 OK\r\nx-a: ')
        const timer = setInterval(() => s.write('a'), 20)
        s.once('close', () => clearInterval(timer))
      },
    ],
    [
      'sends its content a byte at a time',
      'PIC_HTTP_TIMEOUT',
      (s) => {
        s.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
        const timer = setInterval(() => s.write('a'), 20)
        s.once('close', () => clearInterval(timer))
      },
    ],
    [
      'promises more than it sends, and waits',
      'PIC_HTTP_TIMEOUT',
      (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort'),
    ],
    [
      'promises more than it sends, and leaves',
      'PIC_HTTP_CONNECTION',
      (s) => s.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort'),
    ],
    ['leaves in the middle of a chunk', 'PIC_HTTP_CONNECTION', (s) => s.end(`${chunked}ff\r\nabc`)],
    [
      'leaves without the last chunk',
      'PIC_HTTP_CONNECTION',
      (s) => s.end(`${chunked}3\r\nabc\r\n`),
    ],
    ['leaves without a word', 'PIC_HTTP_CONNECTION', (s) => s.destroy()],
    ['breaks off', 'PIC_HTTP_CONNECTION', (s) => s.resetAndDestroy()],
    ['leaves in the head', 'PIC_HTTP_CONNECTION', (s) => s.end('HTTP/1.1 200 OK\r\nx-a')],
    [
      'promises more than may come',
      'PIC_HTTP_TOO_LONG',
      (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n'),
    ],
    [
      'streams for ever, in chunks',
      'PIC_HTTP_TOO_LONG',
      (s) => endless(s, chunked, `8000\r\n${'x'.repeat(0x8000)}\r\n`),
    ],
    [
      'streams for ever, until it closes',
      'PIC_HTTP_TOO_LONG',
      (s) => endless(s, 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(0x8000)),
    ],
    [
      'sends headers for ever',
      'PIC_HTTP_TOO_LONG',
      (s) => endless(s, 'HTTP/1.1 200 OK\r\n', `x-a: ${'b'.repeat(1000)}\r\n`),
    ],
    [
      'sends one header for ever',
      'PIC_HTTP_TOO_LONG',
      (s) => endless(s, 'HTTP/1.1 200 OK\r\nx-a: ', 'b'.repeat(1000)),
    ],
    [
      'sends trailers for ever',
      'PIC_HTTP_TOO_LONG',
      (s) => endless(s, `${chunked}0\r\n`, `x-a: ${'b'.repeat(1000)}\r\n`),
    ],
    [
      'sends hints for ever',
      'PIC_HTTP_PROTOCOL',
      (s) => endless(s, '', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
    ],
    [
      'says that it goes on, unasked',
      'PIC_HTTP_CONNECTION',
      (s) => s.write('HTTP/1.1 100 Continue\r\n\r\n'),
    ],
    [
      'wants to speak something else',
      'PIC_HTTP_CONNECTION',
      (s) => s.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    ],
    [
      'names two lengths',
      'PIC_HTTP_PROTOCOL',
      (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
    ],
    [
      'names a length and chunks',
      'PIC_HTTP_PROTOCOL',
      (s) =>
        s.write(
          'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
        ),
    ],
    [
      'names a negative length',
      'PIC_HTTP_PROTOCOL',
      (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'),
    ],
    ['names a chunk of no length', 'PIC_HTTP_PROTOCOL', (s) => s.write(`${chunked}zz\r\nabc\r\n`)],
    ['speaks no HTTP', 'PIC_HTTP_PROTOCOL', (s) => s.write('SSH-2.0-OpenSSH_9.9\r\n')],
    ['speaks HTTP/2', 'PIC_HTTP_PROTOCOL', (s) => s.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    [
      'has a header with a line end in it',
      'PIC_HTTP_PROTOCOL',
      (s) => s.write('HTTP/1.1 200 OK\r\nx-a: b\rc\r\n\r\n'),
    ],
    [
      'sends content in a coding nobody asked for',
      'PIC_HTTP_PROTOCOL',
      (s) => s.end('HTTP/1.1 200 OK\r\ncontent-encoding: lzma\r\n\r\nabc'),
    ],
    [
      'sends content in codings on top of each other',
      'PIC_HTTP_PROTOCOL',
      (s) => s.end('HTTP/1.1 200 OK\r\ncontent-encoding: gzip, gzip\r\n\r\nabc'),
    ],
    [
      'says that content is compressed which is not',
      'PIC_HTTP_PROTOCOL',
      (s) => s.end('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\nabc'),
    ],
    [
      'sends half of what it compressed',
      'PIC_HTTP_PROTOCOL',
      (s) => {
        s.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n')
        s.end(gzipSync('x'.repeat(5000)).subarray(0, 20))
      },
    ],
  ])('that %s: %s', async (_what, code, answer) => {
    const { get, service, upstream } = await against(answer)
    const startedAt = performance.now()
    expect(await get({ timeout_ms: 1_000 })).toBe(code)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    expect(service.figures.underWay).toBe(0)
    await expect.poll(() => service.figures.connections.open).toBe(0)
    await expect.poll(() => upstream.openSockets).toBe(0)
  })

  it.each([
    ['gzip', gzipSync(Buffer.alloc(64 * MIB))],
    ['deflate', deflateSync(Buffer.alloc(64 * MIB))],
    ['br', brotliCompressSync(Buffer.alloc(64 * MIB))],
  ])('that sends a bomb of %s is stopped at the limit', async (coding, bomb) => {
    const { get } = await against((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\n`)
      socket.write(`content-length: ${bomb.byteLength}\r\n\r\n`)
      socket.write(bomb)
    })
    const before = process.memoryUsage.rss()
    expect(await get({ timeout_ms: 5_000 })).toBe('PIC_HTTP_TOO_LONG')
    expect(process.memoryUsage.rss() - before).toBeLessThan(48 * MIB)
  })

  it('whose answer is just as long as may be is heard', async () => {
    const content = 'x'.repeat(1000)
    const { get } = await against((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n')
      socket.end(gzipSync(content))
    })
    expect(await get({ max_bytes: 1000 })).toBe('ok')
    expect(await get({ max_bytes: 999 })).toBe('PIC_HTTP_TOO_LONG')
  })

  it('that sends hints before its answer is heard', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'
    const { get } = await against((socket) => {
      socket.write(`${hint.repeat(16)}HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n`)
    })
    expect(await get()).toBe('ok')
  })

  it('that answers twice poisons nobody: its connection goes', async () => {
    const answers = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n'
    const { get, ask, upstream } = await against((socket) => {
      socket.write(`${answers}a${answers}b`)
    })
    expect(await get()).toBe('ok')
    await sleep(50)
    expect((await ask({ url: upstream.url })).text).toBe('a')
    expect(upstream.connections).toBe(2)
  })

  it('that closes kept connections when it likes is asked again, where that does no harm', async () => {
    let answered = 0
    const { get, upstream } = await against((socket) => {
      answered += 1
      if (answered === 1) {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
        socket.on('data', () => socket.resetAndDestroy())
      } else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
    expect(await get()).toBe('ok')
    await sleep(20)
    expect(await get()).toBe('ok')
    expect(upstream.connections).toBe(2)
  })

  it('is asked once for what must not be done twice', async () => {
    const { get, upstream } = await against((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
      socket.on('data', () => socket.resetAndDestroy())
    })
    expect(await get()).toBe('ok')
    await sleep(20)
    expect(await get({ method: 'POST', body: 'x' })).toBe('PIC_HTTP_CONNECTION')
    expect(upstream.connections).toBe(1)
  })

  it('that redirects with content without end is left', async () => {
    const { get } = await against((socket) =>
      endless(socket, 'HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n', 'x'.repeat(0x8000)),
    )
    expect(await get({ timeout_ms: 2_000 })).toBe('PIC_HTTP_TOO_LONG')
  })
})

describe('a request', () => {
  it('ends a little before its script does', async () => {
    const { codeOf, upstream } = await against(() => {})
    const startedAt = performance.now()
    expect(await codeOf({ url: upstream.url }, { deadlineMs: 500 })).toBe('PIC_HTTP_TIMEOUT')
    const ms = performance.now() - startedAt
    expect(ms).toBeGreaterThan(350)
    expect(ms).toBeLessThan(500)
    const longer = { url: upstream.url, timeout_ms: 60_000 }
    expect(await codeOf(longer, { deadlineMs: 200 })).toBe('PIC_HTTP_TIMEOUT')
    expect(await codeOf({ url: upstream.url }, { deadlineMs: -5 })).toBe('PIC_HTTP_TIMEOUT')
  })

  it('ends with its script, and takes its connection along', async () => {
    const { codeOf, service, upstream } = await against(() => {})
    const controller = new AbortController()
    const asked = codeOf({ url: upstream.url }, { signal: controller.signal })
    await expect.poll(() => upstream.openSockets).toBe(1)
    controller.abort()
    expect(await asked).toBe('PIC_HTTP_ABORTED')
    await expect.poll(() => upstream.openSockets).toBe(0)
    expect(service.figures).toMatchObject({ underWay: 0, connections: { open: 0 } })
    const late = AbortSignal.abort()
    expect(await codeOf({ url: upstream.url }, { signal: late })).toBe('PIC_HTTP_ABORTED')
  })

  it('waits for no name server longer than it may', async () => {
    const http = httpUnderTest({ resolve: () => new Promise(() => {}) })
    const asked = { url: 'http://silent.test/', timeout_ms: 100 }
    expect(await http.codeOf(asked)).toBe('PIC_HTTP_TIMEOUT')
    expect(http.service.figures.underWay).toBe(0)
  })

  it('finds no room where others hold too much', async () => {
    const held = 'x'.repeat(300 * KIB)
    const { codeOf, upstream, service } = await against(
      (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${held.length + 1}\r\n\r\n${held}`)
      },
      { limits: { httpContentBytesMax: MIB } },
    )
    const [one, two] = [newId<AppId>(), newId<AppId>()]
    const ask = (app: AppId) => codeOf({ url: upstream.url, timeout_ms: 500 }, { app })
    const codes = await Promise.all([ask(one), ask(one), ask(two)])
    expect(codes.toSorted()).toEqual(['PIC_HTTP_BUSY', 'PIC_HTTP_TIMEOUT', 'PIC_HTTP_TIMEOUT'])
    expect(service.figures.underWay).toBe(0)
    expect(await ask(one)).toBe('PIC_HTTP_TIMEOUT')
  })
})
