/**
 * What ran: read page by page backwards in time, or followed as it is recorded.
 *
 * Following holds the question until there is an answer. The database is asked when something was
 * recorded and once when the wait ends, never on a timer in between. Knows nothing of HTTP.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type ExecutionId, type ExecutionQuery, isId } from '@picloud/shared'
import type { Database, ExecutionRow, Page } from '@picloud/storage'
import { ExecutionNotFoundError } from '../errors/executions.ts'
import { findApp } from './apps.ts'
import type { RecordedSignal } from './recorded-signal.ts'
import { findScriptOfApp } from './scripts.ts'

/** Value of `after` that asks where the log ends now. */
const LATEST = 'latest'
/** A busy node records many batches a second; one follower looks at most this often. */
const LOOK_INTERVAL_MS = 200

type Filter = Pick<Parameters<Database['executions']['list']>[0], 'appId' | 'scriptId' | 'outcome'>

export class Executions {
  readonly #database: Database
  readonly #recorded: RecordedSignal

  constructor(database: Database, recorded: RecordedSignal) {
    this.#database = database
    this.#recorded = recorded
  }

  async get(id: string): Promise<ExecutionRow> {
    const found = isId(id) ? await this.#database.executions.find(id as ExecutionId) : null
    if (found === null) throw new ExecutionNotFoundError(id)
    return found
  }

  async list(query: ExecutionQuery, signal: AbortSignal): Promise<Page<ExecutionRow>> {
    const filter = await this.#filterOf(query)
    const { limit, cursor, after } = query
    if (after === undefined) {
      return this.#database.executions.list({ ...filter, limit, cursor })
    }
    if (after === LATEST) {
      return { items: [], nextCursor: await this.#database.executions.latestCursor() }
    }
    return this.#follow({ ...filter, after, limit }, query.wait_ms, signal)
  }

  async #follow(
    question: Parameters<Database['executions']['listAfter']>[0],
    waitMs: number,
    signal: AbortSignal,
  ): Promise<Page<ExecutionRow>> {
    const endsAt = performance.now() + waitMs
    while (true) {
      const seen = this.#recorded.count
      const lookedAt = performance.now()
      const { items, cursor } = await this.#database.executions.listAfter(question)
      const remainingMs = endsAt - performance.now()
      if (items.length > 0 || remainingMs <= 0 || signal.aborted) {
        return { items, nextCursor: cursor }
      }
      await this.#recorded.waitBeyond(seen, remainingMs, signal)
      const restMs = Math.min(lookedAt + LOOK_INTERVAL_MS, endsAt) - performance.now()
      if (restMs > 0) await delay(restMs)
    }
  }

  async #filterOf(query: ExecutionQuery): Promise<Filter> {
    const app = query.app === undefined ? null : await findApp(this.#database, query.app)
    const script =
      query.script === undefined ? null : await findScriptOfApp(this.#database, query.script, app)
    return {
      ...(app === null ? {} : { appId: app.id }),
      ...(script === null ? {} : { scriptId: script.id }),
      ...(query.outcome === undefined ? {} : { outcome: query.outcome }),
    }
  }
}
