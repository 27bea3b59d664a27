/**
 * Writes one value as bytes, see `value-format.ts`. Whoever knows the value walks it; each method
 * answers the writer, so that a walk is one expression.
 *
 * @module
 */
import { VALUE, ValueTooLongError } from './value-format.ts'

const FIRST_BYTES = 4096
/** Kept for the next writer: most values are small, and memory for each would cost more than them. */
let spare: Buffer | undefined = Buffer.allocUnsafeSlow(FIRST_BYTES)

const LENGTH_BYTES = 4
/** A UTF-16 code unit becomes at most three bytes of UTF-8. */
const UTF8_BYTES_PER_UNIT_MAX = 3
const INT32_MAX = 0x7fff_ffff

/** The most that is written with one check. */
const SCALAR_BYTES_MAX = 9

export class ValueWriter {
  readonly #bytesMax: number
  #buffer: Buffer
  #at = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
    this.#buffer = spare ?? Buffer.allocUnsafeSlow(FIRST_BYTES)
    spare = undefined
  }

  /** What was written. The writer is of no use afterwards. @throws ValueTooLongError */
  finish(): Uint8Array {
    if (this.#at > this.#bytesMax) throw new ValueTooLongError(this.#bytesMax)
    const bytes = Buffer.from(this.#buffer.subarray(0, this.#at))
    this.release()
    return bytes
  }

  /** Gives memory back; for writers that never finish, too. */
  release(): void {
    if (this.#buffer.byteLength === FIRST_BYTES) spare = this.#buffer
  }

  unit(): this {
    this.#byte(VALUE.unit)
    return this
  }

  bool(value: boolean): this {
    this.#byte(value ? VALUE.true : VALUE.false)
    return this
  }

  int(value: number | bigint): this {
    const at = this.#reserve(SCALAR_BYTES_MAX)
    const buffer = this.#buffer
    if (typeof value === 'bigint') {
      buffer[at] = VALUE.int64
      buffer.writeBigInt64LE(value, at + 1)
      this.#at = at + 9
    } else if (value <= INT32_MAX && value >= -INT32_MAX) {
      buffer[at] = VALUE.int32
      buffer.writeInt32LE(value, at + 1)
      this.#at = at + 5
    } else {
      buffer[at] = VALUE.int53
      buffer.writeDoubleLE(value, at + 1)
      this.#at = at + 9
    }
    return this
  }

  float(value: number): this {
    const at = this.#reserve(SCALAR_BYTES_MAX)
    this.#buffer[at] = VALUE.float
    this.#buffer.writeDoubleLE(value, at + 1)
    this.#at = at + 9
    return this
  }

  char(code: number): this {
    this.#counted(VALUE.char, code)
    return this
  }

  text(value: string): this {
    this.#byte(VALUE.text)
    return this.key(value)
  }

  blob(bytes: Uint8Array): this {
    this.#counted(VALUE.blob, bytes.byteLength)
    const at = this.#reserve(bytes.byteLength)
    this.#buffer.set(bytes, at)
    this.#at = at + bytes.byteLength
    return this
  }

  /** Its items follow. */
  array(items: number): this {
    this.#counted(VALUE.array, items)
    return this
  }

  /** Its entries follow, each a {@link key} and a value. */
  map(entries: number): this {
    this.#counted(VALUE.map, entries)
    return this
  }

  key(text: string): this {
    // A code unit takes at least one byte: what is surely too long is not written first.
    this.#check(this.#at + LENGTH_BYTES + text.length)
    const at = this.#reserve(LENGTH_BYTES + text.length * UTF8_BYTES_PER_UNIT_MAX, 0)
    const written = this.#buffer.write(text, at + LENGTH_BYTES, 'utf8')
    this.#buffer.writeUInt32LE(written, at)
    this.#at = at + LENGTH_BYTES + written
    return this
  }

  #byte(value: number): void {
    const at = this.#reserve(1)
    this.#buffer[at] = value
    this.#at = at + 1
  }

  #counted(kind: number, count: number): void {
    const at = this.#reserve(1 + LENGTH_BYTES)
    this.#buffer[at] = kind
    this.#buffer.writeUInt32LE(count, at + 1)
    this.#at = at + 1 + LENGTH_BYTES
  }

  /** Room for so many bytes more, of which `counted` surely come; answers where. */
  #reserve(bytes: number, counted = 1): number {
    const end = this.#at + bytes
    this.#check(this.#at + counted)
    if (end > this.#buffer.byteLength) this.#grow(end)
    return this.#at
  }

  #check(end: number): void {
    if (end > this.#bytesMax) throw new ValueTooLongError(this.#bytesMax)
  }

  #grow(bytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, this.#buffer.byteLength * 2))
    this.#buffer.copy(grown, 0, 0, this.#at)
    this.release()
    this.#buffer = grown
  }
}
