/**
 * Matching the cases of a `switch`.
 *
 * The reference finds cases by hash, so a label matches a value of its very type only: `5` is not
 * `5.0` and `'a'` is not `"a"`. Arrays and maps match item by item. The value comes without its tag.
 *
 * @module
 */

import { entriesOf, entryCount, getEntry, hasEntry } from '../runtime/map-entries.ts'
import {
  type Int,
  type PlainValue,
  RhaiArray,
  RhaiChar,
  RhaiFloat,
  RhaiMap,
  RhaiRange,
  untagged,
  type Value,
} from '../runtime/value.ts'

/** Whether a label that is no number, string, boolean or `()` matches. */
export function matches(value: PlainValue, label: PlainValue): boolean {
  if (value === label) return true
  if (typeof value !== 'object' || typeof label !== 'object') return false
  if (label instanceof RhaiFloat) return value instanceof RhaiFloat && sameFloat(value, label)
  if (label instanceof RhaiChar) return value instanceof RhaiChar && value.text === label.text
  if (label instanceof RhaiArray) return value instanceof RhaiArray && sameItems(value, label)
  if (label instanceof RhaiMap) return value instanceof RhaiMap && sameEntries(value, label)
  return false
}

/** Whether a number lies in the range of a label; a range matches itself. */
export function inRange(value: PlainValue, start: Int, end: Int, inclusive: boolean): boolean {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return value >= start && (inclusive ? value <= end : value < end)
  }
  if (value instanceof RhaiRange) {
    return value.start === start && value.end === end && value.inclusive === inclusive
  }
  return floatInRange(value, start, end, inclusive)
}

function floatInRange(value: PlainValue, start: Int, end: Int, inclusive: boolean): boolean {
  if (!(value instanceof RhaiFloat)) return false
  const number = value.value
  return number >= Number(start) && (inclusive ? number <= Number(end) : number < Number(end))
}

function sameFloat(value: RhaiFloat, label: RhaiFloat): boolean {
  return Object.is(value.value, label.value)
}

function sameItems(value: RhaiArray, label: RhaiArray): boolean {
  if (value.items.length !== label.items.length) return false
  return label.items.every((item, index) => matchesItem(value.items[index], item))
}

function sameEntries(value: RhaiMap, label: RhaiMap): boolean {
  if (entryCount(value) !== entryCount(label)) return false
  for (const [key, item] of entriesOf(label)) {
    if (!hasEntry(value, key) || !matchesItem(getEntry(value, key), item)) return false
  }
  return true
}

function matchesItem(item: Value, label: Value): boolean {
  return matches(untagged(item), untagged(label))
}
