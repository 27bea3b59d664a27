/**
 * The log lines of one invocation, bounded in bytes.
 *
 * A line that does not fit any more is counted, not cut: what is kept is whole. A line costs its
 * text plus a fixed amount, so that empty lines are bounded as well. Knows nothing of Rhai.
 *
 * @module
 */
import type { LogLevel, LogLine } from '@picloud/shared'

/** Time, level and JSON punctuation of one line. */
const LINE_OVERHEAD_BYTES = 48

export class LogLines {
  readonly #bytesMax: number
  readonly #lines: LogLine[] = []
  #bytes = 0
  #dropped = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get lines(): readonly LogLine[] {
    return this.#lines
  }

  get dropped(): number {
    return this.#dropped
  }

  /** Bytes left for the text of one more line. */
  get room(): number {
    return Math.max(0, this.#bytesMax - this.#bytes - LINE_OVERHEAD_BYTES)
  }

  /** Counts a line whose text was never made, because there is no room for it. */
  drop(): void {
    this.#dropped += 1
  }

  /** `fieldsText` is a JSON object or undefined. */
  add(level: LogLevel, message: string, fieldsText?: string): void {
    const room = this.#bytesMax - this.#bytes - LINE_OVERHEAD_BYTES
    const bytes = utf8Bytes(message, room) + utf8Bytes(fieldsText ?? '', room)
    if (bytes > room) {
      this.drop()
      return
    }
    this.#bytes += bytes + LINE_OVERHEAD_BYTES
    const line = { at: Date.now(), level, message }
    this.#lines.push(fieldsText === undefined ? line : { ...line, fields: JSON.parse(fieldsText) })
  }
}

/** Bytes of a text in UTF-8; of one that cannot fit anyway, only that it is too long. */
function utf8Bytes(text: string, room: number): number {
  return text.length > room ? text.length : Buffer.byteLength(text)
}
