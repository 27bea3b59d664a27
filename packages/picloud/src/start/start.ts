/**
 * The whole of PiCloud in one process: storage, executor, orchestrator and manager, wired.
 *
 * This file chooses and connects; it holds no rule. What is started later is stopped earlier:
 * first no request comes in, then what runs ends, then records are written, then the database.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { executorMetrics, startExecutor } from '@picloud/executor-core'
import {
  createHttpService,
  EgressGuard,
  hostServices,
  httpMetrics,
  type ScriptRunner,
} from '@picloud/host-services'
import { createManager } from '@picloud/manager-core'
import { createIngressServer, ingressMetrics, Orchestrator } from '@picloud/orchestrator-core'
import {
  checkPort,
  cliTokenPath,
  closeServer,
  listen,
  PRODUCT_VERSION,
  processMetrics,
  secretsKeyPath,
  thisMachine,
  urlOf,
} from '@picloud/program'
import type { HostService, Logger } from '@picloud/shared'
import { SecretKeys } from '@picloud/storage'
import { RoutingUnavailableError } from '../errors.ts'
import type { BannerFacts } from './banner.ts'
import { writeCliToken } from './cli-token.ts'
import { openStorage } from './open-storage.ts'
import type { StartConfiguration } from './start-settings.ts'

/** Loading the routes is one query; this is for a database under load. */
const ROUTING_DEADLINE_MS = 10_000
/** Requests under way may finish for this long once the program is asked to stop. */
const DRAIN_MS = 3_000
/** Execution records still in memory may be written for this long. */
const RECORDS_MS = 3_000

export interface RunningPicloud {
  readonly facts: BannerFacts
  /** Ends everything that was started. A second call waits for the first. */
  stop(): Promise<void>
}

/** @throws PicloudError one line about what keeps it from starting; nothing is left running. */
export async function start(
  configuration: StartConfiguration,
  logger: Logger,
  services: readonly HostService[] = [],
): Promise<RunningPicloud> {
  await checkPort(configuration.host, configuration.port)
  await using stack = new AsyncDisposableStack()
  const secretKeys = new SecretKeys({
    given: configuration.secretsKey,
    file: secretsKeyPath(configuration.dataDir),
  })
  await secretKeys.check()
  const storage = await openStorage(configuration, logger, stack)
  const { adminHost } = configuration
  const http = createHttpService({
    limits: configuration.limits,
    guard: new EgressGuard({ ownNames: adminHost === null ? [] : [adminHost] }),
  })
  stack.defer(() => http.close())
  const executor = startExecutor({
    processes: configuration.sandboxes,
    sandboxMemoryBytesMax: configuration.limits.sandboxMemoryBytesMax,
    services: [
      http,
      ...hostServices({
        database: storage.database,
        secretKeys,
        logger,
        limits: configuration.limits,
        scripts: { call: (call, signal) => callScript(call, signal) },
      }),
      ...services,
    ],
    logger,
  })
  stack.defer(() => executor.stop())

  const presetTokens = [await writeCliToken(cliTokenPath(configuration.dataDir))]
  if (configuration.adminToken !== null) presetTokens.push(configuration.adminToken)

  // Scripts that call scripts come back here: what runs them is what finds and records them.
  const callScript: ScriptRunner['call'] = async (call, signal) =>
    (await orchestrator.calls?.call(call, signal)) ?? null
  // Orchestrator and manager need each other: requests for the manager enter through the ingress,
  // and a write is answered once the ingress routes by it.
  const orchestrator = new Orchestrator({
    database: storage.database,
    executor,
    callExecutor: executor,
    limits: configuration.limits,
    ceilings: configuration.ceilings,
    adminHost,
    trustedProxies: configuration.trustedProxies,
    adminListener: (request, response) => manager.listener(request, response),
    authorizeExecute: (request, address) => manager.authorizeExecute(request, address),
    onExecutionsRecorded: () => manager.notifyExecutionsRecorded(),
    logger,
    logsRequests: configuration.logLevel === 'debug',
  })
  const manager = await createManager({
    database: storage.database,
    limits: configuration.limits,
    ceilings: configuration.ceilings,
    version: PRODUCT_VERSION,
    presetTokens,
    secretKeys,
    dashboardDir: dashboardDir(),
    adminHost,
    settled: orchestrator.settled,
    testRunner: orchestrator.tests,
    databaseKind: storage.kind,
    machine: thisMachine({ databasePid: storage.serverPid }),
    publicAddresses: configuration.publicAddresses,
    metrics: () => [
      ...ingressMetrics(orchestrator.state),
      ...executorMetrics(executor),
      ...httpMetrics(http),
      ...processMetrics(),
    ],
    clientAddress: (request) => orchestrator.ingress.clientAddress(request),
    isSecure: (request) => orchestrator.ingress.isSecure(request),
    logger,
  })
  orchestrator.start()
  stack.defer(() => orchestrator.stop(RECORDS_MS))
  if (!(await orchestrator.ready(ROUTING_DEADLINE_MS))) {
    throw new RoutingUnavailableError(ROUTING_DEADLINE_MS)
  }

  const server = createIngressServer(orchestrator.ingress, {
    ...configuration.limits,
    deadlineMs: configuration.ceilings.deadlineMs,
  })
  stack.defer(async () => {
    // Together: who follows the log holds a request that only the manager can end.
    await Promise.all([closeServer(server, DRAIN_MS), manager.close()])
  })
  const port = await listen(server, configuration.host, configuration.port)
  const url = urlOf(configuration.host, port)
  // Who set a token of their own is the administrator already: no second way in stays open.
  const setupToken = configuration.adminToken === null ? await manager.prepareSetup() : null
  const facts = {
    version: PRODUCT_VERSION,
    url,
    setupUrl: setupToken === null ? null : `${url}/admin/setup#token=${setupToken}`,
    dataDir: configuration.dataDir,
    database: storage.description,
  }
  const started = stack.move()
  let stopped: Promise<void> | undefined
  return {
    facts,
    stop: () => {
      stopped ??= started.disposeAsync()
      return stopped
    },
  }
}

/** The dashboard's build, where this is a checkout or an image that has one. */
function dashboardDir(): string | undefined {
  const build = fileURLToPath(new URL('../../../../dashboard/build', import.meta.url))
  return existsSync(build) ? build : undefined
}
