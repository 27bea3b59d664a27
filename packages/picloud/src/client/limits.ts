/**
 * What the command line waits for and holds at most.
 *
 * @module
 */

/** One request to the API, from connecting to the last byte of the answer. */
export const REQUEST_DEADLINE_MS = 30_000

/** A manifest: hundreds of scripts may have to be compiled and stored. */
export const APPLY_DEADLINE_MS = 180_000

/** One execution: the highest deadline a server can be set to give a script, and some grace. */
export const EXECUTE_DEADLINE_MS = 630_000

/** A stream says every 15 s that it is alive; after this it is not. */
export const STREAM_SILENCE_MAX_MS = 60_000

/** One event: an execution with as many log lines as a server can be set to keep, as JSON. */
export const EVENT_BYTES_MAX = 32 * 1024 * 1024

/** One answer in memory; a server can be set to let a script answer 256 MiB. */
export const ANSWER_BYTES_MAX = 260 * 1024 * 1024

/** Waits between attempts to reach a server again while following: doubled from first to last. */
export const RECONNECT_FIRST_MS = 500
export const RECONNECT_LAST_MS = 5_000
