/**
 * One text for each value, by which results are compared and shown to people.
 *
 * Unlike `to_string` it keeps types apart: `1.0` is a FLOAT, `"a"` a string, `'a'` a char. Maps are
 * listed in the order of their keys.
 *
 * @module
 */

import { BoundedText } from './bounded-text.ts'
import { debugFloat } from './runtime/float-text.ts'
import { sortedKeys, valuesInOrder } from './runtime/map-entries.ts'
import {
  Cell,
  FunctionPointer,
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
  typeNameOf,
  type Value,
} from './runtime/value.ts'

const NESTING_MAX = 200
/** More than a person reads or a comparison needs. */
const TEXT_BYTES_MAX = 1024 * 1024

/** The name `type_of` gives. */
export function typeName(value: Value): string {
  return typeNameOf(value)
}

export interface CanonicalTextOptions {
  /** The longest text in UTF-8; {@link TEXT_BYTES_MAX} unless given. */
  readonly bytesMax?: number
}

/**
 * @throws RhaiError with the limit `textBytesMax` when the text would be longer, however small the
 *   value is in memory: its parts may be shared
 */
export function canonicalText(value: Value, options: CanonicalTextOptions = {}): string {
  const { bytesMax = TEXT_BYTES_MAX } = options
  const text = new BoundedText('Text of a value', { name: 'textBytesMax', value: bytesMax })
  write(text, value, 0)
  return text.finish()
}

function write(text: BoundedText, value: Value, depth: number): void {
  if (depth > NESTING_MAX) {
    text.add('...')
    return
  }
  switch (typeof value) {
    case 'undefined':
      text.add('()')
      break
    case 'string':
      writeString(text, value)
      break
    case 'object':
      writeObject(text, value, depth + 1)
      break
    default:
      text.add(String(value))
  }
}

function writeString(text: BoundedText, value: string): void {
  text.reserve(value.length)
  text.add(JSON.stringify(value))
}

function writeObject(text: BoundedText, value: Value & object, depth: number): void {
  if (value instanceof RhaiFloat) {
    text.add(debugFloat(value.value))
  } else if (value instanceof RhaiChar) {
    text.add(`'${value.text}'`)
  } else if (value instanceof RhaiByte) {
    text.add(String(value.value))
  } else if (value instanceof RhaiArray) {
    writeArray(text, value.items, depth)
  } else if (value instanceof RhaiMap) {
    writeMap(text, value, depth)
  } else if (value instanceof RhaiBlob) {
    text.reserve(value.bytes.length)
    text.add(`blob[${value.bytes.join(',')}]`)
  } else if (value instanceof RhaiRange) {
    text.add(`${value.start}${value.inclusive ? '..=' : '..'}${value.end}`)
  } else if (value instanceof FunctionPointer) {
    writePointer(text, value, depth)
  } else if (value instanceof Timestamp) {
    text.add('timestamp')
  } else if (value instanceof Tagged) {
    write(text, value.value, depth)
  } else {
    text.add(value instanceof RhaiIterator ? '<range>' : '()')
  }
}

function writeArray(text: BoundedText, items: readonly Value[], depth: number): void {
  text.add('[')
  for (let i = 0; i < items.length; i++) {
    if (i > 0) text.add(',')
    write(text, items[i], depth)
  }
  text.add(']')
}

function writeMap(text: BoundedText, map: RhaiMap, depth: number): void {
  const keys = sortedKeys(map)
  const values = valuesInOrder(map, keys)
  text.add('#{')
  for (let i = 0; i < keys.length; i++) {
    if (i > 0) text.add(',')
    writeString(text, keys[i] ?? '')
    text.add(':')
    write(text, values[i], depth)
  }
  text.add('}')
}

function writePointer(text: BoundedText, pointer: FunctionPointer, depth: number): void {
  text.add(`Fn(${pointer.isAnonymous ? 'anon$' : pointer.name}`)
  for (const item of pointer.curried) {
    text.add(',')
    write(text, item instanceof Cell ? item.value : item, depth)
  }
  text.add(')')
}
