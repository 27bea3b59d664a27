/**
 * How long storage waits for anything, and how many may wait: each with its reason.
 *
 * These are not open to operators: they bound waiting on our own database, not what users send.
 *
 * @module
 */

/** A connection that takes longer is a server that is down or drowning. */
export const CONNECT_DEADLINE_MS = 5_000

/** Closing is a courtesy to the server; a server that does not answer must not hold it up. */
export const CLOSE_DEADLINE_MS = 3_000

/** No query of PiCloud needs seconds; a runaway one must not hold its connection. */
export const STATEMENT_DEADLINE_MS = 15_000

/** A migration may rewrite a large table; there is nobody to serve meanwhile. */
export const MIGRATION_DEADLINE_MS = 30 * 60_000

/** Control-plane writes wait for each other on one row. */
export const LOCK_DEADLINE_MS = 10_000

/** A program that stalls inside a transaction must not hold the control plane. */
export const IDLE_IN_TRANSACTION_DEADLINE_MS = 30_000

/** The client gives up a little after the server should have. */
export const QUERY_GRACE_MS = 5_000

/** Connections that nobody used for this long are closed; then no timer is left. */
export const POOL_IDLE_MS = 60_000

export const POOL_CONNECTIONS_MAX = 10

/** What scripts keep has connections of its own: no script may keep the platform waiting. */
export const KV_CONNECTIONS_MAX = 8

/** A statement of a script touches a page of keys; who waits longer waits for something broken. */
export const KV_STATEMENT_DEADLINE_MS = 5_000

/** Others hold a key for one short statement or commit. */
export const KV_LOCK_DEADLINE_MS = 2_000

/** Callers waiting for a connection; beyond it they are refused at once. */
export const POOL_WAITING_MAX = 1_000

/** TCP keepalive finds a dead peer without any query; the system's probes do the rest. */
export const KEEPALIVE_DELAY_MS = 30_000

/** Start including crash recovery after a power cut, on an SD card. */
export const SERVER_START_DEADLINE_MS = 120_000

/** First creation of the data directory. */
export const SERVER_INIT_DEADLINE_MS = 120_000

/** A fast shutdown writes a checkpoint; after this it is made immediate, which is crash-safe. */
export const SERVER_STOP_DEADLINE_MS = 20_000
