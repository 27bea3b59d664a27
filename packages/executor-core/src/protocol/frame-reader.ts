/**
 * Cuts a stream of bytes into frames.
 *
 * A frame that lies whole inside a received chunk is not copied: its body is a view on the chunk.
 * Only a frame spread over several chunks is put together, each byte copied once. The announced
 * size is checked before memory is taken for it. Knows no streams.
 *
 * @module
 */

import {
  type Frame,
  type FrameLimits,
  HEADER_BYTES,
  isFrameKind,
  LENGTH_BYTES,
  PROTOCOL_VERSION,
} from './frame.ts'
import { ProtocolError } from './protocol-error.ts'

export class FrameReader {
  readonly #limits: FrameLimits
  readonly #onFrame: (frame: Frame) => void
  /** The frame being put together: first its header, then (grown once) the whole. */
  #partial: Buffer = Buffer.allocUnsafeSlow(HEADER_BYTES)
  #partialBytes = 0

  constructor(limits: FrameLimits, onFrame: (frame: Frame) => void) {
    this.#limits = limits
    this.#onFrame = onFrame
  }

  /**
   * Takes the next bytes and hands on every frame they complete. The chunk must not be written to
   * afterwards.
   *
   * @throws ProtocolError when the bytes are no frames of this version or pass a limit; the stream
   *   cannot be read any further then.
   */
  push(chunk: Buffer): void {
    let at = 0
    if (this.#partialBytes > 0) {
      at = this.#continuePartial(chunk)
      if (at < 0) return
    }
    while (chunk.byteLength - at >= HEADER_BYTES) {
      const size = this.#frameBytes(chunk, at)
      if (chunk.byteLength - at < size) break
      this.#emit(chunk, at, size)
      at += size
    }
    if (at < chunk.byteLength) this.#beginPartial(chunk, at)
  }

  /** Whether the stream stands between two frames. */
  get isAtBoundary(): boolean {
    return this.#partialBytes === 0
  }

  #beginPartial(chunk: Buffer, at: number): void {
    const rest = chunk.byteLength - at
    const size = rest >= HEADER_BYTES ? this.#frameBytes(chunk, at) : HEADER_BYTES
    this.#partial = Buffer.allocUnsafeSlow(size)
    this.#partialBytes = chunk.copy(this.#partial, 0, at)
  }

  /** Returns where the chunk goes on after the frame, or -1 when the frame is still incomplete. */
  #continuePartial(chunk: Buffer): number {
    let at = 0
    if (this.#partialBytes < HEADER_BYTES) {
      at = this.#fill(chunk, 0, HEADER_BYTES)
      if (this.#partialBytes < HEADER_BYTES) return -1
      const size = this.#frameBytes(this.#partial, 0)
      const whole = Buffer.allocUnsafeSlow(size)
      this.#partial.copy(whole, 0, 0, HEADER_BYTES)
      this.#partial = whole
    }
    const size = this.#partial.byteLength
    at = this.#fill(chunk, at, size)
    if (this.#partialBytes < size) return -1
    this.#partialBytes = 0
    this.#emit(this.#partial, 0, size)
    return at
  }

  #fill(chunk: Buffer, at: number, target: number): number {
    const taken = Math.min(target - this.#partialBytes, chunk.byteLength - at)
    chunk.copy(this.#partial, this.#partialBytes, at, at + taken)
    this.#partialBytes += taken
    return at + taken
  }

  /** Checks the header at `at` and gives the bytes of the whole frame. */
  #frameBytes(bytes: Buffer, at: number): number {
    const version = bytes[at + 4]
    if (version !== PROTOCOL_VERSION) {
      throw new ProtocolError(`version ${version} instead of ${PROTOCOL_VERSION}`)
    }
    const size = bytes.readUInt32LE(at) + LENGTH_BYTES
    const metadataBytes = bytes.readUInt32LE(at + 12)
    const bodyBytes = size - HEADER_BYTES - metadataBytes
    if (bodyBytes < 0) throw new ProtocolError('metadata longer than its frame')
    if (metadataBytes > this.#limits.metadataBytesMax) {
      throw new ProtocolError(`metadata of ${metadataBytes} bytes, over its limit`)
    }
    if (bodyBytes > this.#limits.bodyBytesMax) {
      throw new ProtocolError(`body of ${bodyBytes} bytes, over its limit`)
    }
    return size
  }

  #emit(bytes: Buffer, at: number, size: number): void {
    const kind = bytes[at + 5] ?? 0
    if (!isFrameKind(kind)) throw new ProtocolError(`unknown frame kind ${kind}`)
    const metadataStart = at + HEADER_BYTES
    const metadataEnd = metadataStart + bytes.readUInt32LE(at + 12)
    this.#onFrame({
      kind,
      id: bytes.readUInt32LE(at + 8),
      metadata:
        metadataEnd === metadataStart ? '' : bytes.toString('utf8', metadataStart, metadataEnd),
      body: bytes.subarray(metadataEnd, at + size),
    })
  }
}
