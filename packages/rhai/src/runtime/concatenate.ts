/**
 * `+` where one side is a string, char or blob: joining text and bytes.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { takenFrom, writableItems, writableMap } from './copy.ts'
import { entryCount, getEntry, keysOf, setEntry } from './map-entries.ts'
import { chargeEntries } from './map-metering.ts'
import { chargeBytes, chargeCopy } from './metering.ts'
import { functionNotFound } from './raise.ts'
import { checkArraySize, checkBlobSize, checkMapSize, checkStringSize } from './size-limits.ts'
import { displayText } from './text.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'
import { type PlainValue, RhaiArray, RhaiBlob, RhaiChar, RhaiMap, type Value } from './value.ts'

/** `left + right` for everything that is not numbers. @throws RhaiError `ErrorFunctionNotFound` */
export function concatenate(context: CallContext, left: PlainValue, right: PlainValue): Value {
  if (typeof left === 'string' || typeof right === 'string') {
    return joinText(context, textOf(context, left), textOf(context, right))
  }
  if (left instanceof RhaiChar && right instanceof RhaiChar) return left.text + right.text
  if (left instanceof RhaiArray && right instanceof RhaiArray) {
    return appendItems(context, left, right)
  }
  if (left instanceof RhaiMap && right instanceof RhaiMap) return mixIn(context, left, right)
  if (left instanceof RhaiBlob && right instanceof RhaiBlob) {
    return joinBytes(context, left, right.bytes)
  }
  if (left instanceof RhaiBlob && right instanceof RhaiChar) {
    return joinBytes(context, left, encodeUtf8(right.text))
  }
  throw functionNotFound('+', [left, right])
}

/** The parts of a text are put together when it is first looked at, which is charged then. */
export function joinText(context: CallContext, left: string, right: string): string {
  checkStringSize(context, left.length + right.length)
  return left + right
}

/** What a value adds to a string: its text, or for a blob the text its bytes spell. */
export function textOf(context: CallContext, value: Value): string {
  if (typeof value === 'string') return value
  if (!(value instanceof RhaiBlob)) return displayText(context, value)
  chargeBytes(context, value.bytes.length)
  checkStringSize(context, value.bytes.length)
  return decodeUtf8(value.bytes)
}

/** Adds the items of `source` to `target`, in place. */
export function appendItems(context: CallContext, target: RhaiArray, source: RhaiArray): RhaiArray {
  checkArraySize(context, target.items.length + source.items.length)
  chargeCopy(context, source.items.length)
  const added = source.items
  const { length } = added
  const items = writableItems(context, target)
  for (let i = 0; i < length; i++) items.push(takenFrom(source, added[i]))
  context.dataMeter?.include(target, source)
  return target
}

/** Adds the entries of `source` to `target`, in place; those of `source` win. */
export function mixIn(context: CallContext, target: RhaiMap, source: RhaiMap): RhaiMap {
  chargeEntries(context, source)
  writableMap(context, target)
  for (const key of keysOf(source)) {
    setEntry(target, key, takenFrom(source, getEntry(source, key)))
  }
  checkMapSize(context, entryCount(target))
  context.dataMeter?.include(target, source)
  return target
}

/** A new blob with more bytes behind. */
function joinBytes(context: CallContext, left: RhaiBlob, added: Uint8Array): RhaiBlob {
  const size = left.bytes.length + added.length
  checkBlobSize(context, size)
  chargeBytes(context, size)
  const bytes = new Uint8Array(size)
  bytes.set(left.bytes)
  bytes.set(added, left.bytes.length)
  return new RhaiBlob(bytes)
}
