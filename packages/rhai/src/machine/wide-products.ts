/**
 * `x * y % m` and `(x * y + c) & m`, as hash functions and random number generators have them.
 *
 * The product leaves the safe integers, the result does not. Each function gives exactly what the
 * operators give one after the other, without a bigint in between where all operands are small.
 *
 * @module
 */

import type { Value } from '../runtime/value.ts'
import type { PackedPosition } from './error/failure.ts'
import { add, and, modulo, multiply } from './operators.ts'
import type { RunState } from './run-state.ts'

/** Products and sums that round to less than this lie within 64 bits. */
const EXACT_END = 2 ** 63 - 2 ** 11
const UINT32_END = 2 ** 32
const HALF = 2 ** 16

/** `x * y % m`. The positions are those of the operators. */
export function productModulo(
  run: RunState,
  x: Value,
  y: Value,
  m: Value,
  multiplyAt: PackedPosition,
  at: PackedPosition,
): Value {
  if (isCounted(x) && isCounted(y) && isModulus(m) && x * y < EXACT_END) {
    return productBelow(x, y, m)
  }
  return modulo(run, multiply(run, x, y, multiplyAt), m, at)
}

/** `(x * y + c) % m` */
export function sumModulo(
  run: RunState,
  x: Value,
  y: Value,
  c: Value,
  m: Value,
  multiplyAt: PackedPosition,
  addAt: PackedPosition,
  at: PackedPosition,
): Value {
  if (isCounted(x) && isCounted(y) && isCounted(c) && isModulus(m) && x * y + c < EXACT_END) {
    return (productBelow(x, y, m) + (c % m)) % m
  }
  return modulo(run, add(run, multiply(run, x, y, multiplyAt), c, addAt), m, at)
}

/** `x * y & m` */
export function productMasked(
  run: RunState,
  x: Value,
  y: Value,
  m: Value,
  multiplyAt: PackedPosition,
  at: PackedPosition,
): Value {
  if (isCounted(x) && isCounted(y) && isMask(m) && x * y < EXACT_END) {
    return (Math.imul(x, y) & m) >>> 0
  }
  return and(run, multiply(run, x, y, multiplyAt), m, at)
}

/** `(x * y + c) & m` */
export function sumMasked(
  run: RunState,
  x: Value,
  y: Value,
  c: Value,
  m: Value,
  multiplyAt: PackedPosition,
  addAt: PackedPosition,
  at: PackedPosition,
): Value {
  if (isCounted(x) && isCounted(y) && isCounted(c) && isMask(m) && x * y + c < EXACT_END) {
    return ((Math.imul(x, y) + (c | 0)) & m) >>> 0
  }
  return and(run, add(run, multiply(run, x, y, multiplyAt), c, addAt), m, at)
}

function isCounted(value: Value): value is number {
  return typeof value === 'number' && value >= 0
}

function isModulus(value: Value): value is number {
  return typeof value === 'number' && value > 0 && value <= UINT32_END
}

function isMask(value: Value): value is number {
  return typeof value === 'number' && value >= 0 && value < UINT32_END
}

/** `x * y % m` by halves of 16 bits, so that nothing on the way leaves the safe integers. */
function productBelow(x: number, y: number, m: number): number {
  const product = x * y
  if (product <= Number.MAX_SAFE_INTEGER) return product % m
  const left = x % m
  const right = y % m
  const high = Math.floor(left / HALF)
  const low = left % HALF
  return (((high * right) % m) * HALF + low * right) % m
}
