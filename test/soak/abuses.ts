/**
 * Every abuse there is.
 *
 * @module
 */
import type { Abuse } from './abuse.ts'
import { answers } from './abuses/answers.ts'
import { databaseKilled, databaseStopped, remoteDatabaseStopped } from './abuses/database.ts'
import { hostilePrograms } from './abuses/hostile-programs.ts'
import { http } from './abuses/http.ts'
import { logs } from './abuses/logs.ts'
import { memory, memoryCeiling } from './abuses/memory.ts'
import { runaways } from './abuses/runaways.ts'
import { sandboxes } from './abuses/sandboxes.ts'
import { connections, slowBodies, slowHeads } from './abuses/slow-clients.ts'

export const ABUSES: readonly Abuse[] = [
  runaways,
  memory,
  memoryCeiling,
  logs,
  answers,
  hostilePrograms,
  sandboxes,
  databaseStopped,
  databaseKilled,
  remoteDatabaseStopped,
  connections,
  slowHeads,
  slowBodies,
  http,
]

/** Those that take turns on one program: with its own database, and none of a minute. */
export const MIXED: readonly Abuse[] = [
  runaways,
  memory,
  memoryCeiling,
  logs,
  answers,
  sandboxes,
  databaseStopped,
  databaseKilled,
  http,
]
