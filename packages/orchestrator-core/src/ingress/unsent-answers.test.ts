import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { AppId } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UnsentAnswers } from './unsent-answers.ts'

const ANSWER = Buffer.alloc(8 * 1024 * 1024)
const LOUD = { id: 'loud' as AppId }
const QUIET = { id: 'quiet' as AppId }

const server = createServer()
const clients: Socket[] = []
beforeEach(async () => {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** A response of 8 MiB whose client reads nothing until it is told to. */
async function stalled(app: { id: AppId }, unsent: UnsentAnswers) {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  clients.push(client)
  client.pause().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  response.end(ANSWER)
  unsent.add(app, response, ANSWER.length)
  return { client, response }
}

describe('answers nobody reads', () => {
  it('cut the oldest of the app that holds the most, past the limit', async () => {
    const unsent = new UnsentAnswers(ANSWER.length * 3)
    const quiet = await stalled(QUIET, unsent)
    const first = await stalled(LOUD, unsent)
    const second = await stalled(LOUD, unsent)
    expect(first.response.destroyed).toBe(false)
    const closed = once(first.response, 'close')
    await stalled(LOUD, unsent)
    await closed
    expect(first.response.destroyed).toBe(true)
    expect([quiet.response.destroyed, second.response.destroyed]).toEqual([false, false])
    expect(unsent.bytes).toBe(ANSWER.length * 3)
  })

  it('are not counted any more once they are read', async () => {
    const unsent = new UnsentAnswers()
    const { client, response } = await stalled(QUIET, unsent)
    expect(unsent.bytes).toBe(ANSWER.length)
    const closed = once(response, 'close')
    client.resume()
    await closed
    expect(unsent.bytes).toBe(0)
  })
})
