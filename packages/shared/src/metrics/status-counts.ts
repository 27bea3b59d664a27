/**
 * How many answers there were of each class of status (RFC 9110 section 15).
 *
 * @module
 */
import { byLabel, type Sample } from './metric.ts'

/** Counted as the status of a request whose client was gone before it could be answered. */
export const NO_STATUS = 0

const CLASSES: readonly string[] = ['none', '1xx', '2xx', '3xx', '4xx', '5xx']

export class StatusCounts {
  readonly #counts: number[] = CLASSES.map(() => 0)

  count(status: number): void {
    const index = Math.trunc(status / 100)
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }

  samples(): readonly Sample[] {
    const counted = CLASSES.map((name, index) => [name, this.#counts[index] ?? 0] as const)
    return byLabel(
      'status',
      counted.filter(([name]) => name !== '1xx'),
    )
  }
}
