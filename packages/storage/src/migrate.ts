/**
 * Brings a database to the schema this program knows.
 *
 * Each migration runs in one transaction together with its row in `schema_migrations`, so a crash
 * leaves the schema at a whole version. One session-long advisory lock makes programs that start
 * together take turns. A database newer than this program is refused, never touched.
 *
 * @module
 */
import pg from 'pg'
import { MIGRATION_LOCK } from './advisory-locks.ts'
import { connectError, queryError } from './connection-pool.ts'
import type { Database } from './database.ts'
import { endClient } from './end-client.ts'
import {
  DatabaseUnsuitableError,
  MigrationFailedError,
  reasonOf,
  SchemaNewerError,
} from './errors.ts'
import { ALL_MIGRATIONS, LATEST_SCHEMA_VERSION } from './migrations/all-migrations.ts'
import type { Migration } from './migrations/migration.ts'
import { CONNECT_DEADLINE_MS, MIGRATION_DEADLINE_MS } from './timeouts.ts'

export interface MigrationResult {
  /** 0: the database was empty. */
  readonly from: number
  readonly to: number
}

const POSTGRES_VERSION_MIN = 15

/**
 * @throws PicloudError `PIC_STORAGE_SCHEMA_NEWER`, `PIC_STORAGE_DATABASE_UNSUITABLE`,
 * `PIC_STORAGE_MIGRATION_FAILED` or `PIC_STORAGE_DATABASE_UNREACHABLE`.
 */
export async function migrate(
  database: Pick<Database, 'connectionString'>,
): Promise<MigrationResult> {
  return await migrateTo(database, LATEST_SCHEMA_VERSION)
}

/** As {@link migrate}, stopping at a version: how tests make the databases of the past. */
export async function migrateTo(
  database: Pick<Database, 'connectionString'>,
  target: number,
): Promise<MigrationResult> {
  const client = new pg.Client({
    connectionString: database.connectionString,
    application_name: 'picloud migrations',
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    statement_timeout: MIGRATION_DEADLINE_MS,
  })
  // A lost connection rejects the query under way; without a listener it would end the program.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    await endClient(client)
    throw connectError(error)
  }
  try {
    await checkServer(client)
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    return await applyMissing(client, target)
  } catch (error) {
    throw queryError(error)
  } finally {
    // Ending the session also gives the lock back.
    await endClient(client)
  }
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string; shown: string }>(
    `select current_setting('server_version_num')::integer as version,
      current_setting('server_version') as shown, current_setting('server_encoding') as encoding`,
  )
  const server = rows[0]
  if (server === undefined || server.version < POSTGRES_VERSION_MIN * 10_000) {
    throw new DatabaseUnsuitableError(
      `DATABASE_URL leads to PostgreSQL ${server?.shown}; PiCloud needs ` +
        `${POSTGRES_VERSION_MIN} or newer. Upgrade the server.`,
    )
  }
  if (server.encoding !== 'UTF8') {
    throw new DatabaseUnsuitableError(
      `The database's encoding is ${server.encoding}; PiCloud needs UTF8. ` +
        "Make one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.",
    )
  }
}

async function applyMissing(client: pg.Client, target: number): Promise<MigrationResult> {
  const from = await currentVersion(client)
  if (from > LATEST_SCHEMA_VERSION) throw new SchemaNewerError(from, LATEST_SCHEMA_VERSION)
  let to = from
  for (const migration of ALL_MIGRATIONS) {
    if (migration.version <= from || migration.version > target) continue
    await apply(client, migration)
    to = migration.version
  }
  return { from, to }
}

async function currentVersion(client: pg.Client): Promise<number> {
  await client.query(
    `create table if not exists schema_migrations (
      version integer primary key,
      name text not null,
      applied_at timestamptz not null default now()
    )`,
  )
  const { rows } = await client.query<{ version: number }>(
    'select coalesce(max(version), 0) as version from schema_migrations',
  )
  return rows[0]?.version ?? 0
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const name = `${String(migration.version).padStart(4, '0')}_${migration.name}`
  try {
    await client.query('begin')
    await client.query(migration.sql)
    await client.query('insert into schema_migrations (version, name) values ($1, $2)', [
      migration.version,
      migration.name,
    ])
    await client.query('commit')
  } catch (error) {
    // The session may be gone with the failure, and then so is the transaction.
    await client.query('rollback').catch(() => {})
    throw new MigrationFailedError(name, new Error(reasonOf(error), { cause: error }))
  }
}
