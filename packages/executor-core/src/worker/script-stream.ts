/**
 * The streamed answer of a run: the function or the list that makes it, and what of it has not been sent.
 *
 * A chunk is a value the function gives, where `()` ends the answer, or an item. It leaves in pieces, as far as the
 * window allows, and the next is made once all of the chunk was sent and the window has
 * room: so the script is never further ahead of its client than that.
 *
 * @module
 */
import {
  type FunctionPointer,
  isIterator,
  iteratorItems,
  type OpenRun,
  type RhaiIterator,
  type Value,
} from '@picloud/rhai'
import type { ExecutionLimits, ResponseHead } from '@picloud/shared'
import { PIECE_BYTES_MAX, StreamWindow } from '../protocol/stream-window.ts'
import type { StreamStart } from './answer.ts'
import { chunkBytes, isEventStream, streamHeaders } from './chunk.ts'
import { computedTooLong, runLimitError } from './run-limit-error.ts'

/** There is nothing more: the answer has ended. */
export const NO_CHUNK: unique symbol = Symbol('no chunk')

export class ScriptStream {
  readonly open: OpenRun
  /** When its script began, by `performance.now()`. */
  readonly startedAt: number
  readonly window = new StreamWindow()
  readonly #start: StreamStart
  readonly #source: FunctionPointer | Walk
  readonly #isEvent: boolean
  #head: ResponseHead | null = null
  #isHeadSent = false
  #bytes = 0
  /** What is left of the chunk; null when all of it was sent. */
  #rest: Uint8Array | null = null

  constructor(open: OpenRun, start: StreamStart, startedAt: number) {
    this.open = open
    this.startedAt = startedAt
    this.#start = start
    this.#source = isIterator(start.chunks) ? new Walk(start.chunks) : start.chunks
    this.#isEvent = isEventStream(start.headers)
  }

  /** Whether a first chunk was made: nothing else can be answered any more. */
  get hasBegun(): boolean {
    return this.#head !== null
  }

  /** Whether the next chunk may be made. */
  get hasRoom(): boolean {
    return this.#rest === null && !this.window.isFull
  }

  /** What is answered when the function gives nothing at all. */
  get withoutContent(): ResponseHead {
    const { status, headers } = this.#start
    return { status, headers }
  }

  /** Makes the next chunk of a script that cannot wait. @throws RhaiError */
  nextChunk(): Value | typeof NO_CHUNK {
    return this.#source instanceof Walk
      ? this.#source.next()
      : chunkOf(this.open.call(this.#source))
  }

  /** The same for any script. @throws RhaiError */
  async nextChunkLater(): Promise<Value | typeof NO_CHUNK> {
    return this.#source instanceof Walk
      ? this.#source.next()
      : chunkOf(await this.open.callAsync(this.#source))
  }

  /**
   * Takes a chunk, to be sent.
   *
   * @throws AnswerError, OutputLimitError, RhaiError beyond `streamBytesMax` or `cpuMsMax`
   */
  give(chunk: Value, limits: ExecutionLimits, computedMs: number): void {
    const bytes = chunkBytes(chunk, this.#isEvent, limits.outputBytesMax)
    this.#bytes += bytes.byteLength
    if (this.#bytes > limits.streamBytesMax) {
      throw runLimitError(limits, 'streamBytesMax', 'The streamed answer is too long')
    }
    // A chunk may be too little work for the meter to look at the clock.
    if (computedMs > limits.cpuMsMax) throw computedTooLong(limits)
    const { status, headers } = this.#start
    this.#head ??= { status, headers: streamHeaders(headers, chunk) }
    this.#rest = bytes
  }

  /** The next piece to send now, with the head in front of the first; null when there is none. */
  takePiece(): { readonly head: ResponseHead | null; readonly piece: Uint8Array } | null {
    const rest = this.#rest
    if (rest === null || this.window.isFull) return null
    const piece = rest.subarray(0, PIECE_BYTES_MAX)
    this.#rest = piece.byteLength === rest.byteLength ? null : rest.subarray(PIECE_BYTES_MAX)
    this.window.sent(piece.byteLength)
    const head = this.#isHeadSent ? null : this.#head
    this.#isHeadSent = true
    return { head, piece }
  }
}

/** A walk over an iterator that knows where it is. */
class Walk {
  readonly #items: Iterator<Value>

  constructor(iterator: RhaiIterator) {
    this.#items = iteratorItems(iterator)
  }

  next(): Value | typeof NO_CHUNK {
    const { done, value } = this.#items.next()
    return done === true ? NO_CHUNK : value
  }
}

function chunkOf(given: Value): Value | typeof NO_CHUNK {
  return given === undefined ? NO_CHUNK : given
}
