/**
 * One text for each value, by which results are compared and shown to people.
 *
 * Unlike `to_string` it keeps types apart: `1.0` is a FLOAT, `"a"` a string, `'a'` a char. Maps are
 * listed in the order of their keys.
 *
 * @module
 */

import { debugFloat } from './runtime/float-text.ts'
import { typeNameOfKind } from './runtime/kind.ts'
import { sortedKeys } from './runtime/map-keys.ts'
import {
  Cell,
  FunctionPointer,
  kindOf,
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
} from './runtime/value.ts'

const NESTING_MAX = 200

/** The name `type_of` gives. */
export function typeName(value: Value): string {
  return typeNameOfKind(kindOf(value))
}

export function canonicalText(value: Value): string {
  return textOf(value, 0)
}

function textOf(value: Value, depth: number): string {
  if (depth > NESTING_MAX) return '...'
  switch (typeof value) {
    case 'undefined':
      return '()'
    case 'string':
      return JSON.stringify(value)
    case 'object':
      return textOfObject(value, depth + 1)
    default:
      return String(value)
  }
}

function textOfObject(value: Value & object, depth: number): string {
  if (value instanceof RhaiFloat) return debugFloat(value.value)
  if (value instanceof RhaiChar) return `'${value.text}'`
  if (value instanceof RhaiByte) return String(value.value)
  if (value instanceof RhaiArray) {
    return `[${value.items.map((item) => textOf(item, depth)).join(',')}]`
  }
  if (value instanceof RhaiMap) {
    const entries = sortedKeys(value).map(
      (key) => `${JSON.stringify(key)}:${textOf(value.entries.get(key), depth)}`,
    )
    return `#{${entries.join(',')}}`
  }
  if (value instanceof RhaiBlob) return `blob[${value.bytes.join(',')}]`
  if (value instanceof RhaiRange) {
    return `${value.start}${value.inclusive ? '..=' : '..'}${value.end}`
  }
  if (value instanceof FunctionPointer) return textOfPointer(value, depth)
  if (value instanceof Timestamp) return 'timestamp'
  if (value instanceof RhaiIterator) return '<range>'
  return '()'
}

function textOfPointer(value: FunctionPointer, depth: number): string {
  const curried = value.curried.map((item) =>
    textOf(item instanceof Cell ? item.value : item, depth),
  )
  const name = value.isAnonymous ? 'anon$' : value.name
  return `Fn(${[name, ...curried].join(',')})`
}
