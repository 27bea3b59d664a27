/**
 * Carries execution records to the database, off the request path.
 *
 *     idle --record--> delayed --delay over, or a batch is full--> writing
 *     writing --stored--> idle, or delayed when more came meanwhile
 *     writing --database away--> backing off --pause over--> writing
 *
 * One writer at a time. Memory is bounded, and shared between apps by `record-buffer.ts`; what does
 * not fit, and what the database refuses for itself, is counted as lost and said in the log. With
 * nothing to write there is no timer.
 *
 * @module
 */
import { type Logger, PicloudError, SILENT_LOGGER } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import { type BufferedRecord, RecordBuffer } from './record-buffer.ts'
import { recordBytes } from './record-bytes.ts'
import { type LossReason, RecordLosses } from './record-losses.ts'
import { isRecorded } from './sampling.ts'

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
  readonly lostByReason: ReadonlyMap<LossReason, number>
  /** Successes not recorded because only some are to be. */
  readonly sampledOut: number
}

/** Log lines are most of a record; this is what a small server can spare for an outage. */
const BUFFER_BYTES_MAX = 64 * 1024 * 1024
/** A record in a batch of a thousand costs half of what one in a hundred does; more gains little. */
const BATCH_RECORDS_MAX = 1_000
/** One statement's text; several are in memory while it is sent. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024
/** Whoever follows a log sees a line this much later. */
const DELAY_MS = 50
/** The same on a node so busy that more records than this came in {@link DELAY_MS}. */
const BUSY_DELAY_MS = 150
const BUSY_RECORDS = 100
const BACKOFF_FIRST_MS = 100
const BACKOFF_MAX_MS = 5_000

export class ExecutionRecorder {
  readonly #options: ExecutionRecorderOptions
  readonly #logger: Logger
  readonly #buffer: RecordBuffer
  readonly #losses: RecordLosses
  #writing: readonly BufferedRecord[] = []
  #writer: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined
  #wakeWriter: (() => void) | null = null
  #delayMs = DELAY_MS
  #stopping = false
  #stopped = false
  #written = 0
  #sampledOut = 0

  constructor(options: ExecutionRecorderOptions) {
    this.#options = options
    this.#logger = options.logger ?? SILENT_LOGGER
    const bounds = { recordsMax: options.bufferMax, bytesMax: BUFFER_BYTES_MAX }
    this.#buffer = new RecordBuffer(bounds)
    this.#losses = new RecordLosses(this.#logger)
  }

  get state(): RecorderState {
    const { total, byReason } = this.#losses
    return {
      waiting: this.#buffer.size,
      written: this.#written,
      lost: total,
      lostByReason: byReason,
      sampledOut: this.#sampledOut,
    }
  }

  /**
   * Never throws, never waits.
   *
   * @param samplingPercent how many of a hundred successes are recorded
   */
  record(execution: NewExecution, samplingPercent: number): void {
    if (!isRecorded(execution, samplingPercent)) {
      this.#sampledOut += 1
      return
    }
    if (this.#stopped) {
      this.#losses.add('stopped', execution.appId)
      return
    }
    const lost = this.#buffer.add({ execution, bytes: recordBytes(execution) })
    for (const appId of lost) this.#losses.add('full', appId)
    if (this.#writer !== null) return
    if (this.#buffer.waiting >= BATCH_RECORDS_MAX) this.#startWriter()
    else this.#timer ??= setTimeout(() => this.#startWriter(), this.#delayMs)
  }

  /** Writes what waits, for as long as the deadline allows; the rest is counted as lost. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true
    if (this.#buffer.waiting > 0) this.#startWriter()
    this.#wakeWriter?.()
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs)
    })
    await Promise.race([this.#writer, deadline])
    clearTimeout(timer)
    clearTimeout(this.#timer)
    this.#stopped = true
    for (const [appId, count] of this.#buffer.clear()) this.#losses.add('stopped', appId, count)
    this.#writing = []
    this.#wakeWriter?.()
    this.#losses.reportNow()
  }

  #startWriter(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writer ??= this.#write().finally(() => {
      this.#writer = null
      if (this.#buffer.waiting > 0) {
        this.#timer ??= setTimeout(() => this.#startWriter(), this.#delayMs)
      }
    })
  }

  /** Never rejects. Goes on while full batches wait, so a busy node does not fall behind. */
  async #write(): Promise<void> {
    do {
      this.#writing = this.#buffer.take(BATCH_RECORDS_MAX, BATCH_BYTES_MAX)
      this.#delayMs = this.#writing.length > BUSY_RECORDS ? BUSY_DELAY_MS : DELAY_MS
      await this.#writeAll(this.#writing.map(({ execution }) => execution))
      this.#buffer.release()
      this.#writing = []
      this.#losses.report()
    } while (
      this.#buffer.waiting >= BATCH_RECORDS_MAX ||
      (this.#stopping && this.#buffer.waiting > 0)
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
      this.#losses.report()
      await this.#pause(Math.min(BACKOFF_FIRST_MS * 2 ** attempt, BACKOFF_MAX_MS))
      if (this.#writing.length === 0) return
    }
  }

  /** One record the database refuses must not take the others with it. */
  async #writeHalves(records: readonly NewExecution[], error: unknown): Promise<void> {
    const [only, second] = records
    if (only === undefined) return
    if (second === undefined) {
      this.#losses.add('refused', only.appId)
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
}

/** Whether the same records may be stored later: the database is away, busy or slow. */
function isPassing(error: unknown): boolean {
  return error instanceof PicloudError && error.status === 503
}
