/**
 * The database the program works on: `DATABASE_URL`'s, or a PostgreSQL of its own.
 *
 * @module
 */
import { nodeIdentity } from '@picloud/program'
import type { DatabaseKind, Logger } from '@picloud/shared'
import {
  type Database,
  migrate,
  openDatabase,
  seedHelloWorldIfFresh,
  startEmbeddedServer,
} from '@picloud/storage'
import type { StartConfiguration } from './start-settings.ts'

export interface OpenStorage {
  readonly database: Database
  /** For people: which database this is, without any credential. */
  readonly description: string
  readonly kind: DatabaseKind
  /** Of the embedded server's first process; null while there is none. */
  readonly serverPid: () => number | null
}

type Location = Omit<OpenStorage, 'database'> & { readonly connectionString: string }

/**
 * Connects, migrates and seeds. Whatever was opened is closed again through `stack`.
 *
 * @throws PicloudError `PIC_STORAGE_*`: one line about what is wrong with the database.
 */
export async function openStorage(
  configuration: StartConfiguration,
  logger: Logger,
  stack: AsyncDisposableStack,
): Promise<OpenStorage> {
  const { connectionString, ...about } = await locate(configuration, logger, stack)
  const node = nodeIdentity('all-in-one')
  const database = openDatabase({ connectionString, logger, node })
  stack.defer(() => database.close())
  const { from, to } = await migrate(database)
  if (from !== to) logger.info({ from, to }, 'migrated the database')
  await seedHelloWorldIfFresh(database)
  return { database, ...about }
}

async function locate(
  configuration: StartConfiguration,
  logger: Logger,
  stack: AsyncDisposableStack,
): Promise<Location> {
  const { databaseUrl, dataDir } = configuration
  if (databaseUrl !== null) {
    // A user without a host is a form of PostgreSQL's own, which URL does not know.
    const { host, pathname } = new URL(databaseUrl.replace(/\/\/[^/]*@\//, '///'))
    return {
      connectionString: databaseUrl,
      description: `PostgreSQL at ${host || 'a local socket'}${pathname}`,
      kind: 'external',
      serverPid: () => null,
    }
  }
  const server = await startEmbeddedServer({ dataDir, logger })
  stack.defer(() => server.stop())
  return {
    connectionString: server.connectionString,
    description: 'embedded PostgreSQL',
    kind: 'embedded',
    serverPid: server.pid,
  }
}
