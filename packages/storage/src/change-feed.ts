/**
 * Tells a node what the control plane changed, without ever asking while nothing happens.
 *
 *     stopped --start--> connecting --LISTEN, compare--> connected
 *     connected --NOTIFY--> compare
 *     connecting, connected --connection lost, onChange failed--> waiting --pause--> connecting
 *     any --stop--> stopped
 *
 * Comparing means reading the sequence and the log after what this node has seen, in one statement
 * so that both are of one moment. `onChange` is called for one change at a time; only when it has
 * completed does the node count as having seen it. On the first connect, and when the log does not
 * reach back far enough, everything counts as changed.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type AppId, type Logger, SILENT_LOGGER } from '@picloud/shared'
import pg from 'pg'
import { CHANGES_CHANNEL } from './change-log.ts'
import { endClient } from './end-client.ts'
import { QueryCounter } from './query-counter.ts'
import { retryDelayMs } from './retry-delay.ts'
import { EXECUTIONS_CHANNEL } from './stores/execution-writer.ts'
import { CONNECT_DEADLINE_MS, KEEPALIVE_DELAY_MS, STATEMENT_DEADLINE_MS } from './timeouts.ts'

export interface Change {
  readonly sequence: number
  /** Apps changed since the last call, deleted ones too. `all`: reload everything. */
  readonly appIds: readonly AppId[] | 'all'
}

export interface ChangeFeedOptions {
  readonly connectionString: string
  /** Shown in the server's list of connections, for as long as the node is there. */
  readonly connectionName?: string
  /** Counts the queries of the feed with those of its program. */
  readonly queryCounter?: QueryCounter
  /** Calls never overlap. A rejection makes the feed pause, reconnect and call again. */
  onChange(change: Change): Promise<void> | void
  /** Called when some node stored execution records, and once after each reconnect. */
  readonly onExecutionsRecorded?: () => void
  readonly logger?: Logger
}

interface Waiter {
  readonly sequence: number
  readonly wake: (seen: boolean) => void
}

/** What this node had before it first synchronised: less than any sequence. */
const NOTHING_SEEN = -1

export class ChangeFeed {
  readonly #options: ChangeFeedOptions
  readonly #logger: Logger
  readonly #waiters = new Set<Waiter>()
  #seen = NOTHING_SEEN
  #connected = false
  #stopping: AbortController | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(options: ChangeFeedOptions) {
    this.#options = options
    this.#logger = options.logger ?? SILENT_LOGGER
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Returns at once; `waitFor(0, ..)` waits for the first synchronisation. */
  start(): void {
    if (this.#stopping !== null) return
    this.#stopping = new AbortController()
    this.#running = this.#run(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping?.abort()
    await this.#running
    this.#stopping = null
    for (const waiter of [...this.#waiters]) waiter.wake(false)
  }

  /** True once `onChange` has completed for this sequence; false when the deadline came first. */
  async waitFor(sequence: number, deadlineMs: number): Promise<boolean> {
    if (this.#seen >= sequence) return true
    return await new Promise((resolve) => {
      const wake = (seen: boolean) => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
        resolve(seen)
      }
      const waiter: Waiter = { sequence, wake }
      const timer = setTimeout(() => wake(false), deadlineMs)
      this.#waiters.add(waiter)
    })
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const session = new ListenSession(this.#options, signal)
      try {
        await session.open()
        this.#connected = true
        for await (const _ of session.wakeUps()) {
          await this.#compare(session)
          attempt = 0
        }
      } catch (error) {
        if (!signal.aborted) this.#logger.warn({ err: error }, 'the change feed starts over')
      } finally {
        this.#connected = false
        await session.close()
      }
      // An abort only ends the pause; the loop's condition sees it.
      await delay(retryDelayMs(attempt), undefined, { signal }).catch(() => {})
    }
  }

  async #compare(session: ListenSession): Promise<void> {
    const { sequence, logFloor, appIds } = await session.readChanges(this.#seen)
    if (sequence === this.#seen) return
    // A smaller number than before: another database, or one restored from a backup.
    const reaches = this.#seen !== NOTHING_SEEN && this.#seen >= logFloor && sequence > this.#seen
    await this.#options.onChange({ sequence, appIds: reaches ? appIds : 'all' })
    this.#seen = sequence
    for (const waiter of [...this.#waiters]) {
      if (waiter.sequence <= sequence) waiter.wake(true)
    }
  }
}

interface ChangesSince {
  readonly sequence: number
  readonly logFloor: number
  readonly appIds: readonly AppId[]
}

/** One connection that listens. Many notifications while one is worked on become one wake-up. */
class ListenSession {
  readonly #client: pg.Client
  readonly #queryCounter: QueryCounter
  readonly #onExecutionsRecorded: (() => void) | undefined
  readonly #signal: AbortSignal
  #pending = true
  #failure: Error | null = null
  #wake: () => void = () => {}

  constructor(options: ChangeFeedOptions, signal: AbortSignal) {
    this.#onExecutionsRecorded = options.onExecutionsRecorded
    this.#signal = signal
    this.#queryCounter = options.queryCounter ?? new QueryCounter()
    this.#client = new pg.Client({
      connectionString: options.connectionString,
      application_name: options.connectionName ?? 'picloud change feed',
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      query_timeout: STATEMENT_DEADLINE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    })
    this.#client.on('error', (error) => this.#fail(error))
    this.#client.on('end', () => this.#fail(new Error('the connection ended')))
    this.#client.on('notification', ({ channel }) => this.#notified(channel))
    signal.addEventListener('abort', this.#onAbort)
  }

  async open(): Promise<void> {
    await this.#client.connect()
    // Listening begins before the first comparison, so nothing falls between the two.
    await this.#query(`listen ${CHANGES_CHANNEL}`)
    if (this.#onExecutionsRecorded !== undefined) {
      await this.#query(`listen ${EXECUTIONS_CHANNEL}`)
      this.#onExecutionsRecorded()
    }
  }

  /** One value at once, then one whenever there may be something new; throws when it is over. */
  async *wakeUps(): AsyncGenerator<void> {
    while (!this.#signal.aborted) {
      if (this.#failure !== null) throw this.#failure
      if (this.#pending) {
        this.#pending = false
        yield
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  async readChanges(seen: number): Promise<ChangesSince> {
    const { rows } = await this.#query<{
      sequence: string
      log_floor: string
      app_ids: AppId[]
    }>(
      `select sequence, log_floor, array(
        select distinct app_id from change_log where change_log.sequence > $1
      ) as app_ids from change_state`,
      [seen],
    )
    const [row] = rows
    if (row === undefined) throw new Error('change_state is empty')
    return {
      sequence: Number(row.sequence),
      logFloor: Number(row.log_floor),
      appIds: row.app_ids,
    }
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort)
    await endClient(this.#client)
  }

  async #query<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    this.#queryCounter.count()
    return await this.#client.query<Row>(text, values)
  }

  readonly #onAbort = (): void => {
    this.#wake()
  }

  #notified(channel: string): void {
    if (channel === EXECUTIONS_CHANNEL) {
      this.#onExecutionsRecorded?.()
      return
    }
    this.#pending = true
    this.#wake()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#wake()
  }
}
