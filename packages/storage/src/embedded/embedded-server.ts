/**
 * Runs a real PostgreSQL as a child process on a data directory, for a PiCloud without DATABASE_URL.
 *
 * What holds at all times: one server on one directory, one PiCloud on one server, nobody else on
 * its socket. The way there, from whatever the last run left behind:
 *
 *     no data            -> initialise beside, rename into place -> launch
 *     nothing runs       -> launch
 *     a server runs here -> adopt it (a killed PiCloud left it), unless it was started by another
 *                           version or configuration: then stop it and launch
 *     launched, adopted  -> take the program lock -> running
 *     lock taken         -> another PiCloud lives: refuse
 *     running, and the server dies -> recover: the same steps again, with growing pauses
 *     stop               -> fast shutdown, after a deadline an immediate one
 *
 * The child leads a session of its own, so Ctrl-C in the terminal reaches PiCloud only, which
 * finishes its work before it stops the server.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Logger, PicloudError, SILENT_LOGGER } from '@picloud/shared'
import {
  DataDirInUseError,
  DataDirUnwritableError,
  reasonOf,
  ServerFailedError,
} from '../errors.ts'
import { retryDelayMs } from '../retry-delay.ts'
import { SERVER_START_DEADLINE_MS, SERVER_STOP_DEADLINE_MS } from '../timeouts.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import {
  type DataDirectory,
  discardSocketDir,
  prepareDataDirectory,
  programCopyDir,
  SOCKET_PORT,
  socketPath,
} from './data-directory.ts'
import { discardUnfinished, ensureDataFiles } from './data-files.ts'
import { launchPostgres } from './launch-postgres.ts'
import {
  discardPidFile,
  discardStaleSocketLock,
  inspectPostmaster,
  type Postmaster,
  signalProcess,
  waitForEnd,
} from './postmaster.ts'
import { ProgramLock } from './program-lock.ts'
import {
  DATABASE_NAME,
  DATABASE_ROLE,
  isConfigCurrent,
  type ServerConfig,
  type ServerSettings,
  serverConfig,
  writeConfig,
} from './server-config.ts'

export interface EmbeddedServerOptions {
  readonly dataDir: string
  readonly logger?: Logger
}

export interface EmbeddedServerHandle {
  readonly connectionString: string
  /** Of the process whose children the others of the server are; null while there is none. */
  pid(): number | null
  stop(): Promise<void>
}

/**
 * Starts the server, or adopts the one a killed PiCloud left behind.
 *
 * @throws PicloudError `PIC_STORAGE_DATA_DIR_*`, `PIC_STORAGE_EMBEDDED_UNSUPPORTED`,
 * `PIC_STORAGE_SERVICE_USER_MISSING` or `PIC_STORAGE_SERVER_FAILED`.
 */
export async function startEmbeddedServer(
  options: EmbeddedServerOptions,
): Promise<EmbeddedServerHandle> {
  return await startServer(options)
}

export interface ServerOptions extends EmbeddedServerOptions {
  readonly settings?: ServerSettings
  /** Another place to find PostgreSQL's programs. */
  readonly packageRoot?: string
}

/** As {@link startEmbeddedServer}, with settings of the caller's own: the test kit's way in. */
export async function startServer(options: ServerOptions): Promise<EmbeddedServerHandle> {
  try {
    return await startOn(options)
  } catch (error) {
    // A failing system call on the way is about a file or directory of ours: full, read-only ..
    if (error instanceof Error && 'syscall' in error && !(error instanceof PicloudError)) {
      throw new DataDirUnwritableError(options.dataDir, error)
    }
    throw error
  }
}

async function startOn(options: ServerOptions): Promise<EmbeddedServerHandle> {
  const logger = options.logger ?? SILENT_LOGGER
  const directory = await prepareDataDirectory(options.dataDir, logger)
  const binaries = await findBinaries({
    user: directory.user,
    copyParent: await programCopyDir(directory),
    packageRoot: options.packageRoot,
    logger,
  })
  const config = serverConfig(directory, binaries.version, options.settings ?? {})
  const server = new EmbeddedServer({ directory, binaries, config, logger })
  await server.start()
  return {
    connectionString: server.connectionString,
    pid: () => server.pid,
    stop: () => server.stop(),
  }
}

const POLL_MS = 10

interface EmbeddedServerParts {
  readonly directory: DataDirectory
  readonly binaries: Binaries
  readonly config: ServerConfig
  readonly logger: Logger
}

class EmbeddedServer {
  readonly #parts: EmbeddedServerParts
  readonly #stopping = new AbortController()
  #lock: ProgramLock | null = null
  #postmaster: Postmaster | null = null
  #launched: number | undefined
  #recovery: Promise<void> = Promise.resolve()

  constructor(parts: EmbeddedServerParts) {
    this.#parts = parts
  }

  get connectionString(): string {
    const host = encodeURIComponent(this.#postmaster?.socketDir ?? this.#parts.directory.socketDir)
    return `postgresql://${DATABASE_ROLE}@/${DATABASE_NAME}?host=${host}&port=${SOCKET_PORT}`
  }

  get pid(): number | null {
    return this.#postmaster?.pid ?? null
  }

  async start(): Promise<void> {
    await ensureDataFiles(this.#parts)
    const until = performance.now() + SERVER_START_DEADLINE_MS
    while (!(await this.#advance())) {
      if (performance.now() > until) {
        throw this.#failure('PostgreSQL did not get ready', `${SERVER_START_DEADLINE_MS} ms passed`)
      }
      await delay(POLL_MS, undefined, { signal: this.#stopping.signal })
    }
    this.#lock?.onLost(() => this.#recover())
    await discardUnfinished(this.#parts.directory.home)
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#stopping.abort()
    await this.#recovery
    // During a recovery the running server may be one that was launched and not yet claimed.
    for (const pid of new Set([this.#postmaster?.pid, this.#launched])) {
      if (pid !== undefined) await this.#end(pid)
    }
    await discardSocketDir(this.#parts.directory)
    await this.#lock?.release()
  }

  /** One step towards a running server that is ours. True: there. */
  async #advance(): Promise<boolean> {
    const state = await inspectPostmaster(this.#parts.directory.data)
    switch (state.kind) {
      case 'stale':
        await discardPidFile(this.#parts.directory.data, state.text)
        return false
      case 'none':
        await this.#prepareLaunch()
        this.#launched = await launchPostgres({
          ...this.#parts,
          signal: this.#stopping.signal,
        })
        return false
      case 'running':
        return await this.#claim(state.postmaster)
    }
  }

  async #prepareLaunch(): Promise<void> {
    const { data, socketDir } = this.#parts.directory
    await writeConfig(this.#parts.config)
    await discardStaleSocketLock(data, socketPath(socketDir))
  }

  async #claim(postmaster: Postmaster): Promise<boolean> {
    if (postmaster.status !== 'ready') return false
    const attempt = await ProgramLock.acquire(postmaster.socketDir).catch((error: unknown) => {
      throw this.#failure('The running database server refused PiCloud', reasonOf(error))
    })
    switch (attempt.kind) {
      case 'not-ready':
        return false
      case 'taken':
        throw new DataDirInUseError(this.#parts.directory.home, attempt.holder)
      case 'held':
        if (await isConfigCurrent(this.#parts.config)) {
          this.#lock = attempt.lock
          this.#postmaster = postmaster
          return true
        }
        this.#parts.logger.info(
          { pid: postmaster.pid },
          'stopping a database server of another version',
        )
        await this.#end(postmaster.pid)
        await attempt.lock.release()
        return false
    }
  }

  #recover(): void {
    if (this.#stopping.signal.aborted) return
    this.#parts.logger.error(
      { directory: this.#parts.directory.home },
      'the database server went away',
    )
    this.#recovery = this.#restart()
  }

  async #restart(): Promise<void> {
    for (let attempt = 0; !this.#stopping.signal.aborted; attempt++) {
      try {
        await this.start()
        this.#parts.logger.info({ pid: this.#postmaster?.pid }, 'the database server runs again')
        return
      } catch (error) {
        if (this.#stopping.signal.aborted) return
        this.#parts.logger.error({ err: error }, 'the database server could not be restarted')
      }
      // An abort only ends the pause; the loop's condition sees it.
      await delay(retryDelayMs(attempt), undefined, { signal: this.#stopping.signal }).catch(
        () => {},
      )
    }
  }

  /** SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one (server manual, 18.5). */
  async #end(pid: number): Promise<void> {
    const state = await inspectPostmaster(this.#parts.directory.data)
    if (state.kind !== 'running' || state.postmaster.pid !== pid) return
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      signalProcess(pid, signal)
      if (await waitForEnd(pid, SERVER_STOP_DEADLINE_MS)) return
      this.#parts.logger.warn({ pid, signal }, 'the database server did not stop in time')
    }
    throw this.#failure('PostgreSQL could not be stopped', `process ${pid} ignores every signal`)
  }

  #failure(what: string, detail: string): ServerFailedError {
    return new ServerFailedError(what, detail, this.#parts.directory.logPath)
  }
}
