/**
 * JSON in and out, for whoever runs scripts.
 *
 * This is the platform's JSON, always valid; what `to_json` of the language writes is the
 * language's own business. INT keeps all its digits, FLOAT always shows that it is one.
 *
 * @module
 */

import { BoundedText } from './bounded-text.ts'
import { canonicalText } from './canonical-text.ts'
import { RhaiError } from './rhai-error.ts'
import { debugFloat } from './runtime/float-text.ts'
import { emptyMap, setEntry, sortedKeys, valuesInOrder } from './runtime/map-entries.ts'
import { newShapeTree, type Shape } from './runtime/map-shape.ts'
import {
  FunctionPointer,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  RhaiByte,
  RhaiChar,
  RhaiFloat,
  RhaiMap,
  RhaiRange,
  Tagged,
  Timestamp,
  type Value,
} from './runtime/value.ts'

/** Deeper data is refused: writing it would recurse without bound. */
const NESTING_MAX = 200
/** Far above any answer; whoever runs scripts for others gives a limit of their own. */
const JSON_BYTES_MAX = 4 * 1024 * 1024

/**
 * Plain data, as `JSON.parse` gives it, as a Rhai value: whole numbers become INT, others FLOAT.
 */
export function fromJson(data: unknown): PlainValue {
  return rhaiValueOf(data, newShapeTree(), 0)
}

export interface JsonTextOptions {
  /** The longest text in UTF-8; {@link JSON_BYTES_MAX} unless given. */
  readonly bytesMax?: number
}

/**
 * Any value as JSON text. Chars and ranges become strings, NaN and infinities `null`.
 *
 * @throws RhaiError with the limit `outputBytesMax` when the text would be longer, however small
 *   the value is in memory: its parts may be shared
 */
export function toJsonText(value: Value, options: JsonTextOptions = {}): string {
  const { bytesMax = JSON_BYTES_MAX } = options
  const text = new BoundedText('JSON text', { name: 'outputBytesMax', value: bytesMax })
  writeJson(text, value, 0)
  return text.finish()
}

function rhaiValueOf(data: unknown, emptyShape: Shape, depth: number): PlainValue {
  if (depth > NESTING_MAX) throw nestedTooDeep()
  switch (typeof data) {
    case 'boolean':
      return data
    case 'string':
      return data.toWellFormed()
    case 'number':
      return Number.isSafeInteger(data) && !Object.is(data, -0) ? data : new RhaiFloat(data)
    case 'bigint':
      return Number.isSafeInteger(Number(data)) ? Number(data) : BigInt.asIntN(64, data)
    case 'object':
      return data === null ? undefined : containerOf(data, emptyShape, depth + 1)
    default:
      return undefined
  }
}

function containerOf(data: object, emptyShape: Shape, depth: number): PlainValue {
  if (Array.isArray(data)) {
    return new RhaiArray(data.map((item) => rhaiValueOf(item, emptyShape, depth)))
  }
  const map = emptyMap(emptyShape)
  for (const [key, item] of Object.entries(data)) {
    setEntry(map, key.toWellFormed(), rhaiValueOf(item, emptyShape, depth))
  }
  return map
}

function writeJson(text: BoundedText, value: Value, depth: number): void {
  if (depth > NESTING_MAX) throw nestedTooDeep()
  switch (typeof value) {
    case 'undefined':
      text.add('null')
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
    text.add(Number.isFinite(value.value) ? debugFloat(value.value) : 'null')
  } else if (value instanceof RhaiChar) {
    text.add(JSON.stringify(value.text))
  } else if (value instanceof RhaiByte) {
    text.add(String(value.value))
  } else if (value instanceof RhaiArray) {
    writeArray(text, value.items, depth)
  } else if (value instanceof RhaiMap) {
    writeMap(text, value, depth)
  } else if (value instanceof RhaiBlob) {
    text.reserve(value.bytes.length)
    text.add(`[${value.bytes.join(',')}]`)
  } else if (value instanceof RhaiRange) {
    text.add(JSON.stringify(canonicalText(value)))
  } else if (value instanceof FunctionPointer) {
    text.add(JSON.stringify(value.name))
  } else if (value instanceof Tagged) {
    writeJson(text, value.value, depth)
  } else {
    text.add(value instanceof Timestamp ? '"<timestamp>"' : 'null')
  }
}

function writeArray(text: BoundedText, items: readonly Value[], depth: number): void {
  text.add('[')
  for (let i = 0; i < items.length; i++) {
    if (i > 0) text.add(',')
    writeJson(text, items[i], depth)
  }
  text.add(']')
}

function writeMap(text: BoundedText, map: RhaiMap, depth: number): void {
  const keys = sortedKeys(map)
  const values = valuesInOrder(map, keys)
  text.add('{')
  for (let i = 0; i < keys.length; i++) {
    if (i > 0) text.add(',')
    writeString(text, keys[i] ?? '')
    text.add(':')
    writeJson(text, values[i], depth)
  }
  text.add('}')
}

function nestedTooDeep(): RhaiError {
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorDataTooLarge',
    text: `Data nested deeper than ${NESTING_MAX} levels`,
    limit: { name: 'nestingMax', value: NESTING_MAX },
  })
}
