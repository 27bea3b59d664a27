import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RawClient } from '../../test/raw-client.ts'
import {
  answerOutcome,
  startTestIngress,
  type TestIngress,
  testApp,
} from '../../test/test-ingress.ts'

const apps = [testApp('shop', ['shop.example'], ['* /'])]
const GET = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'
const SECOND = 1_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('a client that takes its time', () => {
  it('with its first head is told after ten seconds, however it drips', async () => {
    await using server = await startTestIngress({ apps })
    const client = await server.connect()
    for (const character of 'GET / HTT') {
      client.send(character)
      await pass(SECOND)
    }
    const early = vi.getTimerCount()
    await pass(SECOND)
    const answer = await client.answer()
    expect(JSON.parse(String(answer.body))).toMatchObject({
      status: 408,
      code: 'PIC_INGRESS_REQUEST_TIMEOUT',
    })
    expect([early, answer.headers.connection]).toEqual([1, 'close'])
    await client.closed()
  })

  it('and says nothing at all is left without a word', async () => {
    await using server = await startTestIngress({ apps })
    const client = await server.connect()
    await pass(10 * SECOND)
    expect(await client.closed()).toBe('')
  })

  it('with its next head is left after the time for keeping alive and for a head', async () => {
    await using server = await startTestIngress({ apps })
    const client = await server.connect()
    client.send(GET)
    expect((await client.answer()).status).toBe(200)
    let seconds = 0
    const closed = client.closed().then(() => true)
    const isClosed = () => Promise.race([closed, turn(false)])
    for (; seconds < 120 && !(await isClosed()); seconds += 1) {
      if (seconds < GET.length - 1) client.send(GET[seconds] ?? '')
      await pass(SECOND)
    }
    expect(seconds).toBeGreaterThanOrEqual(75)
    expect(seconds).toBeLessThanOrEqual(96)
  })

  it('with taking its answer is left when it is too slow for what there is', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024)
    await using server = await startTestIngress({ apps, execute: () => answerOutcome({ body }) })
    const client = await server.connect()
    client.pause()
    client.send(GET)
    await expect.poll(() => server.records.length).toBe(1)
    const seconds = 60 + body.length / 4096
    await pass((seconds - 20) * SECOND)
    expect(await connectionsOf(server)).toBe(1)
    await pass(60 * SECOND)
    await until(async () => (await connectionsOf(server)) === 0)
  })

  it('does not have a connection ended that is in use', async () => {
    await using server = await startTestIngress({ apps })
    const client = await server.connect()
    for (let second = 0; second < 200; second += 5) {
      client.send(GET)
      expect((await client.answer()).status).toBe(200)
      await pass(5 * SECOND)
    }
  })
})

describe('a script that takes its time', () => {
  it('is not its client', async () => {
    const answered = Promise.withResolvers<object>()
    await using server = await startTestIngress({ apps, execute: () => answered.promise })
    const client = await server.connect()
    client.send(GET)
    await pass(500 * SECOND)
    answered.resolve({ late: true })
    expect((await client.answer()).status).toBe(200)
  })
})

describe('an ingress', () => {
  it('has no timer when nobody is there', async () => {
    await using server = await startTestIngress({ apps })
    expect(vi.getTimerCount()).toBe(0)
    const client = await server.connect()
    client.send(GET)
    await client.answer()
    expect(vi.getTimerCount()).toBe(1)
    client.drop()
    await until(async () => (await connectionsOf(server)) === 0)
    await pass(10 * SECOND)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('closes the connections that are too many at once, and no others', async () => {
    await using server = await startTestIngress({ apps, limits: { connectionsMax: 10 } })
    const clients = await Promise.all(Array.from({ length: 10 }, () => server.connect()))
    const more = await RawClient.connect(server.port)
    expect(await more.closed()).toBe('')
    for (const client of clients) client.send(GET)
    for (const client of clients) expect((await client.answer()).status).toBe(200)
    clients[0]?.drop()
    await until(async () => (await connectionsOf(server)) === 9)
    expect((await server.ask(GET)).status).toBe(200)
  })

  it('answers beside hundreds of connections that were opened and left', async () => {
    await using server = await startTestIngress({ apps })
    const left = await Promise.all(Array.from({ length: 400 }, () => server.connect()))
    left.forEach((client, index) => {
      if (index % 2 === 0) client.send('GET / HTTP/1.1\r\nHost: sh')
    })
    expect((await server.ask(GET)).status).toBe(200)
    await pass(10 * SECOND)
    for (const [index, client] of left.entries()) {
      if (index % 2 === 0) expect((await client.answer()).status).toBe(408)
      else expect(await client.closed()).toBe('')
    }
    await pass(10 * SECOND)
    await until(async () => (await connectionsOf(server)) === 0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('an execution', () => {
  it.each([
    ['goes away', (client: RawClient) => client.drop()],
    ['says that it sends no more', (client: RawClient) => client.halfClose()],
  ])('ends when its client %s, on a connection that was used before', async (_, leave) => {
    const begun = Promise.withResolvers<AbortSignal>()
    let isFirst = true
    await using server = await startTestIngress({
      apps,
      execute: async (_request, signal) => {
        if (isFirst) {
          isFirst = false
          return {}
        }
        begun.resolve(signal)
        await once(signal, 'abort')
        return {}
      },
    })
    const client = await server.connect()
    client.send(GET)
    await client.answer()
    client.send(GET + GET)
    await begun.promise
    leave(client)
    await until(async () => server.records.length === 3)
    expect(server.ingress.load.underWay).toBe(0)
  })
})

async function connectionsOf({ server }: TestIngress): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })
}

/** Lets time pass, and the sockets do what they do in it. */
async function pass(ms: number): Promise<void> {
  await settle()
  await vi.advanceTimersByTimeAsync(ms)
  await settle()
}

async function settle(): Promise<void> {
  for (let index = 0; index < 5; index += 1) await turn()
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; !(await condition()); turns += 1) {
    if (turns > 100_000) throw new Error('It did not happen.')
    await turn()
  }
}
