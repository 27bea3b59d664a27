/**
 * Functions that look for an element of an array, by value or by callback.
 *
 * `index_of` with a string first takes it for the name of a function, and only when no function of
 * that name takes the elements for a value to look for. `contains` always looks for the value.
 *
 * @module
 */
import { RhaiError } from '../rhai-error.ts'
import type { CallContext } from '../runtime/call-context.ts'
import { copyValue } from '../runtime/copy.ts'
import { equalItems } from '../runtime/equality.ts'
import { functionNamed } from '../runtime/function-name.ts'
import { chargeCaught } from '../runtime/metering.ts'
import {
  ANY,
  ARRAY,
  FN,
  INT,
  type NativeFunction,
  reads,
  STRING,
} from '../runtime/native-function.ts'
import { offsetIn } from '../runtime/range.ts'
import {
  type FunctionPointer,
  type Int,
  isUnit,
  type RhaiArray,
  type Value,
} from '../runtime/value.ts'
import { ArrayCallback } from './array-callback.ts'
import * as later from './later/elements.ts'

export const arraySearchFunctions: readonly NativeFunction[] = [
  reads(
    'contains',
    [ARRAY, ANY],
    (context, array, value) => indexOf(context, array, value, 0) >= 0,
  ),
  reads('index_of', [ARRAY, ANY], (context, array, value) => indexOf(context, array, value, 0)),
  reads('index_of', [ARRAY, ANY, INT], indexOf),
  reads('index_of', [ARRAY, FN], indexWhere, later.indexWhere),
  reads('index_of', [ARRAY, FN, INT], indexWhere, later.indexWhere),
  reads('index_of', [ARRAY, STRING], indexOfText, indexOfTextLater),
  reads('index_of', [ARRAY, STRING, INT], indexOfText, indexOfTextLater),
  reads('find', [ARRAY, FN], find, later.find),
  reads('find', [ARRAY, FN, INT], find, later.find),
  reads('find_map', [ARRAY, FN], findMap, later.findMap),
  reads('find_map', [ARRAY, FN, INT], findMap, later.findMap),
]

function indexOf(context: CallContext, { items }: RhaiArray, value: Value, start: Int): number {
  for (let i = offsetIn(start, items.length); i < items.length; i++) {
    if (equalItems(context, items[i], value)) return i
  }
  return -1
}

function indexWhere(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  start: Int = 0,
): number {
  const callback = new ArrayCallback(context, array, pointer, 'index_of')
  const index = callback.findTrue(offsetIn(start, callback.length))
  return index < callback.length ? index : -1
}

function indexOfText(context: CallContext, array: RhaiArray, text: string, start: Int = 0): number {
  const pointer = array.items.length === 0 ? undefined : pointerNamed(context, text)
  if (pointer !== undefined) {
    try {
      return indexWhere(context, array, pointer, start)
    } catch (error) {
      if (!isAboutMissing(error, text)) throw error
      chargeCaught(context, text)
    }
  }
  return indexOf(context, array, text, start)
}

async function indexOfTextLater(
  context: CallContext,
  array: RhaiArray,
  text: string,
  start: Int = 0,
): Promise<Value> {
  const pointer = array.items.length === 0 ? undefined : pointerNamed(context, text)
  if (pointer !== undefined) {
    try {
      return await later.indexWhere(context, array, pointer, start)
    } catch (error) {
      if (!isAboutMissing(error, text)) throw error
      chargeCaught(context, text)
    }
  }
  return indexOf(context, array, text, start)
}

function find(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  start: Int = 0,
): Value {
  const index = indexWhere(context, array, pointer, start)
  return index < 0 ? undefined : copyValue(array.items[index])
}

/** The first answer of the callback that is not `()`. */
function findMap(
  context: CallContext,
  array: RhaiArray,
  pointer: FunctionPointer,
  start: Int = 0,
): Value {
  const callback = new ArrayCallback(context, array, pointer, 'find_map')
  for (let i = offsetIn(start, callback.length); i < callback.length; i++) {
    const result = callback.at(i)
    if (!isUnit(result)) return result
  }
  return undefined
}

function pointerNamed(context: CallContext, text: string): FunctionPointer | undefined {
  try {
    return functionNamed(context, text)
  } catch (error) {
    if (!(error instanceof RhaiError) || error.endsRun) throw error
    chargeCaught(context, text)
    // Not every text can be the name of a function; then it is only a value.
    return undefined
  }
}

/** Whether an error, or the one it came from, says that there is no such function. */
function isAboutMissing(error: unknown, name: string): boolean {
  if (!(error instanceof RhaiError)) return false
  const { kind, text } = error.root ?? error
  return kind === 'ErrorFunctionNotFound' && text.startsWith(`Function not found: ${name}`)
}
