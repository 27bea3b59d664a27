/**
 * Arrays that functions of the library make of values, which may be too large together.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { RhaiArray, type Value } from './value.ts'

/** An array that a library function made of values. @throws RhaiError `ErrorDataTooLarge` */
export function madeOf(context: CallContext, items: Value[]): RhaiArray {
  const array = new RhaiArray(items)
  return context.dataMeter === undefined ? array : context.dataMeter.made(array)
}
