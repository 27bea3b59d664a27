/**
 * Text about a value, held to a limit while it is written.
 *
 * Values share their parts, so a value that fits in a few cells of memory can have a text without
 * end. A writer adds something for every part it visits, so its work ends with the text.
 * Invariant: the text is never longer in UTF-16 units than its limit in bytes allows.
 *
 * @module
 */

import { RhaiError, type RhaiErrorLimit } from './rhai-error.ts'
import { isLongerThan } from './runtime/utf8.ts'

export class BoundedText {
  readonly #what: string
  readonly #limit: RhaiErrorLimit
  #text = ''

  /** `what` is what an error calls the text; the limit's value is in bytes of UTF-8. */
  constructor(what: string, limit: RhaiErrorLimit) {
    this.#what = what
    this.#limit = limit
  }

  /** @throws RhaiError when the text is too long with `part` */
  add(part: string): void {
    this.#text += part
    if (this.#text.length > this.#limit.value) throw this.#tooLong()
  }

  /** Asked before making a part of at least so many characters. @throws RhaiError */
  reserve(length: number): void {
    if (this.#text.length + length > this.#limit.value) throw this.#tooLong()
  }

  /** The whole text. @throws RhaiError when its bytes are too many */
  finish(): string {
    if (isLongerThan(this.#text, this.#limit.value)) throw this.#tooLong()
    return this.#text
  }

  #tooLong(): RhaiError {
    return new RhaiError({
      phase: 'eval',
      kind: 'ErrorDataTooLarge',
      text: `${this.#what} too large`,
      limit: this.#limit,
    })
  }
}
