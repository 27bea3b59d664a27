/**
 * Which sandbox gets an invocation.
 *
 * Short scripts go to one process together: their answers leave in fewer, larger writes and fewer
 * processes wake up, which serves more of them than two processes side by side. As soon as there
 * is a millisecond of work on it, they go where the least is to do. One that has no room gets none.
 *
 * @module
 */

/** What has less to do than this is as good as free. */
export const PACK_MS = 1

export interface Choosable {
  /** Whether it is right to send it one more at `now`. */
  hasRoom(now: number): boolean
  /** How long it will take for what it holds, in milliseconds. */
  backlogMs(now: number): number
}

/** The first with next to nothing to do, else the one with the least; null when none has room. */
export function chooseSandbox<T extends Choosable>(sandboxes: Iterable<T>, now: number): T | null {
  let best: T | null = null
  let bestMs = Number.POSITIVE_INFINITY
  for (const sandbox of sandboxes) {
    if (!sandbox.hasRoom(now)) continue
    const backlogMs = sandbox.backlogMs(now)
    if (backlogMs < PACK_MS) return sandbox
    if (backlogMs >= bestMs) continue
    best = sandbox
    bestMs = backlogMs
  }
  return best
}
