/**
 * Functions on the bits of an integer.
 *
 * @module
 */
import {
  BITS,
  type BitRun,
  bitAt,
  bitPosition,
  bitRunOf,
  bitRunOfRange,
  bitsIn,
  withBit,
  withBits,
} from '../runtime/bit-field.ts'
import { indexOfInt, intOf } from '../runtime/int.ts'
import {
  BOOL,
  INT,
  mutates,
  type NativeFunction,
  place,
  property,
  RANGE,
  reads,
} from '../runtime/native-function.ts'
import { extentOf } from '../runtime/range.ts'
import { type Cursor, END, type Int, RhaiIterator, type Value } from '../runtime/value.ts'

export const bitFieldFunctions: readonly NativeFunction[] = [
  reads('get_bit', [INT, INT], (_context, value, index) => bitAt(value, index)),
  mutates('set_bit', [place(INT), INT, BOOL], (_context, cell, index, bit) => {
    cell.value = withBit(cell.value, index, bit)
    return undefined
  }),
  reads('get_bits', [INT, INT, INT], (_context, value, start, count) =>
    bitsIn(value, bitRunOf(start, count)),
  ),
  reads('get_bits', [INT, RANGE], (_context, value, range) => bitsIn(value, bitRunOfRange(range))),
  mutates('set_bits', [place(INT), INT, INT, INT], (_context, cell, start, count, bits) => {
    cell.value = withBits(cell.value, bitRunOf(start, count), bits)
    return undefined
  }),
  mutates('set_bits', [place(INT), RANGE, INT], (_context, cell, range, bits) => {
    cell.value = withBits(cell.value, bitRunOfRange(range), bits)
    return undefined
  }),
  property('bits', [INT], (_context, value) => bitIterator(value, { start: 0, count: BITS })),
  reads('bits', [INT, INT], (_context, value, from) => bitIterator(value, runFrom(from, BITS))),
  reads('bits', [INT, INT, INT], (_context, value, from, count) =>
    bitIterator(value, runFrom(from, count)),
  ),
  reads('bits', [INT, RANGE], (_context, value, range) => {
    const { start, count } = extentOf(range)
    return bitIterator(value, runFrom(start, count))
  }),
]

/** Unlike the other functions, an iterator checks its start even when it is empty. */
function runFrom(from: Int, count: Int): BitRun {
  const start = bitPosition(from)
  return { start, count: Math.min(Math.max(indexOfInt(count), 0), BITS - start) }
}

/** The bits of a run as booleans, lowest first. */
function bitIterator(value: Int, run: BitRun): RhaiIterator {
  return new RhaiIterator(() => new BitCursor(value, run))
}

class BitCursor implements Cursor {
  #bits: bigint
  #left: number

  constructor(value: Int, run: BitRun) {
    this.#bits = BigInt(value) >> BigInt(run.start)
    this.#left = run.count
  }

  next(): Value | typeof END {
    if (this.#left === 0) return END
    const bit = intOf(this.#bits & 1n) === 1
    this.#bits >>= 1n
    this.#left--
    return bit
  }
}
