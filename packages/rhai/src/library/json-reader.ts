/**
 * The fast way to read JSON: one pass over the text for what real JSON documents hold.
 *
 * It answers undefined as soon as it meets anything where the reference's reader, which is the
 * parser of the language itself, might see something else than plain JSON; the caller then asks
 * that one. So it never decides what is an error.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { intOf } from '../runtime/int.ts'
import { checkArraySize, checkMapSize } from '../runtime/size-limits.ts'
import { RhaiArray, RhaiFloat, RhaiMap, type Value } from '../runtime/value.ts'

/** Deeper documents are left to the full parser, which knows the language's own limit. */
const DEPTH_MAX = 32
const INT_DIGITS_SAFE = 15

// biome-ignore lint/suspicious/noControlCharactersInRegex: the language refuses them in strings.
const UNPLAIN = /[\\\0-\x1f\x7f]/

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const MINUS = 0x2d
const DIGIT_ZERO = 0x30
const BLANK_MAX = 0x20

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const INT_MAX = 9223372036854775807n

/** The map a JSON text holds, or undefined when this reader is not sure. */
export function readJsonObject(context: CallContext, text: string): RhaiMap | undefined {
  return new JsonReader(context, text).document()
}

/** Marks text this reader leaves to the full parser. */
const UNSURE: unique symbol = Symbol('not plain JSON')

class JsonReader {
  readonly #context: CallContext
  readonly #text: string
  /** No string of the document can hold an escape or a control character. */
  readonly #isPlain: boolean
  #at = 0

  constructor(context: CallContext, text: string) {
    this.#context = context
    this.#text = text
    this.#isPlain = !UNPLAIN.test(text)
  }

  document(): RhaiMap | undefined {
    if (this.#next() !== OPEN_BRACE) return undefined
    const map = this.#object(1)
    if (map === UNSURE) return undefined
    this.#skipBlanks()
    return this.#at === this.#text.length ? map : undefined
  }

  #value(depth: number): Value | typeof UNSURE {
    const unit = this.#next()
    switch (unit) {
      case QUOTE:
        return this.#string()
      case OPEN_BRACE:
        return this.#object(depth + 1)
      case OPEN_BRACKET:
        return this.#array(depth + 1)
      default:
        return this.#word(unit)
    }
  }

  #object(depth: number): RhaiMap | typeof UNSURE {
    if (depth > DEPTH_MAX) return UNSURE
    const entries = new Map<string, Value>()
    this.#at++
    if (this.#next() === CLOSE_BRACE) {
      this.#at++
      return new RhaiMap(entries)
    }
    for (;;) {
      if (this.#next() !== QUOTE) return UNSURE
      const key = this.#string()
      if (key === UNSURE || this.#next() !== COLON) return UNSURE
      this.#at++
      const value = this.#value(depth)
      if (value === UNSURE) return UNSURE
      const size = entries.size
      entries.set(key, value)
      if (entries.size === size) return UNSURE
      const unit = this.#next()
      this.#at++
      if (unit === COMMA) continue
      if (unit !== CLOSE_BRACE) return UNSURE
      this.#context.charge(entries.size)
      checkMapSize(this.#context, entries.size)
      return new RhaiMap(entries)
    }
  }

  #array(depth: number): RhaiArray | typeof UNSURE {
    if (depth > DEPTH_MAX) return UNSURE
    const items: Value[] = []
    this.#at++
    if (this.#next() === CLOSE_BRACKET) {
      this.#at++
      return new RhaiArray(items)
    }
    for (;;) {
      const value = this.#value(depth)
      if (value === UNSURE) return UNSURE
      items.push(value)
      const unit = this.#next()
      this.#at++
      if (unit === COMMA) continue
      if (unit !== CLOSE_BRACKET) return UNSURE
      this.#context.charge(items.length)
      checkArraySize(this.#context, items.length)
      return new RhaiArray(items)
    }
  }

  /**
   * A string without escapes or control characters; others are rare enough for the slow way. A
   * doubled quote, which the language reads as one, shows as a string right behind another.
   */
  #string(): string | typeof UNSURE {
    const start = this.#at + 1
    const end = this.#text.indexOf('"', start)
    if (end < 0) return UNSURE
    const text = this.#text.slice(start, end)
    if (!this.#isPlain && UNPLAIN.test(text)) return this.#escaped(start)
    this.#at = end + 1
    return text
  }

  /** A string with escapes that JSON and the language read alike. */
  #escaped(start: number): string | typeof UNSURE {
    let text = ''
    let i = start
    for (;;) {
      const unit = this.#text.charCodeAt(i)
      if (Number.isNaN(unit) || unit < BLANK_MAX) return UNSURE
      if (unit === QUOTE) break
      if (unit !== BACKSLASH) {
        text += this.#text[i++]
        continue
      }
      const char = SIMPLE_ESCAPES.get(this.#text[i + 1] ?? '')
      if (char === undefined) return UNSURE
      text += char
      i += 2
    }
    this.#at = i + 1
    return text
  }

  #word(unit: number): Value | typeof UNSURE {
    const { [unit]: word } = WORDS
    if (word !== undefined && this.#text.startsWith(word.text, this.#at)) {
      this.#at += word.text.length
      return word.value
    }
    return this.#number()
  }

  /** Most numbers are short integers, read digit by digit. */
  #number(): Value | typeof UNSURE {
    const text = this.#text
    let at = this.#at
    const isNegative = text.charCodeAt(at) === MINUS
    if (isNegative) at++
    const first = at
    let value = 0
    for (;;) {
      const digit = text.charCodeAt(at) - DIGIT_ZERO
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
      at++
    }
    const length = at - first
    const isShort = length > 0 && length <= INT_DIGITS_SAFE
    const isPlain = isShort && (length === 1 || text.charCodeAt(first) !== DIGIT_ZERO)
    const next = text.charCodeAt(at)
    if (!isPlain || (next !== COMMA && next !== CLOSE_BRACE && next !== CLOSE_BRACKET)) {
      return this.#longNumber()
    }
    this.#at = at
    return isNegative ? 0 - value : value
  }

  #longNumber(): Value | typeof UNSURE {
    NUMBER.lastIndex = this.#at
    const digits = NUMBER.exec(this.#text)?.[0]
    if (digits === undefined) return UNSURE
    this.#at += digits.length
    if (/[.eE]/.test(digits)) return new RhaiFloat(Number(digits))
    if (digits.length <= INT_DIGITS_SAFE) return Number(digits) + 0
    const value = BigInt(digits)
    return value > INT_MAX || value < -INT_MAX ? UNSURE : intOf(value)
  }

  /** The next unit that is not blank. */
  #next(): number {
    this.#skipBlanks()
    return this.#text.charCodeAt(this.#at)
  }

  #skipBlanks(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
      this.#at++
    }
  }
}

const SIMPLE_ESCAPES = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

const WORDS: Readonly<Record<number, { text: string; value: Value }>> = {
  116: { text: 'true', value: true },
  102: { text: 'false', value: false },
  110: { text: 'null', value: undefined },
}
