/**
 * Holds what a module collects to `dataBytesMax` while it is collected.
 *
 * The language measures what a host function answers, but only when it is there: a module that makes
 * many small values of one long text could fill the memory of the process before.
 *
 * @module
 */
import { type CallContext, RhaiError } from '@picloud/rhai'

/** As the language counts an item of an array, or an entry of a map. */
const ITEM_BYTES = 16

export class DataRoom {
  readonly #bytesMax: number
  #bytes = 0

  constructor({ limits }: CallContext) {
    this.#bytesMax = limits.dataBytesMax
  }

  /**
   * Takes room for so many items or entries, and for texts of so many units in all.
   *
   * @throws RhaiError which no script catches, when there is no more
   */
  take(items: number, units: number): void {
    this.#bytes += items * ITEM_BYTES + units
    if (this.#bytesMax === 0 || this.#bytes <= this.#bytesMax) return
    throw new RhaiError({
      phase: 'eval',
      kind: 'ErrorDataTooLarge',
      text: 'Size of data too large',
      limit: { name: 'dataBytesMax', value: this.#bytesMax },
    })
  }
}
