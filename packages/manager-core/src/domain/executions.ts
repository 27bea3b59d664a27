/**
 * What ran: read page by page, followed as it is recorded, and summed up over time.
 *
 * Who follows is told what was recorded after a position, and goes on from there after a lost
 * connection. The database is asked when something was recorded, never on a timer. Knows nothing
 * of HTTP.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises'
import {
  type ExecutionId,
  type ExecutionQuery,
  type ExecutionStreamQuery,
  isId,
  type RouteId,
} from '@picloud/shared'
import {
  type Database,
  type ExecutionFilter,
  type ExecutionRow,
  executionCursor,
  type FollowResult,
  type Page,
} from '@picloud/storage'
import { ExecutionNotFoundError, FollowersTooManyError } from '../errors/executions.ts'
import { findApp } from './apps.ts'
import type { RecordedSignal } from './recorded-signal.ts'
import { findScriptOfApp } from './scripts.ts'

/** Each follower holds a connection and looks once per batch that is recorded. */
const FOLLOWERS_MAX = 256
/** A busy node records many batches a second; one follower looks at most this often, .. */
const LOOK_INTERVAL_MS = 200
/** .. and all together so often that they leave the database to others. */
const LOOKS_PER_SECOND_MAX = 80
/** Records one look brings into memory; their log lines can be long. */
const LOOK_RECORDS_MAX = 50
/** A follower hears at least this often where it is; proxies close what is silent for a minute. */
const SILENCE_MAX_MS = 15_000

export interface FollowOptions {
  /** Position after which to go on; null: from now on. */
  readonly after: string | null
  readonly signal: AbortSignal
}

export class Executions {
  readonly #database: Database
  readonly #recorded: RecordedSignal
  readonly #followersMax: number
  readonly #followers = new Set<symbol>()

  constructor(database: Database, recorded: RecordedSignal, followersMax: number = FOLLOWERS_MAX) {
    this.#database = database
    this.#recorded = recorded
    this.#followersMax = followersMax
  }

  async get(id: string): Promise<ExecutionRow> {
    const found = isId(id) ? await this.#database.executions.find(id as ExecutionId) : null
    if (found === null) throw new ExecutionNotFoundError(id)
    return found
  }

  async list(query: ExecutionQuery): Promise<Page<ExecutionRow>> {
    const { limit, cursor, order } = query
    const filter = await executionFilterOf(this.#database, query)
    return this.#database.executions.list({ ...filter, limit, cursor, order })
  }

  /**
   * What was recorded last, then what is recorded until the signal: batches with the position
   * after them, empty ones as signs of life. Refused before the first batch or not at all.
   *
   * @throws {@link FollowersTooManyError}
   */
  async follow(
    query: ExecutionStreamQuery,
    { after, signal }: FollowOptions,
  ): Promise<AsyncIterable<FollowResult>> {
    const filter = await executionFilterOf(this.#database, query)
    const first = await (after === null
      ? this.#newest(filter, query.tail)
      : this.#database.executions.listAfter({ ...filter, after, limit: LOOK_RECORDS_MAX }))
    if (this.#followers.size >= this.#followersMax) {
      throw new FollowersTooManyError(this.#followersMax)
    }
    const follower = Symbol()
    this.#followers.add(follower)
    const leave = (): void => void this.#followers.delete(follower)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    return this.#batches(filter, first, signal)
  }

  /** Records that come between the two questions are in neither or in the list. */
  async #newest(filter: ExecutionFilter, count: number): Promise<FollowResult> {
    const latest = await this.#database.executions.latestCursor()
    if (count === 0) return { items: [], cursor: latest }
    const { items } = await this.#database.executions.list({ ...filter, limit: count })
    const [newest] = items
    return {
      items: items.toReversed(),
      cursor: newest === undefined ? latest : executionCursor(newest),
    }
  }

  #lookIntervalMs(): number {
    return Math.max(LOOK_INTERVAL_MS, (this.#followers.size * 1000) / LOOKS_PER_SECOND_MAX)
  }

  async *#batches(
    filter: ExecutionFilter,
    first: FollowResult,
    signal: AbortSignal,
  ): AsyncGenerator<FollowResult> {
    yield first
    let { cursor } = first
    let saidAt = performance.now()
    while (!signal.aborted) {
      const seen = this.#recorded.count
      const lookedAt = performance.now()
      const batch = await this.#database.executions.listAfter({
        ...filter,
        after: cursor,
        limit: LOOK_RECORDS_MAX,
      })
      cursor = batch.cursor
      const silentMs = performance.now() - saidAt
      if (batch.items.length > 0 || silentMs >= SILENCE_MAX_MS) {
        yield batch
        saidAt = performance.now()
      }
      if (batch.items.length >= LOOK_RECORDS_MAX) continue
      await this.#recorded.waitBeyond(seen, SILENCE_MAX_MS - (performance.now() - saidAt), signal)
      const restMs = lookedAt + this.#lookIntervalMs() - performance.now()
      // An abort only ends the pause; the loop's condition sees it.
      if (restMs > 0) await delay(restMs, undefined, { signal }).catch(() => {})
    }
  }
}

type FilterQuery = Partial<Omit<ExecutionStreamQuery, 'tail'>>

/** @throws AppNotFoundError, ScriptNotFoundError */
export async function executionFilterOf(
  database: Database,
  query: FilterQuery,
): Promise<ExecutionFilter> {
  const app = query.app === undefined ? null : await findApp(database, query.app)
  const script =
    query.script === undefined ? null : await findScriptOfApp(database, query.script, app)
  return {
    appId: app?.id ?? script?.appId,
    scriptId: script?.id,
    // Not looked up: records outlive the route they came through.
    routeId: query.route as RouteId | undefined,
    outcome: query.outcome,
    trigger: query.trigger,
    parentId: query.parent as ExecutionId | undefined,
    status: query.status === undefined ? undefined : statusRangeOf(query.status),
    since: query.since === undefined ? undefined : new Date(query.since),
    until: query.until === undefined ? undefined : new Date(query.until),
    text: query.q,
  }
}

/** `404` is one status, `4xx` all of its class. */
function statusRangeOf(status: string): { readonly from: number; readonly to: number } {
  if (!status.endsWith('xx')) return { from: Number(status), to: Number(status) }
  const from = Number(status[0]) * 100
  return { from, to: from + 99 }
}
