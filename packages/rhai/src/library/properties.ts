/**
 * `receiver.name`, read and written, where no call is meant.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { writableMap } from '../runtime/copy.ts'
import { typeNameOfKind } from '../runtime/kind.ts'
import { entryCount, getEntry, setEntry } from '../runtime/map-entries.ts'
import { propertyNotFound, propertyNotWritable } from '../runtime/raise.ts'
import { checkMapSize } from '../runtime/size-limits.ts'
import { kindOf, RhaiMap, type Value } from '../runtime/value.ts'
import { nativeProperty } from './registry.ts'

/** An entry of a map, itself and not a copy, or what the type's getter of that name gives. */
export function getProperty(context: CallContext, receiver: Value, name: string): Value {
  if (receiver instanceof RhaiMap) return getEntry(receiver, name)
  const getter = nativeProperty(name)?.find1(receiver)
  if (getter !== undefined) return getter.call(context, receiver)
  throw propertyNotFound(name, typeNameOfKind(kindOf(receiver)))
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
