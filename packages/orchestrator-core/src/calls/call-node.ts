/**
 * What an executor needs of an orchestrator for scripts that call scripts, where it is a program of
 * its own: routing that follows the control plane, and a recorder. It takes no requests.
 *
 * The caller owns database and executor, and ends the executor before this.
 *
 * @module
 */
import { type CallExecutor, type LimitPolicy, type Logger, SILENT_LOGGER } from '@picloud/shared'
import { ChangeFeed, type Database } from '@picloud/storage'
import type { IngressLimits } from '../ingress/ingress-limits.ts'
import { ExecutionRecorder } from '../recording/execution-recorder.ts'
import { loadChange } from '../routing/load-change.ts'
import { RoutingTables } from '../routing/routing-tables.ts'
import { ScriptCalls } from './script-calls.ts'

export interface CallNodeOptions {
  readonly database: Database
  readonly executor: CallExecutor
  /** As the orchestrator of the node has them. */
  readonly limits: IngressLimits
  readonly ceilings: LimitPolicy['ceilings']
  readonly logger?: Logger
}

export class CallNode {
  readonly calls: ScriptCalls
  readonly #recorder: ExecutionRecorder
  readonly #feed: ChangeFeed

  constructor({ database, executor, limits, ceilings, logger = SILENT_LOGGER }: CallNodeOptions) {
    const policy = { limits, ceilings }
    const routing = new RoutingTables({ logger, policy })
    const { recordBufferMax: bufferMax, recordSamplingPercent } = limits
    this.#recorder = new ExecutionRecorder({ store: database.executions, bufferMax, logger })
    this.calls = new ScriptCalls({
      executor,
      routing,
      recorder: this.#recorder,
      policy,
      recordSamplingPercent,
    })
    this.#feed = new ChangeFeed({
      connectionString: database.connectionString,
      connectionName: database.connectionName,
      queryCounter: database.queryCounter,
      onChange: async (change) => void (await loadChange(database, routing, change)),
      logger,
    })
  }

  /** Returns at once; until the scripts are known, there are none to call. */
  start(): void {
    this.#feed.start()
  }

  /** Whether the scripts were known before the deadline. */
  async ready(deadlineMs: number): Promise<boolean> {
    return await this.#feed.waitFor(0, deadlineMs)
  }

  /** Records what ran, for as long as the deadline allows, and lets go of the database. */
  async stop(deadlineMs: number): Promise<void> {
    await this.#feed.stop()
    await this.#recorder.stop(deadlineMs)
  }
}
