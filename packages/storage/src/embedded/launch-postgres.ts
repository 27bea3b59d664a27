/**
 * Starts the server process and waits until it is ready or has ended.
 *
 * The process leads a session of its own and writes to a file, not to a pipe: it needs nothing
 * from the program that started it, so it can outlive it and be adopted by the next one.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { reasonOf, ServerFailedError } from '../errors.ts'
import { SERVER_START_DEADLINE_MS } from '../timeouts.ts'
import type { Binaries } from './binaries.ts'
import type { DataDirectory } from './data-directory.ts'
import { inspectPostmaster } from './postmaster.ts'
import { BARE_ENVIRONMENT } from './run-program.ts'
import type { ServerConfig } from './server-config.ts'
import { identityOf } from './service-user.ts'

export interface LaunchOptions {
  readonly directory: DataDirectory
  readonly binaries: Binaries
  readonly config: ServerConfig
  /** Ends the waiting, not the server. */
  readonly signal: AbortSignal
}

/** Above this size a log is set aside at the next start; one old log is kept. */
const LOG_BYTES_MAX = 1024 * 1024
const POLL_MS = 10

/** What PostgreSQL says when another server, or what is left of one, still has the directory. */
const STILL_TAKEN = /lock file .* already exists|pre-existing shared memory block/

/**
 * @returns its process id; it may have ended again because another server was faster, which the
 * next look at the data directory shows.
 * @throws ServerFailedError with PostgreSQL's own reason when it refuses to start.
 */
export async function launchPostgres(options: LaunchOptions): Promise<number | undefined> {
  const { directory } = options
  const log = await openLog(directory.logPath)
  try {
    const { size } = await log.stat()
    const child = spawnPostgres(options, log.fd)
    let ended: string | null = null
    child.once('error', (error) => {
      ended = reasonOf(error)
    })
    child.once('exit', (code, signal) => {
      ended ??= `it ended with ${signal ?? `code ${code}`}`
    })
    await waitUntilReady(directory.data, () => ended !== null || options.signal.aborted)
    if (ended !== null) await explainEnd(directory.logPath, ended, size)
    return child.pid
  } finally {
    await log.close()
  }
}

function spawnPostgres({ directory, binaries, config }: LaunchOptions, log: number) {
  const args = ['-D', directory.data, '-c', `config_file=${config.path}`]
  const child = spawn(binaries.postgres, args, {
    ...identityOf(directory.user),
    detached: true,
    cwd: '/',
    env: BARE_ENVIRONMENT,
    stdio: ['ignore', log, log],
  })
  child.unref()
  return child
}

async function waitUntilReady(data: string, isOver: () => boolean): Promise<void> {
  const until = performance.now() + SERVER_START_DEADLINE_MS
  while (!isOver() && performance.now() < until) {
    const state = await inspectPostmaster(data)
    if (state.kind === 'running' && state.postmaster.status === 'ready') return
    await delay(POLL_MS)
  }
}

async function explainEnd(logPath: string, ended: string, logStart: number): Promise<void> {
  const text = (await readFile(logPath)).subarray(logStart).toString()
  if (STILL_TAKEN.test(text)) return
  const fatal = /(?:FATAL|PANIC): {2}(.*)/.exec(text)?.[1]
  throw new ServerFailedError('PostgreSQL could not start', fatal ?? (text || ended), logPath)
}

async function openLog(path: string) {
  const size = await stat(path).then(
    (entry) => entry.size,
    () => 0,
  )
  if (size > LOG_BYTES_MAX) await rename(path, `${path}.1`)
  return await open(path, 'a', 0o600)
}
