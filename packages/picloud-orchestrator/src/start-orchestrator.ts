/**
 * The orchestrator of one node of a cluster: the database's routes, the node's executor, one port.
 *
 * Only wiring. The node is started in the order of what depends on what and stopped the other way
 * round: first no more requests come in, then what ran is recorded, then all is let go of.
 *
 * @module
 */
import { connectExecutor } from '@picloud/executor-core'
import { createIngressServer, Orchestrator, TokenGuard } from '@picloud/orchestrator-core'
import {
  checkPort,
  closeServer,
  listen,
  nodeIdentity,
  PRODUCT_VERSION,
  urlOf,
} from '@picloud/program'
import type { Logger } from '@picloud/shared'
import { migrate, openDatabase } from '@picloud/storage'
import { nodeListener } from './node-listener.ts'
import type { OrchestratorConfiguration } from './orchestrator-settings.ts'

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
): Promise<RunningOrchestrator> {
  const { limits, ceilings, adminHost, trustedProxies } = configuration
  await checkPort(configuration.host, configuration.port)
  await using undo = new AsyncDisposableStack()
  const database = openDatabase({
    connectionString: configuration.databaseUrl,
    logger,
    node: nodeIdentity('orchestrator'),
  })
  undo.defer(() => database.close())
  // Refuses a database newer than this program; brings an older one up to date, whoever is first.
  await migrate(database)
  const executor = connectExecutor({
    socketPath: configuration.executorSocket,
    queueRequestsMax: limits.queueRequestsMax,
    logger,
  })
  undo.defer(() => executor.stop())
  const guard = new TokenGuard({ database, presetToken: configuration.adminToken })
  const orchestrator: Orchestrator = new Orchestrator({
    database,
    executor,
    limits,
    ceilings,
    adminHost,
    trustedProxies,
    authorizeExecute: (request) => guard.authorize(request, 'execute'),
    adminListener: nodeListener({
      version: PRODUCT_VERSION,
      state: () => orchestrator.state,
      requireReader: (request) => guard.authorize(request, 'read'),
      logger,
    }),
    logger,
    logsRequests: configuration.logLevel === 'debug',
  })
  orchestrator.start()
  undo.defer(() => orchestrator.stop(RECORDS_DEADLINE_MS))
  if (!(await orchestrator.ready(READY_DEADLINE_MS))) {
    logger.warn({}, 'the routes are not loaded yet; requests are told to come again')
  }
  const server = createIngressServer(orchestrator.ingress, {
    ...limits,
    deadlineMs: ceilings.deadlineMs,
  })
  const port = await listen(server, configuration.host, configuration.port)
  undo.defer(() => closeServer(server, STOP_GRACE_MS))

  const running = undo.move()
  const url = urlOf(configuration.host, port)
  return { url, stop: () => running.disposeAsync() }
}
