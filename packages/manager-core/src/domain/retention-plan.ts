/**
 * The rules of keeping execution records: which partitions take no more, which are dropped, and
 * which apps get partitions of their own.
 *
 * A partition goes whole, so its size is what the rules are exact to:
 *
 * - It takes records for at most a tenth of the time they are kept. So every record is kept as
 *   long as promised, and at most a tenth longer.
 * - One of an app of its own takes at most an eighth of the app's bytes. The oldest go first; the
 *   newest stays.
 * - Shared partitions go by the operator's time alone. An app that has more in them than a quarter
 *   of its bytes writes to its own from then on, and what it has in them counts as its.
 *
 * Pure: given what there is and the time, says what to do.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import type { RecordPartition, RecordsOfApp, RecordsSurvey } from '@picloud/storage'

export interface RetentionLimits {
  readonly recordDaysMax: number
  readonly recordBytesMax: number
  /** How far apps may go that choose for themselves; left out: anywhere. */
  readonly ceilings?: { readonly recordDaysMax: number; readonly recordBytesMax: number }
}

export interface RetentionPlan {
  readonly close: readonly RecordPartition[]
  readonly drop: readonly RecordPartition[]
  readonly giveLanes: readonly AppId[]
  /** When the next partition is too old, in ms since the epoch, if nothing is recorded until then. */
  readonly nextDueAt: number | null
}

const DAY_MS = 24 * 3600 * 1000
const PARTITIONS_PER_AGE = 10
const PARTITIONS_PER_SIZE = 8
const LANE_PART = 4
/** An empty partition with its indexes takes half of this. */
const OWN_BYTES_MIN = 128 * 1024
/** Dropping and planning cost the same for any size; more at once is only coarser. */
const OWN_BYTES_MAX = 256 * 1024 * 1024
/** How soon an app is noticed that crowds the others. */
const SHARED_BYTES = 64 * 1024 * 1024

/** How long and how much, for what lies in one partition. */
interface Keeping {
  readonly ageMs: number
  /** Null: shared, so no app's bytes. */
  readonly bytes: number | null
}

export function planRetention(
  survey: RecordsSurvey,
  limits: RetentionLimits,
  now: number,
): RetentionPlan {
  const apps = new Map(survey.apps.map((app) => [app.appId, app]))
  const keepingOf = ({ appId }: RecordPartition): Keeping =>
    appId === null
      ? { ageMs: limits.recordDaysMax * DAY_MS, bytes: null }
      : keepingOfApp(apps.get(appId), limits)
  const drop = new Set(
    survey.partitions.filter(
      (partition) => partition.isDoomed || dueAt(partition, keepingOf(partition)) <= now,
    ),
  )
  const kept = survey.partitions.filter((partition) => !drop.has(partition))
  for (const [appId, own] of ownPartitions(kept)) {
    for (const partition of tooMany(own, apps.get(appId), limits)) drop.add(partition)
  }
  const left = kept.filter((partition) => !drop.has(partition))
  const dues = left.map((partition) => dueAt(partition, keepingOf(partition)))
  return {
    close: left.filter((partition) => isFull(partition, keepingOf(partition), now)),
    drop: [...drop],
    giveLanes: survey.apps.filter((app) => crowds(app, limits)).map(({ appId }) => appId),
    nextDueAt: dues.length === 0 ? null : Math.min(...dues),
  }
}

const NO_CEILINGS = { recordDaysMax: Infinity, recordBytesMax: Infinity }

function keepingOfApp(
  app: RecordsOfApp | undefined,
  limits: RetentionLimits,
): Keeping & { readonly bytes: number } {
  const { recordDaysMax, recordBytesMax, ceilings = NO_CEILINGS } = limits
  return {
    ageMs: Math.min(app?.retentionDays ?? recordDaysMax, ceilings.recordDaysMax) * DAY_MS,
    bytes: Math.min(app?.retentionBytes ?? recordBytesMax, ceilings.recordBytesMax),
  }
}

function dueAt(partition: RecordPartition, keeping: Keeping): number {
  return (partition.recordedTo ?? partition.openedAt).getTime() + keeping.ageMs
}

function isFull(partition: RecordPartition, { ageMs, bytes }: Keeping, now: number): boolean {
  if (!partition.isOpen) return false
  const bytesMax =
    bytes === null
      ? SHARED_BYTES
      : Math.min(Math.max(bytes / PARTITIONS_PER_SIZE, OWN_BYTES_MIN), OWN_BYTES_MAX)
  const openMs = now - partition.openedAt.getTime()
  return partition.bytes >= bytesMax || openMs >= ageMs / PARTITIONS_PER_AGE
}

function ownPartitions(
  partitions: readonly RecordPartition[],
): ReadonlyMap<AppId, readonly RecordPartition[]> {
  const own = new Map<AppId, RecordPartition[]>()
  for (const partition of partitions) {
    if (partition.appId === null) continue
    const list = own.get(partition.appId)
    if (list === undefined) own.set(partition.appId, [partition])
    else list.push(partition)
  }
  return own
}

/** The oldest of an app's own, as many as are over its bytes; never the newest. */
function tooMany(
  own: readonly RecordPartition[],
  app: RecordsOfApp | undefined,
  limits: RetentionLimits,
): readonly RecordPartition[] {
  let excess = own.reduce((sum, { bytes }) => sum + bytes, app?.sharedBytes ?? 0)
  excess -= keepingOfApp(app, limits).bytes
  return own.slice(0, -1).filter(({ isOpen, bytes }) => {
    if (isOpen || excess <= 0) return false
    excess -= bytes
    return true
  })
}

function crowds(app: RecordsOfApp, limits: RetentionLimits): boolean {
  return !app.hasLane && app.sharedBytes > keepingOfApp(app, limits).bytes / LANE_PART
}
