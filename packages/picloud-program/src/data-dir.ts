/**
 * Where PiCloud keeps its data on this machine, and the token file the command line reads there.
 *
 * `picloud start` writes the token, the other commands read it: both must come to the same
 * directory by the same rules, which is why they stand here alone.
 *
 * @module
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import type { Environment } from './environment.ts'

/**
 * The data directory, absolute: the flag, `PICLOUD_DATA_DIR`, `/var/lib/picloud` for root, else
 * `picloud` in the user's data directory (XDG base directory specification).
 */
export function resolveDataDir(
  flag: string | undefined,
  env: Environment,
  userId = process.getuid?.(),
): string {
  const named = flag ?? env.PICLOUD_DATA_DIR
  if (named !== undefined && named !== '') return resolve(named)
  if (userId === 0) return '/var/lib/picloud'
  const dataHome = env.XDG_DATA_HOME
  // The specification says that a relative path is to be ignored.
  if (dataHome?.startsWith('/')) return join(dataHome, 'picloud')
  return join(env.HOME || homedir(), '.local', 'share', 'picloud')
}

/** Where the keys of secrets are kept, unless they are given (mode 0600). */
export function secretsKeyPath(dataDir: string): string {
  return join(dataDir, 'secrets.key')
}

/** The token `picloud start` leaves for the command line on the same machine (mode 0600). */
export function cliTokenPath(dataDir: string): string {
  return join(dataDir, 'cli-token')
}
