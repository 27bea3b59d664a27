/**
 * The runs that wait for their turn in a sandbox: fair between apps, see `fair-queue.ts`.
 *
 * Most often a single one waits for a moment. It is not put into lanes and heaps for that.
 *
 * @module
 */
import { FairQueue } from '../flight/fair-queue.ts'
import type { ScriptRun } from './script-run.ts'

export class WaitingRuns {
  #only: ScriptRun | undefined
  readonly #queue = new FairQueue<ScriptRun>(appOf)

  get length(): number {
    return this.#only === undefined ? this.#queue.length : 1
  }

  add(run: ScriptRun): void {
    if (this.length === 0) {
      this.#only = run
      return
    }
    if (this.#only !== undefined) this.#queue.add(this.#only)
    this.#only = undefined
    this.#queue.add(run)
  }

  take(): ScriptRun | undefined {
    if (this.#only === undefined) return this.#queue.take()
    const run = this.#only
    this.#only = undefined
    return run
  }

  /** Tells how long a script has computed. */
  measured(run: ScriptRun, ms: number): void {
    this.#queue.measured(appOf(run), ms)
  }
}

function appOf(run: ScriptRun): string {
  return run.invocation.app.id
}
