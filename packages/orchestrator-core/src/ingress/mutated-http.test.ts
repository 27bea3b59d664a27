/**
 * Bytes of sound requests, changed at random: whatever becomes of them, an answer belongs to exactly
 * one request, and goes to the connection it came on.
 */
import { expect, it } from 'vitest'
import { startTestIngress, type TestIngress, testApp } from '../../test/test-ingress.ts'

const apps = [
  testApp('shop', ['shop.example'], ['* /*rest']),
  testApp('blog', ['blog.example'], ['* /*rest']),
]
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1)
const CONNECTIONS = 25

it.each(SEEDS)('holds for the seed %d', async (seed) => {
  const random = randomFrom(seed)
  await using server = await startTestIngress({
    apps,
    limits: { deadlineMs: 2_000 },
    execute: async ({ id, app, request }) => {
      if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, random() * 5))
      return { id, app: app.slug, token: request.headers['x-token'] ?? null }
    },
  })
  const answered = new Set<string>()
  const talks = Array.from({ length: CONNECTIONS }, async (_, index) => {
    const sent = mutated(requestsOf(`${seed}-${index}`), random)
    for (const text of await talk(server, sent, random)) {
      const { id, requestId, app, token } = text
      expect(id).toBe(requestId)
      expect(answered.has(id)).toBe(false)
      answered.add(id)
      if (token !== null) expect(sent.toString('latin1')).toContain(token.split(', ')[0])
      const record = server.records.find((one) => one.id === id)
      expect(apps.find(({ slug }) => slug === app)?.id).toBe(record?.appId)
    }
  })
  await Promise.all(talks)
  expect(answered.size).toBeGreaterThan(CONNECTIONS)
  const sound = await server.ask('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
  expect(sound.status).toBe(200)
  await expect.poll(() => server.ingress.load.underWay, { timeout: 5_000 }).toBe(0)
})

interface Echo {
  readonly id: string
  readonly requestId: string
  readonly app: string
  readonly token: string | null
}

/** What came back of scripts, in one conversation in which each side ends when it likes. */
async function talk(server: TestIngress, bytes: Buffer, random: () => number): Promise<Echo[]> {
  const client = await server.connect()
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + Math.floor(random() * bytes.length)
    client.send(bytes.subarray(at, end))
    at = end
    await new Promise((resolve) => setImmediate(resolve))
  }
  client.halfCloseAfter(150)
  const echoes: Echo[] = []
  for (;;) {
    const answer = await client.answer().catch(() => null)
    if (answer === null) break
    expect(answer.status).toBeGreaterThanOrEqual(100)
    if (answer.status === 200 && answer.body.length > 0) {
      const echo = JSON.parse(String(answer.body))
      echoes.push({ ...echo, requestId: answer.headers['x-request-id'] })
    }
  }
  client.drop()
  return echoes
}

function requestsOf(token: string): Buffer {
  const field = (host: string, turn: number) =>
    `Host: ${host}.example\r\nX-Token: ${host}-${token}-${turn}\r\n`
  return Buffer.from(
    `GET /a?b=c HTTP/1.1\r\n${field('shop', 1)}\r\n` +
      `POST /form HTTP/1.1\r\n${field('blog', 2)}Content-Length: 5\r\n\r\nhello` +
      `PUT /x HTTP/1.1\r\n${field('shop', 3)}Transfer-Encoding: chunked\r\n\r\n` +
      '5\r\nhello\r\n3;a=b\r\nyou\r\n0\r\n\r\n' +
      `OPTIONS * HTTP/1.1\r\n${field('blog', 4)}\r\n` +
      `GET http://blog.example/ HTTP/1.1\r\n${field('shop', 5)}Connection: keep-alive\r\n\r\n`,
  )
}

const PIECES = [
  '\r\n',
  '\n',
  '\r',
  ':',
  ' ',
  '\0',
  '0',
  '-',
  ',',
  'HTTP/1.1',
  'Content-Length: 3\r\n',
]

function mutated(bytes: Buffer, random: () => number): Buffer {
  let text = bytes
  const below = (limit: number) => Math.floor(random() * limit)
  for (let count = 1 + below(3); count > 0; count -= 1) {
    const at = below(text.length)
    const [before, after] = [text.subarray(0, at), text.subarray(at)]
    const changes = [
      () => Buffer.concat([before, Buffer.from([below(256)]), after.subarray(1)]),
      () => Buffer.concat([before, after.subarray(1 + below(20))]),
      () =>
        Buffer.concat([before, Buffer.from(PIECES[below(PIECES.length)] ?? '', 'latin1'), after]),
      () => Buffer.concat([before, after.subarray(0, below(60)), after]),
    ]
    text = changes[below(changes.length)]?.() ?? text
  }
  return text
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
