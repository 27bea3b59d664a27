/**
 * The invocations no sandbox has room for at the moment, first come first served.
 *
 * Those that were on a lost sandbox go to the front. Settled ones are skipped when their turn
 * comes. Taking and adding cost the same for any length.
 *
 * @module
 */
import type { Flight } from './flight.ts'

/** Below this, shifting the array costs less than keeping the taken part. */
const COMPACT_AT = 1024

export class FlightQueue {
  #flights: Flight[] = []
  #head = 0
  #front: Flight[] = []

  /** Counts settled ones that have not been skipped yet. */
  get length(): number {
    return this.#front.length + this.#flights.length - this.#head
  }

  add(flight: Flight): void {
    this.#flights.push(flight)
  }

  addFront(flights: readonly Flight[]): void {
    this.#front.unshift(...flights)
  }

  take(): Flight | undefined {
    while (this.length > 0) {
      const flight = this.#front.shift() ?? this.#takeFirst()
      if (flight?.isSettled === false) return flight
    }
    return undefined
  }

  /** Every flight still waiting, and drops the settled ones. */
  waiting(): readonly Flight[] {
    this.#front = this.#front.filter((flight) => !flight.isSettled)
    this.#flights = this.#flights.slice(this.#head).filter((flight) => !flight.isSettled)
    this.#head = 0
    return [...this.#front, ...this.#flights]
  }

  #takeFirst(): Flight | undefined {
    const flight = this.#flights[this.#head]
    this.#head += 1
    if (this.#head >= COMPACT_AT || this.#head === this.#flights.length) {
      this.#flights = this.#flights.slice(this.#head)
      this.#head = 0
    }
    return flight
  }
}
