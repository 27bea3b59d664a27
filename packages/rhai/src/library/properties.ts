/**
 * `receiver.name`, where no call is meant and the receiver's type decides.
 *
 * @module
 */

import { isInt } from '../runtime/arithmetic.ts'
import type { CallContext } from '../runtime/call-context.ts'
import { writableMap } from '../runtime/copy.ts'
import { entryCount, getEntry, setEntry } from '../runtime/map-entries.ts'
import { propertyNotFound, propertyNotWritable } from '../runtime/raise.ts'
import { checkMapSize } from '../runtime/size-limits.ts'
import { setTag } from '../runtime/tag.ts'
import { RhaiMap, typeNameOf, untagged, type Value } from '../runtime/value.ts'

/** The error of a property that a value does not have. */
export function missingProperty(name: string, receiver: Value): unknown {
  return propertyNotFound(name, typeNameOf(receiver))
}

/** The one property of all values but maps that can be written. */
export const TAG = 'tag'

/** Writes an entry of a map or a tag, and answers what the place of the receiver holds then. */
export function setProperty(
  context: CallContext,
  receiver: Value,
  name: string,
  value: Value,
): Value {
  if (receiver instanceof RhaiMap) {
    const replaced = context.dataMeter === undefined ? undefined : getEntry(receiver, name)
    setEntry(writableMap(context, receiver), name, value)
    checkMapSize(context, entryCount(receiver))
    context.dataMeter?.setEntry(receiver, name, value, replaced)
    return receiver
  }
  const tag = untagged(value)
  if (name === TAG && isInt(tag)) return setTag(receiver, tag)
  throw propertyNotWritable(name, typeNameOf(receiver), typeNameOf(value))
}
