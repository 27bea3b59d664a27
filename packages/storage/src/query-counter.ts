/**
 * Counts the statements a program sends to the database, on all its connections.
 *
 * @module
 */
export class QueryCounter {
  #total = 0

  get total(): number {
    return this.#total
  }

  readonly count = (): void => {
    this.#total += 1
  }
}
