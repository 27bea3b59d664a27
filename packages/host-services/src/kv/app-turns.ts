/**
 * Lets so many operations of an app use the database at once; the others wait, first come first.
 *
 * There are more connections than one app may use, so that an app that keeps all of its own busy
 * does not keep others waiting. What waits is bounded by the executions there are and the calls each
 * of them may have under way.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'

interface Turns {
  underWay: number
  readonly waiting: (() => void)[]
}

export class AppTurns {
  readonly #atOnceMax: number
  readonly #turns = new Map<AppId, Turns>()

  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax
  }

  async take<T>(appId: AppId, work: () => Promise<T>): Promise<T> {
    const turns = this.#turnsOf(appId)
    if (turns.underWay < this.#atOnceMax) turns.underWay += 1
    else await new Promise<void>((resolve) => turns.waiting.push(resolve))
    try {
      return await work()
    } finally {
      this.#end(appId, turns)
    }
  }

  #turnsOf(appId: AppId): Turns {
    const found = this.#turns.get(appId)
    if (found !== undefined) return found
    const made: Turns = { underWay: 0, waiting: [] }
    this.#turns.set(appId, made)
    return made
  }

  /** Gives the turn to the next, which is under way in its place. */
  #end(appId: AppId, turns: Turns): void {
    const next = turns.waiting.shift()
    if (next !== undefined) {
      next()
      return
    }
    turns.underWay -= 1
    if (turns.underWay === 0) this.#turns.delete(appId)
  }
}
