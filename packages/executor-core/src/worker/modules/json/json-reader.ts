/**
 * Reads JSON, RFC 8259, to the letter: nothing more is taken, and nothing less.
 *
 * The platform's own `JSON.parse` loses the digits of large numbers, tells `1.0` from `1` no more,
 * says in words of its own where a text is wrong, and builds everything before anything is counted.
 * This reader makes values of the language as it goes, and holds them to the limits of the run.
 *
 * @module
 */
import {
  type CallContext,
  checkArraySize,
  checkMapSize,
  makeArray,
  makeMap,
  RhaiFloat,
  type Value,
} from '@picloud/rhai'
import { refusal } from '../../refusal.ts'
import type { DataRoom } from '../data-room.ts'

/** As deep as data can be that leaves the script. */
export const JSON_DEPTH_MAX = 200

const OPERATIONS_PER_VALUE = 16
const OPERATIONS_PER_ENTRY = 16
const OPERATIONS_PER_ESCAPE = 4
const INT_MAX = 2n ** 63n - 1n
const INT_MIN = -(2n ** 63n)

const QUOTE = 0x22
const BACKSLASH = 0x5c
const BLANK = 0x20
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
const WORD = /true|false|null/y
const WORDS: Readonly<Record<string, Value>> = { true: true, false: false, null: undefined }

export class JsonReader {
  readonly #context: CallContext
  readonly #room: DataRoom
  readonly #text: string
  #at = 0

  constructor(context: CallContext, room: DataRoom, text: string) {
    this.#context = context
    this.#room = room
    this.#text = text
  }

  /** @throws RhaiError `PIC_JSON_INVALID`, `PIC_JSON_NUMBER` or `PIC_JSON_DEPTH` */
  document(): Value {
    const value = this.#value(0)
    if (this.#next() !== undefined) throw this.#invalid('Nothing may follow the value')
    return value
  }

  #value(depth: number): Value {
    this.#context.charge(OPERATIONS_PER_VALUE)
    switch (this.#next()) {
      case '{':
        return this.#map(depth + 1)
      case '[':
        return this.#array(depth + 1)
      case '"':
        return this.#string()
      case undefined:
        throw this.#invalid('A value is missing')
      default:
        return this.#wordOrNumber()
    }
  }

  #array(depth: number): Value {
    this.#enter(depth)
    const items: Value[] = []
    if (this.#next() === ']') {
      this.#at += 1
      return makeArray(items)
    }
    for (;;) {
      this.#room.take(1, 0)
      items.push(this.#value(depth))
      checkArraySize(this.#context, items.length)
      if (this.#ends(']')) return makeArray(items)
    }
  }

  #map(depth: number): Value {
    this.#enter(depth)
    const entries: [string, Value][] = []
    if (this.#next() === '}') {
      this.#at += 1
      return makeMap(entries)
    }
    for (;;) {
      this.#context.charge(OPERATIONS_PER_ENTRY)
      this.#room.take(1, 0)
      if (this.#next() !== '"') throw this.#invalid('A key in quotes is missing')
      const key = this.#string()
      if (this.#next() !== ':') throw this.#invalid('A colon is missing')
      this.#at += 1
      entries.push([key, this.#value(depth)])
      checkMapSize(this.#context, entries.length)
      if (this.#ends('}')) return makeMap(entries)
    }
  }

  #enter(depth: number): void {
    if (depth > JSON_DEPTH_MAX) {
      const place = this.#place()
      throw refusal('PIC_JSON_DEPTH', `Nested deeper than ${JSON_DEPTH_MAX} levels ${place}`)
    }
    this.#at += 1
  }

  #ends(bracket: ']' | '}'): boolean {
    const char = this.#next()
    if (char !== ',' && char !== bracket) {
      throw this.#invalid(`A comma or ${bracket} is missing`)
    }
    this.#at += 1
    return char === bracket
  }

  #string(): string {
    const start = this.#at
    let isPlain = true
    let code = this.#text.charCodeAt(++this.#at)
    while (code !== QUOTE) {
      if (code === BACKSLASH) {
        isPlain = false
        this.#context.charge(OPERATIONS_PER_ESCAPE)
        if (this.#take(ESCAPE) === undefined) throw this.#invalid('There is no such escape')
        code = this.#text.charCodeAt(this.#at)
      } else if (code >= BLANK) {
        code = this.#text.charCodeAt(++this.#at)
      } else {
        // No number behind the end of the text.
        throw this.#invalid(
          code < BLANK
            ? 'A control character in a string must be escaped'
            : 'A string does not end',
        )
      }
    }
    this.#at += 1
    this.#room.take(0, this.#at - start)
    if (isPlain) return this.#text.slice(start + 1, this.#at - 1)
    return String(JSON.parse(this.#text.slice(start, this.#at))).toWellFormed()
  }

  #wordOrNumber(): Value {
    const start = this.#at
    const word = this.#take(WORD)
    if (word !== undefined) return WORDS[word]
    NUMBER.lastIndex = start
    const found = NUMBER.exec(this.#text)
    if (found === null) throw this.#invalid('A value is missing')
    const [digits, fraction, exponent] = found
    const value =
      fraction === undefined && exponent === undefined ? this.#int(digits) : this.#float(digits)
    this.#at += digits.length
    return value
  }

  #int(digits: string): Value {
    const value = Number(digits)
    if (Number.isSafeInteger(value)) return value + 0
    const exact = digits.length <= 20 ? BigInt(digits) : INT_MAX + 1n
    if (exact <= INT_MAX && exact >= INT_MIN) return exact
    throw this.#unfit('Whole numbers have 64 bits; a larger one is a FLOAT with .0 behind it')
  }

  #float(digits: string): Value {
    const value = Number(digits)
    if (Number.isFinite(value)) return new RhaiFloat(value)
    throw this.#unfit('The number is too large for a FLOAT')
  }

  /** The next char that is not blank. */
  #next(): string | undefined {
    let char = this.#text[this.#at]
    while (char === ' ' || char === '\n' || char === '\r' || char === '\t') {
      this.#at += 1
      char = this.#text[this.#at]
    }
    return char
  }

  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at
    const text = expression.exec(this.#text)?.[0]
    if (text !== undefined) this.#at += text.length
    return text
  }

  #invalid(what: string): unknown {
    return refusal('PIC_JSON_INVALID', `${what} ${this.#place()}`)
  }

  #unfit(what: string): unknown {
    return refusal('PIC_JSON_NUMBER', `${what} ${this.#place()}`)
  }

  #place(): string {
    const before = this.#text.slice(0, this.#at)
    const lineStart = before.lastIndexOf('\n') + 1
    const line = before.split('\n').length
    const column = [...before.slice(lineStart)].length + 1
    return `(line ${line}, column ${column})`
  }
}
