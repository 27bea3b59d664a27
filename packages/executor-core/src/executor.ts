/**
 * The executor of this node: the pool behind the `Executor` port.
 *
 * @module
 */
import { availableParallelism } from 'node:os'
import type { CallExecutor, Executor, HostService, Logger } from '@picloud/shared'
import { DEFAULT_LIMITS, SILENT_LOGGER } from '@picloud/shared'
import { callScript } from './call-script.ts'
import { memoryCeiling } from './pool/memory-ceiling.ts'
import { sandboxCommand } from './pool/sandbox-command.ts'
import { type SandboxFigures, SandboxPool, type SandboxStatus } from './pool/sandbox-pool.ts'

export interface ExecutorOptions {
  /** How many sandbox processes at most; one per core when left out. */
  readonly processes?: number
  /** Heap ceiling of one sandbox process. */
  readonly sandboxMemoryBytesMax: number
  /**
   * How many invocations may wait for a sandbox. As many as ingress admits, so that ingress is who
   * refuses, with its fairness between apps.
   */
  readonly queueRequestsMax?: number
  /** What scripts can call, besides what sandboxes offer themselves. */
  readonly services?: readonly HostService[]
  readonly logger?: Logger
}

/** An executor whose sandboxes are processes of this machine. */
export interface LocalExecutor extends Executor, CallExecutor {
  readonly sandboxes: readonly SandboxStatus[]
  /** The process that is warm and unused, if there is one. */
  readonly spare: SandboxStatus | null
  readonly figures: SandboxFigures
}

const GRACE_MS = 250
const START_MS_MAX = 10_000
const IDLE_MS = 60_000
const SPARE_DELAY_MS = 1_000
const MEMORY_CHECK_MS = 500
const RECYCLE_AGE_MS_MIN = 60_000
const STOP_MS_MAX = 2_000

/**
 * Starts the executor; one sandbox is started at once, so that the first event finds it warm.
 *
 * @example
 * const executor = startExecutor({ sandboxMemoryBytesMax: 128 * 1024 * 1024 })
 * const outcome = await executor.execute(request)
 * await executor.stop()
 */
export function startExecutor(options: ExecutorOptions): LocalExecutor {
  const { sandboxMemoryBytesMax, logger = SILENT_LOGGER } = options
  const command = sandboxCommand(sandboxMemoryBytesMax)
  const { missing = [] } = command
  if (missing.length > 0) {
    logger.warn({ missing }, 'sandboxes run without what this system does not provide')
  }
  const pool = new SandboxPool({
    command,
    processesMax: options.processes ?? availableParallelism(),
    sandboxMemoryBytesMax,
    memoryCeiling: memoryCeiling(sandboxMemoryBytesMax),
    services: options.services ?? [],
    logger,
    queueMax: options.queueRequestsMax ?? DEFAULT_LIMITS.queueRequestsMax,
    graceMs: GRACE_MS,
    startMsMax: START_MS_MAX,
    idleMs: IDLE_MS,
    spareDelayMs: SPARE_DELAY_MS,
    memoryCheckMs: MEMORY_CHECK_MS,
    recycleAgeMsMin: RECYCLE_AGE_MS_MIN,
    stopMsMax: STOP_MS_MAX,
  })
  return {
    get sandboxes(): readonly SandboxStatus[] {
      return pool.sandboxes
    },
    get spare(): SandboxStatus | null {
      return pool.spare
    },
    get figures(): SandboxFigures {
      return pool.figures
    },
    execute: (request, signal) => pool.execute(request, signal),
    prepare: (script) => pool.prepare(script),
    call: (call, signal) => callScript(call, (request) => pool.call(request, signal)),
    stop: () => pool.stop(),
  }
}
