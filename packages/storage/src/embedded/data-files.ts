/**
 * Makes PostgreSQL's data files where there are none.
 *
 * They are made beside and renamed into place, so data that is in place is whole: a run that was
 * interrupted leaves only an `init-*` directory, which the next program removes once it is alone.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@picloud/shared'
import { DataDirVersionError, ServerFailedError } from '../errors.ts'
import { SERVER_INIT_DEADLINE_MS } from '../timeouts.ts'
import { type Binaries, checkBinaries } from './binaries.ts'
import type { DataDirectory } from './data-directory.ts'
import { runProgram } from './run-program.ts'
import { BOOTSTRAP_ROLE } from './server-config.ts'
import { identityOf } from './service-user.ts'

export interface DataFilesOptions {
  readonly directory: DataDirectory
  readonly binaries: Binaries
  readonly logger: Logger
}

const UNFINISHED = 'init-'

/**
 * @throws DataDirVersionError for files of another major version, ServerFailedError when they
 * cannot be made.
 */
export async function ensureDataFiles(options: DataFilesOptions): Promise<void> {
  const { directory, binaries } = options
  const { home, data, user } = directory
  const found = await versionOf(data)
  if (found !== null) {
    if (found === binaries.majorVersion) return
    throw new DataDirVersionError(home, found, binaries.majorVersion)
  }
  await checkBinaries(binaries, user)
  const unfinished = join(home, `${UNFINISHED}${randomBytes(6).toString('hex')}`)
  await mkdir(unfinished, { mode: 0o700 })
  try {
    if (user.separate) await chown(unfinished, user.uid, user.gid)
    await initialise(options, unfinished)
    await moveIntoPlace(options, unfinished)
  } catch (error) {
    // Another PiCloud was faster: its files are as good.
    if ((await versionOf(data)) === null) throw error
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** Removes what interrupted initialisations left. Only for whoever holds the program lock. */
export async function discardUnfinished(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith(UNFINISHED)) await rm(join(home, name), { recursive: true, force: true })
  }
}

async function initialise(options: DataFilesOptions, path: string): Promise<void> {
  const { directory, binaries } = options
  const args = [
    `--pgdata=${path}`,
    `--username=${BOOTSTRAP_ROLE}`,
    '--auth=reject',
    '--encoding=UTF8',
    // Built into PostgreSQL: the same order on every system, and none to go stale.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ]
  try {
    await runProgram(binaries.initdb, args, {
      ...identityOf(directory.user),
      cwd: '/',
      deadlineMs: SERVER_INIT_DEADLINE_MS,
    })
  } catch (error) {
    const reason = reasonOfInit(error)
    throw new ServerFailedError('The database could not be created', reason, null)
  }
}

async function moveIntoPlace(options: DataFilesOptions, unfinished: string): Promise<void> {
  const { data, home } = options.directory
  try {
    await rename(unfinished, data)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error
    if ((await versionOf(data)) !== null) return
    // Files without a version are no database, and they are not ours to delete.
    const aside = join(home, `data-set-aside-${randomBytes(6).toString('hex')}`)
    options.logger.warn({ data, aside }, 'the data directory holds no database and was set aside')
    await rename(data, aside)
    await rename(unfinished, data)
  }
}

async function versionOf(data: string): Promise<string | null> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')
  return text.trim() === '' ? null : text.trim()
}

/** initdb prints its progress first; the error is in the lines that carry its name. */
function reasonOfInit(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const lines = text.split('\n').filter((line) => /^initdb: (?:error|detail)|FATAL:/.test(line))
  return lines.length > 0 ? lines.join(' ') : text
}
