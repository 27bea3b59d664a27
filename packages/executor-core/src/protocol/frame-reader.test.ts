/** Frames written in one go must come out the same however the bytes are cut on the way. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_FRAME_LIMITS, FRAME_KIND, type Frame, HEADER_BYTES } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { FrameWriter } from './frame-writer.ts'
import { FrameTooLargeError, ProtocolError } from './protocol-error.ts'

const anyFrame = fc.record({
  kind: fc.constantFrom(...Object.values(FRAME_KIND)),
  id: fc.nat(0xffff_ffff),
  metadata: fc.oneof(fc.constant(''), fc.json(), fc.string({ unit: 'binary' })),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.nat(100_000).map((length) => new Uint8Array(length).fill(length)),
  ),
})

function written(frames: readonly Frame[], limits = DEFAULT_FRAME_LIMITS): Buffer {
  const writer = new FrameWriter(limits)
  const taken: Uint8Array[] = []
  for (const [index, { kind, id, metadata, body }] of frames.entries()) {
    writer.add(kind, id, metadata, body)
    // Taking and recycling in between must not disturb what follows.
    if (index % 3 === 2) {
      taken.push(...writer.take().map((chunk) => Uint8Array.from(chunk)))
      writer.recycle()
    }
  }
  return Buffer.concat([...taken, ...writer.take()])
}

function readBack(bytes: Buffer, cuts: readonly number[]): Frame[] {
  const frames: Frame[] = []
  const reader = new FrameReader(DEFAULT_FRAME_LIMITS, (frame) => frames.push(frame))
  let at = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const end = Math.min(cut, bytes.byteLength)
    reader.push(Buffer.from(bytes.subarray(at, end)))
    at = end
  }
  reader.push(Buffer.from(bytes.subarray(at)))
  return frames
}

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 8 }),
        fc.array(fc.nat(200_000), { maxLength: 12 }),
        (frames, cuts) => {
          const back = readBack(written(frames), cuts)
          expect(back.map((frame) => ({ ...frame, body: Uint8Array.from(frame.body) }))).toEqual(
            frames.map((frame) => ({ ...frame, metadata: frame.metadata.toWellFormed() })),
          )
        },
      ),
      { numRuns: 100 },
    )
  })

  it('come out when the stream arrives byte by byte', () => {
    const frame: Frame = {
      kind: FRAME_KIND.invoke,
      id: 7,
      metadata: '{"a":"ä€𝄞"}',
      body: Uint8Array.of(1, 2, 3),
    }
    const bytes = written([frame, frame])
    const back = readBack(bytes, [...bytes.keys()])
    expect(back).toHaveLength(2)
    expect(back[1]).toMatchObject({ id: 7, metadata: frame.metadata })
  })

  it('hand a body on without copying it when it arrives whole', () => {
    const frame: Frame = {
      kind: FRAME_KIND.outcome,
      id: 1,
      metadata: '{}',
      body: new Uint8Array(64),
    }
    const chunk = written([frame])
    let body: Uint8Array | undefined
    new FrameReader(DEFAULT_FRAME_LIMITS, (read) => {
      body = read.body
    }).push(chunk)
    expect(body?.buffer).toBe(chunk.buffer)
  })
})

describe('a reader', () => {
  const limits = { metadataBytesMax: 100, bodyBytesMax: 1000 }
  const refuse = (change: (bytes: Buffer) => void) => {
    const bytes = written([
      { kind: FRAME_KIND.invoke, id: 1, metadata: '{}', body: new Uint8Array(4) },
    ])
    change(bytes)
    return () => new FrameReader(limits, () => {}).push(bytes)
  }

  it.each([
    ['another version', (bytes: Buffer) => bytes.writeUInt8(9, 4)],
    ['an unknown kind', (bytes: Buffer) => bytes.writeUInt8(99, 5)],
    ['metadata longer than the frame', (bytes: Buffer) => bytes.writeUInt32LE(50, 12)],
    ['a frame shorter than its header', (bytes: Buffer) => bytes.writeUInt32LE(3, 0)],
    ['a body over the limit', (bytes: Buffer) => bytes.writeUInt32LE(5000, 0)],
    ['a body of 4 GiB', (bytes: Buffer) => bytes.writeUInt32LE(0xffff_ffff, 0)],
  ])('refuses %s', (_what, change) => {
    expect(refuse(change)).toThrow(ProtocolError)
  })

  it('refuses metadata over the limit before it has arrived', () => {
    const header = written([
      { kind: FRAME_KIND.invoke, id: 1, metadata: 'x'.repeat(101), body: new Uint8Array(0) },
    ]).subarray(0, HEADER_BYTES)
    expect(() => new FrameReader(limits, () => {}).push(header)).toThrow(/metadata of 101 bytes/)
  })
})

describe('a writer', () => {
  const limits = { metadataBytesMax: 100, bodyBytesMax: 1000 }

  it('refuses parts over their limit and adds nothing of them', () => {
    const writer = new FrameWriter(limits)
    const none = new Uint8Array(0)
    expect(() => writer.add(FRAME_KIND.invoke, 1, 'x'.repeat(101), none)).toThrow(
      FrameTooLargeError,
    )
    expect(() => writer.add(FRAME_KIND.invoke, 1, '€'.repeat(40), none)).toThrow(FrameTooLargeError)
    expect(() => writer.add(FRAME_KIND.invoke, 1, '', new Uint8Array(1001))).toThrow(
      FrameTooLargeError,
    )
    expect(writer.isEmpty).toBe(true)
  })

  it('lays many small frames into one chunk and keeps a large body apart', () => {
    const writer = new FrameWriter(DEFAULT_FRAME_LIMITS)
    for (let id = 1; id <= 100; id += 1) {
      writer.add(FRAME_KIND.outcome, id, '{}', new Uint8Array(20))
    }
    expect(writer.take()).toHaveLength(1)
    const large = new Uint8Array(100_000)
    writer.add(FRAME_KIND.outcome, 1, '{}', large)
    writer.add(FRAME_KIND.outcome, 2, '{}', new Uint8Array(1))
    const chunks = writer.take()
    expect(chunks).toHaveLength(3)
    expect(chunks[1]).toBe(large)
  })
})
