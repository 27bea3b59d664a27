/**
 * Functions on blobs that take, keep or replace a part given as `(start, count)` or as a range.
 *
 * @module
 */
import { appendBytes } from '../runtime/blob-growth.ts'
import type { CallContext } from '../runtime/call-context.ts'
import { indexOfInt } from '../runtime/int.ts'
import { chargeBytes } from '../runtime/metering.ts'
import { BLOB, INT, mutates, type NativeFunction, RANGE } from '../runtime/native-function.ts'
import { offsetIn, type Span, spanOf, spanOfRange } from '../runtime/range.ts'
import { RhaiBlob } from '../runtime/value.ts'
import { replaceBytes, replacePart } from './blobs.ts'

const NOTHING = new Uint8Array()

export const blobPartFunctions: readonly NativeFunction[] = [
  ...onPart('drain', drain),
  ...onPart('extract', extract),
  mutates('extract', [BLOB, INT], (context, blob, start) => {
    const { length } = blob.bytes
    return extract(context, blob, spanOf(start, length, length))
  }),
  mutates('split', [BLOB, INT], (context, blob, index) => {
    const start = offsetIn(index, blob.bytes.length)
    return drain(context, blob, { start, count: blob.bytes.length - start })
  }),
  mutates('retain', [BLOB, INT, INT], (context, blob, start, count) =>
    indexOfInt(count) <= 0
      ? new RhaiBlob(NOTHING)
      : retain(context, blob, spanOf(start, count, blob.bytes.length)),
  ),
  mutates('retain', [BLOB, RANGE], (context, blob, range) => {
    const isReversed = range.end <= range.start && !range.inclusive
    return isReversed
      ? new RhaiBlob(NOTHING)
      : retain(context, blob, spanOfRange(range, blob.bytes.length))
  }),
  mutates('splice', [BLOB, INT, INT, BLOB], (context, blob, start, count, added) =>
    splice(context, blob, spanOf(start, count, blob.bytes.length), added),
  ),
  mutates('splice', [BLOB, RANGE, BLOB], (context, blob, range, added) =>
    splice(context, blob, spanOfRange(range, blob.bytes.length), added),
  ),
]

type PartFunction = (context: CallContext, blob: RhaiBlob, part: Span) => RhaiBlob

function onPart(name: string, apply: PartFunction): NativeFunction[] {
  return [
    mutates(name, [BLOB, INT, INT], (context, blob, start, count) =>
      apply(context, blob, spanOf(start, count, blob.bytes.length)),
    ),
    mutates(name, [BLOB, RANGE], (context, blob, range) =>
      apply(context, blob, spanOfRange(range, blob.bytes.length)),
    ),
  ]
}

function extract(context: CallContext, { bytes }: RhaiBlob, part: Span): RhaiBlob {
  chargeBytes(context, part.count)
  return new RhaiBlob(bytes.slice(part.start, part.start + part.count))
}

function drain(context: CallContext, blob: RhaiBlob, part: Span): RhaiBlob {
  const taken = extract(context, blob, part)
  replacePart(context, blob, part, NOTHING)
  return taken
}

/** Keeps only the part and answers the rest; with an empty part that is everything. */
function retain(context: CallContext, blob: RhaiBlob, part: Span): RhaiBlob {
  const kept = extract(context, blob, part)
  const rest = new RhaiBlob(blob.bytes, true)
  replacePart(context, rest, part, NOTHING)
  replaceBytes(blob, kept.bytes)
  return rest
}

/** Unlike with arrays, an empty part means the end of the blob. */
function splice(context: CallContext, blob: RhaiBlob, part: Span, added: RhaiBlob): undefined {
  if (part.count === 0) {
    appendBytes(context, blob, added.bytes)
  } else {
    replacePart(context, blob, part, added.bytes)
  }
}
