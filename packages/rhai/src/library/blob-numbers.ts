/**
 * Numbers and text inside blobs.
 *
 * A number has eight bytes. A shorter part holds the first of them in its byte order, so fewer
 * bytes read or written big-endian are the high ones.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { writableBytes } from '../runtime/copy.ts'
import { intOf } from '../runtime/int.ts'
import { chargeRewrite, chargeText } from '../runtime/metering.ts'
import {
  BLOB,
  INT,
  mutates,
  type NativeFunction,
  NUMBER,
  RANGE,
  reads,
  STRING,
} from '../runtime/native-function.ts'
import { type Span, spanOf, spanOfRange } from '../runtime/range.ts'
import { encodeUtf8 } from '../runtime/utf8.ts'
import { type Int, type RhaiBlob, RhaiFloat, type Value } from '../runtime/value.ts'

const NUMBER_BYTES = 8
const NOT_ASCII = /[^\0-\x7f]/gu

export const blobNumberFunctions: readonly NativeFunction[] = [
  ...parses('parse_le_int', (view) => intOf(view.getBigInt64(0, true))),
  ...parses('parse_be_int', (view) => intOf(view.getBigInt64(0, false))),
  ...parses('parse_le_float', (view) => new RhaiFloat(view.getFloat64(0, true))),
  ...parses('parse_be_float', (view) => new RhaiFloat(view.getFloat64(0, false))),
  ...writesNumber('write_le', true),
  ...writesNumber('write_be', false),
  ...writesText('write_utf8', (_context, text) => encodeUtf8(text)),
  ...writesText('write_ascii', (context, text) => {
    chargeRewrite(context, text.length)
    return encodeUtf8(text.replace(NOT_ASCII, ''))
  }),
]

function parses(name: string, read: (view: DataView) => Value): NativeFunction[] {
  return [
    reads(name, [BLOB, INT, INT], (_context, { bytes }, start, count) =>
      read(viewOf(bytes, spanOf(start, count, bytes.length))),
    ),
    reads(name, [BLOB, RANGE], (_context, { bytes }, range) =>
      read(viewOf(bytes, spanOfRange(range, bytes.length))),
    ),
  ]
}

function writesNumber(name: string, isLittleEndian: boolean): NativeFunction[] {
  return [
    mutates(name, [BLOB, INT, INT, NUMBER], (context, blob, start, count, value) => {
      const part = spanOf(start, count, blob.bytes.length)
      return overwrite(context, blob, part, bytesOf(value, isLittleEndian))
    }),
    mutates(name, [BLOB, RANGE, NUMBER], (context, blob, range, value) => {
      const part = spanOfRange(range, blob.bytes.length)
      return overwrite(context, blob, part, bytesOf(value, isLittleEndian))
    }),
  ]
}

type Encode = (context: CallContext, text: string) => Uint8Array

function writesText(name: string, encode: Encode): NativeFunction[] {
  return [
    mutates(name, [BLOB, INT, INT, STRING], (context, blob, start, count, text) => {
      chargeText(context, text.length)
      return overwrite(
        context,
        blob,
        spanOf(start, count, blob.bytes.length),
        encode(context, text),
      )
    }),
    mutates(name, [BLOB, RANGE, STRING], (context, blob, range, text) => {
      chargeText(context, text.length)
      return overwrite(context, blob, spanOfRange(range, blob.bytes.length), encode(context, text))
    }),
  ]
}

/** The bytes of a part, up to eight, with zeros behind. */
function viewOf(bytes: Uint8Array, part: Span): DataView {
  const buffer = new Uint8Array(NUMBER_BYTES)
  const count = Math.min(part.count, NUMBER_BYTES)
  buffer.set(bytes.subarray(part.start, part.start + count))
  return new DataView(buffer.buffer)
}

function bytesOf(value: Int | RhaiFloat, isLittleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(NUMBER_BYTES))
  if (value instanceof RhaiFloat) view.setFloat64(0, value.value, isLittleEndian)
  else view.setBigInt64(0, BigInt(value), isLittleEndian)
  return new Uint8Array(view.buffer)
}

/** Writes as many bytes as the part has room for. */
function overwrite(
  context: CallContext,
  blob: RhaiBlob,
  part: Span,
  source: Uint8Array,
): undefined {
  if (part.count > 0) writableBytes(context, blob).set(source.subarray(0, part.count), part.start)
}
