/**
 * The token that lets the command line on this machine in without signing in.
 *
 * It is made anew on every start and exists in two places only: as a hash in this process, and in
 * a file that only the user who started PiCloud can read. Who can read that file can read the
 * whole data directory anyway.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const TOKEN_BYTES = 32

/** Makes a token and writes it to `path` with mode 0600, whole or not at all. */
export async function writeCliToken(path: string): Promise<string> {
  const token = `pic_${randomBytes(TOKEN_BYTES).toString('base64url')}`
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${token}\n`, { mode: 0o600 })
  await rename(draft, path)
  return token
}
