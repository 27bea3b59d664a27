/**
 * What `for` walks over: arrays, strings, blobs, ranges and iterators.
 *
 * A walk sees the value as it was when the loop began, whatever the body does to it.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { copyValue } from './copy.ts'
import { countUp } from './integer-cursor.ts'
import { chargeLook } from './metering.ts'
import { charFrom } from './unicode-text.ts'
import {
  type Cursor,
  END,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  RhaiByte,
  RhaiIterator,
  RhaiRange,
  type Value,
} from './value.ts'

/** A walk over a value, or undefined when it cannot be walked over. */
export function cursorOf(context: CallContext, value: PlainValue): Cursor | undefined {
  if (value instanceof RhaiArray) {
    value.shared = true
    return new ItemCursor(value.items)
  }
  if (value instanceof RhaiRange) return countUp(value.start, value.end, value.inclusive)
  if (typeof value === 'string') {
    chargeLook(context, value.length)
    return new CharCursor(value, 0, value.length)
  }
  if (value instanceof RhaiIterator) return value.open()
  if (value instanceof RhaiBlob) {
    value.shared = true
    return new ByteCursor(value.bytes)
  }
  return undefined
}

class ItemCursor implements Cursor {
  readonly #items: readonly Value[]
  #index = 0

  constructor(items: readonly Value[]) {
    this.#items = items
  }

  next(): Value | typeof END {
    if (this.#index >= this.#items.length) return END
    return copyValue(this.#items[this.#index++])
  }
}

/** The chars of part of a string, given by UTF-16 offsets. */
export class CharCursor implements Cursor {
  readonly #text: string
  readonly #end: number
  #offset: number

  constructor(text: string, start: number, end: number) {
    this.#text = text
    this.#offset = start
    this.#end = end
  }

  next(): Value | typeof END {
    if (this.#offset >= this.#end) return END
    const char = charFrom(this.#text, this.#offset)
    this.#offset += char.text.length
    return char
  }
}

class ByteCursor implements Cursor {
  readonly #bytes: Uint8Array
  #index = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(): Value | typeof END {
    const byte = this.#bytes[this.#index++]
    return byte === undefined ? END : new RhaiByte(byte)
  }
}
