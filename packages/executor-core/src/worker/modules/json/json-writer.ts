/**
 * Writes JSON that every reader takes: RFC 8259, keys in order, no number that is none.
 *
 * Values share their parts, so a small one can have a text without end: everything written is charged
 * before, and held to the length of a string.
 *
 * @module
 */
import {
  arrayItems,
  type CallContext,
  checkStringSize,
  isArray,
  isBlob,
  isMap,
  mapEntries,
  mapSize,
  type RhaiArray,
  RhaiChar,
  RhaiFloat,
  type RhaiMap,
  toJsonText,
  typeName,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { refusal } from '../../refusal.ts'
import { JSON_DEPTH_MAX } from './json-reader.ts'

const OPERATIONS_PER_VALUE = 12
const OPERATIONS_PER_ENTRY = 16
const PASSES = 4
/** Pieces are joined when they are so many. */
const PIECES_JOINED = 1024

export class JsonWriter {
  readonly #context: CallContext
  /** What begins each line; empty for one line only. */
  readonly #indent: string
  #pieces: string[] = []
  #text = ''
  #length = 0

  constructor(context: CallContext, indent: number) {
    this.#context = context
    this.#indent = ' '.repeat(indent)
  }

  /** @throws RhaiError `PIC_JSON_TYPE`, `PIC_JSON_NUMBER` or `PIC_JSON_DEPTH` */
  write(value: Value): string {
    this.#value(value, 0)
    return this.#text + this.#pieces.join('')
  }

  #value(value: Value, depth: number): void {
    this.#context.charge(OPERATIONS_PER_VALUE)
    if (value === undefined) this.#add('null')
    else if (typeof value === 'string') this.#string(value)
    else if (typeof value === 'object') this.#object(value, depth)
    else this.#add(String(value))
  }

  #object(value: Value & object, depth: number): void {
    if (value instanceof RhaiFloat) this.#add(floatText(value))
    else if (value instanceof RhaiChar) this.#string(value.text)
    else if (isArray(value)) this.#array(value, depth + 1)
    else if (isMap(value)) this.#map(value, depth + 1)
    else if (isBlob(value)) this.#bytes(value.bytes)
    else throw refusal('PIC_JSON_TYPE', `JSON has nothing for a value of ${typeName(value)}`)
  }

  #array(array: RhaiArray, depth: number): void {
    enter(depth)
    if (array.items.length === 0) {
      this.#add('[]')
      return
    }
    this.#context.charge(array.items.length)
    let before = '['
    for (const item of arrayItems(array)) {
      this.#add(before + this.#newLine(depth))
      this.#value(item, depth)
      before = ','
    }
    this.#add(`${this.#newLine(depth - 1)}]`)
  }

  #map(map: RhaiMap, depth: number): void {
    enter(depth)
    const size = mapSize(map)
    if (size === 0) {
      this.#add('{}')
      return
    }
    this.#context.charge(size * OPERATIONS_PER_ENTRY)
    const entries = [...mapEntries(map)].sort(([left], [right]) => (left < right ? -1 : 1))
    const colon = this.#indent === '' ? ':' : ': '
    let before = '{'
    for (const [key, item] of entries) {
      this.#add(before + this.#newLine(depth))
      this.#string(key)
      this.#add(colon)
      this.#value(item, depth)
      before = ','
    }
    this.#add(`${this.#newLine(depth - 1)}}`)
  }

  /** Numbers, as they are in the answer of a script. */
  #bytes(bytes: Uint8Array): void {
    checkStringSize(this.#context, this.#length + 2 * bytes.byteLength)
    chargeUnits(this.#context, bytes.byteLength, PASSES * 4)
    this.#add(`[${bytes.join(',')}]`)
  }

  #string(text: string): void {
    checkStringSize(this.#context, this.#length + text.length)
    chargeUnits(this.#context, text.length, PASSES)
    this.#add(JSON.stringify(text))
  }

  #newLine(depth: number): string {
    if (this.#indent === '') return ''
    const units = this.#indent.length * depth
    chargeUnits(this.#context, units)
    return `\n${this.#indent.repeat(depth)}`
  }

  #add(piece: string): void {
    this.#length += piece.length
    checkStringSize(this.#context, this.#length)
    this.#pieces.push(piece)
    if (this.#pieces.length < PIECES_JOINED) return
    this.#text += this.#pieces.join('')
    this.#pieces = []
  }
}

function floatText(float: RhaiFloat): string {
  if (Number.isFinite(float.value)) return toJsonText(float)
  const shown = Number.isNaN(float.value) ? 'NaN' : 'infinity'
  throw refusal('PIC_JSON_NUMBER', `JSON has no number for ${shown}`)
}

function enter(depth: number): void {
  if (depth <= JSON_DEPTH_MAX) return
  throw refusal('PIC_JSON_DEPTH', `The value is nested deeper than ${JSON_DEPTH_MAX} levels`)
}
