/**
 * The log lines of one invocation, bounded in bytes.
 *
 * A line that does not fit any more is counted, not cut: what is kept is whole. A line costs its
 * text plus a fixed amount, so that empty lines are bounded as well. Knows nothing of Rhai.
 *
 * @module
 */
import type { LogLevel, LogLine } from '@picloud/shared'
import { maskedLine } from '../masking/masked-outcome.ts'
import type { SecretMask } from '../masking/secret-mask.ts'

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
    if (!this.#takesRoom(message, fieldsText)) return
    const line = { at: Date.now(), level, message }
    this.#lines.push(fieldsText === undefined ? line : { ...line, fields: JSON.parse(fieldsText) })
  }

  /** The same lines without secrets. A mask may be longer, so that some do not fit any more. */
  masked(mask: SecretMask): LogLines {
    if (mask.isEmpty) return this
    const masked = new LogLines(this.#bytesMax)
    masked.#dropped = this.#dropped
    for (const line of this.#lines) {
      const shown = maskedLine(line, mask)
      const { message, fields } = shown
      const fieldsText = fields === undefined ? undefined : JSON.stringify(fields)
      if (masked.#takesRoom(message, fieldsText)) masked.#lines.push(shown)
    }
    return masked
  }

  /** Whether there was room for one more line; if not, it is counted as dropped. */
  #takesRoom(message: string, fieldsText: string | undefined): boolean {
    const room = this.#bytesMax - this.#bytes - LINE_OVERHEAD_BYTES
    const bytes = utf8Bytes(message, room) + utf8Bytes(fieldsText ?? '', room)
    if (bytes > room) {
      this.drop()
      return false
    }
    this.#bytes += bytes + LINE_OVERHEAD_BYTES
    return true
  }
}

/** Bytes of a text in UTF-8; of one that cannot fit anyway, only that it is too long. */
function utf8Bytes(text: string, room: number): number {
  return text.length > room ? text.length : Buffer.byteLength(text)
}
