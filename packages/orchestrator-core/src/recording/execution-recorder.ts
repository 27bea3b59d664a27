/**
 * Carries execution records to the database, off the request path.
 *
 *     idle --record--> delayed --delay over, or a batch is full--> writing
 *     writing --stored--> idle, or delayed when more came meanwhile
 *     writing --database away--> backing off --pause over--> writing
 *
 * One writer at a time. Memory is bounded in records and in bytes; what does not fit, and what the
 * database refuses for itself, is counted as lost and said in the log. With nothing to write there
 * is no timer.
 *
 * @module
 */
import { type Logger, PicloudError, SILENT_LOGGER } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import { recordBytes } from './record-bytes.ts'

export interface ExecutionRecorderOptions {
  readonly store: { insertBatch(records: readonly NewExecution[]): Promise<unknown> }
  /** `recordBufferMax` of the limits. */
  readonly bufferMax: number
  readonly logger?: Logger
}

export interface RecorderState {
  /** Records that wait, those being written included. */
  readonly waiting: number
  readonly written: number
  readonly lost: number
}

/** Log lines are most of a record; this is what a small server can spare for an outage. */
const BUFFER_BYTES_MAX = 64 * 1024 * 1024
const BATCH_RECORDS_MAX = 500
/** Whoever follows a log sees a line this much later; a busy node writes this often. */
const DELAY_MS = 50
const BACKOFF_FIRST_MS = 100
const BACKOFF_MAX_MS = 5_000

interface Buffered {
  readonly execution: NewExecution
  readonly bytes: number
}

export class ExecutionRecorder {
  readonly #options: ExecutionRecorderOptions
  readonly #logger: Logger
  #buffer: Buffered[] = []
  #bufferBytes = 0
  #writing: readonly Buffered[] = []
  #writer: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined
  #wakeWriter: (() => void) | null = null
  #stopping = false
  #stopped = false
  #written = 0
  #lost = 0
  #lostReported = 0

  constructor(options: ExecutionRecorderOptions) {
    this.#options = options
    this.#logger = options.logger ?? SILENT_LOGGER
  }

  get state(): RecorderState {
    const waiting = this.#buffer.length + this.#writing.length
    return { waiting, written: this.#written, lost: this.#lost }
  }

  /** Never throws, never waits. */
  record(execution: NewExecution): void {
    const bytes = recordBytes(execution)
    const waiting = this.#buffer.length + this.#writing.length
    const isFull =
      waiting >= this.#options.bufferMax || this.#bufferBytes + bytes > BUFFER_BYTES_MAX
    if (isFull || this.#stopped) {
      this.#lost += 1
      return
    }
    this.#buffer.push({ execution, bytes })
    this.#bufferBytes += bytes
    if (this.#writer !== null) return
    if (this.#buffer.length >= BATCH_RECORDS_MAX) this.#startWriter()
    else this.#timer ??= setTimeout(() => this.#startWriter(), DELAY_MS)
  }

  /** Writes what waits, for as long as the deadline allows; the rest is counted as lost. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true
    if (this.#buffer.length > 0) this.#startWriter()
    this.#wakeWriter?.()
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs)
    })
    await Promise.race([this.#writer, deadline])
    clearTimeout(timer)
    clearTimeout(this.#timer)
    this.#stopped = true
    this.#lost += this.state.waiting
    this.#buffer = []
    this.#writing = []
    this.#wakeWriter?.()
    this.#reportLosses()
  }

  #startWriter(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writer ??= this.#write().finally(() => {
      this.#writer = null
      if (this.#buffer.length > 0) {
        this.#timer ??= setTimeout(() => this.#startWriter(), DELAY_MS)
      }
    })
  }

  /** Never rejects. Goes on while full batches wait, so a busy node does not fall behind. */
  async #write(): Promise<void> {
    do {
      this.#writing = this.#buffer.splice(0, BATCH_RECORDS_MAX)
      await this.#writeAll(this.#writing.map(({ execution }) => execution))
      for (const { bytes } of this.#writing) this.#bufferBytes -= bytes
      this.#writing = []
      this.#reportLosses()
    } while (
      this.#buffer.length >= BATCH_RECORDS_MAX ||
      (this.#stopping && this.#buffer.length > 0)
    )
  }

  async #writeAll(records: readonly NewExecution[]): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#options.store.insertBatch(records)
        this.#written += records.length
        return
      } catch (error) {
        if (!isPassing(error)) {
          await this.#writeHalves(records, error)
          return
        }
        if (attempt === 0) {
          this.#logger.warn({ err: error }, 'Execution records wait: the database is away.')
        }
      }
      if (this.#writing.length === 0) return
      await this.#pause(Math.min(BACKOFF_FIRST_MS * 2 ** attempt, BACKOFF_MAX_MS))
      if (this.#writing.length === 0) return
    }
  }

  /** One record the database refuses must not take the others with it. */
  async #writeHalves(records: readonly NewExecution[], error: unknown): Promise<void> {
    const [only, second] = records
    if (only === undefined) return
    if (second === undefined) {
      this.#lost += 1
      this.#logger.error({ err: error, execution: only.id }, 'The database refused a record.')
      return
    }
    const middle = records.length >> 1
    await this.#writeAll(records.slice(0, middle))
    await this.#writeAll(records.slice(middle))
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wakeWriter = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wakeWriter = null
  }

  #reportLosses(): void {
    const lost = this.#lost - this.#lostReported
    if (lost === 0) return
    this.#lostReported = this.#lost
    this.#logger.error({ lost, lostInAll: this.#lost }, 'Execution records were lost.')
  }
}

/** Whether the same records may be stored later: the database is away, busy or slow. */
function isPassing(error: unknown): boolean {
  return error instanceof PicloudError && error.status === 503
}
