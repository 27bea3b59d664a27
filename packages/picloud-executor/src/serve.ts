/**
 * The wiring: a pool of sandboxes behind a Unix socket.
 *
 * @module
 */
import { serveExecutor, startExecutor } from '@picloud/executor-core'
import type { Logger } from '@picloud/shared'
import type { ExecutorConfiguration } from './executor-settings.ts'

export interface RunningExecutor {
  /** Answers what is under way as stopped, ends every sandbox and removes the socket. */
  stop(): Promise<void>
}

/** @throws PicloudError when the socket cannot be listened on */
export async function serve(
  configuration: ExecutorConfiguration,
  logger: Logger,
): Promise<RunningExecutor> {
  const { executorSocket: socketPath, sandboxes, limits } = configuration
  const executor = startExecutor({
    processes: sandboxes,
    ...limits,
    logger,
  })
  try {
    const server = await serveExecutor({ socketPath, executor, logger })
    return {
      stop: async () => {
        await executor.stop()
        await server.stop()
      },
    }
  } catch (error) {
    await executor.stop()
    throw error
  }
}
