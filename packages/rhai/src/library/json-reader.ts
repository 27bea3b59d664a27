/**
 * The fast way to read JSON: one pass over the text for what real JSON documents hold.
 *
 * It answers undefined as soon as it meets anything where the reference's reader, which is the
 * parser of the language itself, might see something else than plain JSON; the caller then asks
 * that one. So it never decides what is an error.
 *
 * The text is read as the bytes of its UTF-8, which JavaScript compares faster than the characters
 * of a string; strings are cut out of the text itself. Objects of one document mostly have the same
 * keys in the same order, so each key is first compared with the one that came next before.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { intOf } from '../runtime/int.ts'
import { entryCount, hasEntry, mapOfTable, setEntry } from '../runtime/map-entries.ts'
import { chargeKey } from '../runtime/map-metering.ts'
import type { Shape } from '../runtime/map-shape.ts'
import { PiecedText } from '../runtime/pieced-text.ts'
import { checkArraySize, checkMapSize } from '../runtime/size-limits.ts'
import { RhaiArray, RhaiFloat, RhaiMap, type Value } from '../runtime/value.ts'

/** Deeper documents are left to the full parser, which knows the language's own limit. */
const DEPTH_MAX = 32
const INT_DIGITS_SAFE = 15
const INT_MAX = 9223372036854775807n
/** More are no integer of the language. */
const INT_DIGITS_MAX = 20
const ESCAPES_PER_OPERATION = 4
/** A float is exact when its digits and the power of ten it is divided by are. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const MINUS = 0x2d
const POINT = 0x2e
const DIGIT_ZERO = 0x30
const BLANK = 0x20
const DELETE = 0x7f
/** First bytes of characters that take two bytes, three or more, and four. */
const TWO_BYTES = 0xc0
const THREE_BYTES = 0xe0
/** Behind the text, so that looking one byte too far finds something that ends everything. */
const END = 0

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** The map a JSON text holds, or undefined when this reader is not sure. */
export function readJsonObject(context: CallContext, text: string): RhaiMap | undefined {
  return new JsonReader(context, text).document()
}

/** Marks text this reader leaves to the full parser. */
const UNSURE: unique symbol = Symbol('not plain JSON')

type Read<T> = T | typeof UNSURE

class JsonReader {
  readonly #context: CallContext
  readonly #text: string
  readonly #bytes: Uint8Array
  /** The values of the arrays and objects that are still open. */
  readonly #open: Value[] = [undefined]
  #openCount = 0
  #at = 0
  /** How many bytes there were more than UTF-16 units so far. */
  #surplus = 0

  constructor(context: CallContext, text: string) {
    this.#context = context
    this.#text = text
    this.#bytes = bytesOf(text)
  }

  document(): RhaiMap | undefined {
    if (this.#next() !== OPEN_BRACE) return undefined
    const map = this.#object(1)
    if (map === UNSURE) return undefined
    return this.#next() === END && this.#at - this.#surplus === this.#text.length ? map : undefined
  }

  #value(depth: number): Read<Value> {
    const byte = this.#next()
    switch (byte) {
      case QUOTE:
        return this.#string()
      case OPEN_BRACE:
        return this.#object(depth + 1)
      case OPEN_BRACKET:
        return this.#array(depth + 1)
      default:
        return this.#word(byte)
    }
  }

  #object(depth: number): Read<RhaiMap> {
    if (depth > DEPTH_MAX) return UNSURE
    let shape = this.#context.emptyShape
    const first = this.#openCount
    this.#hold(undefined)
    this.#at++
    if (this.#next() === CLOSE_BRACE) {
      this.#at++
      return new RhaiMap(shape, this.#take(first))
    }
    for (;;) {
      const grown = this.#key(shape)
      if (grown === UNSURE) return UNSURE
      if (typeof grown === 'string') return this.#largeObject(depth, shape, first, grown)
      shape = grown
      const value = this.#value(depth)
      if (value === UNSURE) return UNSURE
      this.#hold(value)
      const byte = this.#next()
      this.#at++
      if (byte === COMMA) continue
      if (byte !== CLOSE_BRACE) return UNSURE
      return this.#metered(new RhaiMap(shape, this.#take(first)))
    }
  }

  /** An object whose keys have no shape, from the key on that is the first too many. */
  #largeObject(depth: number, shape: Shape, first: number, nextKey: string): Read<RhaiMap> {
    const map = mapOfTable(new Map())
    const values = this.#take(first)
    shape.keys.forEach((key, index) => {
      setEntry(map, key, values[index + 1])
    })
    let key = nextKey
    for (;;) {
      const value = this.#value(depth)
      if (value === UNSURE) return UNSURE
      chargeKey(this.#context, map, key)
      setEntry(map, key, value)
      const byte = this.#next()
      this.#at++
      if (byte === CLOSE_BRACE) return this.#metered(map)
      if (byte !== COMMA || this.#next() !== QUOTE) return UNSURE
      const text = this.#string()
      if (text === UNSURE || hasEntry(map, text) || this.#next() !== COLON) return UNSURE
      this.#at++
      key = text
    }
  }

  #metered(map: RhaiMap): RhaiMap {
    const count = entryCount(map)
    this.#context.charge(count)
    checkMapSize(this.#context, count)
    return map
  }

  /** A key and its colon: the shape grown by it, or the key when there is no such shape. */
  #key(shape: Shape): Read<Shape | string> {
    if (this.#next() !== QUOTE) return UNSURE
    const { latest } = shape
    if (latest?.hasPlainKey && this.#skipKey(latest.key)) return latest
    const key = this.#string()
    if (key === UNSURE || shape.positionOf(key) > 0 || this.#next() !== COLON) return UNSURE
    this.#at++
    return shape.with(key) ?? key
  }

  /** Goes past `"key":` if that is what comes. The key must be a plain one. */
  #skipKey(key: string): boolean {
    const bytes = this.#bytes
    const start = this.#at + 1
    const { length } = key
    if (bytes[start + length] !== QUOTE || bytes[start + length + 1] !== COLON) return false
    for (let i = 0; i < length; i++) {
      if (bytes[start + i] !== key.charCodeAt(i)) return false
    }
    this.#at = start + length + 2
    return true
  }

  #array(depth: number): Read<RhaiArray> {
    if (depth > DEPTH_MAX) return UNSURE
    const first = this.#openCount
    this.#at++
    if (this.#next() === CLOSE_BRACKET) {
      this.#at++
      return new RhaiArray([])
    }
    for (;;) {
      const value = this.#value(depth)
      if (value === UNSURE) return UNSURE
      this.#hold(value)
      const byte = this.#next()
      this.#at++
      if (byte === COMMA) continue
      if (byte !== CLOSE_BRACKET) return UNSURE
      const items = this.#take(first)
      this.#context.charge(items.length)
      checkArraySize(this.#context, items.length)
      return new RhaiArray(items)
    }
  }

  #hold(value: Value): void {
    const count = this.#openCount
    if (count < this.#open.length) this.#open[count] = value
    else this.#open.push(value)
    this.#openCount = count + 1
  }

  /** The values held since the count was `first`, in a list of exactly their number. */
  #take(first: number): Value[] {
    const values = this.#open.slice(first, this.#openCount)
    this.#openCount = first
    return values
  }

  /**
   * A string; one with escapes or control characters is rare enough for the slow way. A doubled
   * quote, which the language reads as one, shows as a string right behind another.
   */
  #string(): Read<string> {
    const bytes = this.#bytes
    const start = this.#at + 1
    let at = start
    for (;;) {
      const byte = bytes[at] as number
      if (byte === QUOTE) break
      if (byte < BLANK || byte === BACKSLASH || byte >= DELETE) return this.#unusualString(start)
      at++
    }
    this.#at = at + 1
    return this.#text.slice(start - this.#surplus, at - this.#surplus)
  }

  /** A string with characters beyond ASCII, or with escapes that JSON and the language read alike. */
  #unusualString(start: number): Read<string> {
    const bytes = this.#bytes
    const text = new PiecedText(this.#context)
    let escapes = 0
    let from = start - this.#surplus
    let at = start
    for (;;) {
      const byte = bytes[at] as number
      if (byte === QUOTE) break
      if (byte < BLANK || byte === DELETE) return UNSURE
      if (byte === BACKSLASH) {
        const char = SIMPLE_ESCAPES[bytes[at + 1] as number]
        if (char === undefined) return UNSURE
        if (++escapes % ESCAPES_PER_OPERATION === 0) this.#context.charge(1)
        text.add(this.#text.slice(from, at - this.#surplus))
        text.add(char)
        at += 2
        from = at - this.#surplus
      } else {
        // Two bytes are one unit, three are one, and four are two.
        if (byte >= THREE_BYTES) this.#surplus += 2
        else if (byte >= TWO_BYTES) this.#surplus += 1
        at++
      }
    }
    this.#at = at + 1
    text.add(this.#text.slice(from, at - this.#surplus))
    return text.finish()
  }

  #word(byte: number): Read<Value> {
    const { [byte]: word } = WORDS
    if (word !== undefined && this.#text.startsWith(word.text, this.#at - this.#surplus)) {
      this.#at += word.text.length
      return word.value
    }
    return this.#number()
  }

  /** Most numbers are short, and are read digit by digit. */
  #number(): Read<Value> {
    const bytes = this.#bytes
    const start = this.#at
    const isNegative = bytes[start] === MINUS
    const first = isNegative ? start + 1 : start
    let at = first
    let digits = 0
    for (;;) {
      const digit = (bytes[at] as number) - DIGIT_ZERO
      if (!(digit >= 0 && digit <= 9)) break
      digits = digits * 10 + digit
      at++
    }
    const wholeLength = at - first
    let fractionLength = 0
    if (bytes[at] === POINT) {
      for (;;) {
        const digit = (bytes[++at] as number) - DIGIT_ZERO
        if (!(digit >= 0 && digit <= 9)) break
        digits = digits * 10 + digit
        fractionLength++
      }
      if (fractionLength === 0) return UNSURE
    }
    const isShort = wholeLength > 0 && wholeLength + fractionLength <= INT_DIGITS_SAFE
    const isWellFormed = isShort && (wholeLength === 1 || bytes[first] !== DIGIT_ZERO)
    const next = bytes[at]
    if (!isWellFormed || (next !== COMMA && next !== CLOSE_BRACE && next !== CLOSE_BRACKET)) {
      return this.#longNumber()
    }
    this.#at = at
    if (fractionLength === 0) return isNegative ? 0 - digits : digits
    const value = digits / (EXACT_POWERS[fractionLength] as number)
    return new RhaiFloat(isNegative ? -value : value)
  }

  #longNumber(): Read<Value> {
    NUMBER.lastIndex = this.#at - this.#surplus
    const digits = NUMBER.exec(this.#text)?.[0]
    if (digits === undefined) return UNSURE
    this.#at += digits.length
    if (/[.eE]/.test(digits)) return new RhaiFloat(Number(digits))
    if (digits.length <= INT_DIGITS_SAFE) return Number(digits) + 0
    if (digits.length > INT_DIGITS_MAX) return UNSURE
    const value = BigInt(digits)
    return value > INT_MAX || value < -INT_MAX ? UNSURE : intOf(value)
  }

  /** The next byte that is not blank. */
  #next(): number {
    const bytes = this.#bytes
    let at = this.#at
    let byte = bytes[at] as number
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      byte = bytes[++at] as number
    }
    this.#at = at
    return byte
  }
}

const SIMPLE_ESCAPES: Readonly<Record<number, string>> = {
  34: '"',
  92: '\\',
  110: '\n',
  114: '\r',
  116: '\t',
}

const WORDS: Readonly<Record<number, { text: string; value: Value }>> = {
  116: { text: 'true', value: true },
  102: { text: 'false', value: false },
  110: { text: 'null', value: undefined },
}

const BYTES_PER_UNIT_MAX = 3
const encoder = new TextEncoder()
/** Room for the texts of most documents, so that reading one does not allocate it. */
const scratch = new Uint8Array(64 * 1024)

/** The bytes of a text with {@link END} behind them. They are good until the next call. */
function bytesOf(text: string): Uint8Array {
  const needed = text.length * BYTES_PER_UNIT_MAX + 1
  const bytes = needed <= scratch.length ? scratch : new Uint8Array(needed)
  const { written } = encoder.encodeInto(text, bytes)
  bytes[written] = END
  return bytes
}
