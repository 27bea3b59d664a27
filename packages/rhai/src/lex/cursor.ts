/**
 * A place in the source text, moved forward by the scanners.
 *
 * Promises: `line` and {@link Cursor.column} count as people do, from 1 and in whole characters,
 * as long as scanners report line breaks with {@link Cursor.startLine} and step over characters
 * outside the Basic Multilingual Plane with {@link Cursor.skipCharacter}.
 * Fields are open because the scanners are one machine in several files; nothing else sees them.
 *
 * @module
 */

const HIGH_SURROGATE_FIRST = 0xd800
const HIGH_SURROGATE_LAST = 0xdbff

/** The code that stands for the end of the text; no character has it. */
export const NO_CHARACTER = -1

export class Cursor {
  readonly source: string
  index = 0
  line = 1
  /** Index at which the line starts, moved right by one for each surrogate pair passed. */
  #lineStart = 0

  constructor(source: string) {
    this.source = source
  }

  /** Column of the character at the cursor. */
  get column(): number {
    return this.index - this.#lineStart + 1
  }

  /** Code unit at the cursor plus `offset`, or {@link NO_CHARACTER}. */
  codeAt(offset: number): number {
    const index = this.index + offset
    return index < this.source.length ? this.source.charCodeAt(index) : NO_CHARACTER
  }

  /** Says that the character at the cursor is the first of a new line. */
  startLine(): void {
    this.line += 1
    this.#lineStart = this.index
  }

  /** Steps over one character, which may be two code units. The text is well-formed. */
  skipCharacter(): void {
    const code = this.source.charCodeAt(this.index)
    this.index += 1
    if (code >= HIGH_SURROGATE_FIRST && code <= HIGH_SURROGATE_LAST) {
      this.index += 1
      this.#lineStart += 1
    }
  }

  /** Moves to `end` over text that may hold line feeds and any characters. */
  skipText(end: number): void {
    while (this.index < end) {
      const isLineFeed = this.source.charCodeAt(this.index) === 10
      this.skipCharacter()
      if (isLineFeed) this.startLine()
    }
  }
}
