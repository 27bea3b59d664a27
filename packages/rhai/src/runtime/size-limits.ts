/**
 * The size limits of a run: how long a string, array, map or blob may grow.
 *
 * Strings are measured in UTF-16 units, which are never more than their bytes and cost nothing to
 * count. Containers are measured at their own level: what they hold was measured as it was built,
 * and the memory ceiling of the process bounds the sum.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { dataTooLarge, nestingTooDeep } from './raise.ts'

/** How deep values are walked; a recursion beyond it would end in a JavaScript stack overflow. */
const NESTING_MAX = 1000

/** @throws RhaiError `ErrorDataTooLarge` */
export function checkStringSize(context: CallContext, length: number): void {
  const max = context.limits.stringBytesMax
  if (max > 0 && length > max) {
    throw dataTooLarge('Length of string', { name: 'stringBytesMax', value: max })
  }
}

/** @throws RhaiError `ErrorDataTooLarge` */
export function checkArraySize(context: CallContext, length: number): void {
  const max = context.limits.arrayItemsMax
  if (max > 0 && length > max) {
    throw dataTooLarge('Size of array/BLOB', { name: 'arrayItemsMax', value: max })
  }
}

/** Blobs share the limit of strings: both are measured in bytes. @throws RhaiError */
export function checkBlobSize(context: CallContext, length: number): void {
  const max = context.limits.stringBytesMax
  if (max > 0 && length > max) {
    throw dataTooLarge('Size of array/BLOB', { name: 'stringBytesMax', value: max })
  }
}

/** @throws RhaiError `ErrorDataTooLarge` */
export function checkMapSize(context: CallContext, size: number): void {
  const max = context.limits.mapEntriesMax
  if (max > 0 && size > max) {
    throw dataTooLarge('Size of object map', { name: 'mapEntriesMax', value: max })
  }
}

/** @throws RhaiError `ErrorStackOverflow` */
export function checkNesting(depth: number): void {
  if (depth > NESTING_MAX) throw nestingTooDeep()
}
