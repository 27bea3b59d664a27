/**
 * One node's event ingress, put together: routing that follows the control plane, the front door,
 * and the recorder behind it.
 *
 * Once routing was loaded it is kept whatever happens to the database: the change feed reconnects
 * by itself and then brings what was missed. The caller owns the database, the executor and the
 * HTTP server, and ends the server before this.
 *
 * @module
 */
import { type CallExecutor, defaultCeilings, type Logger, SILENT_LOGGER } from '@picloud/shared'
import { ChangeFeed, type Database } from '@picloud/storage'
import { ScriptCalls } from './calls/script-calls.ts'
import { Ingress, type IngressOptions } from './ingress/ingress.ts'
import type { IngressFigures } from './ingress/ingress-figures.ts'
import { ExecutionRecorder, type RecorderState } from './recording/execution-recorder.ts'
import { loadChange } from './routing/load-change.ts'
import { Preparation } from './routing/preparation.ts'
import { RoutingTables } from './routing/routing-tables.ts'
import { TestRuns } from './test-runs.ts'

export interface OrchestratorOptions
  extends Omit<IngressOptions, 'routing' | 'recorder' | 'idempotency'> {
  /** The change feed makes a connection of its own to the same place. */
  readonly database: Database
  /** Runs scripts for scripts; left out where that is another program's business. */
  readonly callExecutor?: CallExecutor
  /** Called when any node has stored execution records. */
  readonly onExecutionsRecorded?: () => void
}

export interface OrchestratorState {
  /** Whether this node knows the routes. */
  readonly routingLoaded: boolean
  /** Whether it hears of changes now. */
  readonly feedConnected: boolean
  readonly apps: number
  readonly underWay: number
  readonly refused: number
  /** Content of requests in memory. */
  readonly contentBytes: number
  /** What was counted since the start. */
  readonly figures: IngressFigures
  readonly records: RecorderState
}

/** A write's caller waits this long at most for this node to have seen it. */
const SETTLE_DEADLINE_MS = 5_000

export class Orchestrator {
  readonly ingress: Ingress
  /** Null without an executor for them. */
  readonly calls: ScriptCalls | null
  readonly tests: TestRuns
  readonly #logger: Logger
  readonly #routing: RoutingTables
  readonly #preparation: Preparation
  readonly #recorder: ExecutionRecorder
  readonly #feed: ChangeFeed

  constructor(options: OrchestratorOptions) {
    const { database, onExecutionsRecorded, logger = SILENT_LOGGER } = options
    this.#logger = logger
    const { limits, ceilings = defaultCeilings(options.limits) } = options
    this.#routing = new RoutingTables({ logger, policy: { limits, ceilings } })
    this.#preparation = new Preparation(options.executor)
    this.#recorder = new ExecutionRecorder({
      store: database.executions,
      bufferMax: options.limits.recordBufferMax,
      logger,
    })
    this.calls =
      options.callExecutor === undefined
        ? null
        : new ScriptCalls({
            executor: options.callExecutor,
            routing: this.#routing,
            recorder: this.#recorder,
            policy: { limits, ceilings },
            recordSamplingPercent: limits.recordSamplingPercent,
          })
    this.ingress = new Ingress({
      ...options,
      routing: this.#routing,
      recorder: this.#recorder,
      idempotency: database.idempotency,
    })
    this.tests = new TestRuns({
      executor: options.executor,
      routing: this.#routing,
      recorder: this.#recorder,
      admission: this.ingress.admission,
      policy: { limits, ceilings },
    })
    this.#feed = new ChangeFeed({
      connectionString: database.connectionString,
      connectionName: database.connectionName,
      queryCounter: database.queryCounter,
      onChange: async (change) =>
        this.#preparation.begin(await loadChange(database, this.#routing, change)),
      logger,
      ...(onExecutionsRecorded === undefined ? {} : { onExecutionsRecorded }),
    })
  }

  get state(): OrchestratorState {
    return {
      routingLoaded: this.#routing.loaded,
      feedConnected: this.#feed.connected,
      apps: this.#routing.appCount,
      ...this.ingress.load,
      figures: this.ingress.figures,
      records: this.#recorder.state,
    }
  }

  /** Returns at once; until the routes are known, requests are told to come again. */
  start(): void {
    this.#feed.start()
  }

  /** Whether the routes were known before the deadline. */
  async ready(deadlineMs: number): Promise<boolean> {
    return await this.#feed.waitFor(0, deadlineMs)
  }

  /**
   * Waits until requests to this node are answered by what the write of `sequence` made, and for
   * its scripts to be compiled.
   */
  readonly settled = async (sequence: number): Promise<void> => {
    const seen = await this.#feed.waitFor(sequence, SETTLE_DEADLINE_MS)
    if (!seen) this.#logger.warn({ sequence }, 'A change is stored but this node has not seen it.')
    await this.#preparation.settled()
  }

  /** Records what ran, for as long as the deadline allows, and lets go of the database. */
  async stop(deadlineMs: number): Promise<void> {
    this.ingress.stop()
    await this.#feed.stop()
    await this.#recorder.stop(deadlineMs)
  }
}
