/**
 * The manager of a cluster: one database, one control plane, one port.
 *
 * Only wiring. Other nodes learn of changes from the database, so a write is answered once it is
 * stored, without waiting for them.
 *
 * @module
 */
import { createServer } from 'node:http'
import { answerClientError, createManager, type Manager } from '@picloud/manager-core'
import {
  checkPort,
  closeServer,
  listen,
  nodeIdentity,
  PRODUCT_VERSION,
  processMetrics,
  thisMachine,
  urlOf,
} from '@picloud/program'
import type { Logger } from '@picloud/shared'
import {
  ChangeFeed,
  changeFeedMetric,
  migrate,
  openDatabase,
  SecretKeys,
  seedHelloWorldIfFresh,
} from '@picloud/storage'
import type { ManagerConfiguration } from './manager-settings.ts'

/** Time a client has for its headers, and for its whole request. */
const HEADERS_DEADLINE_MS = 10_000
const REQUEST_DEADLINE_MS = 60_000
/** Longer than proxies keep an idle connection, so that they close it first. */
const KEEP_ALIVE_MS = 65_000
/** What is under way when the program stops has this long to end. */
const STOP_GRACE_MS = 5_000

export interface RunningManager {
  readonly url: string
  /** One-time set-up token for the operator; null when there is an admin. */
  readonly setupToken: string | null
  stop(): Promise<void>
}

/** @throws PicloudError when the database or the port cannot be used; nothing is left running */
export async function startManager(
  configuration: ManagerConfiguration,
  logger: Logger,
): Promise<RunningManager> {
  await checkPort(configuration.host, configuration.port)
  await using undo = new AsyncDisposableStack()
  const connectionString = configuration.databaseUrl
  const database = openDatabase({ connectionString, logger, node: nodeIdentity('manager') })
  undo.defer(() => database.close())
  const { from, to } = await migrate(database)
  if (from !== to) logger.info({ from, to }, 'the database schema was brought up to date')
  await seedHelloWorldIfFresh(database)

  const manager: Manager = await createManager({
    database,
    limits: configuration.limits,
    ceilings: configuration.ceilings,
    version: PRODUCT_VERSION,
    logger,
    adminHost: configuration.adminHost,
    machine: thisMachine(),
    publicAddresses: configuration.publicAddresses,
    metrics: () => [changeFeedMetric(feed.connected), ...processMetrics()],
    secretKeys: new SecretKeys({ given: configuration.secretsKey, file: null }),
    presetTokens: configuration.adminToken === null ? [] : [configuration.adminToken],
    ...(configuration.dashboardDir === null ? {} : { dashboardDir: configuration.dashboardDir }),
  })
  const feed = new ChangeFeed({
    connectionString,
    connectionName: database.connectionName,
    queryCounter: database.queryCounter,
    onChange: () => {},
    onExecutionsRecorded: () => manager.notifyExecutionsRecorded(),
    logger,
  })
  feed.start()
  undo.defer(() => feed.stop())
  const setupToken = configuration.adminToken === null ? await manager.prepareSetup() : null
  const server = createServer(
    {
      maxHeaderSize: configuration.limits.headerBytesMax,
      headersTimeout: HEADERS_DEADLINE_MS,
      requestTimeout: REQUEST_DEADLINE_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    manager.listener,
  )
  server.on('clientError', answerClientError)
  const port = await listen(server, configuration.host, configuration.port)
  undo.defer(async () => {
    // What the manager holds for those who follow the log ends with the manager.
    await Promise.all([closeServer(server, STOP_GRACE_MS), manager.close()])
  })

  const running = undo.move()
  const url = urlOf(configuration.host, port)
  return { url, setupToken, stop: () => running.disposeAsync() }
}
