/**
 * What a host needs to make and read values without knowing how they are stored.
 *
 * A host meets no tags: it gets values without, and reads the parts of a container through here.
 *
 * @module
 */

import type { CallContext } from './runtime/call-context.ts'
import { cursorOf } from './runtime/iteration.ts'
import { entriesOf, entryCount, getEntry, mapOfTable } from './runtime/map-entries.ts'
import { newShapeTree, type Shape } from './runtime/map-shape.ts'
import {
  charOf,
  END,
  FunctionPointer,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  type RhaiChar,
  RhaiIterator,
  RhaiMap,
  RhaiRange,
  untagged,
  type Value,
} from './runtime/value.ts'
import { checkedValue } from './runtime/value-check.ts'

/** @throws TypeError if something in it is no value of the language */
export function makeMap(entries: Iterable<readonly [string, PlainValue]>): RhaiMap {
  const map = new Map<string, PlainValue>()
  for (const [key, value] of entries) map.set(key.toWellFormed(), checkedValue(value, 'An entry'))
  return mapOfTable(map)
}

/**
 * Makes maps that all have these keys, at less cost than {@link makeMap}: what the keys alone decide
 * is worked out once. Values come in the order of the keys.
 *
 * @throws TypeError from the function it gives, if something in it is no value of the language
 * @example
 * const pointOf = mapMaker(['x', 'y'])
 * const point = pointOf([1, 2])
 */
export function mapMaker(keys: readonly string[]): (values: readonly PlainValue[]) => RhaiMap {
  const shape = shapeOf(keys)
  if (shape === undefined) return (values) => makeMap(keys.map((key, i) => [key, values[i]]))
  return (values) => {
    const slots: Value[] = [undefined]
    for (let i = 0; i < keys.length; i += 1) slots.push(checkedValue(values[i], 'An entry'))
    return new RhaiMap(shape, slots)
  }
}

/** Undefined where only a table would do. */
function shapeOf(keys: readonly string[]): Shape | undefined {
  let shape: Shape | undefined = newShapeTree()
  for (const key of keys) shape = shape?.with(key.toWellFormed())
  return new Set(keys).size === keys.length ? shape : undefined
}

/** @throws TypeError if something in it is no value of the language */
export function makeArray(items: Iterable<PlainValue>): RhaiArray {
  return new RhaiArray(Array.from(items, (item) => checkedValue(item, 'An item')))
}

/** Takes the bytes over: the caller must not change them afterwards. */
export function makeBlob(bytes: Uint8Array): RhaiBlob {
  return new RhaiBlob(bytes)
}

/** @throws TypeError if the text is not exactly one code point */
export function makeChar(text: string): RhaiChar {
  const [first = ''] = text
  if (first === '' || first !== text || !text.isWellFormed()) {
    throw new TypeError(`No char is ${JSON.stringify(text)}`)
  }
  return charOf(text)
}

/** A walk over an array, a range or what is one already; undefined for anything else. */
export function makeIterator(context: CallContext, items: PlainValue): RhaiIterator | undefined {
  if (items instanceof RhaiIterator) return items
  if (!(items instanceof RhaiArray || items instanceof RhaiRange)) return undefined
  return new RhaiIterator(() => cursorOf(context, items) ?? { next: () => END })
}

/** What is walked over, from the beginning. */
export function* iteratorItems(iterator: RhaiIterator): Generator<PlainValue> {
  const cursor = iterator.open()
  for (let item = cursor.next(); item !== END; item = cursor.next()) yield untagged(item)
}

export function isIterator(value: PlainValue): value is RhaiIterator {
  return value instanceof RhaiIterator
}

export function isMap(value: PlainValue): value is RhaiMap {
  return value instanceof RhaiMap
}

export function isArray(value: PlainValue): value is RhaiArray {
  return value instanceof RhaiArray
}

export function isFunction(value: PlainValue): value is FunctionPointer {
  return value instanceof FunctionPointer
}

export function isBlob(value: PlainValue): value is RhaiBlob {
  return value instanceof RhaiBlob
}

/** The value under a key, `undefined` (which is `()`) when there is none. */
export function mapGet(map: RhaiMap, key: string): PlainValue {
  return untagged(getEntry(map, key))
}

/** How many entries there are. */
export function mapSize(map: RhaiMap): number {
  return entryCount(map)
}

/** All entries, in no order. Reading does not copy. */
export function* mapEntries(map: RhaiMap): Generator<readonly [string, PlainValue]> {
  for (const [key, value] of entriesOf(map)) yield [key, untagged(value)]
}

/** All items, themselves and not copies. */
export function arrayItems(array: RhaiArray): PlainValue[] {
  return array.items.map(untagged)
}
