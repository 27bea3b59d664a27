/**
 * Files that a command line names.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be read',
  EISDIR: 'is a folder, not a file',
  ENOENT: 'does not exist',
}

/** @throws UsageError */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reason = REASONS[code]
    if (reason === undefined) throw error
    throw new UsageError(`${path} ${reason}`)
  }
}
