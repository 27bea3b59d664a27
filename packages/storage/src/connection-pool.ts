/**
 * The pool of database connections: bounded in number, in waiters and in time.
 *
 * Every failure that means "the database is not there" or "it took too long" leaves here as a
 * typed error; everything else (constraint violations and the like) passes through untouched. A
 * connection that dies while idle is dropped and logged, never thrown into the program.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { finished } from 'node:stream/promises'
import type { Logger } from '@picloud/shared'
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import {
  DatabaseBusyError,
  DatabaseTimeoutError,
  DatabaseUnreachableError,
  DatabaseUnsuitableError,
  reasonOf,
  TextInvalidError,
} from './errors.ts'
import {
  CLOSE_DEADLINE_MS,
  CONNECT_DEADLINE_MS,
  IDLE_IN_TRANSACTION_DEADLINE_MS,
  KEEPALIVE_DELAY_MS,
  LOCK_DEADLINE_MS,
  POOL_IDLE_MS,
  POOL_WAITING_MAX,
  QUERY_GRACE_MS,
  STATEMENT_DEADLINE_MS,
} from './timeouts.ts'
import { withinDeadline } from './within-deadline.ts'

export interface ConnectionPoolOptions {
  readonly connectionString: string
  /** Shown in the server's list of connections. */
  readonly connectionName: string
  readonly connectionsMax: number
  readonly logger: Logger
  /** Called for each statement that is sent. */
  readonly onQuery: () => void
  /** Left out: {@link STATEMENT_DEADLINE_MS}, {@link LOCK_DEADLINE_MS}. */
  readonly statementDeadlineMs?: number
  readonly lockDeadlineMs?: number
}

/** Parsed and planned once for each connection; two statements never share a name. */
export interface PreparedStatement {
  readonly name: string
  readonly text: string
}

/** The part of a pool that kysely uses. */
export class ConnectionPool implements PostgresPool {
  readonly #pool: pg.Pool
  readonly #onQuery: () => void

  constructor(options: ConnectionPoolOptions) {
    this.#onQuery = options.onQuery
    const statementDeadlineMs = options.statementDeadlineMs ?? STATEMENT_DEADLINE_MS
    this.#pool = new pg.Pool({
      connectionString: options.connectionString,
      max: options.connectionsMax,
      application_name: options.connectionName,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      idleTimeoutMillis: POOL_IDLE_MS,
      statement_timeout: statementDeadlineMs,
      query_timeout: statementDeadlineMs + QUERY_GRACE_MS,
      lock_timeout: options.lockDeadlineMs ?? LOCK_DEADLINE_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_DEADLINE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
      types: { getTypeParser },
    })
    this.#pool.on('error', (error) => {
      options.logger.warn({ err: error }, 'an idle database connection was lost')
    })
    // While a connection is checked out the pool does not listen; its query rejects all the same.
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  async connect(): Promise<PooledClient> {
    const waiting = this.#pool.waitingCount
    if (waiting >= POOL_WAITING_MAX) throw new DatabaseBusyError(waiting)
    try {
      return new PooledClient(await this.#pool.connect(), this.#onQuery)
    } catch (error) {
      throw connectError(error)
    }
  }

  async end(): Promise<void> {
    await withinDeadline(this.#pool.end(), CLOSE_DEADLINE_MS)
  }

  get options(): object {
    return this.#pool.options
  }
}

export class PooledClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  readonly #onQuery: () => void
  #broken = false

  constructor(client: pg.PoolClient, onQuery: () => void) {
    this.#client = client
    this.#onQuery = onQuery
  }

  query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(text: string | PostgresCursor<R>, values: readonly unknown[] = []): unknown {
    assert(typeof text === 'string', 'PiCloud reads pages, never cursors')
    return this.#run(() =>
      /^copy\b/.test(text)
        ? copyIn(this.#client, text, bytesOf(values))
        : this.#client.query(text, [...values]),
    )
  }

  async execute<Row>(
    { name, text }: PreparedStatement,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    const { rows } = await this.#run(() =>
      this.#client.query({ name, text, values: values as unknown[] }),
    )
    return rows as readonly Row[]
  }

  release(error?: Error | boolean): void {
    this.#client.release(error ?? this.#broken)
  }

  async #run(ask: () => Promise<ResultParts>): Promise<ResultParts> {
    this.#onQuery()
    try {
      return await ask()
    } catch (error) {
      const explained = queryError(error)
      // The server may still work on what we gave up; nobody else must get this connection.
      if (explained instanceof DatabaseTimeoutError) this.#broken = true
      throw explained
    }
  }
}

type ResultParts = Pick<pg.QueryResult, 'command' | 'rowCount' | 'rows'>

/** Runs a `copy ... from stdin`, which takes its rows as its one parameter. */
async function copyIn(client: pg.PoolClient, text: string, rows: Uint8Array): Promise<ResultParts> {
  const stream = client.query(copyFrom(text))
  stream.end(rows)
  await finished(stream)
  return { command: 'COPY', rowCount: stream.rowCount, rows: [] }
}

function bytesOf([rows]: readonly unknown[]): Uint8Array {
  assert(rows instanceof Uint8Array, 'copy takes its rows as bytes')
  return rows
}

const INT8_OID = 20

/** Counters and sequences fit a JavaScript number; one that does not is a bug worth a stop. */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is not a safe integer`)
  return value
}

function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8_OID && format !== 'binary') return parseInt8
  return pg.types.getTypeParser(oid, format as 'text')
}

/** Classes of SQLSTATE (PostgreSQL manual, appendix A) and Node's socket errors. */
const AWAY =
  /^(?:08...|57P0[1-5]|ECONN\w+|ENOENT|EPIPE|ENOTFOUND|EAI_AGAIN|E(?:HOST|NET)UNREACH|ETIMEDOUT)$/
const REFUSED = /^(?:28...|3D000|53300)$/
const TOO_LONG = /^(?:57014|55P03|25P03|25P04)$/
/** Text that PostgreSQL cannot hold, such as one with a NUL. */
const BAD_TEXT = /^(?:22021|22P05)$/

/** Failing to get a connection is always the database's or its address's fault. */
export function connectError(error: unknown): Error {
  if (error instanceof Error && codeOf(error) === '' && isDriverMisuse(error)) return error
  return new DatabaseUnreachableError(error)
}

export function queryError(error: unknown): unknown {
  const code = codeOf(error)
  if (TOO_LONG.test(code)) return new DatabaseTimeoutError(error)
  if (AWAY.test(code) || REFUSED.test(code)) return new DatabaseUnreachableError(error)
  if (code === '25006') {
    return new DatabaseUnsuitableError(
      'The database is read-only (a standby?). Point DATABASE_URL to the primary server.',
    )
  }
  if (BAD_TEXT.test(code)) return new TextInvalidError()
  if (code !== '' || !(error instanceof Error)) return error
  if (/^Connection terminated|not queryable|connection error/i.test(error.message)) {
    return new DatabaseUnreachableError(error)
  }
  if (error.message === 'Query read timeout') return new DatabaseTimeoutError(error)
  return error
}

/** Using a pool after closing it is a mistake in the program, not an outage. */
function isDriverMisuse(error: Error): boolean {
  return /after calling end/.test(reasonOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
