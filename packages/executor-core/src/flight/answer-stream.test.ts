import type { StreamOutcome } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { PIECE_BYTES_MAX, type Taken } from '../protocol/stream-window.ts'
import { AnswerStream } from './answer-stream.ts'

const END: StreamOutcome = {
  kind: 'streamed',
  operations: 1,
  durationMs: 1,
  logs: [],
  logsDropped: 0,
}

function streamOf(streamBytesMax = 1024 * 1024) {
  const told: (Taken | 'goes on')[] = []
  const stream = new AnswerStream({ status: 200, headers: {} }, streamBytesMax, {
    sendTaken: (taken) => told.push(taken),
    onGoesOn: () => told.push('goes on'),
  })
  return { stream, told }
}

describe('a streamed answer on its way', () => {
  it('hands out what came, in order, also after the end', async () => {
    const { stream } = streamOf()
    const first = stream.next()
    stream.receive(Uint8Array.of(1))
    stream.receive(Uint8Array.of(2))
    stream.end(END)
    expect([await first, await stream.next(), await stream.next()]).toEqual([
      Uint8Array.of(1),
      Buffer.of(2),
      null,
    ])
    expect(await stream.outcome).toBe(END)
  })

  it('ends who waits for the next piece', async () => {
    const { stream } = streamOf()
    const next = stream.next()
    stream.end(END)
    expect(await next).toBe(null)
  })

  it('says what was taken once that is half a window, and that its sender goes on', async () => {
    const { stream, told } = streamOf()
    for (let i = 0; i < 16; i += 1) stream.receive(Uint8Array.of(i))
    expect(stream.isFull).toBe(true)
    // To ask for a piece is to have taken the one before.
    for (let i = 0; i < 8; i += 1) await stream.next()
    expect(told).toEqual([])
    await stream.next()
    expect(told).toEqual([{ pieces: 8, bytes: 8 }, 'goes on'])
    expect(stream.isFull).toBe(false)
  })

  it('says at once that a long piece was taken', async () => {
    const { stream, told } = streamOf()
    stream.receive(new Uint8Array(PIECE_BYTES_MAX))
    expect(stream.isFull).toBe(true)
    await stream.next()
    void stream.next()
    expect(told).toEqual([{ pieces: 1, bytes: PIECE_BYTES_MAX }, 'goes on'])
  })

  it('refuses what was not asked for', () => {
    const { stream: many } = streamOf()
    for (let i = 0; i < 16; i += 1) many.receive(new Uint8Array(0))
    expect(() => many.receive(new Uint8Array(0))).toThrow(ProtocolError)
    expect(() => streamOf().stream.receive(new Uint8Array(PIECE_BYTES_MAX + 1))).toThrow(
      ProtocolError,
    )
    const { stream: long } = streamOf(100)
    long.receive(new Uint8Array(100))
    expect(() => long.receive(new Uint8Array(1))).toThrow(ProtocolError)
  })
})
