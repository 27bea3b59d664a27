/**
 * Reads CSV, RFC 4180: rows of equally many fields, each counted and paid for as it is read.
 *
 * Rows end with CRLF, LF or CR; empty lines are none; the mark some programs begin a file with is no
 * part of its first field. A quote stands around a whole field and is doubled inside.
 *
 * @module
 */
import { type CallContext, checkArraySize } from '@picloud/rhai'
import { refusal } from '../../refusal.ts'
import { DataRoom } from '../data-room.ts'

const OPERATIONS_PER_FIELD = 8
const QUOTE = '"'
const MARK = '\ufeff'

export interface CsvRow {
  readonly fields: readonly string[]
  readonly line: number
}

export class CsvReader {
  readonly #context: CallContext
  readonly #room: DataRoom
  readonly #text: string
  readonly #delimiter: string
  /** What ends a field without quotes. */
  readonly #stop: RegExp
  #at = 0
  #line = 1

  constructor(context: CallContext, text: string, delimiter: string) {
    this.#context = context
    this.#room = new DataRoom(context)
    this.#text = text
    this.#delimiter = delimiter
    this.#stop = new RegExp(`[\\r\\n"\\u{${delimiter.codePointAt(0)?.toString(16)}}]`, 'gu')
    if (text.startsWith(MARK)) this.#at = MARK.length
  }

  /** @throws RhaiError `PIC_CSV_INVALID` with the line */
  *rows(): Generator<CsvRow> {
    let width: number | undefined
    while (this.#at < this.#text.length) {
      if (this.#endsLine()) continue
      const line = this.#line
      const fields = this.#row()
      width ??= fields.length
      if (fields.length !== width) {
        throw invalid(`There are ${fields.length} fields where there should be ${width}`, line)
      }
      yield { fields, line }
    }
  }

  #row(): readonly string[] {
    const fields: string[] = []
    for (;;) {
      this.#context.charge(OPERATIONS_PER_FIELD)
      const field = this.#text[this.#at] === QUOTE ? this.#quoted() : this.#plain()
      this.#room.take(1, field.length)
      fields.push(field)
      checkArraySize(this.#context, fields.length)
      if (!this.#text.startsWith(this.#delimiter, this.#at)) break
      this.#at += this.#delimiter.length
    }
    if (this.#at < this.#text.length && !this.#endsLine()) {
      throw invalid('Text stands behind a field in quotes', this.#line)
    }
    return fields
  }

  #plain(): string {
    this.#stop.lastIndex = this.#at
    const stop = this.#stop.exec(this.#text)
    const start = this.#at
    this.#at = stop?.index ?? this.#text.length
    if (stop?.[0] === QUOTE)
      throw invalid('A quote stands inside a field without quotes', this.#line)
    return this.#text.slice(start, this.#at)
  }

  #quoted(): string {
    const begun = this.#line
    const pieces: string[] = []
    for (;;) {
      const start = this.#at + 1
      const end = this.#text.indexOf(QUOTE, start)
      if (end < 0) throw invalid('A quote has no end', begun)
      this.#context.charge(1)
      pieces.push(this.#text.slice(start, end))
      this.#at = end + 1
      if (this.#text[this.#at] !== QUOTE) break
      pieces.push(QUOTE)
    }
    const field = pieces.join('')
    for (const _ of field.matchAll(/\r\n?|\n/g)) this.#line += 1
    return field
  }

  #endsLine(): boolean {
    const char = this.#text[this.#at]
    if (char !== '\n' && char !== '\r') return false
    this.#at += char === '\r' && this.#text[this.#at + 1] === '\n' ? 2 : 1
    this.#line += 1
    return true
  }
}

function invalid(what: string, line: number): unknown {
  return refusal('PIC_CSV_INVALID', `${what} (line ${line})`)
}
