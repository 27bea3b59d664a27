import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_FRAME_LIMITS, FRAME_KIND, type Frame } from './frame.ts'
import { FrameChannel } from './frame-channel.ts'
import { ProtocolError } from './protocol-error.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'picloud-channel-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function socketPair(): Promise<[Socket, Socket]> {
  const path = join(folder, 'socket')
  const accepted = Promise.withResolvers<Socket>()
  const server = createServer((socket) => accepted.resolve(socket)).listen(path)
  await new Promise((resolve) => server.once('listening', resolve))
  const near = createConnection(path)
  const far = await accepted.promise
  server.close()
  return [near, far]
}

interface End {
  readonly channel: FrameChannel
  readonly frames: Frame[]
  readonly closed: Promise<Error | null>
  chunks: number
}

function endOf(socket: Socket): End {
  const { promise, resolve } = Promise.withResolvers<Error | null>()
  const frames: Frame[] = []
  const end: End = {
    frames,
    chunks: 0,
    closed: promise,
    channel: new FrameChannel({
      socket,
      limits: DEFAULT_FRAME_LIMITS,
      onFrame: (frame) => frames.push(frame),
      onChunkEnd: () => {
        end.chunks += 1
      },
      onClose: resolve,
    }),
  }
  return end
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 5000
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error('it did not happen in 5 s')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe('a frame channel', () => {
  it('sends all frames of one turn of the event loop in one write', async () => {
    const [near, far] = await socketPair()
    const sender = endOf(near)
    const receiver = endOf(far)
    for (let id = 1; id <= 200; id += 1) sender.channel.send(FRAME_KIND.cancel, id)
    expect(near.bytesWritten).toBe(0)
    await until(() => receiver.frames.length === 200)
    expect(receiver.chunks).toBe(1)
    expect(receiver.frames.map(({ id }) => id)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    )
    sender.channel.close()
    await Promise.all([sender.closed, receiver.closed])
  })

  it('keeps the order of small frames and large bodies under back pressure', async () => {
    const [near, far] = await socketPair()
    const sender = endOf(near)
    const receiver = endOf(far)
    far.pause()
    for (let id = 1; id <= 60; id += 1) {
      const body = new Uint8Array(id % 2 === 0 ? 300_000 : 10).fill(id)
      sender.channel.send(FRAME_KIND.outcome, id, JSON.stringify({ id }), body)
      sender.channel.flush()
    }
    expect(sender.channel.bufferedBytes).toBeGreaterThan(0)
    far.resume()
    await until(() => receiver.frames.length === 60)
    for (const [index, { id, body }] of receiver.frames.entries()) {
      expect(id).toBe(index + 1)
      expect(body.every((byte) => byte === id)).toBe(true)
    }
    sender.channel.close()
    await Promise.all([sender.closed, receiver.closed])
  })

  it('ends on bytes that are no frames and says why', async () => {
    const [near, far] = await socketPair()
    const receiver = endOf(far)
    near.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    expect(await receiver.closed).toBeInstanceOf(ProtocolError)
    near.destroy()
  })

  it('closes when the other end closes, after the last frame', async () => {
    const [near, far] = await socketPair()
    const sender = endOf(near)
    const receiver = endOf(far)
    sender.channel.send(FRAME_KIND.cancel, 1)
    sender.channel.end()
    expect(await receiver.closed).toBeNull()
    expect(receiver.frames).toHaveLength(1)
    await sender.closed
  })
})
