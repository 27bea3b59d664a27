/**
 * Functions on arrays that take, keep or replace a part given as `(start, count)` or as a range.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { copyValue, takenFrom, writableItems } from '../runtime/copy.ts'
import { chargeCopy } from '../runtime/metering.ts'
import { ARRAY, INT, mutates, type NativeFunction, RANGE } from '../runtime/native-function.ts'
import { offsetIn, type Span, spanOf, spanOfRange } from '../runtime/range.ts'
import { checkArraySize } from '../runtime/size-limits.ts'
import { RhaiArray } from '../runtime/value.ts'
import { replaceItems } from './arrays.ts'

export const arrayPartFunctions: readonly NativeFunction[] = [
  ...onPart('drain', drain),
  ...onPart('retain', retain),
  ...onPart('extract', extract),
  mutates('extract', [ARRAY, INT], (context, array, start) => {
    const { length } = array.items
    return extract(context, array, spanOf(start, length, length))
  }),
  mutates('split', [ARRAY, INT], (context, array, index) => {
    const start = offsetIn(index, array.items.length)
    return drain(context, array, { start, count: array.items.length - start })
  }),
  mutates('splice', [ARRAY, INT, INT, ARRAY], (context, array, start, count, added) =>
    splice(context, array, spanOf(start, count, array.items.length), added),
  ),
  mutates('splice', [ARRAY, RANGE, ARRAY], (context, array, range, added) =>
    splice(context, array, spanOfRange(range, array.items.length), added),
  ),
]

type PartFunction = (context: CallContext, array: RhaiArray, part: Span) => RhaiArray

function onPart(name: string, apply: PartFunction): NativeFunction[] {
  return [
    mutates(name, [ARRAY, INT, INT], (context, array, start, count) =>
      apply(context, array, spanOf(start, count, array.items.length)),
    ),
    mutates(name, [ARRAY, RANGE], (context, array, range) =>
      apply(context, array, spanOfRange(range, array.items.length)),
    ),
  ]
}

/** Takes the part out of the array. */
function drain(context: CallContext, array: RhaiArray, part: Span): RhaiArray {
  chargeCopy(context, array.items.length)
  return new RhaiArray(writableItems(context, array).splice(part.start, part.count))
}

/** Keeps only the part and answers the rest; an empty part changes nothing. */
function retain(context: CallContext, array: RhaiArray, part: Span): RhaiArray {
  if (part.count === 0) return new RhaiArray([])
  chargeCopy(context, array.items.length)
  const rest = writableItems(context, array)
  const kept = rest.splice(part.start, part.count)
  replaceItems(array, kept)
  return new RhaiArray(rest)
}

/** A copy of the part. */
function extract(context: CallContext, array: RhaiArray, part: Span): RhaiArray {
  chargeCopy(context, part.count)
  const items = array.items.slice(part.start, part.start + part.count)
  return new RhaiArray(items.map(copyValue))
}

/** Puts other items in place of the part. */
function splice(context: CallContext, array: RhaiArray, part: Span, added: RhaiArray): undefined {
  const items = writableItems(context, array)
  checkArraySize(context, items.length - part.count + added.items.length)
  chargeCopy(context, items.length + added.items.length)
  const count = added.items.length
  const tail = items.splice(part.start)
  for (let i = 0; i < count; i++) items.push(takenFrom(added, added.items[i]))
  for (let i = part.count; i < tail.length; i++) items.push(tail[i])
  context.dataMeter?.include(array, added)
  return undefined
}
