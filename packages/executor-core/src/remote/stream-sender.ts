/**
 * Sends a streamed answer over a connection, no further ahead than who takes it allows.
 *
 * @module
 */
import type { StreamedAnswer } from '@picloud/shared'
import { FRAME_KIND, NO_BYTES } from '../protocol/frame.ts'
import type { FrameChannel } from '../protocol/frame-channel.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { encodeHead } from '../protocol/stream-message.ts'
import { StreamWindow, type Taken } from '../protocol/stream-window.ts'

export class StreamSender {
  readonly #id: number
  readonly #channel: FrameChannel
  readonly #window = new StreamWindow()
  #stopped = false
  #wake: () => void = () => {}

  constructor(id: number, channel: FrameChannel) {
    this.#id = id
    this.#channel = channel
  }

  /** Resolves when all pieces were sent, or nobody waits for them any more. */
  async send(answer: StreamedAnswer): Promise<void> {
    let piece = await answer.next()
    this.#sendPiece(FRAME_KIND.stream, encodeHead(answer.head), piece ?? NO_BYTES)
    for (;;) {
      await this.#room()
      piece = await answer.next()
      if (piece === null || this.#stopped) return
      this.#sendPiece(FRAME_KIND.chunk, '', piece)
    }
  }

  /** @throws ProtocolError for more than was sent */
  taken(taken: Taken): void {
    if (!this.#window.taken(taken)) throw new ProtocolError('more was taken than was sent')
    this.#wake()
  }

  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  #sendPiece(
    kind: typeof FRAME_KIND.stream | typeof FRAME_KIND.chunk,
    metadata: string,
    piece: Uint8Array,
  ): void {
    this.#window.sent(piece.byteLength)
    this.#channel.send(kind, this.#id, metadata, piece)
  }

  async #room(): Promise<void> {
    while (this.#window.isFull && !this.#stopped) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
