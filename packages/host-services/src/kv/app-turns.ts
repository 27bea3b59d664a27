/**
 * Lets so many operations of an app use the database at once; the others wait, first come first.
 *
 * There are more connections than one app may use, so that an app that keeps all of its own busy
 * does not keep others waiting. What waits is bounded by the executions there are and the calls each
 * of them may have under way: it stops waiting when its execution is over.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'

interface Turns {
  underWay: number
  /** In order. */
  readonly waiting: Set<() => void>
}

export class AppTurns {
  readonly #atOnceMax: number
  readonly #turns = new Map<AppId, Turns>()

  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax
  }

  /**
   * @param signal null for what is done whatever becomes of those who asked for it
   * @throws the reason of the signal, when it is aborted before the turn comes
   */
  async take<T>(appId: AppId, signal: AbortSignal | null, work: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    const turns = this.#turnsOf(appId)
    if (turns.underWay < this.#atOnceMax) turns.underWay += 1
    else await turnIn(turns, signal)
    try {
      return await work()
    } finally {
      this.#end(appId, turns)
    }
  }

  #turnsOf(appId: AppId): Turns {
    const found = this.#turns.get(appId)
    if (found !== undefined) return found
    const made: Turns = { underWay: 0, waiting: new Set() }
    this.#turns.set(appId, made)
    return made
  }

  /** Gives the turn to the next, which is under way in its place. */
  #end(appId: AppId, turns: Turns): void {
    const [next] = turns.waiting
    if (next !== undefined) {
      turns.waiting.delete(next)
      next()
      return
    }
    turns.underWay -= 1
    if (turns.underWay === 0) this.#turns.delete(appId)
  }
}

async function turnIn({ waiting }: Turns, signal: AbortSignal | null): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = () => {
    waiting.delete(resolve)
    reject(signal?.reason)
  }
  waiting.add(resolve)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await promise
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
