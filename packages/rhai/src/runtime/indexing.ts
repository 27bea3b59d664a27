/**
 * `receiver[index]`, read and written.
 *
 * Reading answers the element itself, not a copy. Writing answers what the place of the receiver
 * holds afterwards: the same handle for containers, a new value with the same tag for strings and
 * integers.
 *
 * @module
 */
import { isInt } from './arithmetic.ts'
import { bitAt, bitRunOfIndex, signedBitsIn, withBit, withBits } from './bit-field.ts'
import type { CallContext } from './call-context.ts'
import { writableBytes, writableItems, writableMap } from './copy.ts'
import { isSmall } from './data-meter.ts'
import { indexOfInt, lowByte } from './int.ts'
import { entryCount, getEntry, setComputedEntry } from './map-entries.ts'
import { chargeKey } from './map-metering.ts'
import { chargeLook, chargePositions, chargeText } from './metering.ts'
import { arrayBoundsError, indexerNotFound, mismatchedType, stringBoundsError } from './raise.ts'
import { checkMapSize, checkStringSize } from './size-limits.ts'
import { sliceOf, withSlice } from './string-slice.ts'
import { keepTag } from './tag.ts'
import { displayText } from './text.ts'
import { charAt, charCount, charFrom, hasWideChars, offsetOf } from './unicode-text.ts'
import {
  type Int,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  RhaiChar,
  RhaiMap,
  RhaiRange,
  typeNameOf,
  untagged,
  type Value,
} from './value.ts'

export function getIndex(context: CallContext, receiver: PlainValue, index: PlainValue): Value {
  if (receiver instanceof RhaiArray) {
    return receiver.items[arrayPosition(receiver.items.length, index)]
  }
  if (receiver instanceof RhaiMap) {
    const key = mapKey(index)
    chargeKey(context, receiver, key)
    return getEntry(receiver, key)
  }
  if (typeof receiver === 'string') return charOrSlice(context, receiver, index)
  if (receiver instanceof RhaiBlob) {
    return receiver.bytes[arrayPosition(receiver.bytes.length, index)]
  }
  if (isInt(receiver)) {
    if (index instanceof RhaiRange) return signedBitsIn(receiver, bitRunOfIndex(index))
    return bitAt(receiver, intIndex(index))
  }
  throw indexerNotFound(typeNameOf(receiver), typeNameOf(index))
}

export function setIndex(context: CallContext, receiver: Value, index: Value, value: Value): Value {
  const key = untagged(index)
  if (receiver instanceof RhaiArray) {
    const position = arrayPosition(receiver.items.length, key)
    const items = writableItems(context, receiver)
    const replaced = items[position]
    items[position] = value
    if (!isSmall(value)) context.dataMeter?.replace(receiver, value, replaced)
    return receiver
  }
  if (receiver instanceof RhaiMap) {
    const name = mapKey(key)
    chargeKey(context, receiver, name)
    const meter = context.dataMeter
    const before = entryCount(receiver)
    const replaced = meter === undefined || isSmall(value) ? undefined : getEntry(receiver, name)
    setComputedEntry(writableMap(context, receiver), name, value)
    const count = entryCount(receiver)
    checkMapSize(context, count)
    if (meter !== undefined && (count > before || !isSmall(value))) {
      meter.setEntry(receiver, name, value, replaced)
    }
    return receiver
  }
  return keepTag(receiver, withPart(context, untagged(receiver), key, untagged(value)))
}

/** What a value that is no array and no map becomes with one of its parts replaced. */
function withPart(
  context: CallContext,
  receiver: PlainValue,
  index: PlainValue,
  value: PlainValue,
): PlainValue {
  if (typeof receiver === 'string') return withCharOrSlice(context, receiver, index, value)
  if (receiver instanceof RhaiBlob) {
    const position = arrayPosition(receiver.bytes.length, index)
    if (!isInt(value)) throw mismatchedType('INT', value)
    writableBytes(context, receiver)[position] = lowByte(value)
    return receiver
  }
  if (isInt(receiver)) return withIntIndex(receiver, index, value)
  throw indexerNotFound(typeNameOf(receiver), typeNameOf(index), typeNameOf(value))
}

function withIntIndex(receiver: Int, index: PlainValue, value: PlainValue): Int {
  if (index instanceof RhaiRange) {
    const run = bitRunOfIndex(index)
    if (!isInt(value)) throw mismatchedType('integer', value)
    return withBits(receiver, run, value)
  }
  const position = intIndex(index)
  if (typeof value !== 'boolean') {
    bitAt(receiver, position)
    throw mismatchedType('bool', value)
  }
  return withBit(receiver, position, value)
}

function charOrSlice(context: CallContext, text: string, index: PlainValue): Value {
  if (index instanceof RhaiRange) {
    chargePositions(context, text)
    return sliceOf(text, index)
  }
  const position = intIndex(index)
  chargeLook(context, text.length)
  const isInside = typeof position === 'number' && position >= 0 && position < text.length
  if (isInside && !hasWideChars(text)) return charFrom(text, position)
  chargeText(context, text.length)
  return charAt(text, stringPosition(text, position))
}

/**
 * Writing a char drops the sign of the index, as in the reference: `s[-1]` reads the last char and
 * changes the second, if there is one.
 */
function withCharOrSlice(
  context: CallContext,
  text: string,
  index: PlainValue,
  value: PlainValue,
): string {
  chargeText(context, text.length)
  chargePositions(context, text)
  if (index instanceof RhaiRange) {
    const result = withSlice(text, index, displayText(context, value))
    checkStringSize(context, result.length)
    return result
  }
  const wanted = intIndex(index)
  stringPosition(text, wanted)
  if (!(value instanceof RhaiChar)) throw mismatchedType('char', value)
  const position = Math.abs(indexOfInt(wanted))
  if (position >= charCount(text)) return text
  const start = offsetOf(text, position)
  const result = text.slice(0, start) + value.text + text.slice(offsetOf(text, position + 1))
  checkStringSize(context, result.length)
  return result
}

function stringPosition(text: string, index: Int): number {
  const length = charCount(text)
  const position = index < 0 ? length + indexOfInt(index) : indexOfInt(index)
  if (position < 0 || position >= length) throw stringBoundsError(length, index)
  return position
}

function arrayPosition(length: number, index: PlainValue): number {
  const wanted = intIndex(index)
  const position = wanted < 0 ? length + indexOfInt(wanted) : indexOfInt(wanted)
  if (position < 0 || position >= length) throw arrayBoundsError(length, wanted)
  return position
}

function intIndex(index: PlainValue): Int {
  if (isInt(index)) return index
  throw mismatchedType('i64', index)
}

function mapKey(index: PlainValue): string {
  if (typeof index === 'string') return index
  throw mismatchedType('string', index)
}
