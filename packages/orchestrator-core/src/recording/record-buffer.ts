/**
 * The execution records that wait for the database: in the order they came, bounded in number and
 * in bytes, and shared between apps.
 *
 * When it is full, the app that holds most of it loses first, so that no flood of one costs the
 * records of another. Errors are worth more than successes: a success never takes the place of an
 * error, an error takes that of a success of its own app or of one that holds as much. Of two that
 * are worth the same the older one goes.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'

export interface RecordBounds {
  readonly recordsMax: number
  readonly bytesMax: number
}

export interface BufferedRecord {
  readonly execution: NewExecution
  readonly bytes: number
}

interface Entry extends BufferedRecord {
  readonly holding: Holding
  isWaiting: boolean
}

/** What one app has in the buffer, what is being written included. */
interface Holding {
  readonly appId: AppId
  readonly errors: OldestFirst
  readonly successes: OldestFirst
  records: number
  bytes: number
}

/** Gone entries stay in the list until they are this many times as many as the others. */
const GONE_PER_WAITING_MAX = 1
const COMPACT_AT = 1024

export class RecordBuffer {
  readonly #bounds: RecordBounds
  readonly #holdings = new Map<AppId, Holding>()
  /** In the order they came, from `#head`; gone ones among them. */
  #entries: Entry[] = []
  #head = 0
  #waiting = 0
  #taken: readonly Entry[] = []
  #records = 0
  #bytes = 0

  constructor(bounds: RecordBounds) {
    this.#bounds = bounds
  }

  /** Those that wait and those taken. */
  get size(): number {
    return this.#records
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Returns whose records were lost to keep within the bounds; the new one may be among them. */
  add(record: BufferedRecord): readonly AppId[] {
    const { appId } = record.execution
    const lost: AppId[] = []
    while (!this.#hasRoom(record.bytes)) {
      const loser = this.#loserTo(record)
      if (loser === null) return [...lost, appId]
      this.#drop(loser)
      lost.push(loser.execution.appId)
    }
    const holding = this.#holdingOf(appId)
    const entry = { ...record, holding, isWaiting: true }
    this.#entries.push(entry)
    this.#waiting += 1
    this.#count(entry, 1)
    listOf(entry).add(entry)
    return lost
  }

  /**
   * The oldest, to be written; they keep their room until {@link release}. One at least, however
   * large it is.
   */
  take(recordsMax: number, bytesMax: number): readonly BufferedRecord[] {
    const taken: Entry[] = []
    let bytes = 0
    while (taken.length < recordsMax && this.#head < this.#entries.length) {
      const entry = this.#entries[this.#head]
      if (entry?.isWaiting === true) {
        bytes += entry.bytes
        if (bytes > bytesMax && taken.length > 0) break
        this.#leave(entry)
        taken.push(entry)
      }
      this.#head += 1
    }
    this.#compact()
    this.#taken = taken
    return taken
  }

  /** Gives back the room of those that were taken. */
  release(): void {
    for (const entry of this.#taken) this.#count(entry, -1)
    this.#taken = []
  }

  /** Forgets everything; returns how many records of which app that were. */
  clear(): ReadonlyMap<AppId, number> {
    const held = new Map([...this.#holdings.values()].map(({ appId, records }) => [appId, records]))
    this.#holdings.clear()
    this.#entries = []
    this.#head = 0
    this.#waiting = 0
    this.#taken = []
    this.#records = 0
    this.#bytes = 0
    return held
  }

  #hasRoom(bytes: number): boolean {
    const { recordsMax, bytesMax } = this.#bounds
    return this.#records < recordsMax && this.#bytes + bytes <= bytesMax
  }

  /** The record that goes for a new one, or null: the new one does. */
  #loserTo({ execution, bytes }: BufferedRecord): Entry | null {
    const own = this.#holdings.get(execution.appId)
    const has = own === undefined ? 0 : this.#shareOf(own)
    const isError = isErrorRecord(execution)
    const wouldHave = this.#shareOf({
      records: (own?.records ?? 0) + 1,
      bytes: (own?.bytes ?? 0) + bytes,
    })
    let ofSuccesses: Holding | null = null
    let ofErrors: Holding | null = null
    for (const holding of this.#holdings.values()) {
      const share = this.#shareOf(holding)
      const holdsMore = share > wouldHave
      const yields = isError ? share >= has : holdsMore
      if (yields && holding.successes.size > 0) ofSuccesses = this.#larger(ofSuccesses, holding)
      if (isError && holdsMore && holding.errors.size > 0) {
        ofErrors = this.#larger(ofErrors, holding)
      }
    }
    return ofSuccesses?.successes.oldest() ?? ofErrors?.errors.oldest() ?? null
  }

  #larger(one: Holding | null, other: Holding): Holding {
    return one === null || this.#shareOf(other) > this.#shareOf(one) ? other : one
  }

  /** The part of the buffer it takes, in what it takes most of. */
  #shareOf({ records, bytes }: Pick<Holding, 'records' | 'bytes'>): number {
    return Math.max(records / this.#bounds.recordsMax, bytes / this.#bounds.bytesMax)
  }

  #drop(entry: Entry): void {
    this.#leave(entry)
    this.#count(entry, -1)
    this.#compact()
  }

  #leave(entry: Entry): void {
    entry.isWaiting = false
    this.#waiting -= 1
    listOf(entry).removed()
  }

  #count({ holding, bytes }: Entry, sign: 1 | -1): void {
    holding.records += sign
    holding.bytes += sign * bytes
    this.#records += sign
    this.#bytes += sign * bytes
    if (holding.records === 0) this.#holdings.delete(holding.appId)
  }

  #holdingOf(appId: AppId): Holding {
    const known = this.#holdings.get(appId)
    if (known !== undefined) return known
    const [errors, successes] = [new OldestFirst(), new OldestFirst()]
    const made = { appId, errors, successes, records: 0, bytes: 0 }
    this.#holdings.set(appId, made)
    return made
  }

  #compact(): void {
    const gone = this.#entries.length - this.#waiting
    if (gone < COMPACT_AT || gone < this.#waiting * GONE_PER_WAITING_MAX) return
    this.#entries = this.#entries.filter(({ isWaiting }) => isWaiting)
    this.#head = 0
  }
}

/** Whether a record is worth more than those of ordinary answers. */
export function isErrorRecord({ outcome, status }: NewExecution): boolean {
  return outcome === 'error' || status >= 500
}

function listOf(entry: Entry): OldestFirst {
  const { errors, successes } = entry.holding
  return isErrorRecord(entry.execution) ? errors : successes
}

/**
 * Entries of which the oldest that waits is at hand. No set with a cursor kept on it: a cursor that
 * does not move keeps whatever was ever in the set.
 */
class OldestFirst {
  /** From `#head`, gone ones among them. */
  #entries: Entry[] = []
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  add(entry: Entry): void {
    this.#entries.push(entry)
    this.#size += 1
  }

  /** One of them waits no more. */
  removed(): void {
    this.#size -= 1
    const gone = this.#entries.length - this.#size
    if (gone < COMPACT_AT || gone < this.#size * GONE_PER_WAITING_MAX) return
    this.#entries = this.#entries.filter(({ isWaiting }) => isWaiting)
    this.#head = 0
  }

  oldest(): Entry | null {
    while (this.#entries[this.#head]?.isWaiting === false) this.#head += 1
    return this.#entries[this.#head] ?? null
  }
}
