/**
 * The database as the rest of PiCloud sees it: stores to read from, and one way to change things.
 *
 * Reads go to `database.apps`, `database.scripts` and so on. Whatever the control plane changes
 * goes through {@link Database.write}: one transaction that takes its place in the order of all
 * such writes, notes which apps it touched, and wakes the other nodes when it commits. Because the
 * writes are strictly one after the other, a check made inside is still true at the commit.
 *
 * @module
 */
import { type AppId, type Logger, type NodeIdentity, SILENT_LOGGER } from '@picloud/shared'
import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import { beginChange, recordChange } from './change-log.ts'
import { connectionNameOf, UNNAMED_CONNECTION } from './connection-name.ts'
import { ConnectionPool } from './connection-pool.ts'
import { DatabaseUnreachableError } from './errors.ts'
import { QueryCounter } from './query-counter.ts'
import type { Schema } from './schema.ts'
import { AdminReader, AdminWriter } from './stores/admin-store.ts'
import { AppReader, AppWriter } from './stores/app-store.ts'
import { AuditReader, AuditWriter } from './stores/audit-store.ts'
import { DomainReader, DomainWriter } from './stores/domain-store.ts'
import { ExecutionRetentionStore } from './stores/execution-retention-store.ts'
import { ExecutionStore } from './stores/execution-store.ts'
import { FormerSlugReader, FormerSlugWriter } from './stores/former-slug-store.ts'
import { IdempotencyStore } from './stores/idempotency-store.ts'
import { KvStore } from './stores/kv/kv-store.ts'
import { RouteReader, RouteWriter } from './stores/route-store.ts'
import { RoutingStore } from './stores/routing-store.ts'
import { ScriptImportReader, ScriptImportWriter } from './stores/script-import-store.ts'
import { ScriptSampleReader, ScriptSampleWriter } from './stores/script-sample-store.ts'
import { ScriptReader, ScriptWriter } from './stores/script-store.ts'
import { ScriptVersionReader } from './stores/script-version-store.ts'
import { SecretReader, SecretWriter } from './stores/secret-store.ts'
import { ServerStore } from './stores/server-store.ts'
import { SessionReader, SessionWriter } from './stores/session-store.ts'
import { SetupStore, SetupWriter } from './stores/setup-store.ts'
import { TokenReader, TokenWriter } from './stores/token-store.ts'
import { POOL_CONNECTIONS_MAX } from './timeouts.ts'
import { withinDeadline } from './within-deadline.ts'

export interface DatabaseOptions {
  readonly connectionString: string
  readonly poolMax?: number
  readonly logger?: Logger
  /** The program that connects, as it is shown to all others. */
  readonly node?: NodeIdentity
}

/** The stores inside a write. Valid until the work given to `write` has settled. */
export interface WriteTransaction {
  readonly apps: AppWriter
  readonly formerSlugs: FormerSlugWriter
  readonly domains: DomainWriter
  readonly scripts: ScriptWriter
  readonly scriptImports: ScriptImportWriter
  readonly scriptSamples: ScriptSampleWriter
  readonly scriptVersions: ScriptVersionReader
  readonly routes: RouteWriter
  readonly admins: AdminWriter
  readonly sessions: SessionWriter
  readonly tokens: TokenWriter
  readonly setup: SetupWriter
  readonly audit: AuditWriter
  readonly secrets: SecretWriter
}

/** What can be read of one moment. Valid until the work given to `read` has settled. */
export interface ReadTransaction {
  readonly apps: AppReader
  readonly domains: DomainReader
  readonly scripts: ScriptReader
  readonly routes: RouteReader
}

export interface WriteResult<T> {
  readonly result: T
  /** Give it to `ChangeFeed.waitFor` to know when this node serves the change. */
  readonly sequence: number
}

/** Connects when first used. */
export function openDatabase(options: DatabaseOptions): Database {
  return new Database(options)
}

export class Database {
  readonly connectionString: string
  /** What all connections of the program are called. */
  readonly connectionName: string
  /** Counts what is asked here; give it to a change feed, and it counts its queries too. */
  readonly queryCounter = new QueryCounter()
  readonly apps: AppReader
  readonly formerSlugs: FormerSlugReader
  readonly domains: DomainReader
  readonly scripts: ScriptReader
  readonly scriptImports: ScriptImportReader
  readonly scriptSamples: ScriptSampleReader
  readonly scriptVersions: ScriptVersionReader
  readonly routes: RouteReader
  readonly idempotency: IdempotencyStore
  readonly executions: ExecutionStore
  readonly retention: ExecutionRetentionStore
  readonly admins: AdminReader
  readonly sessions: SessionReader
  readonly tokens: TokenReader
  readonly setup: SetupStore
  readonly audit: AuditReader
  readonly secrets: SecretReader
  readonly routing: RoutingStore
  readonly kv: KvStore
  readonly server: ServerStore
  readonly #queries: Kysely<Schema>

  constructor(options: DatabaseOptions) {
    this.connectionString = options.connectionString
    this.connectionName =
      options.node === undefined ? UNNAMED_CONNECTION : connectionNameOf(options.node)
    const logger = options.logger ?? SILENT_LOGGER
    const connection = {
      connectionString: options.connectionString,
      connectionName: this.connectionName,
      onQuery: this.queryCounter.count,
      logger,
    }
    const pool = new ConnectionPool({
      ...connection,
      connectionsMax: options.poolMax ?? POOL_CONNECTIONS_MAX,
    })
    this.#queries = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool }),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    })
    this.apps = new AppReader(this.#queries)
    this.formerSlugs = new FormerSlugReader(this.#queries)
    this.domains = new DomainReader(this.#queries)
    this.scripts = new ScriptReader(this.#queries)
    this.scriptImports = new ScriptImportReader(this.#queries)
    this.scriptSamples = new ScriptSampleReader(this.#queries)
    this.scriptVersions = new ScriptVersionReader(this.#queries)
    this.routes = new RouteReader(this.#queries)
    this.idempotency = new IdempotencyStore(this.#queries)
    this.executions = new ExecutionStore(this.#queries, logger)
    this.retention = new ExecutionRetentionStore(this.#queries)
    this.admins = new AdminReader(this.#queries)
    this.sessions = new SessionReader(this.#queries)
    this.tokens = new TokenReader(this.#queries)
    this.setup = new SetupStore(this.#queries)
    this.audit = new AuditReader(this.#queries)
    this.secrets = new SecretReader(this.#queries)
    this.routing = new RoutingStore(this.#queries)
    this.kv = new KvStore(connection)
    this.server = new ServerStore(this.#queries)
  }

  /**
   * Does a control-plane write. When `work` throws, nothing has happened.
   *
   * @example
   * const { result, sequence } = await database.write((tx) => tx.apps.create({ slug: 'shop' }))
   */
  async write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<WriteResult<T>> {
    return await this.#queries.transaction().execute(async (transaction) => {
      const sequence = await beginChange(transaction)
      const touched = new Set<AppId>()
      const touch = (appId: AppId) => touched.add(appId)
      const result = await work(writersOf(transaction, sequence, touch))
      await recordChange(transaction, sequence, touched)
      return { result, sequence }
    })
  }

  /** Reads several things as they were at one moment. */
  async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return await this.#queries
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((transaction) =>
        work({
          apps: new AppReader(transaction),
          domains: new DomainReader(transaction),
          scripts: new ScriptReader(transaction),
          routes: new RouteReader(transaction),
        }),
      )
  }

  /** @throws DatabaseUnreachableError when there is no answer within the deadline. */
  async ping(deadlineMs: number): Promise<void> {
    if (await withinDeadline(this.routing.sequence(), deadlineMs)) return
    throw new DatabaseUnreachableError(`no answer within ${deadlineMs} ms`)
  }

  async close(): Promise<void> {
    await Promise.all([this.#queries.destroy(), this.kv.close()])
  }
}

function writersOf(
  transaction: Transaction<Schema>,
  sequence: number,
  touch: (appId: AppId) => void,
): WriteTransaction {
  return {
    apps: new AppWriter(transaction, touch),
    formerSlugs: new FormerSlugWriter(transaction),
    domains: new DomainWriter(transaction, touch),
    scripts: new ScriptWriter(transaction, touch),
    scriptImports: new ScriptImportWriter(transaction),
    scriptSamples: new ScriptSampleWriter(transaction),
    scriptVersions: new ScriptVersionReader(transaction),
    routes: new RouteWriter(transaction, touch),
    admins: new AdminWriter(transaction),
    sessions: new SessionWriter(transaction),
    tokens: new TokenWriter(transaction),
    setup: new SetupWriter(transaction),
    audit: new AuditWriter(transaction, sequence),
    secrets: new SecretWriter(transaction),
  }
}
