/**
 * The numbers of every PostgreSQL advisory lock PiCloud takes, in one place so that no two meet.
 * Keys of `kv` are locked by two numbers, which are apart from these.
 *
 * Advisory locks belong to one database; the numbers only have to differ from each other and be
 * unlikely to be used by anything else in a database PiCloud shares.
 *
 * @module
 */

/** Held by one session while a program uses the embedded server's data directory. */
export const PROGRAM_LOCK = 716_231_001

/** Held while migrations run: a second migrator waits, then finds nothing left to do. */
export const MIGRATION_LOCK = 716_231_002

/** Held from numbering execution rows to their commit, so that numbers appear in order. */
export const EXECUTION_SEQUENCE_LOCK = 716_231_003
