/**
 * Ends the connections of clients that take their time.
 *
 * Node's own watch is a timer that goes off every so often for as long as the server listens, also
 * with nobody there. This one looks at each connection once per {@link LOOK_MS} of its life, on one
 * timer for all of them, and without a connection there is none. A request costs it nothing: what
 * it looks at is what the connection keeps anyway.
 *
 *     waits for    since                              at most
 *     first head   the connection was opened          HEAD_MS
 *     next head    a look found the answer taken      KEEP_ALIVE_MS + HEAD_MS
 *     content      its head was there                 contentMs
 *     an answer    (the deadline of the execution bounds that)
 *     its taking   a look found it given              STALLED_CLIENT_MS, and its bytes at a slow pace
 *
 * All but the first are noticed at a look, so up to {@link LOOK_MS} later.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Connection } from './connection.ts'
import { DeadlineQueue } from './deadline-queue.ts'

/** A client that has connected has this long for the whole head of a request. */
export const HEAD_MS = 10_000
const LOOK_MS = HEAD_MS
/** Kept a little longer than proxies keep theirs by default, so that they close first. */
export const KEEP_ALIVE_MS = 65_000
/** How long a client may take no byte of its answer. */
export const STALLED_CLIENT_MS = 60_000
/** A client that takes less of an answer than this in a second holds it for the sake of holding. */
const SLOW_BYTES_PER_MS = 4_096 / 1_000

export type Lateness = 'head' | 'content' | 'idle' | 'taking'

/** What a look found, to be compared with what the next one finds. */
interface Sight {
  readonly of: ServerResponse
  readonly waitsFor: 'idle' | 'taking'
  readonly until: number
}

export interface ConnectionWatchOptions {
  /** From the head of a request to the end of its content. */
  readonly contentMs: number
  /** Ends the connection, with an answer where the client waits for one. */
  readonly end: (connection: Connection, lateness: Lateness) => void
}

export class ConnectionWatch {
  readonly #options: ConnectionWatchOptions
  readonly #looks = new DeadlineQueue()

  constructor(options: ConnectionWatchOptions) {
    this.#options = options
  }

  /** From when it opens until it closes. */
  watch(connection: Connection): void {
    let sight: Sight | null = null
    const look = (): void => {
      const now = Date.now()
      const late = this.#hardLateness(connection, now)
      sight = late === null ? this.#sightOf(connection, sight, now) : null
      const lateness = late ?? (sight !== null && sight.until <= now ? sight.waitsFor : null)
      if (lateness === null) next = this.#looks.add(now + LOOK_MS, look)
      else this.#options.end(connection, lateness)
    }
    let next = this.#looks.add(connection.openedAt + LOOK_MS, look)
    connection.socket.once('close', () => this.#looks.remove(next))
  }

  stop(): void {
    this.#looks.stop()
  }

  #hardLateness({ latest, latestAt, openedAt }: Connection, now: number): Lateness | null {
    if (latest === null) return openedAt + HEAD_MS <= now ? 'head' : null
    const isLate = !latest.req.complete && latestAt + this.#options.contentMs <= now
    return isLate ? 'content' : null
  }

  #sightOf({ latest, socket }: Connection, before: Sight | null, now: number): Sight | null {
    if (latest?.writableEnded !== true || !latest.req.complete) return null
    const waitsFor = latest.writableFinished ? 'idle' : 'taking'
    if (before?.of === latest && before.waitsFor === waitsFor) return before
    const ms =
      waitsFor === 'idle'
        ? KEEP_ALIVE_MS + HEAD_MS
        : STALLED_CLIENT_MS + socket.writableLength / SLOW_BYTES_PER_MS
    return { of: latest, waitsFor, until: now + ms }
  }
}
