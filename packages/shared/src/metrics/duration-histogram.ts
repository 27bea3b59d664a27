/**
 * How long things took, counted in classes whose bounds are fixed.
 *
 * Memory and the cost of an observation do not depend on how many there were.
 *
 * @module
 */
import type { Sample } from './metric.ts'

/** Upper bounds in milliseconds: from what the clock can tell apart to the longest deadlines. */
const BOUNDS_MS: readonly number[] = [
  5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
]

export class DurationHistogram {
  /** Not cumulative; the last is for what is above all bounds. */
  readonly #counts: number[] = Array.from({ length: BOUNDS_MS.length + 1 }, () => 0)
  #sumMs = 0

  /** A clock that was set back makes no negative time. */
  observe(durationMs: number): void {
    const duration = Math.max(durationMs, 0)
    let index = 0
    while (duration > (BOUNDS_MS[index] ?? Number.POSITIVE_INFINITY)) index += 1
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#sumMs += duration
  }

  /** In seconds, as is the custom with Prometheus. */
  samples(): readonly Sample[] {
    let total = 0
    const buckets = this.#counts.map((count, index) => {
      total += count
      const bound = BOUNDS_MS[index]
      const le = bound === undefined ? '+Inf' : String(bound / 1000)
      return { suffix: '_bucket', labels: { le }, value: total }
    })
    return [
      ...buckets,
      { suffix: '_sum', value: this.#sumMs / 1000 },
      { suffix: '_count', value: total },
    ]
  }
}
