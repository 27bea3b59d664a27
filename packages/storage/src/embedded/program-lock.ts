/**
 * Makes sure that one PiCloud at a time uses a data directory.
 *
 * The lock is a PostgreSQL advisory lock held by one session for as long as the program lives.
 * When the program dies, however it dies, the kernel closes the session's socket and the lock is
 * gone; there is no file to go stale. Losing the session also tells that the server went away.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { PROGRAM_LOCK } from '../advisory-locks.ts'
import { endClient } from '../end-client.ts'
import { CONNECT_DEADLINE_MS, STATEMENT_DEADLINE_MS } from '../timeouts.ts'
import { SOCKET_PORT } from './data-directory.ts'
import { BOOTSTRAP_ROLE, DATABASE_NAME, DATABASE_ROLE } from './server-config.ts'

export type LockAttempt =
  | { readonly kind: 'held'; readonly lock: ProgramLock }
  | { readonly kind: 'taken'; readonly holder: string | null }
  /** The server is starting, stopping or just gone: try again. */
  | { readonly kind: 'not-ready' }

/** The session of a killed PiCloud takes a moment to end. */
const TAKEN_GRACE_MS = 1_000

/** PostgreSQL error codes (appendix A of its manual). */
const UNDEFINED_DATABASE = '3D000'
const INVALID_AUTHORIZATION = '28000'
const NOT_READY = ['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE']

export class ProgramLock {
  readonly #client: pg.Client
  #lost: (() => void) | null = null
  #ended = false

  private constructor(client: pg.Client) {
    this.#client = client
    client.on('end', () => {
      this.#ended = true
      this.#lost?.()
    })
  }

  static async acquire(socketDir: string): Promise<LockAttempt> {
    try {
      const client = await connectCreating(socketDir)
      const lock = new ProgramLock(client)
      if (await lock.#take()) return { kind: 'held', lock }
      const holder = await lock.#findHolder()
      await endClient(client)
      return { kind: 'taken', holder }
    } catch (error) {
      if (isNotReady(error)) return { kind: 'not-ready' }
      throw error
    }
  }

  /** Calls back once when the session ends, at once if it has ended already. */
  onLost(callback: () => void): void {
    this.#lost = callback
    if (this.#ended) callback()
  }

  async release(): Promise<void> {
    this.#lost = null
    if (!this.#ended) await endClient(this.#client)
  }

  async #take(): Promise<boolean> {
    const until = performance.now() + TAKEN_GRACE_MS
    for (;;) {
      const { rows } = await this.#client.query<{ taken: boolean }>(
        'select pg_try_advisory_lock($1) as taken',
        [PROGRAM_LOCK],
      )
      if (rows[0]?.taken === true) return true
      if (performance.now() > until) return false
      await delay(25)
    }
  }

  async #findHolder(): Promise<string | null> {
    const { rows } = await this.#client.query<{ name: string }>(
      `select application_name as name from pg_locks join pg_stat_activity using (pid)
       where locktype = 'advisory' and granted and objid = $1`,
      [PROGRAM_LOCK],
    )
    return /^picloud program (\d+)$/.exec(rows[0]?.name ?? '')?.[1] ?? null
  }
}

async function connectCreating(socketDir: string): Promise<pg.Client> {
  try {
    return await connect(socketDir, DATABASE_ROLE, DATABASE_NAME)
  } catch (error) {
    // The first start, or one that was interrupted before it had made both.
    if (![UNDEFINED_DATABASE, INVALID_AUTHORIZATION].includes(codeOf(error))) throw error
  }
  const bootstrap = await connect(socketDir, BOOTSTRAP_ROLE, 'postgres')
  try {
    await createIgnoringExisting(bootstrap, `create role ${DATABASE_ROLE} login createdb`)
    await createIgnoringExisting(
      bootstrap,
      `create database ${DATABASE_NAME} owner ${DATABASE_ROLE}`,
    )
  } finally {
    await endClient(bootstrap)
  }
  return await connect(socketDir, DATABASE_ROLE, DATABASE_NAME)
}

async function createIgnoringExisting(client: pg.Client, statement: string): Promise<void> {
  await client.query(statement).catch((error: unknown) => {
    const existing = ['42710', '42P04', '23505']
    if (!existing.includes(codeOf(error))) throw error
  })
}

async function connect(host: string, user: string, database: string): Promise<pg.Client> {
  const client = new pg.Client({
    host,
    port: SOCKET_PORT,
    user,
    database,
    application_name: `picloud program ${process.pid}`,
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    query_timeout: STATEMENT_DEADLINE_MS,
  })
  // Without a listener a lost connection would end the program; `end` follows and is handled.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    await endClient(client)
    throw error
  }
  return client
}

function isNotReady(error: unknown): boolean {
  if (NOT_READY.includes(codeOf(error))) return true
  return error instanceof Error && error.message.startsWith('Connection terminated')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
