/**
 * The orchestrator of one node of a cluster: the database's routes, the node's executor, one port.
 *
 * Only wiring. The node is started in the order of what depends on what and stopped the other way
 * round: first no more requests come in, then what ran is recorded, then all is let go of.
 *
 * @module
 */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectExecutor } from '@picloud/executor-core'
import {
  closeIngressServer,
  createIngressServer,
  ExecuteGuard,
  Orchestrator,
} from '@picloud/orchestrator-core'
import type { Logger } from '@picloud/shared'
import { migrate, openDatabase } from '@picloud/storage'
import { OrchestratorListenError } from './errors.ts'
import { nodeListener } from './node-listener.ts'
import type { OrchestratorConfiguration } from './orchestrator-configuration.ts'

/** Before it takes requests, a node waits this long to know the routes. */
const READY_DEADLINE_MS = 5_000
/** What is under way when the program stops has this long to end. */
const STOP_GRACE_MS = 5_000
const RECORDS_DEADLINE_MS = 2_000

export interface RunningOrchestrator {
  readonly url: string
  stop(): Promise<void>
}

/** @throws PicloudError when the database or the port cannot be used; nothing is left running */
export async function startOrchestrator(
  configuration: OrchestratorConfiguration,
  logger: Logger,
  version: string,
): Promise<RunningOrchestrator> {
  const { limits, adminHost, trustedProxies } = configuration
  await using undo = new AsyncDisposableStack()
  const database = openDatabase({ connectionString: configuration.databaseUrl, logger })
  undo.defer(() => database.close())
  // Refuses a database newer than this program; brings an older one up to date, whoever is first.
  await migrate(database)
  const executor = connectExecutor({
    socketPath: configuration.executorSocket,
    queueRequestsMax: limits.queueRequestsMax,
    logger,
  })
  undo.defer(() => executor.stop())
  const guard = new ExecuteGuard({ database, presetToken: configuration.adminToken })
  const orchestrator: Orchestrator = new Orchestrator({
    database,
    executor,
    limits,
    adminHost,
    trustedProxies,
    authorizeExecute: guard.authorize,
    adminListener: nodeListener({ version, state: () => orchestrator.state }),
    logger,
  })
  orchestrator.start()
  undo.defer(() => orchestrator.stop(RECORDS_DEADLINE_MS))
  if (!(await orchestrator.ready(READY_DEADLINE_MS))) {
    logger.warn({}, 'the routes are not loaded yet; requests are told to come again')
  }
  const server = createIngressServer(orchestrator.ingress, limits)
  await listen(server, configuration)
  undo.defer(() => closeIngressServer(server, STOP_GRACE_MS))

  const running = undo.move()
  const { port } = server.address() as AddressInfo
  const url = `http://${hostInUrl(configuration.host)}:${port}`
  return { url, stop: () => running.disposeAsync() }
}

async function listen(server: Server, configuration: OrchestratorConfiguration): Promise<void> {
  const { host, port } = configuration
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new OrchestratorListenError(host, port, error)
  }
}

/** A wildcard address is nothing a client can open. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
