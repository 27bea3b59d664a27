/**
 * Content as it arrives, in memory that its length explains.
 *
 * A client decides how small the pieces are: kept one by one, a million chunks of a byte each take
 * hundreds of times what they hold. Small pieces are copied into pages, large ones kept as they are.
 *
 * @module
 */

/** From here on a piece is worth an object of its own. */
const KEPT_BYTES_MIN = 4 * 1024
const PAGE_BYTES_MAX = 64 * 1024
const NO_PAGE = Buffer.alloc(0)

export class ContentBytes {
  #length = 0
  readonly #parts: Buffer[] = []
  #page: Buffer = NO_PAGE
  /** What of the page is in no part yet. */
  #start = 0
  #end = 0

  get length(): number {
    return this.#length
  }

  add(piece: Buffer): void {
    // Most content is one piece.
    const isKept = this.#length === 0 || piece.length >= KEPT_BYTES_MIN
    this.#length += piece.length
    if (isKept) {
      this.#endPart()
      this.#parts.push(piece)
      return
    }
    if (this.#page.length - this.#end < piece.length) this.#turnPage()
    this.#end += piece.copy(this.#page, this.#end)
  }

  /** All of it; what was added must not be changed afterwards. */
  join(): Uint8Array {
    this.#endPart()
    const [only = NO_PAGE, second] = this.#parts
    return second === undefined ? only : Buffer.concat(this.#parts, this.#length)
  }

  #turnPage(): void {
    this.#endPart()
    const size = Math.min(PAGE_BYTES_MAX, Math.max(KEPT_BYTES_MIN, 2 * this.#page.length))
    this.#page = Buffer.allocUnsafeSlow(size)
    this.#start = 0
    this.#end = 0
  }

  #endPart(): void {
    if (this.#end === this.#start) return
    this.#parts.push(this.#page.subarray(this.#start, this.#end))
    this.#start = this.#end
  }
}
