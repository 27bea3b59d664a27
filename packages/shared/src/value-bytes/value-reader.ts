/**
 * Makes a value of the bytes that `value-writer.ts` wrote.
 *
 * Nothing is believed: lengths are compared with the bytes there are before memory is taken, and
 * numbers are brought into the one form they have. What kind of value comes out is the maker's.
 *
 * @module
 */
import { VALUE, VALUE_DEPTH_MAX, ValueBytesError } from './value-format.ts'

/** Makes the values of one side. An INT is a bigint only beyond the safe integers. */
export interface ValueMaker<T> {
  readonly unit: T
  bool(value: boolean): T
  int(value: number | bigint): T
  float(value: number): T
  char(text: string): T
  text(value: string): T
  /** The bytes are the value's own. */
  blob(bytes: Uint8Array): T
  array(items: T[]): T
  map(entries: [string, T][]): T
}

const CODE_POINT_MAX = 0x10_ffff
const SURROGATE_MIN = 0xd800
const SURROGATE_MAX = 0xdfff

/** @throws ValueBytesError when the bytes are no value, or more than one */
export function readValue<T>(bytes: Uint8Array, maker: ValueMaker<T>): T {
  const reader = new Reader(bytes, maker)
  const value = reader.value(0)
  if (!reader.isAtEnd) throw new ValueBytesError('bytes after a value')
  return value
}

class Reader<T> {
  readonly #bytes: Buffer
  readonly #maker: ValueMaker<T>
  #at = 0

  constructor(bytes: Uint8Array, maker: ValueMaker<T>) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#maker = maker
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.byteLength
  }

  value(depth: number): T {
    const maker = this.#maker
    switch (this.#bytes[this.#take(1)]) {
      case VALUE.unit:
        return maker.unit
      case VALUE.false:
        return maker.bool(false)
      case VALUE.true:
        return maker.bool(true)
      case VALUE.int32:
        return maker.int(this.#bytes.readInt32LE(this.#take(4)))
      case VALUE.int53:
        return maker.int(safeInteger(this.#bytes.readDoubleLE(this.#take(8))))
      case VALUE.int64:
        return maker.int(shortest(this.#bytes.readBigInt64LE(this.#take(8))))
      case VALUE.float:
        return maker.float(this.#bytes.readDoubleLE(this.#take(8)))
      case VALUE.text:
        return maker.text(this.#text())
      case VALUE.char:
        return maker.char(charText(this.#count()))
      case VALUE.blob:
        return maker.blob(this.#blob())
      case VALUE.array:
        return maker.array(this.#items(depth))
      case VALUE.map:
        return maker.map(this.#entries(depth))
      default:
        throw new ValueBytesError('a value of unknown kind')
    }
  }

  #items(depth: number): T[] {
    const count = this.#lengthInside(depth)
    const items: T[] = []
    for (let i = 0; i < count; i += 1) items.push(this.value(depth + 1))
    return items
  }

  #entries(depth: number): [string, T][] {
    const count = this.#lengthInside(depth)
    const entries: [string, T][] = []
    for (let i = 0; i < count; i += 1) entries.push([this.#text(), this.value(depth + 1)])
    return entries
  }

  /** Each part takes a byte at least. */
  #lengthInside(depth: number): number {
    if (depth >= VALUE_DEPTH_MAX) throw new ValueBytesError('a value that nests too deep')
    const count = this.#count()
    if (count > this.#bytes.byteLength - this.#at) throw new ValueBytesError('a value cut off')
    return count
  }

  #text(): string {
    const bytes = this.#count()
    const at = this.#take(bytes)
    return this.#bytes.toString('utf8', at, at + bytes)
  }

  #blob(): Uint8Array {
    const bytes = this.#count()
    const at = this.#take(bytes)
    return new Uint8Array(this.#bytes.subarray(at, at + bytes))
  }

  #count(): number {
    return this.#bytes.readUInt32LE(this.#take(4))
  }

  #take(bytes: number): number {
    const at = this.#at
    if (bytes > this.#bytes.byteLength - at) throw new ValueBytesError('a value cut off')
    this.#at = at + bytes
    return at
  }
}

function safeInteger(value: number): number {
  if (!Number.isSafeInteger(value)) throw new ValueBytesError('an integer that is none')
  // Minus zero is no integer of the language.
  return value + 0
}

function shortest(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function charText(code: number): string {
  if (code > CODE_POINT_MAX || (code >= SURROGATE_MIN && code <= SURROGATE_MAX)) {
    throw new ValueBytesError('a char that is none')
  }
  return String.fromCodePoint(code)
}
