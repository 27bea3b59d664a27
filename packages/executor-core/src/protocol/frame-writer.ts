/**
 * Turns frames into as few chunks of bytes as possible.
 *
 * Frames are laid one after another into one buffer, so that all frames of an event-loop turn leave
 * in one write. A large body is not copied: it becomes a chunk of its own. The buffer is reused
 * once the caller says that the kernel has taken its bytes. Knows no streams and no timing.
 *
 * @module
 */

import {
  type FrameKind,
  type FrameLimits,
  HEADER_BYTES,
  LENGTH_BYTES,
  PROTOCOL_VERSION,
} from './frame.ts'
import { FrameTooLargeError } from './protocol-error.ts'

const BUFFER_BYTES = 64 * 1024
/** Below this, copying a body costs less than one more element in a vectored write. */
const COPIED_BODY_BYTES_MAX = 16 * 1024
/** A UTF-16 code unit becomes at most three bytes of UTF-8. */
const UTF8_BYTES_PER_UNIT_MAX = 3

export class FrameWriter {
  readonly #limits: FrameLimits
  #buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  /** Where the bytes not yet taken begin and end in the buffer. */
  #start = 0
  #end = 0
  #chunks: Uint8Array[] = []

  constructor(limits: FrameLimits) {
    this.#limits = limits
  }

  get isEmpty(): boolean {
    return this.#end === this.#start && this.#chunks.length === 0
  }

  /**
   * Adds one frame. A body over the copying bound is kept by reference until it is written.
   *
   * @throws FrameTooLargeError when a part passes its limit; nothing has been added then.
   */
  add(kind: FrameKind, id: number, metadata: string, body: Uint8Array): void {
    const copied = body.byteLength <= COPIED_BODY_BYTES_MAX
    if (body.byteLength > this.#limits.bodyBytesMax) {
      throw new FrameTooLargeError('body', body.byteLength, this.#limits.bodyBytesMax)
    }
    if (metadata.length > this.#limits.metadataBytesMax) {
      throw new FrameTooLargeError('metadata', metadata.length, this.#limits.metadataBytesMax)
    }
    const metadataMax = metadata.length * UTF8_BYTES_PER_UNIT_MAX
    this.#reserve(HEADER_BYTES + metadataMax + (copied ? body.byteLength : 0))
    const buffer = this.#buffer
    const at = this.#end
    const metadataBytes = metadata === '' ? 0 : buffer.write(metadata, at + HEADER_BYTES, 'utf8')
    if (metadataBytes > this.#limits.metadataBytesMax) {
      throw new FrameTooLargeError('metadata', metadataBytes, this.#limits.metadataBytesMax)
    }
    const total = HEADER_BYTES - LENGTH_BYTES + metadataBytes + body.byteLength
    buffer.writeUInt32LE(total, at)
    buffer[at + 4] = PROTOCOL_VERSION
    buffer[at + 5] = kind
    buffer[at + 6] = 0
    buffer[at + 7] = 0
    buffer.writeUInt32LE(id, at + 8)
    buffer.writeUInt32LE(metadataBytes, at + 12)
    this.#end = at + HEADER_BYTES + metadataBytes
    if (copied) {
      buffer.set(body, this.#end)
      this.#end += body.byteLength
    } else {
      this.#seal()
      this.#chunks.push(body)
    }
  }

  /** All bytes added since the last call, in order. */
  take(): readonly Uint8Array[] {
    this.#seal()
    const chunks = this.#chunks
    this.#chunks = []
    return chunks
  }

  /** Says that every chunk ever taken has been written, so the buffer may be used from the front. */
  recycle(): void {
    if (!this.isEmpty) return
    if (this.#buffer.byteLength > BUFFER_BYTES) this.#buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
    this.#start = 0
    this.#end = 0
  }

  #reserve(bytes: number): void {
    if (this.#buffer.byteLength - this.#end >= bytes) return
    this.#seal()
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(BUFFER_BYTES, bytes))
    this.#start = 0
    this.#end = 0
  }

  #seal(): void {
    if (this.#end === this.#start) return
    this.#chunks.push(this.#buffer.subarray(this.#start, this.#end))
    this.#start = this.#end
  }
}
