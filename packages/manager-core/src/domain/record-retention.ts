/**
 * Keeps the execution records within age and size, when something was recorded or became too old.
 *
 *     idle --recorded--> waiting --interval over--> sweeping --done--> idle, or due
 *     due --the next partition is too old--> sweeping
 *     sweeping --recorded meanwhile, database away--> waiting
 *
 * There is at most one timer: for the next sweep. With no records there is none. The rules are in
 * `retention-plan.ts`; several managers at once do no harm.
 *
 * @module
 */
import type { Logger } from '@picloud/shared'
import type { Database } from '@picloud/storage'
import { planRetention, type RetentionLimits } from './retention-plan.ts'

export interface RecordRetentionOptions {
  readonly database: Pick<Database, 'retention'>
  readonly limits: RetentionLimits
  readonly logger: Logger
  /** Least time between two sweeps while records come. */
  readonly intervalMs?: number
}

/** How far over its bytes an app can get: what it records in this time. */
const INTERVAL_MS = 10_000
/** After the database was away, or somebody read for long what was to be dropped. */
const RETRY_MS = 60_000
/** Longer timers are a day's and set again: Node's end at 24 days, and clocks are put right. */
const TIMER_MAX_MS = 24 * 3600 * 1000

export class RecordRetention {
  readonly #options: RecordRetentionOptions
  readonly #intervalMs: number
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #sweptAt = Number.NEGATIVE_INFINITY
  #sweeping: Promise<void> | null = null
  #stopped = false

  constructor(options: RecordRetentionOptions) {
    this.#options = options
    this.#intervalMs = options.intervalMs ?? INTERVAL_MS
  }

  /** Call it at start and when something was recorded; costs nothing when it was just called. */
  wake(): void {
    this.#sweepAt(this.#sweptAt + this.#intervalMs)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#sweeping
  }

  #sweepAt(at: number): void {
    if (this.#stopped || at >= this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = at
    const delayMs = Math.min(Math.max(at - Date.now(), 0), TIMER_MAX_MS)
    this.#timer = setTimeout(() => this.#start(), delayMs)
  }

  #start(): void {
    this.#timerAt = Number.POSITIVE_INFINITY
    if (this.#sweeping !== null) {
      this.#sweepAt(Date.now() + this.#intervalMs)
      return
    }
    this.#sweptAt = Date.now()
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = null
    })
  }

  /** Never rejects. */
  async #sweep(): Promise<void> {
    const { database, limits, logger } = this.#options
    try {
      const plan = planRetention(await database.retention.survey(), limits, Date.now())
      for (const partition of plan.close) await database.retention.close(partition.id)
      for (const partition of plan.drop) {
        if (this.#stopped) return
        if (!(await database.retention.drop(partition))) continue
        const { id, appId, bytes } = partition
        logger.info({ partition: id, appId, bytes }, 'Execution records were dropped.')
      }
      await database.retention.giveLanes(plan.giveLanes)
      // What was closed may be too much already, and who has most of it is known only now.
      if (plan.close.length > 0) this.wake()
      if (plan.nextDueAt !== null) this.#sweepAt(Math.max(plan.nextDueAt, this.#sweptAt + 1_000))
    } catch (error) {
      logger.warn({ err: error }, 'Old execution records could not be dropped now.')
      this.#sweepAt(Date.now() + RETRY_MS)
    }
  }
}
