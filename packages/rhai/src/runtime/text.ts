/**
 * Values as text: what `print` and `to_string` show, and the debug form inside containers.
 *
 * Walking a container charges one operation for each item, and the text is held to the string
 * limit while it grows, so a small script cannot ask for an endless text by sharing.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { debugFloat, displayFloat } from './float-text.ts'
import { INT_MAX } from './int.ts'
import { valuesInOrder } from './map-entries.ts'
import { sortedKeysIn } from './map-metering.ts'
import { quote } from './metered-text.ts'
import { chargeRewrite } from './metering.ts'
import { PiecedText } from './pieced-text.ts'
import { quotedChar } from './quoted-text.ts'
import { checkNesting, checkStringSize } from './size-limits.ts'
import {
  type FunctionPointer,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  RhaiByte,
  RhaiChar,
  RhaiFloat,
  RhaiIterator,
  RhaiMap,
  RhaiRange,
  Tagged,
  Timestamp,
  untagged,
  type Value,
} from './value.ts'

const BYTES_PER_GROUP = 8
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The text of `print`, `to_string`, interpolation and `+` with a string. */
export function displayText(context: CallContext, value: Value): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'undefined':
      return ''
    case 'object':
      if (value instanceof RhaiFloat) return displayFloat(value.value)
      if (value instanceof Tagged) return displayText(context, value.value)
      return debugText(context, value)
    default:
      return String(value)
  }
}

/** What the message of an uncaught `throw` says: chars inside containers are in quotes there. */
export function thrownText(context: CallContext, value: Value): string {
  const plain = untagged(value)
  if (!(plain instanceof RhaiArray || plain instanceof RhaiMap)) return displayText(context, plain)
  return new TextWriter(context, quotedChar).write(plain)
}

/** The text of `debug` and `to_debug`, and of every item of a container. */
export function debugText(context: CallContext, value: Value): string {
  if (value instanceof RhaiArray || value instanceof RhaiMap) {
    return new TextWriter(context).write(value)
  }
  if (value instanceof RhaiBlob) {
    checkStringSize(context, value.bytes.length * 2)
    chargeRewrite(context, value.bytes.length)
  }
  if (typeof value === 'string') return quote(context, value, 0)
  return value instanceof Tagged ? debugText(context, value.value) : leafText(value)
}

class TextWriter {
  readonly #context: CallContext
  readonly #text: PiecedText
  readonly #charText: (char: string) => string

  constructor(context: CallContext, charText = (char: string): string => char) {
    this.#context = context
    this.#charText = charText
    this.#text = new PiecedText(context)
  }

  write(value: RhaiArray | RhaiMap): string {
    this.#container(value, 1)
    return this.#text.finish()
  }

  #container(value: RhaiArray | RhaiMap, depth: number): void {
    checkNesting(depth)
    if (value instanceof RhaiArray) {
      this.#array(value, depth)
    } else {
      this.#map(value, depth)
    }
  }

  #array(array: RhaiArray, depth: number): void {
    const { items } = array
    this.#text.add('[')
    for (let i = 0; i < items.length; i++) {
      if (i > 0) this.#text.add(', ')
      this.#item(items[i], depth)
    }
    this.#text.add(']')
  }

  #map(map: RhaiMap, depth: number): void {
    const keys = sortedKeysIn(this.#context, map)
    const values = valuesInOrder(map, keys)
    let separator = ''
    this.#text.add('#{')
    for (let i = 0; i < keys.length; i++) {
      this.#text.add(separator)
      this.#text.add(quote(this.#context, keys[i] ?? '', this.#text.length))
      this.#text.add(': ')
      this.#item(values[i], depth)
      separator = ', '
    }
    this.#text.add('}')
  }

  #item(value: Value, depth: number): void {
    this.#context.charge(1)
    if (value instanceof RhaiArray || value instanceof RhaiMap) {
      this.#container(value, depth + 1)
    } else if (typeof value === 'string') {
      this.#text.add(quote(this.#context, value, this.#text.length))
    } else if (value instanceof RhaiChar) {
      this.#text.add(this.#charText(value.text))
    } else {
      this.#text.add(debugText(this.#context, value))
    }
  }
}

/** The debug text of everything that is not a string, an array or a map. */
function leafText(value: Exclude<PlainValue, string>): string {
  switch (typeof value) {
    case 'undefined':
      return '()'
    case 'object':
      return objectText(value)
    default:
      return String(value)
  }
}

function objectText(value: PlainValue & object): string {
  if (value instanceof RhaiFloat) return debugFloat(value.value)
  if (value instanceof RhaiChar) return value.text
  if (value instanceof RhaiByte) return String(value.value)
  if (value instanceof RhaiBlob) return blobText(value.bytes)
  if (value instanceof RhaiRange) return rangeText(value)
  if (value instanceof Timestamp) return '<timestamp>'
  if (value instanceof RhaiIterator) return 'range'
  return functionPointerText(value as FunctionPointer)
}

/** An end at the largest integer reads as no end. */
function rangeText(range: RhaiRange): string {
  const end = range.end === INT_MAX ? '' : range.end
  return `${range.start}${range.inclusive ? '..=' : '..'}${end}`
}

function functionPointerText(pointer: FunctionPointer): string {
  return `Fn(${pointer.name})`
}

/** Two hexadecimal digits for each byte, a blank after each eight. */
function blobText(bytes: Uint8Array): string {
  const groups: string[] = []
  for (let start = 0; start < bytes.length; start += BYTES_PER_GROUP) {
    let group = ''
    for (const byte of bytes.subarray(start, start + BYTES_PER_GROUP)) {
      group += HEX[byte]
    }
    groups.push(group)
  }
  return `[${groups.join(' ')}]`
}
