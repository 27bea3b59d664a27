/**
 * The runs that wait for their turn, and which of them is next.
 *
 * @module
 */
import type { ScriptRun } from './script-run.ts'

export interface WaitingRuns {
  readonly length: number
  add(run: ScriptRun): void
  take(): ScriptRun | undefined
  clear(): void
}

/** Below this, shifting the array costs less than keeping the taken part. */
const COMPACT_AT = 1024

/** First come, first served. */
export class RunsInOrder implements WaitingRuns {
  #runs: ScriptRun[] = []
  #head = 0

  get length(): number {
    return this.#runs.length - this.#head
  }

  add(run: ScriptRun): void {
    this.#runs.push(run)
  }

  take(): ScriptRun | undefined {
    const run = this.#runs[this.#head]
    if (run === undefined) return undefined
    this.#head += 1
    if (this.#head >= COMPACT_AT || this.#head === this.#runs.length) {
      this.#runs = this.#runs.slice(this.#head)
      this.#head = 0
    }
    return run
  }

  clear(): void {
    this.#runs = []
    this.#head = 0
  }
}
