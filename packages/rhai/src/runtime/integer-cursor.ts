/**
 * Walking over integers, forwards by one or by any step.
 *
 * @module
 */
import { INT_MAX, INT_MIN, intOf } from './int.ts'
import { type Cursor, END, type Int, type Value } from './value.ts'

/** From `start` to `end`, upwards by one; `end` itself is included or not. */
export function countUp(start: Int, end: Int, inclusive: boolean): Cursor {
  if (typeof start === 'number' && typeof end === 'number') {
    return new SafeCounter(start, inclusive ? end : end - 1, 1)
  }
  const last = inclusive ? BigInt(end) : BigInt(end) - 1n
  return new WideCounter(BigInt(start), last, 1n)
}

/**
 * From `from` to `to`, which is not included, by `step`. A value from which the next step would
 * leave the 64 bits is not given any more, as in the reference.
 */
export function countBySteps(from: Int, to: Int, step: Int): Cursor {
  if (typeof from === 'number' && typeof to === 'number' && typeof step === 'number') {
    return new SafeCounter(from, step > 0 ? to - 1 : to + 1, step)
  }
  const end = BigInt(to)
  const stride = BigInt(step)
  const last = stride > 0n ? end - 1n : end + 1n
  const edge = stride > 0n ? INT_MAX - stride : INT_MIN - stride
  const bounded = stride > 0n ? smaller(last, edge) : larger(last, edge)
  return new WideCounter(BigInt(from), bounded, stride)
}

/**
 * Counts safe integers. One step past the last is still far from where numbers lose exactness.
 *
 * Emitted loops read `first`, `last` and `step` and count for themselves.
 */
export class SafeCounter implements Cursor {
  readonly first: number
  readonly last: number
  readonly step: number
  #next: number

  constructor(first: number, last: number, step: number) {
    this.first = first
    this.last = last
    this.step = step
    this.#next = first
  }

  next(): Value | typeof END {
    const value = this.#next
    if (this.step > 0 ? value > this.last : value < this.last) return END
    this.#next = value + this.step
    return value
  }
}

class WideCounter implements Cursor {
  #next: bigint
  readonly #last: bigint
  readonly #step: bigint

  constructor(start: bigint, last: bigint, step: bigint) {
    this.#next = start
    this.#last = last
    this.#step = step
  }

  next(): Value | typeof END {
    const value = this.#next
    const isDone = this.#step > 0n ? value > this.#last : value < this.#last
    if (isDone) return END
    this.#next = value + this.#step
    return intOf(value)
  }
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}
