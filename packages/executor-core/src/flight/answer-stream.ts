/**
 * A streamed answer on its way from who sends its pieces to who takes them.
 *
 * The sender is not trusted: one that is further ahead than its window allows, or sends more in all
 * than its limit, breaks the protocol. Pieces that came before the end can be taken after it.
 *
 * @module
 */
import type { ResponseHead, StreamedAnswer, StreamOutcome } from '@picloud/shared'
import { ProtocolError } from '../protocol/protocol-error.ts'
import {
  PIECE_BYTES_MAX,
  StreamWindow,
  type Taken,
  TakenPieces,
} from '../protocol/stream-window.ts'

/** Who sends the pieces. */
export interface StreamSource {
  /** Tells it how much was taken. */
  sendTaken(taken: Taken): void
  /** It had to wait, and goes on now. */
  onGoesOn(): void
}

export class AnswerStream implements StreamedAnswer {
  readonly kind = 'stream'
  readonly head: ResponseHead
  readonly outcome: Promise<StreamOutcome>
  readonly #source: StreamSource
  readonly #window = new StreamWindow()
  readonly #taken = new TakenPieces()
  readonly #waiting: Uint8Array[] = []
  readonly #resolve: (outcome: StreamOutcome) => void
  #bytesLeft: number
  #isOver = false
  /** Bytes of the piece that was handed out last. */
  #handedOut: number | null = null
  #asking: ((piece: Uint8Array | null) => void) | null = null

  constructor(head: ResponseHead, streamBytesMax: number, source: StreamSource) {
    this.head = head
    this.#bytesLeft = streamBytesMax
    this.#source = source
    const { promise, resolve } = Promise.withResolvers<StreamOutcome>()
    this.outcome = promise
    this.#resolve = resolve
  }

  /** Whether the sender has to wait until something is taken. */
  get isFull(): boolean {
    return this.#window.isFull
  }

  /** @throws ProtocolError for what the sender must not send */
  receive(piece: Uint8Array): void {
    const { byteLength } = piece
    this.#bytesLeft -= byteLength
    if (this.#window.isFull || byteLength > PIECE_BYTES_MAX || this.#bytesLeft < 0) {
      throw new ProtocolError('more of a streamed answer than was asked for')
    }
    this.#window.sent(byteLength)
    const asking = this.#asking
    this.#asking = null
    if (asking !== null) this.#handOut(piece, asking)
    // A copy: what it is a view of may be much longer.
    else this.#waiting.push(Buffer.from(piece))
  }

  end(outcome: StreamOutcome): void {
    this.#isOver = true
    this.#resolve(outcome)
    this.#asking?.(null)
    this.#asking = null
  }

  next(): Promise<Uint8Array | null> {
    this.#tellTaken()
    return new Promise((resolve) => {
      const piece = this.#waiting.shift()
      if (piece !== undefined) this.#handOut(piece, resolve)
      else if (this.#isOver) resolve(null)
      else this.#asking = resolve
    })
  }

  #handOut(piece: Uint8Array, to: (piece: Uint8Array) => void): void {
    this.#handedOut = piece.byteLength
    to(piece)
  }

  #tellTaken(): void {
    if (this.#handedOut === null || this.#isOver) return
    const taken = this.#taken.add(this.#handedOut)
    this.#handedOut = null
    if (taken === null) return
    const { isFull } = this.#window
    this.#window.taken(taken)
    this.#source.sendTaken(taken)
    if (isFull && !this.#window.isFull) this.#source.onGoesOn()
  }
}
