/**
 * Counts execution records that were lost, by reason, and says so in the log, by app.
 *
 * @module
 */
import type { AppId, Logger } from '@picloud/shared'

export const LOSS_REASONS = [
  /** The buffer was full. */
  'full',
  /** The database refuses the record itself. */
  'refused',
  /** The node stopped before the database took it. */
  'stopped',
] as const
export type LossReason = (typeof LOSS_REASONS)[number]

/** Apps one line of the log names; the others are in its sum. */
const APPS_NAMED_MAX = 10
/** A flood makes one line in this time. */
const REPORT_MS = 1_000

export class RecordLosses {
  readonly #logger: Logger
  readonly #byReason = new Map<LossReason, number>(LOSS_REASONS.map((reason) => [reason, 0]))
  #byApp = new Map<AppId, number>()
  #unreported = 0
  #reportedAt = Number.NEGATIVE_INFINITY

  constructor(logger: Logger) {
    this.#logger = logger
  }

  get byReason(): ReadonlyMap<LossReason, number> {
    return this.#byReason
  }

  get total(): number {
    let total = 0
    for (const count of this.#byReason.values()) total += count
    return total
  }

  add(reason: LossReason, appId: AppId, count = 1): void {
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + count)
    this.#byApp.set(appId, (this.#byApp.get(appId) ?? 0) + count)
    this.#unreported += count
  }

  /** A line about what was lost since the last one, unless that was a moment ago. */
  report(): void {
    if (performance.now() - this.#reportedAt >= REPORT_MS) this.reportNow()
  }

  reportNow(): void {
    if (this.#unreported === 0) return
    const most = [...this.#byApp].sort(([, a], [, b]) => b - a).slice(0, APPS_NAMED_MAX)
    this.#logger.error(
      {
        lost: this.#unreported,
        lost_in_all: this.total,
        lost_by_reason: Object.fromEntries(this.#byReason),
        lost_by_app: Object.fromEntries(most),
        apps: this.#byApp.size,
      },
      'Execution records were lost.',
    )
    this.#unreported = 0
    this.#byApp = new Map()
    this.#reportedAt = performance.now()
  }
}
