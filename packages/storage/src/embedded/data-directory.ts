/**
 * Lays out the directory the embedded server lives in, with the modes that keep others out.
 *
 *     <dataDir>/postgres/      the home; a link when PiCloud is root and the user cannot get here
 *       data/                  PostgreSQL's own files: service user only
 *       run/                   the socket: service user (and root) only
 *       config/                written by PiCloud; the server can read it but not change it
 *       server.log
 *
 * As root the home belongs to root and only `data` and `run` to the service user, so a server
 * that was taken over can neither rewrite its access rules nor plant links that root follows.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  access,
  chmod,
  chown,
  constants,
  lstat,
  mkdir,
  mkdtemp,
  realpath,
  rmdir,
  stat,
  symlink,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from '@picloud/shared'
import { DataDirUnwritableError } from '../errors.ts'
import { canReach } from './file-access.ts'
import { findServiceUser, type ServiceUser } from './service-user.ts'

/** Names the socket file; nothing listens on a TCP port. */
export const SOCKET_PORT = 5432

export interface DataDirectory {
  readonly home: string
  readonly data: string
  readonly config: string
  readonly socketDir: string
  readonly logPath: string
  readonly user: ServiceUser
}

/** `sun_path` has 108 bytes, one of them the closing NUL. */
const SOCKET_PATH_BYTES_MAX = 107

/** What root keeps for the service user when it cannot reach the given places. */
const SYSTEM_DIR = '/var/lib/picloud'

/**
 * @throws DataDirUnwritableError when the service user has no way in; a system error when a
 * directory cannot be made.
 */
export async function prepareDataDirectory(
  dataDir: string,
  logger: Logger,
): Promise<DataDirectory> {
  // 0711: other users may pass through to nothing they can read; as root the service user must.
  await mkdir(dataDir, { recursive: true, mode: 0o711 })
  await access(dataDir, constants.W_OK | constants.X_OK)
  const link = join(await realpath(dataDir), 'postgres')
  const { home, user } = await findOrMakeHome(link, logger)
  await access(home, constants.R_OK | constants.W_OK | constants.X_OK)
  const config = join(home, 'config')
  await mkdir(config, { recursive: true, mode: 0o755 })
  await letUserPass(home, user)
  return {
    home,
    data: join(home, 'data'),
    config,
    socketDir: await makeSocketDir(home, user),
    logPath: join(home, 'server.log'),
    user,
  }
}

async function findOrMakeHome(
  link: string,
  logger: Logger,
): Promise<{ readonly home: string; readonly user: ServiceUser }> {
  const existing = await findHome(link)
  const user = await chooseUser(existing)
  if (existing !== null) return { home: existing, user }
  try {
    return { home: await makeHome(link, user, logger), user }
  } catch (error) {
    // Another PiCloud made it at the same moment; the program lock will decide between the two.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return await findOrMakeHome(link, logger)
    }
    throw error
  }
}

async function findHome(link: string): Promise<string | null> {
  const entry = await lstatOrNull(link)
  if (entry === null) return null
  try {
    return await realpath(link)
  } catch (cause) {
    // Making an empty database here would hide that the real one is, say, not mounted.
    throw new DataDirUnwritableError(link, cause)
  }
}

/** An existing database keeps its owner, so `sudo picloud start` on it changes nothing. */
async function chooseUser(home: string | null): Promise<ServiceUser> {
  if (home !== null && process.getuid?.() === 0) {
    const owner = (await lstatOrNull(join(home, 'data'))) ?? (await lstat(home))
    if (owner.uid !== 0) {
      return { name: String(owner.uid), uid: owner.uid, gid: owner.gid, separate: true }
    }
  }
  return await findServiceUser()
}

async function makeHome(link: string, user: ServiceUser, logger: Logger): Promise<string> {
  await mkdir(link, { mode: 0o700 })
  if (!user.separate) return link
  await openOwnDirectory(dirname(link), user)
  if (await canReach(user, link)) return link
  await rmdir(link)
  return await makeDistantHome(link, logger)
}

/** The service user must get through the home to its own directories inside. */
async function letUserPass(home: string, user: ServiceUser): Promise<void> {
  if (!user.separate) return
  await openOwnDirectory(dirname(home), user)
  // The service user's own home is as open as it made it; root's lets others pass, not look.
  if ((await stat(home)).uid === 0) await chmod(home, 0o711)
  if (await canReach(user, join(home, 'config'))) return
  throw new DataDirUnwritableError(home, new Error(`user ${user.name} cannot enter it`))
}

/** Lets the service user's group pass through a data directory that is closed to all but root. */
async function openOwnDirectory(directory: string, user: ServiceUser): Promise<void> {
  const { mode, uid, gid } = await stat(directory)
  if (uid !== 0 || gid !== 0 || (mode & 0o001) !== 0) return
  await chown(directory, uid, user.gid)
  await chmod(directory, (mode & 0o7777) | 0o010)
}

/** A parent is closed to the service user (such as /root): the home stands elsewhere, linked. */
async function makeDistantHome(link: string, logger: Logger): Promise<string> {
  const home = join(SYSTEM_DIR, `data-${randomBytes(6).toString('hex')}`)
  await makeSystemDir()
  await mkdir(home, { mode: 0o700 })
  await symlink(home, link)
  logger.warn(
    { link, home },
    'the database user cannot enter this directory, so the database lies elsewhere and is linked',
  )
  return home
}

/** Where a private copy of the programs goes: root's are shared by all data directories. */
export async function programCopyDir(directory: DataDirectory): Promise<string> {
  return directory.user.separate ? await makeSystemDir() : directory.home
}

async function makeSystemDir(): Promise<string> {
  await mkdir(SYSTEM_DIR, { recursive: true, mode: 0o755 })
  await chmod(SYSTEM_DIR, 0o755)
  return SYSTEM_DIR
}

async function makeSocketDir(home: string, user: ServiceUser): Promise<string> {
  const near = join(home, 'run')
  if (Buffer.byteLength(socketPath(near)) <= SOCKET_PATH_BYTES_MAX) {
    await makePrivateDir(near, user)
    return near
  }
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  const short = join('/tmp', `picloud-${name}`)
  if (await makePrivateDir(short, user)) return short
  // Somebody else made that name first: one that nobody can foresee.
  const random = await mkdtemp('/tmp/picloud-')
  await makePrivateDir(random, user)
  return random
}

/** A socket directory outside the home is made at each start and goes at each stop. */
export async function discardSocketDir(directory: DataDirectory): Promise<void> {
  if (dirname(directory.socketDir) === directory.home) return
  // Not empty: some other program's socket lies there, and the next start uses the directory.
  await rmdir(directory.socketDir).catch(() => {})
}

export function socketPath(socketDir: string): string {
  return join(socketDir, `.s.PGSQL.${SOCKET_PORT}`)
}

/** False: something is there that is not a directory of ours alone. */
async function makePrivateDir(path: string, user: ServiceUser): Promise<boolean> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const entry = await lstat(path)
  const own = process.getuid?.() ?? -1
  if (!entry.isDirectory() || (entry.uid !== own && entry.uid !== user.uid)) return false
  await chmod(path, 0o700)
  if (user.separate) await chown(path, user.uid, user.gid)
  return true
}

async function lstatOrNull(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
