/**
 * Integers as fields of 64 bits: single bits, and runs of bits read as a number.
 *
 * Two rules live side by side, as in the reference: indexing (`n[4..8]`) is strict about bounds and
 * extends the sign of a run that ends in the top bit; the functions (`get_bits`) clamp.
 *
 * @module
 */
import { indexOfInt, intOf, wrapInt } from './int.ts'
import { bitFieldBoundsError } from './raise.ts'
import { extentOf } from './range.ts'
import type { Int, RhaiRange } from './value.ts'

export const BITS = 64

/** The position of a bit; a negative one counts from the top. @throws `ErrorBitFieldBounds` */
export function bitPosition(index: Int): number {
  const position = index < 0 ? BITS + indexOfInt(index) : indexOfInt(index)
  if (position < 0 || position >= BITS) throw bitFieldBoundsError(index)
  return position
}

export function bitAt(value: Int, index: Int): boolean {
  const position = bitPosition(index)
  return ((BigInt(value) >> BigInt(position)) & 1n) === 1n
}

export function withBit(value: Int, index: Int, bit: boolean): Int {
  const mask = 1n << BigInt(bitPosition(index))
  return wrapInt(bit ? BigInt(value) | mask : BigInt(value) & ~mask)
}

/** A run of bits within the 64: `count` of them from `start`. */
export interface BitRun {
  readonly start: number
  readonly count: number
}

/** The run an index range means. @throws `ErrorBitFieldBounds` when it leaves the 64 bits */
export function bitRunOfIndex(range: RhaiRange): BitRun {
  const start = strictPosition(range.start, BITS - 1)
  const last = range.inclusive ? BITS - 1 : BITS
  const isOpen = indexOfInt(range.end) === Number.MAX_SAFE_INTEGER
  const end = isOpen ? last : strictPosition(range.end, last)
  return { start, count: Math.max(0, end - start + (range.inclusive ? 1 : 0)) }
}

/** The run a range argument means, its start clamped. @throws `ErrorBitFieldBounds` */
export function bitRunOfRange(range: RhaiRange): BitRun {
  if (range.inclusive && range.end >= BITS) throw bitFieldBoundsError(range.end)
  const { start, count } = extentOf(range)
  return bitRunOf(start, count)
}

/** The run `(start, count)` means, its count clamped. @throws `ErrorBitFieldBounds` */
export function bitRunOf(start: Int, count: Int): BitRun {
  const wanted = indexOfInt(count)
  if (wanted <= 0) return { start: 0, count: 0 }
  const position = bitPosition(start)
  return { start: position, count: Math.min(wanted, BITS - position) }
}

/** The bits of a run as a number that is never negative, unless the run is the whole integer. */
export function bitsIn(value: Int, run: BitRun): Int {
  return wrapInt((BigInt(value) >> BigInt(run.start)) & maskOf(run.count))
}

/** The same with the sign extended when the run ends in the top bit. */
export function signedBitsIn(value: Int, run: BitRun): Int {
  if (run.count === 0) return 0
  if (run.start + run.count === BITS) return intOf(BigInt(value) >> BigInt(run.start))
  return bitsIn(value, run)
}

/** The integer with a run of bits replaced by the low bits of `bits`. */
export function withBits(value: Int, run: BitRun, bits: Int): Int {
  const mask = maskOf(run.count) << BigInt(run.start)
  const placed = (BigInt(bits) << BigInt(run.start)) & mask
  return wrapInt((BigInt(value) & ~mask) | placed)
}

function maskOf(count: number): bigint {
  return (1n << BigInt(count)) - 1n
}

function strictPosition(index: Int, last: number): number {
  const position = indexOfInt(index)
  if (position < 0 || position > last) throw bitFieldBoundsError(index)
  return position
}
