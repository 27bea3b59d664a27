/**
 * A migrated PostgreSQL database for one test, on a server that ends with the test process.
 *
 * The first call in a process starts an embedded server; each further database is a copy of one
 * migrated template, made in milliseconds. The server is kept by a process of its own, which
 * stops it and deletes its files as soon as the test process is gone, even when that was killed.
 * Nothing has to be closed but the database itself.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type Database, openDatabase } from '../database.ts'
import { migrate } from '../migrate.ts'

export { type ControlPlaneRows, readControlPlane } from './control-plane-rows.ts'
export { fillWithApps } from './many-apps.ts'

export interface TestDatabase {
  readonly connectionString: string
  readonly database: Database
  /** Tables that hold execution records, whatever is said about them elsewhere. */
  recordTables(): Promise<number>
  /** As if that many days had passed since every execution record was made. */
  ageRecords(days: number): Promise<void>
  /** Every row of every table, as text. */
  texts(): Promise<string>
  /** Deletes what `database` holds under its feet. */
  lose(): Promise<void>
  /** Closes `database` and deletes what it held. */
  drop(): Promise<void>
}

/** An isolated database with the newest schema and nothing in it but the app `default`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return await createFrom(await migratedTemplate())
}

/** An isolated database without any table, for tests of migrations. */
export async function createEmptyTestDatabase(): Promise<TestDatabase> {
  return await createFrom('template1')
}

let server: Promise<string> | null = null
let template: Promise<string> | null = null

async function createFrom(templateName: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await administrate(`create database ${name} template ${templateName} strategy file_copy`)
  const connectionString = withDatabase(await startedServer(), name)
  const database = openDatabase({ connectionString })
  const lose = () => administrate(`drop database if exists ${name} with (force)`)
  return {
    connectionString,
    database,
    recordTables: async () => {
      const [row] = await query(
        connectionString,
        `select count(*)::integer as count from pg_inherits
         where inhparent = 'execution_logs'::regclass`,
      )
      return Number(row?.count)
    },
    ageRecords: async (days) => {
      await query(
        connectionString,
        `update execution_partitions set opened_at = opened_at - $1 * interval '1 day',
          recorded_to = recorded_to - $1 * interval '1 day'`,
        [days],
      )
    },
    texts: () => allTexts(connectionString),
    lose,
    drop: async () => {
      await database.close()
      await lose()
    },
  }
}

async function allTexts(connectionString: string): Promise<string> {
  const tables = await query(
    connectionString,
    `select oid::regclass::text as name from pg_class
     where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
  )
  const texts: unknown[] = []
  for (const { name } of tables) {
    texts.push(...(await query(connectionString, `select t::text as row from ${name} as t`)))
  }
  return texts.map((text) => (text as { readonly row: string }).row).join('\n')
}

async function migratedTemplate(): Promise<string> {
  template ??= (async () => {
    const name = 'picloud_template'
    await administrate(`create database ${name} strategy file_copy`)
    await migrate({ connectionString: withDatabase(await startedServer(), name) })
    return name
  })()
  return await template
}

async function administrate(statement: string): Promise<void> {
  await query(await startedServer(), statement)
}

async function query(
  connectionString: string,
  statement: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(statement, values)).rows
  } finally {
    await client.end()
  }
}

async function startedServer(): Promise<string> {
  server ??= startKeeper()
  return await server
}

/** The keeper prints the connection string once the server runs. */
async function startKeeper(): Promise<string> {
  const extension = extname(import.meta.url)
  const file = new URL(`./test-server${extension}`, import.meta.url)
  // From sources, the packages it imports are to come from sources too.
  const options = extension === '.ts' ? ['--conditions=@picloud/source'] : []
  const keeper = spawn(process.execPath, [...options, fileURLToPath(file)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const line = await firstLine(keeper)
  // The open pipe is what keeps the server; it must not keep the test process.
  keeper.unref()
  for (const pipe of [keeper.stdin, keeper.stdout]) (pipe as Socket).unref()
  return line
}

async function firstLine(keeper: ChildProcess): Promise<string> {
  if (keeper.stdout === null) throw new Error('the test server has no output')
  for await (const line of createInterface({ input: keeper.stdout })) return line
  throw new Error('the test server ended before it was ready')
}

function withDatabase(connectionString: string, name: string): string {
  const [address, query] = connectionString.split('?')
  return `${address?.slice(0, address.lastIndexOf('/'))}/${name}?${query}`
}
