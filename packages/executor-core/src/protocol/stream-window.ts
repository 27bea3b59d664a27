/**
 * How far the sender of a streamed answer may be ahead of who takes it.
 *
 * Both ends keep a window of their own and count the same frames, so both know when the sender has
 * to wait. A window that is not full always takes one more piece, of {@link PIECE_BYTES_MAX} at
 * most. Who takes says so only once half of it was taken, so that pieces do not each cost a frame
 * back: what was taken and not yet told never fills the window. Knows no frames.
 *
 * @module
 */

/** Longer chunks are sent in pieces of this length. */
export const PIECE_BYTES_MAX = 64 * 1024
const WINDOW_PIECES = 16
const WINDOW_BYTES = 64 * 1024

export interface Taken {
  readonly pieces: number
  readonly bytes: number
}

export class StreamWindow {
  #pieces = 0
  #bytes = 0

  get isFull(): boolean {
    return this.#pieces >= WINDOW_PIECES || this.#bytes >= WINDOW_BYTES
  }

  sent(bytes: number): void {
    this.#pieces += 1
    this.#bytes += bytes
  }

  /** False for more than was sent. */
  taken({ pieces, bytes }: Taken): boolean {
    this.#pieces -= pieces
    this.#bytes -= bytes
    return this.#pieces >= 0 && this.#bytes >= 0
  }
}

/** What was taken and not yet told to the sender. */
export class TakenPieces {
  #pieces = 0
  #bytes = 0

  /** What to tell now, if anything. */
  add(bytes: number): Taken | null {
    this.#pieces += 1
    this.#bytes += bytes
    if (this.#pieces * 2 < WINDOW_PIECES && this.#bytes * 2 < WINDOW_BYTES) return null
    const taken = { pieces: this.#pieces, bytes: this.#bytes }
    this.#pieces = 0
    this.#bytes = 0
    return taken
  }
}
