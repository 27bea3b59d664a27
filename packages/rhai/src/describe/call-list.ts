/**
 * Collects calls by name.
 *
 * @module
 */
import type { CallDescription } from './description.ts'

export class CallList {
  readonly #counts = new Map<string, Set<number>>()

  add(name: string, argumentCount: number): void {
    const counts = this.#counts.get(name)
    if (counts === undefined) this.#counts.set(name, new Set([argumentCount]))
    else counts.add(argumentCount)
  }

  /** In the order of first use. */
  get described(): readonly CallDescription[] {
    return [...this.#counts].map(([name, counts]) => ({
      name,
      argumentCounts: [...counts].sort((left, right) => left - right),
    }))
  }
}
