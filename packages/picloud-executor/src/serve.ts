/**
 * The wiring: a pool of sandboxes behind a Unix socket, and with a database what scripts can call.
 *
 * @module
 */
import { serveExecutor, startExecutor } from '@picloud/executor-core'
import { hostServices } from '@picloud/host-services'
import { CallNode } from '@picloud/orchestrator-core'
import type { HostService, Logger } from '@picloud/shared'
import { migrate, openDatabase, SecretKeys } from '@picloud/storage'
import type { ExecutorConfiguration } from './executor-settings.ts'

export interface RunningExecutor {
  /** Answers what is under way as stopped, ends every sandbox and removes the socket. */
  stop(): Promise<void>
}

/** Before it takes scripts, a node waits this long to know which there are to be called. */
const READY_DEADLINE_MS = 5_000
const RECORDS_DEADLINE_MS = 2_000

/** @throws PicloudError when the socket or the database cannot be used; nothing is left running */
export async function serve(
  configuration: ExecutorConfiguration,
  logger: Logger,
): Promise<RunningExecutor> {
  const { executorSocket: socketPath, sandboxes, limits } = configuration
  await using undo = new AsyncDisposableStack()
  const offered = await servicesOf(configuration, logger, undo)
  const executor = startExecutor({
    processes: sandboxes,
    sandboxMemoryBytesMax: limits.sandboxMemoryBytesMax,
    queueRequestsMax: limits.queueRequestsMax,
    services: offered.services,
    logger,
  })
  undo.defer(() => executor.stop())
  await offered.begin(executor)
  const server = await serveExecutor({ socketPath, executor, logger })
  const started = undo.move()
  return {
    stop: async () => {
      await executor.stop()
      await server.stop()
      await started.disposeAsync()
    },
  }
}

type LocalExecutor = ReturnType<typeof startExecutor>

interface Offered {
  readonly services: readonly HostService[]
  /** Once there is an executor for the scripts that are called. */
  begin(executor: LocalExecutor): Promise<void>
}

/** What needs the database is not there without one. */
async function servicesOf(
  { databaseUrl, secretsKey, limits, ceilings }: ExecutorConfiguration,
  logger: Logger,
  undo: AsyncDisposableStack,
): Promise<Offered> {
  if (databaseUrl === null) {
    logger.warn({}, 'without DATABASE_URL scripts have no modules that need a database')
    return { services: [], begin: async () => {} }
  }
  const secretKeys = new SecretKeys({ given: secretsKey, file: null })
  await secretKeys.check()
  const database = openDatabase({ connectionString: databaseUrl, logger })
  undo.defer(() => database.close())
  await migrate(database)
  let node: CallNode | undefined
  const services = hostServices({
    database,
    secretKeys,
    logger,
    limits,
    scripts: { call: async (call, signal) => (await node?.calls.call(call, signal)) ?? null },
  })
  return {
    services,
    begin: async (executor) => {
      node = new CallNode({ database, executor, limits, ceilings, logger })
      node.start()
      undo.defer(() => node?.stop(RECORDS_DEADLINE_MS))
      if (!(await node.ready(READY_DEADLINE_MS))) {
        logger.warn({}, 'the scripts are not loaded yet; until they are, none can call another')
      }
    },
  }
}
