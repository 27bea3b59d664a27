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
import { sortedKeys, valuesInOrder } from './map-entries.ts'
import { chargeBytes } from './metering.ts'
import { quotedText } from './quoted-text.ts'
import { checkNesting, checkStringSize } from './size-limits.ts'
import {
  type FunctionPointer,
  RhaiArray,
  RhaiBlob,
  RhaiByte,
  RhaiChar,
  RhaiFloat,
  RhaiIterator,
  RhaiMap,
  RhaiRange,
  Timestamp,
  type Value,
} from './value.ts'

const BYTES_PER_GROUP = 8

/** The text of `print`, `to_string`, interpolation and `+` with a string. */
export function displayText(context: CallContext, value: Value): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'undefined':
      return ''
    case 'object':
      if (value instanceof RhaiFloat) return displayFloat(value.value)
      return debugText(context, value)
    default:
      return String(value)
  }
}

/** The text of `debug` and `to_debug`, and of every item of a container. */
export function debugText(context: CallContext, value: Value): string {
  if (value instanceof RhaiArray || value instanceof RhaiMap) {
    return new TextWriter(context).write(value)
  }
  if (value instanceof RhaiBlob) {
    checkStringSize(context, value.bytes.length * 2)
    chargeBytes(context, value.bytes.length)
  }
  return leafText(value)
}

class TextWriter {
  readonly #context: CallContext
  #text = ''

  constructor(context: CallContext) {
    this.#context = context
  }

  write(value: RhaiArray | RhaiMap): string {
    this.#container(value, 1)
    return this.#text
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
    this.#text += '['
    for (let i = 0; i < items.length; i++) {
      if (i > 0) this.#text += ', '
      this.#item(items[i], depth)
    }
    this.#text += ']'
  }

  #map(map: RhaiMap, depth: number): void {
    const keys = sortedKeys(map)
    const values = valuesInOrder(map, keys)
    let separator = ''
    this.#text += '#{'
    for (let i = 0; i < keys.length; i++) {
      this.#text += `${separator}${quotedText(keys[i] ?? '')}: `
      this.#item(values[i], depth)
      separator = ', '
    }
    this.#text += '}'
  }

  #item(value: Value, depth: number): void {
    this.#context.charge(1)
    if (value instanceof RhaiArray || value instanceof RhaiMap) {
      this.#container(value, depth + 1)
    } else {
      this.#text += debugText(this.#context, value)
    }
    checkStringSize(this.#context, this.#text.length)
  }
}

/** The debug text of everything that is not an array or a map. */
function leafText(value: Value): string {
  switch (typeof value) {
    case 'string':
      return quotedText(value)
    case 'undefined':
      return '()'
    case 'object':
      return objectText(value)
    default:
      return String(value)
  }
}

function objectText(value: Exclude<Value, undefined | boolean | number | bigint | string>): string {
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
  let text = '['
  for (let i = 0; i < bytes.length; i++) {
    if (i > 0 && i % BYTES_PER_GROUP === 0) text += ' '
    text += (bytes[i] as number).toString(16).padStart(2, '0')
  }
  return `${text}]`
}
