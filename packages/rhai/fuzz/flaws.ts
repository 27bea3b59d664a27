/**
 * What is wrong with a value: with its sizes, or with what the runtime promises of every value.
 *
 * @module
 */

import type { RunLimits } from '../src/runtime/call-context.ts'
import { ITEM_BYTES } from '../src/runtime/data-meter.ts'
import { entriesOf } from '../src/runtime/map-entries.ts'
import {
  Cell,
  FunctionPointer,
  isContainer,
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
  type Value,
} from '../src/runtime/value.ts'

/** Values share their parts, so each part is looked at once, and no more than so many. */
const PARTS_MAX = 100_000

/** The first flaw in words. */
export function flawOf(value: Value, limits: RunLimits): string | undefined {
  const seen = new Set<unknown>()
  const open: unknown[] = [value]
  while (open.length > 0 && seen.size < PARTS_MAX) {
    const part = open.pop()
    if (typeof part === 'object') {
      if (seen.has(part)) continue
      seen.add(part)
    }
    const flaw = flawOfPart(part, limits)
    if (flaw !== undefined) return flaw
    for (const inner of partsOf(part)) open.push(inner)
  }
  const { dataBytesMax } = limits
  return tooLarge('container', containedBytes(value, dataBytesMax), dataBytesMax)
}

/** What an array or map holds as the limit counts it, told apart no further beyond `max`. */
function containedBytes(value: Value, max: number): number {
  let bytes = 0
  const open: Value[] = value instanceof RhaiArray || value instanceof RhaiMap ? [value] : []
  for (let part = open.pop(); part !== undefined && bytes <= max; part = open.pop()) {
    if (part instanceof RhaiArray) {
      bytes += part.items.length * ITEM_BYTES
      open.push(...part.items.filter((item) => item !== undefined))
    } else if (part instanceof RhaiMap) {
      for (const [key, held] of entriesOf(part)) {
        bytes += ITEM_BYTES + key.length
        if (held !== undefined) open.push(held)
      }
    } else if (part instanceof RhaiBlob) bytes += part.bytes.length
    else if (typeof part === 'string') bytes += part.length
    else if (part instanceof Tagged) open.push(part.value ?? '')
  }
  return bytes
}

function partsOf(value: unknown): Iterable<unknown> {
  if (value instanceof RhaiArray) return value.items
  if (value instanceof RhaiMap) return [...entriesOf(value)].flat()
  if (value instanceof FunctionPointer) return value.curried
  if (value instanceof RhaiRange) return [value.start, value.end]
  if (value instanceof Cell || value instanceof Tagged) return [value.value]
  return []
}

function flawOfPart(value: unknown, limits: RunLimits): string | undefined {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? undefined : `number ${value}`
    case 'bigint':
      return isWideInt(value) ? undefined : `bigint ${value}`
    case 'string':
      return flawOfText(value, limits)
    case 'object':
      return flawOfObject(value, limits)
    default:
      return `a ${typeof value} is no value`
  }
}

function isWideInt(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value && !Number.isSafeInteger(Number(value))
}

function flawOfText(text: string, { stringBytesMax }: RunLimits): string | undefined {
  if (!text.isWellFormed()) return 'a string with a lone surrogate'
  return tooLarge('string', text.length, stringBytesMax)
}

function flawOfObject(value: object | null, limits: RunLimits): string | undefined {
  if (value instanceof RhaiArray) {
    if (value.items.includes(undefined) && Object.keys(value.items).length < value.items.length) {
      return 'an array with holes'
    }
    return tooLarge('array', value.items.length, limits.arrayItemsMax)
  }
  if (value instanceof RhaiMap) {
    const keys = [...entriesOf(value)].map(([key]) => key)
    if (new Set(keys).size < keys.length) return 'a map with a key twice'
    return tooLarge('map', keys.length, limits.mapEntriesMax)
  }
  if (value instanceof RhaiBlob) return tooLarge('blob', value.bytes.length, limits.stringBytesMax)
  if (value instanceof RhaiChar) {
    const isChar = value.text.isWellFormed() && [...value.text].length === 1
    return isChar ? undefined : `char ${JSON.stringify(value.text)}`
  }
  if (value instanceof RhaiFloat) {
    return typeof value.value === 'number' ? undefined : `FLOAT of ${typeof value.value}`
  }
  if (value instanceof RhaiByte) {
    return value.value === (value.value & 0xff) ? undefined : `byte ${value.value}`
  }
  if (value instanceof Tagged) {
    const { value: inner, tag } = value
    const isTag = tag !== 0 && tag === (tag | 0)
    if (!isTag || isContainer(inner) || inner instanceof Tagged) return `tag ${tag}`
  }
  return OTHER_CLASSES.some((each) => value instanceof each) ? undefined : 'an object of JavaScript'
}

const OTHER_CLASSES = [RhaiRange, FunctionPointer, Timestamp, RhaiIterator, Cell, Tagged]

function tooLarge(what: string, size: number, max: number): string | undefined {
  return max > 0 && size > max ? `${what} of size ${size} where ${max} is allowed` : undefined
}
