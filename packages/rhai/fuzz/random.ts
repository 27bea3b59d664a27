/**
 * Choices that can be made again: the same seed and stream give the same ones on every machine.
 *
 * @module
 */

const RANGE = 2 ** 32

export class Random {
  #state: number

  /** Streams of one seed have nothing to do with each other. */
  constructor(seed: number, stream: number) {
    this.#state = mixed(mixed(seed >>> 0) ^ (stream >>> 0))
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    return mixed(this.#state) / RANGE
  }

  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  /** Both ends included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T extends NonNullable<unknown>>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('there is nothing to pick from')
    return item
  }
}

/** A number of 32 bits whose every bit depends on all bits of `bits` (the finisher of MurmurHash3). */
function mixed(bits: number): number {
  let hash = bits
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
