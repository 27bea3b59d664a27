/**
 * Functions on `u8`, the items of a blob while iterating.
 *
 * @module
 */
import { BYTE, type NativeFunction, property, reads } from '../runtime/native-function.ts'
import { RhaiFloat } from '../runtime/value.ts'

export const byteFunctions: readonly NativeFunction[] = [
  property('is_zero', [BYTE], (_context, { value }) => value === 0),
  property('is_odd', [BYTE], (_context, { value }) => value % 2 === 1),
  property('is_even', [BYTE], (_context, { value }) => value % 2 === 0),
  reads('max', [BYTE, BYTE], (_context, left, right) => (left.value >= right.value ? left : right)),
  reads('min', [BYTE, BYTE], (_context, left, right) => (left.value <= right.value ? left : right)),
  reads('to_int', [BYTE], (_context, { value }) => value),
  reads('to_float', [BYTE], (_context, { value }) => new RhaiFloat(value)),
  reads('to_hex', [BYTE], (_context, { value }) => value.toString(16)),
  reads('to_octal', [BYTE], (_context, { value }) => value.toString(8)),
  reads('to_binary', [BYTE], (_context, { value }) => value.toString(2)),
]
