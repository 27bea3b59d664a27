/**
 * Executions of an app as they are recorded, newest first, and older ones page by page.
 *
 * The server tells them as events (`streamExecutions`); the browser comes back by itself when the
 * connection is lost, and goes on where it was. While it is paused, what comes is counted and kept.
 *
 * @module
 */
import { api } from '../api.ts'
import { type Execution, type ExecutionFilter, filterQuery, merged } from './execution-filter.ts'

const PAGE = 50
/** More at once nobody looks through; older ones are found by narrowing. */
const SHOWN_MAX = 1_000
const HELD_MAX = 500
/** Until a server that refused to be followed is asked again. */
const BACK_MS = 3_000

export class LiveExecutions {
  items = $state.raw<readonly Execution[]>([])
  /** Came while it was paused. */
  held = $state.raw<readonly Execution[]>([])
  isPaused = $state(false)
  state = $state<'connecting' | 'live' | 'waiting' | 'ended'>('connecting')
  isLoaded = $state(false)
  hasOlder = $state(false)
  error = $state.raw<unknown>()

  readonly #query: ExecutionFilter & { readonly app: string }
  #cursor: string | null = null
  #source: EventSource | undefined
  #isStopped = false
  #comingBack: ReturnType<typeof setTimeout> | undefined

  /** A range that has ended brings nothing new, so it is not followed. */
  constructor(app: string, filter: ExecutionFilter) {
    this.#query = { app, ...filter }
  }

  /** Also what tries again after an error. */
  async start(): Promise<void> {
    await this.#load(null)
    if (this.#isStopped || this.error !== undefined) return
    if (this.#query.until === undefined) this.#follow()
    else this.state = 'ended'
  }

  /** When the page is left, or shows something else. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#comingBack)
    this.#source?.close()
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    this.#show(this.held)
    this.held = []
  }

  loadOlder(): Promise<void> {
    return this.#load(this.#cursor)
  }

  async #load(cursor: string | null): Promise<void> {
    try {
      const query = { ...this.#query, limit: PAGE, cursor: cursor ?? undefined }
      const { items, next_cursor: next } = await api.call('listExecutions', { query })
      if (this.#isStopped) return
      // Older pages that were read stay, and so does the place behind them.
      if (cursor !== null || this.items.length === 0) this.#cursor = next
      this.#show(items)
      this.hasOlder = this.#cursor !== null && this.items.length < SHOWN_MAX
      this.error = undefined
    } catch (error) {
      this.error = error
    } finally {
      this.isLoaded = true
    }
  }

  #follow(): void {
    const query = filterQuery({ ...this.#query, tail: String(PAGE) })
    const source = new EventSource(`/api/v1/admin/executions/stream${query}`)
    this.#source = source
    source.onopen = () => {
      this.state = 'live'
    }
    source.onerror = () => {
      this.state = 'waiting'
      // Refused: the session has ended, which a call tells, or the server is about to stop.
      if (source.readyState === EventSource.CLOSED) {
        this.#comingBack = setTimeout(() => void this.start(), BACK_MS)
      }
    }
    source.addEventListener('execution', (event) => {
      const execution = JSON.parse(event.data) as Execution
      if (this.isPaused) this.#hold(execution)
      else this.#show([execution])
    })
  }

  #show(more: readonly Execution[]): void {
    this.items = merged(this.items, more).slice(0, SHOWN_MAX)
  }

  #hold(execution: Execution): void {
    if (this.items.some(({ id }) => id === execution.id)) return
    this.held = merged(this.held, [execution]).slice(0, HELD_MAX)
  }
}
