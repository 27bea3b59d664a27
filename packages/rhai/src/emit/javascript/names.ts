/**
 * Makes JavaScript names for what a script names.
 *
 * Every generated name ends in `$` and a number, which no name of the runtime interface and no
 * reserved word does; so `constructor`, `__proto__`, `then` or a name in another alphabet is as
 * harmless as `x`. The readable part is there for people reading the output, nothing depends on it.
 *
 * @module
 */

const READABLE_CHARS_MAX = 24

export class NameSource {
  #next = 0

  /** A name not given out before. */
  fresh(readable: string): string {
    const ascii = readable.replace(/[^A-Za-z0-9_]/g, '').slice(0, READABLE_CHARS_MAX)
    const start = /^[A-Za-z]/.test(ascii) ? ascii : `v${ascii}`
    this.#next += 1
    return `${start}$${this.#next}`
  }
}
