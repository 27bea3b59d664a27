/**
 * Decides which system user the embedded server runs as.
 *
 * PostgreSQL refuses to run as root, so a PiCloud started as root gives the server a user of its
 * own, made on first need: no password, no login, no home. Anyone else runs it as themselves.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { EmbeddedUnsupportedError, ServiceUserMissingError } from '../errors.ts'
import { runProgram } from './run-program.ts'

const SERVICE_USER = 'picloud'

export interface ServiceUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
  /** Whether it is another user than the one this program runs as. */
  readonly separate: boolean
}

/** For `spawn`: who a program is to run as. */
export function identityOf(user: ServiceUser): { uid?: number; gid?: number } {
  return user.separate ? { uid: user.uid, gid: user.gid } : {}
}

/** Ways to make the user, in the order they are tried: shadow-utils, then Debian's adduser. */
const MAKERS: readonly (readonly string[])[] = [
  [
    'useradd',
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ],
  ['adduser', '--system', '--group', '--no-create-home', '--quiet'],
]

/**
 * @throws ServiceUserMissingError when this is root and the user neither exists nor can be made.
 */
export async function findServiceUser(): Promise<ServiceUser> {
  const uid = process.getuid?.() ?? -1
  if (uid !== 0) return { name: ownName(uid), uid, gid: process.getgid?.() ?? -1, separate: false }
  const existing = await findSystemUser(SERVICE_USER)
  if (existing !== null) return existing
  return await makeSystemUser(SERVICE_USER)
}

/** The name of the user this program runs as: the one that may connect. */
export function programUserName(): string {
  return ownName(process.getuid?.() ?? -1)
}

function ownName(uid: number): string {
  try {
    return userInfo().username
  } catch (cause) {
    // Containers may be started under a number without an entry; initdb cannot run there.
    throw new EmbeddedUnsupportedError(`user id ${uid} has no name in /etc/passwd`, cause)
  }
}

async function makeSystemUser(name: string): Promise<ServiceUser> {
  let failure: unknown = new Error('neither useradd nor adduser is installed')
  for (const [program, ...options] of MAKERS) {
    if (program === undefined) continue
    try {
      await runProgram(program, [...options, name])
    } catch (cause) {
      if (!isMissingProgram(cause)) failure = cause
    }
    // Whatever the tool said, another PiCloud may have made the user meanwhile.
    const made = await findSystemUser(name)
    if (made !== null) return made
  }
  throw new ServiceUserMissingError(name, failure)
}

async function findSystemUser(name: string): Promise<ServiceUser | null> {
  const entry = (await passwdEntries()).find((fields) => fields[0] === name)
  if (entry === undefined) return null
  const uid = Number(entry[2])
  const gid = Number(entry[3])
  if (uid === 0) throw new ServiceUserMissingError(name, new Error(`"${name}" is root itself`))
  return { name, uid, gid, separate: true }
}

async function passwdEntries(): Promise<readonly string[][]> {
  const text = await readFile('/etc/passwd', 'utf8')
  return text.split('\n').map((line) => line.split(':'))
}

function isMissingProgram(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
