/**
 * The wiring: a pool of sandboxes behind a Unix socket, and what their scripts can call. That is
 * `http`, and with a database all that needs one.
 *
 * @module
 */
import { serveExecutor, startExecutor } from '@picloud/executor-core'
import { createHttpService, EgressGuard, hostServices } from '@picloud/host-services'
import { CallNode } from '@picloud/orchestrator-core'
import { ConfigurationError, nodeIdentity, SETTINGS } from '@picloud/program'
import type { HostService, Logger } from '@picloud/shared'
import { type Database, migrate, openDatabase, SecretKeys } from '@picloud/storage'
import type { ExecutorConfiguration } from './executor-settings.ts'

export interface RunningExecutor {
  /** Answers what is under way as stopped, ends every sandbox and removes the socket. */
  stop(): Promise<void>
}

/** Before it takes scripts, a node waits this long to know which there are to be called. */
const READY_DEADLINE_MS = 5_000
const RECORDS_DEADLINE_MS = 2_000

/**
 * @throws ConfigurationError for a database without a key for the secrets in it
 * @throws PicloudError when the socket or the database cannot be used; nothing is left running
 */
export async function serve(
  configuration: ExecutorConfiguration,
  logger: Logger,
): Promise<RunningExecutor> {
  const { executorSocket: socketPath, sandboxes, adminHost, limits } = configuration
  await using undo = new AsyncDisposableStack()
  const http = createHttpService({
    limits,
    guard: new EgressGuard({ ownNames: adminHost === null ? [] : [adminHost] }),
  })
  undo.defer(() => http.close())
  const offered = await servicesOf(configuration, logger, undo)
  const executor = startExecutor({
    processes: sandboxes,
    sandboxMemoryBytesMax: limits.sandboxMemoryBytesMax,
    queueRequestsMax: limits.queueRequestsMax,
    services: [http, ...offered.services],
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
    logger.warn({}, 'without DATABASE_URL scripts have no kv, no secrets and no script::call')
    return { services: [], begin: async () => {} }
  }
  if (secretsKey === null) throw keyMissing()
  const secretKeys = new SecretKeys({ given: secretsKey, file: null })
  const database = openDatabase({
    connectionString: databaseUrl,
    logger,
    node: nodeIdentity('executor'),
  })
  undo.defer(() => database.close())
  await migrate(database)
  await warnOfOtherKeys(database, secretKeys, logger)
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

/** Found here, and not by the first script that reads a secret, which may be in a month. */
function keyMissing(): ConfigurationError {
  const { env, allowed } = SETTINGS.secretsKey
  return new ConfigurationError(
    `${env} is not set; with ${SETTINGS.databaseUrl.env} it must be ${allowed}: the same as the ` +
      'manager has. Scripts could read no secret without it.',
  )
}

/** What the manager seals with may have been changed there alone. */
async function warnOfOtherKeys(
  database: Database,
  keys: SecretKeys,
  logger: Logger,
): Promise<void> {
  const missing: string[] = []
  for (const id of await database.secrets.keyIds()) {
    if ((await keys.find(id)) === null) missing.push(id)
  }
  if (missing.length === 0) return
  const said = `there are secrets that no key in ${SETTINGS.secretsKey.env} opens; the manager has it`
  logger.warn({ key_ids: missing }, said)
}
