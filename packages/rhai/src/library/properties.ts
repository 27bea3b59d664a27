/**
 * `receiver.name`, where no call is meant and the receiver's type decides.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { writableMap } from '../runtime/copy.ts'
import { typeNameOfKind } from '../runtime/kind.ts'
import { entryCount, setEntry } from '../runtime/map-entries.ts'
import { propertyNotFound, propertyNotWritable } from '../runtime/raise.ts'
import { checkMapSize } from '../runtime/size-limits.ts'
import { kindOf, RhaiMap, type Value } from '../runtime/value.ts'

/** The error of a property that a value does not have. */
export function missingProperty(name: string, receiver: Value): unknown {
  return propertyNotFound(name, typeNameOfKind(kindOf(receiver)))
}

/** Only maps have properties that can be written. */
export function setProperty(
  context: CallContext,
  receiver: Value,
  name: string,
  value: Value,
): Value {
  if (receiver instanceof RhaiMap) {
    setEntry(writableMap(context, receiver), name, value)
    checkMapSize(context, entryCount(receiver))
    return receiver
  }
  throw propertyNotWritable(name, typeNameOfKind(kindOf(receiver)), typeNameOfKind(kindOf(value)))
}
