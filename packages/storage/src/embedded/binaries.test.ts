import { chmod, lstat, mkdtemp, readFile, rm, stat, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SILENT_LOGGER } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyPackage } from '../../test/copy-package.ts'
import { type Binaries, checkBinaries, findBinaries } from './binaries.ts'
import { findServiceUser, identityOf } from './service-user.ts'

const isRoot = process.getuid?.() === 0
const LINK = join('native', 'lib', 'libpq.so.5')

let directory: string
let packageRoot: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'picloud-binaries-'))
  await chmod(directory, 0o755)
  packageRoot = await copyPackage(join(directory, 'package'))
})

afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

async function find(): Promise<Binaries> {
  return await findBinaries({
    user: await findServiceUser(),
    copyParent: join(directory, 'copies'),
    packageRoot,
    logger: SILENT_LOGGER,
  })
}

async function dropLinks(): Promise<void> {
  const text = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8')
  for (const { target } of JSON.parse(text) as { target: string }[]) {
    await unlink(join(packageRoot, target))
  }
}

describe('findBinaries', () => {
  it('uses the package where it lies', async () => {
    const binaries = await find()
    expect(binaries.postgres).toBe(join(packageRoot, 'native', 'bin', 'postgres'))
    expect(binaries.majorVersion).toBe('18')
    await checkBinaries(binaries, await findServiceUser())
  })

  it('makes the links and modes that an install without scripts left out', async () => {
    await dropLinks()
    await chmod(join(packageRoot, 'native', 'bin', 'postgres'), 0o644)
    const binaries = await find()
    expect((await lstat(join(packageRoot, LINK))).isSymbolicLink()).toBe(true)
    await checkBinaries(binaries, await findServiceUser())
  })

  it('refuses a platform package that does not start here, in one clear line', async () => {
    const binaries = await find()
    const broken = { ...binaries, postgres: '/bin/false' }
    await expect(checkBinaries(broken, await findServiceUser())).rejects.toMatchObject({
      code: 'PIC_STORAGE_EMBEDDED_UNSUPPORTED',
      message: expect.stringContaining('Set DATABASE_URL'),
    })
  })

  it.runIf(isRoot)('copies them once when the service user cannot enter the tree', async () => {
    await dropLinks()
    await chmod(packageRoot, 0o700)
    const [first, second] = await Promise.all([find(), find()])
    expect(first.postgres).toMatch(/copies\/postgresql-18\.[^/]+\/native\/bin\/postgres$/)
    expect(second).toEqual(first)
    await checkBinaries(first, await findServiceUser())
    const { ino } = await stat(first.postgres)
    expect((await stat((await find()).postgres)).ino).toBe(ino)
    expect(identityOf(await findServiceUser())).not.toEqual({})
  })
})
