/**
 * JSON in and out, for whoever runs scripts.
 *
 * This is the platform's JSON, always valid; what `to_json` of the language writes is the
 * language's own business. INT keeps all its digits, FLOAT always shows that it is one.
 *
 * @module
 */

import { canonicalText } from './canonical-text.ts'
import { RhaiError } from './rhai-error.ts'
import { debugFloat } from './runtime/float-text.ts'
import { sortedKeys } from './runtime/map-keys.ts'
import {
  FunctionPointer,
  RhaiArray,
  RhaiBlob,
  RhaiByte,
  RhaiChar,
  RhaiFloat,
  RhaiMap,
  RhaiRange,
  Timestamp,
  type Value,
} from './runtime/value.ts'

/** Deeper data is refused: writing it would recurse without bound. */
const NESTING_MAX = 200

/**
 * Plain data, as `JSON.parse` gives it, as a Rhai value: whole numbers become INT, others FLOAT.
 */
export function fromJson(data: unknown): Value {
  return rhaiValueOf(data, 0)
}

/** Any value as JSON text. Chars and ranges become strings, NaN and infinities `null`. */
export function toJsonText(value: Value): string {
  return jsonOf(value, 0)
}

function rhaiValueOf(data: unknown, depth: number): Value {
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
      return data === null ? undefined : containerOf(data, depth + 1)
    default:
      return undefined
  }
}

function containerOf(data: object, depth: number): Value {
  if (Array.isArray(data)) return new RhaiArray(data.map((item) => rhaiValueOf(item, depth)))
  const entries = new Map<string, Value>()
  for (const [key, item] of Object.entries(data)) {
    entries.set(key.toWellFormed(), rhaiValueOf(item, depth))
  }
  return new RhaiMap(entries)
}

function jsonOf(value: Value, depth: number): string {
  if (depth > NESTING_MAX) throw nestedTooDeep()
  switch (typeof value) {
    case 'undefined':
      return 'null'
    case 'string':
      return JSON.stringify(value)
    case 'object':
      return jsonOfObject(value, depth + 1)
    default:
      return String(value)
  }
}

function jsonOfObject(value: Value & object, depth: number): string {
  if (value instanceof RhaiFloat) {
    return Number.isFinite(value.value) ? debugFloat(value.value) : 'null'
  }
  if (value instanceof RhaiChar) return JSON.stringify(value.text)
  if (value instanceof RhaiByte) return String(value.value)
  if (value instanceof RhaiArray) {
    return `[${value.items.map((item) => jsonOf(item, depth)).join(',')}]`
  }
  if (value instanceof RhaiMap) {
    const entries = sortedKeys(value).map(
      (key) => `${JSON.stringify(key)}:${jsonOf(value.entries.get(key), depth)}`,
    )
    return `{${entries.join(',')}}`
  }
  if (value instanceof RhaiBlob) return `[${value.bytes.join(',')}]`
  if (value instanceof RhaiRange) return JSON.stringify(canonicalText(value))
  if (value instanceof FunctionPointer) return JSON.stringify(value.name)
  return value instanceof Timestamp ? '"<timestamp>"' : 'null'
}

function nestedTooDeep(): RhaiError {
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorDataTooLarge',
    text: `Data nested deeper than ${NESTING_MAX} levels`,
    limit: { name: 'nestingMax', value: NESTING_MAX },
  })
}
