/**
 * `in`: whether a container holds a value, which script functions cannot redefine.
 *
 * @module
 */
import { isInt } from './arithmetic.ts'
import type { CallContext } from './call-context.ts'
import { equalItems } from './equality.ts'
import { lowByte } from './int.ts'
import { hasEntry } from './map-entries.ts'
import { chargeKey } from './map-metering.ts'
import { chargeBytes } from './metering.ts'
import { textIn } from './ordering.ts'
import { functionNotFound } from './raise.ts'
import { includesText } from './text-search.ts'
import { type PlainValue, RhaiArray, RhaiBlob, RhaiMap, RhaiRange } from './value.ts'

export function contains(context: CallContext, container: PlainValue, value: PlainValue): boolean {
  if (container instanceof RhaiArray) {
    return container.items.some((item) => equalItems(context, item, value))
  }
  if (container instanceof RhaiMap && typeof value === 'string') {
    chargeKey(context, container, value)
    return hasEntry(container, value)
  }
  if (container instanceof RhaiRange && isInt(value)) {
    const { start, end, inclusive } = container
    return value >= start && (inclusive ? value <= end : value < end)
  }
  const text = textIn(value)
  if (typeof container === 'string' && text !== undefined) {
    return includesText(context, container, text)
  }
  if (container instanceof RhaiBlob && isInt(value)) {
    chargeBytes(context, container.bytes.length)
    return container.bytes.includes(lowByte(value))
  }
  throw functionNotFound('contains', [container, value])
}
