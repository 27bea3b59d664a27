/**
 * What the program took of the machine and of the database in about the last hour.
 *
 * The figures are sums since the start. Whenever something happens anyway they are noted, at most
 * once a minute; nothing is measured for its own sake, so a program that is idle stays idle. What
 * is told therefore covers the time from a note to now, and says which.
 *
 * Invariant: notes are in the order of time, and at most one of them is older than an hour.
 *
 * @module
 */

/** Sums since the program started. */
export interface UseTotals {
  readonly queries: number
  /** Null: the system does not say. */
  readonly cpuSeconds: number | null
}

export interface UseOverTime extends UseTotals {
  readonly since: Date
  readonly until: Date
}

interface Note extends UseTotals {
  /** Milliseconds since 1970. */
  readonly at: number
}

const APART_MS = 60_000
const COVERED_MS = 3_600_000

export class UseSamples {
  readonly #read: () => UseTotals
  readonly #now: () => number
  readonly #notes: Note[] = []

  /** @param now milliseconds since 1970 */
  constructor(read: () => UseTotals, now: () => number = Date.now) {
    this.#read = read
    this.#now = now
    this.note()
  }

  /** Call it when something happens. Reads nothing when it did so within the last minute. */
  note(): void {
    const at = this.#now()
    const last = this.#notes.at(-1)
    if (last !== undefined && Math.abs(at - last.at) < APART_MS) return
    // A clock that was set back: what was noted says nothing of when any more.
    if (last !== undefined && at < last.at) this.#notes.length = 0
    this.#notes.push({ at, ...this.#read() })
    while ((this.#notes[1]?.at ?? at) <= at - COVERED_MS) this.#notes.shift()
  }

  /** From the last note that is an hour old, or the first there is, to now. */
  lastHour(): UseOverTime {
    const until = this.#now()
    const now = this.#read()
    const from = this.#notes.findLast(({ at }) => at <= until - COVERED_MS) ?? this.#notes[0]
    const { at: since, ...before } = from ?? { at: until, ...now }
    return {
      since: new Date(Math.min(since, until)),
      until: new Date(until),
      queries: now.queries - before.queries,
      // What a process used is lost when it ends and is no child of ours, such as a database that
      // an earlier program started.
      cpuSeconds:
        now.cpuSeconds === null || before.cpuSeconds === null
          ? null
          : Math.max(0, now.cpuSeconds - before.cpuSeconds),
    }
  }
}
