/**
 * The file that keeps the keys of secrets, outside the database: a key a line, the current one first.
 *
 * Promises: what it has written survives a crash, whole, before anything is sealed with it; a file
 * that others than its owner can open is never read. Who makes it at the same time as another
 * process finds the other's.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { SecretKeyFileError } from '../errors.ts'
import { parseSecretKey, type SecretKey, secretKeyText } from './secret-key.ts'

const OTHERS = 0o077
/** Hundreds of keys. */
const FILE_BYTES_MAX = 64 * 1024
const ABOUT = `# Keys of the secrets that PiCloud keeps, the current one first. Without this file they are lost:
# keep a copy of it, apart from those of the database.
`

/** Null: there is no file. @throws SecretKeyFileError for one that must not or cannot be used */
export async function readSecretKeys(path: string): Promise<readonly SecretKey[] | null> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return null
    if (code === 'ELOOP') {
      throw new SecretKeyFileError(path, 'is a link', 'Put the file itself there.')
    }
    throw unreadable(path, error)
  }
  try {
    return keysIn(path, await checkedText(path, file))
  } finally {
    await file.close()
  }
}

/** Makes the file with this key, unless there is one meanwhile. */
export async function createSecretKeyFile(path: string, key: SecretKey): Promise<void> {
  await writing(path, async () => {
    const draft = await writeDraft(path, [key])
    try {
      await link(draft, path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    } finally {
      await rm(draft, { force: true })
    }
    await syncFolder(path)
  })
}

/** Puts other keys in the place of those there, all at once. */
export async function replaceSecretKeys(path: string, keys: readonly SecretKey[]): Promise<void> {
  await writing(path, async () => {
    await rename(await writeDraft(path, keys), path)
    await syncFolder(path)
  })
}

async function checkedText(path: string, file: FileHandle): Promise<string> {
  const { mode, uid, size } = await file.stat()
  if ((mode & OTHERS) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, '0')
    throw new SecretKeyFileError(
      path,
      `can be opened by others than its owner (mode ${shown})`,
      `\`chmod 600 ${path}\` mends it; if others may have read it, rotate the key after that.`,
    )
  }
  const self = process.getuid?.() ?? uid
  if (uid !== self && uid !== 0) {
    throw new SecretKeyFileError(
      path,
      `belongs to another user (${uid})`,
      `\`chown ${self} ${path}\` mends it.`,
    )
  }
  if (size > FILE_BYTES_MAX) {
    throw new SecretKeyFileError(path, 'is too long for what it is', 'Bring back a copy of it.')
  }
  try {
    return await file.readFile('utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** What is in a line that is no key is not shown: it may be most of one. */
function keysIn(path: string, text: string): readonly SecretKey[] {
  const keys: SecretKey[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const written = line.trim()
    if (written === '' || written.startsWith('#')) continue
    const key = parseSecretKey(written)
    if (key === null) {
      const what = `has no key in line ${index + 1}`
      throw new SecretKeyFileError(path, what, 'A key is 32 bytes in base64. Bring back a copy.')
    }
    keys.push(key)
  }
  if (keys.length > 0) return keys
  const mend = 'Bring back a copy of it; delete it only if there are no secrets yet.'
  throw new SecretKeyFileError(path, 'has no key in it', mend)
}

async function writeDraft(path: string, keys: readonly SecretKey[]): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${ABOUT}${keys.map(secretKeyText).join('\n')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return draft
}

/** What a folder names survives a crash only once the folder is written. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function writing(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const mend = 'Give this user write access to the folder.'
    throw new SecretKeyFileError(path, `cannot be written (${codeOf(error)})`, mend, error)
  }
}

function unreadable(path: string, error: unknown): SecretKeyFileError {
  const mend = 'It must belong to the user that runs PiCloud.'
  return new SecretKeyFileError(path, `cannot be read (${codeOf(error)})`, mend, error)
}

function codeOf(error: unknown): string {
  return String((error as Partial<NodeJS.ErrnoException>).code ?? error)
}
