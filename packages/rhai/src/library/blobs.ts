/**
 * Functions on blobs: single bytes and parts. Every number put in keeps only its low eight bits.
 *
 * @module
 */
import { appendBytes, pushByte } from '../runtime/blob-growth.ts'
import type { CallContext } from '../runtime/call-context.ts'
import { writableBytes } from '../runtime/copy.ts'
import { indexOfInt, lowByte } from '../runtime/int.ts'
import { madeOf } from '../runtime/made-array.ts'
import { chargeBytes, chargeText } from '../runtime/metering.ts'
import {
  BLOB,
  INT,
  mutates,
  type NativeFunction,
  property,
  reads,
  TEXT,
} from '../runtime/native-function.ts'
import { offsetIn } from '../runtime/range.ts'
import { checkArraySize, checkBlobSize } from '../runtime/size-limits.ts'
import { decodeUtf8, encodeUtf8 } from '../runtime/utf8.ts'
import { type Int, RhaiBlob } from '../runtime/value.ts'
import { textOfPart } from './strings.ts'

export const blobFunctions: readonly NativeFunction[] = [
  reads('blob', [], () => new RhaiBlob(new Uint8Array())),
  reads('blob', [INT], (context, length) => filled(context, length, 0)),
  reads('blob', [INT, INT], (context, length, value) => filled(context, length, lowByte(value))),
  property('len', [BLOB], (_context, { bytes }) => bytes.length),
  property('is_empty', [BLOB], (_context, { bytes }) => bytes.length === 0),
  reads('contains', [BLOB, INT], (context, { bytes }, value) => {
    chargeBytes(context, bytes.length)
    return bytes.includes(lowByte(value))
  }),
  reads(
    'get',
    [BLOB, INT],
    (_context, { bytes }, index) => bytes[offsetIn(index, bytes.length)] ?? 0,
  ),
  reads('to_array', [BLOB], (context, { bytes }) => {
    checkArraySize(context, bytes.length)
    context.charge(bytes.length)
    return madeOf(context, Array.from(bytes))
  }),
  reads('as_string', [BLOB], (context, { bytes }) => {
    chargeBytes(context, bytes.length)
    return decodeUtf8(bytes)
  }),
  mutates('set', [BLOB, INT, INT], (context, blob, index, value) => {
    const offset = offsetIn(index, blob.bytes.length)
    if (offset < blob.bytes.length) writableBytes(context, blob)[offset] = lowByte(value)
    return undefined
  }),
  mutates('push', [BLOB, INT], (context, blob, value) => push(context, blob, value)),
  mutates('append', [BLOB, INT], (context, blob, value) => push(context, blob, value)),
  mutates('append', [BLOB, BLOB], (context, blob, added) => append(context, blob, added.bytes)),
  mutates('append', [BLOB, TEXT], (context, blob, text) => {
    chargeText(context, textOfPart(text).length)
    return append(context, blob, encodeUtf8(textOfPart(text)))
  }),
  mutates('insert', [BLOB, INT, INT], (context, blob, index, value) => {
    const offset = offsetIn(index, blob.bytes.length)
    return replacePart(context, blob, { start: offset, count: 0 }, Uint8Array.of(lowByte(value)))
  }),
  mutates('pad', [BLOB, INT, INT], (context, blob, length, value) => {
    const missing = indexOfInt(length) - blob.bytes.length
    return missing <= 0
      ? undefined
      : append(context, blob, filled(context, missing, lowByte(value)).bytes)
  }),
  mutates('pop', [BLOB], (context, blob) => removeAt(context, blob, blob.bytes.length - 1)),
  mutates('shift', [BLOB], (context, blob) => removeAt(context, blob, 0)),
  mutates('remove', [BLOB, INT], (context, blob, index) => {
    const { length } = blob.bytes
    return removeAt(context, blob, index < 0 ? length + indexOfInt(index) : indexOfInt(index))
  }),
  mutates('clear', [BLOB], (_context, blob) => replaceBytes(blob, new Uint8Array())),
  mutates('truncate', [BLOB, INT], (context, blob, length) => {
    chargeBytes(context, blob.bytes.length)
    return replaceBytes(blob, blob.bytes.slice(0, Math.max(indexOfInt(length), 0)))
  }),
  mutates('chop', [BLOB, INT], (context, blob, length) => {
    chargeBytes(context, blob.bytes.length)
    const start = Math.max(blob.bytes.length - Math.max(indexOfInt(length), 0), 0)
    return replaceBytes(blob, blob.bytes.slice(start))
  }),
  mutates('reverse', [BLOB], (context, blob) => {
    chargeBytes(context, blob.bytes.length)
    writableBytes(context, blob).reverse()
    return undefined
  }),
]

/** Gives a blob new bytes that nothing else holds, and answers `()`. */
export function replaceBytes(blob: RhaiBlob, bytes: Uint8Array): undefined {
  blob.bytes = bytes
  blob.shared = false
}

/** Puts other bytes in place of a part. */
export function replacePart(
  context: CallContext,
  blob: RhaiBlob,
  part: { readonly start: number; readonly count: number },
  added: Uint8Array,
): undefined {
  const { bytes } = blob
  const size = bytes.length - part.count + added.length
  checkBlobSize(context, size)
  chargeBytes(context, size)
  context.dataMeter?.lengthen(size - bytes.length)
  const result = new Uint8Array(size)
  result.set(bytes.subarray(0, part.start))
  result.set(added, part.start)
  result.set(bytes.subarray(part.start + part.count), part.start + added.length)
  return replaceBytes(blob, result)
}

function filled(context: CallContext, length: Int, byte: number): RhaiBlob {
  const size = Math.max(indexOfInt(length), 0)
  checkBlobSize(context, size)
  chargeBytes(context, size)
  return new RhaiBlob(new Uint8Array(size).fill(byte))
}

function push(context: CallContext, blob: RhaiBlob, value: Int): undefined {
  pushByte(context, blob, lowByte(value))
}

function append(context: CallContext, blob: RhaiBlob, added: Uint8Array): undefined {
  appendBytes(context, blob, added)
}

/** The byte taken out, or zero when there is none at that place. */
function removeAt(context: CallContext, blob: RhaiBlob, offset: number): number {
  const byte = offset < 0 ? undefined : blob.bytes[offset]
  if (byte === undefined) return 0
  if (offset === blob.bytes.length - 1 && !blob.shared) {
    blob.bytes = blob.bytes.subarray(0, offset)
  } else {
    replacePart(context, blob, { start: offset, count: 1 }, new Uint8Array())
  }
  return byte
}
