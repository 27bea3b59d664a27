/**
 * A two-way stream of frames over a Unix socket.
 *
 * Frames sent during one turn of the event loop leave in one write at its end; `flush` sends them
 * now. Bytes that cannot be understood end the channel with a {@link ProtocolError}. `onClose` is
 * called exactly once, after the last frame. Knows nothing of what frames mean.
 *
 * @module
 */
import type { Socket } from 'node:net'
import { type Frame, type FrameKind, type FrameLimits, NO_BYTES } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { FrameWriter } from './frame-writer.ts'
import { ProtocolError } from './protocol-error.ts'

export interface FrameChannelOptions {
  readonly socket: Socket
  readonly limits: FrameLimits
  readonly onFrame: (frame: Frame) => void
  /** After all frames of one received chunk were handed on. */
  readonly onChunkEnd?: () => void
  readonly onClose: (error: Error | null) => void
}

export class FrameChannel {
  readonly #socket: Socket
  readonly #writer: FrameWriter
  readonly #flushNow = () => this.flush()
  #flush: NodeJS.Immediate | null = null
  #closed = false
  #error: Error | null = null

  constructor(options: FrameChannelOptions) {
    const { socket, limits, onFrame, onChunkEnd, onClose } = options
    this.#socket = socket
    this.#writer = new FrameWriter(limits)
    const reader = new FrameReader(limits, onFrame)
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk)
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error
        this.close(error)
        return
      }
      onChunkEnd?.()
    })
    socket.on('error', (error) => {
      this.#error ??= error
    })
    // The peer has ended its side: nothing sent from here on would be read.
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      this.#closed = true
      if (this.#flush !== null) clearImmediate(this.#flush)
      onClose(this.#error)
    })
  }

  /** Bytes the kernel has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.writableLength
  }

  /**
   * Queues a frame; it leaves at the end of this turn of the event loop.
   *
   * @throws FrameTooLargeError
   */
  send(kind: FrameKind, id: number, metadata = '', body: Uint8Array = NO_BYTES): void {
    if (this.#closed) return
    this.#writer.add(kind, id, metadata, body)
    this.#flush ??= setImmediate(this.#flushNow)
  }

  flush(): void {
    if (this.#flush !== null) {
      clearImmediate(this.#flush)
      this.#flush = null
    }
    if (this.#closed || this.#writer.isEmpty) return
    const chunks = this.#writer.take()
    const socket = this.#socket
    if (chunks.length === 1 && chunks[0] !== undefined) {
      socket.write(chunks[0])
    } else {
      socket.cork()
      for (const chunk of chunks) socket.write(chunk)
      socket.uncork()
    }
    if (socket.writableLength === 0) this.#writer.recycle()
  }

  /** Sends what is queued and ends this side. */
  end(): void {
    this.flush()
    this.#socket.end()
  }

  /** Cuts the connection at once. */
  close(error: Error | null = null): void {
    this.#error ??= error
    this.#socket.destroy()
  }
}
