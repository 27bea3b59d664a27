import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type AppId, newId } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSecret, sealSecret } from './sealed-secret.ts'
import { makeSecretKey, parseSecretKey } from './secret-key.ts'
import { SecretKeys } from './secret-keys.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picloud-keys-'))
  file = join(folder, 'data', 'secrets.key')
})
afterEach(() => rm(folder, { recursive: true }))

const fromFile = () => new SecretKeys({ given: null, file })

async function textsInFile(): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}

describe('keys in a file', () => {
  it('are made when the first is needed, for nobody but the owner', async () => {
    const keys = fromFile()
    await keys.check()
    await expect(stat(file)).rejects.toThrow('ENOENT')
    const key = await keys.current()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'data'))).toEqual(['secrets.key'])
    expect((await fromFile().current()).id).toBe(key.id)
  })

  it('are the same for all who make the first at once', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => fromFile().current()))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(await readdir(join(folder, 'data'))).toEqual(['secrets.key'])
  })

  it.each([
    [
      'others can read',
      0o644,
      /can be opened by others than its owner \(mode 0644\)\. `chmod 600 /,
    ],
    ['the group can read', 0o640, /mode 0640/],
    ['others can write', 0o602, /mode 0602/],
  ])('are refused where %s them', async (_who, mode, message) => {
    await fromFile().current()
    await chmod(file, mode)
    const keys = fromFile()
    for (const use of [() => keys.check(), () => keys.current(), () => keys.find('x')]) {
      await expect(use()).rejects.toMatchObject({
        code: 'PIC_SECRETS_KEY_FILE',
        audience: 'system',
      })
      await expect(use()).rejects.toThrow(message)
      await expect(use()).rejects.not.toThrow('\n')
    }
    await chmod(file, 0o600)
    await fromFile().check()
  })

  it.each([
    ['nothing', '', 'has no key in it'],
    ['a key cut short', 'AAAA', 'has no key in line 1'],
    ['something else', '# a comment\nhello world', 'has no key in line 2'],
  ])('are refused where the file has %s', async (_what, text, message) => {
    await fromFile().current()
    await writeFile(file, text)
    await expect(fromFile().current()).rejects.toThrow(message)
    await expect(fromFile().current()).rejects.not.toThrow('hello')
  })

  it('are not looked for behind a link', async () => {
    await fromFile().current()
    const link = join(folder, 'link')
    await symlink(file, link)
    await expect(new SecretKeys({ given: null, file: link }).check()).rejects.toThrow('is a link')
  })

  it('stand beside older ones, until those are forgotten', async () => {
    const keys = fromFile()
    const first = await keys.current()
    const second = await keys.add()
    const third = await keys.add()
    expect((await keys.current()).id).toBe(third.id)
    expect((await keys.others()).map(({ id }) => id)).toEqual([second.id, first.id])
    expect((await fromFile().find(first.id))?.id).toBe(first.id)
    await keys.forget(new Set([first.id]))
    expect(await textsInFile()).toHaveLength(2)
    expect(await fromFile().find(second.id)).toBeNull()
    await keys.forget(new Set())
    expect(await textsInFile()).toHaveLength(1)
    expect((await fromFile().current()).id).toBe(third.id)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('are found when another program has put them there', async () => {
    const one = fromFile()
    await one.current()
    const added = await fromFile().add()
    expect((await one.find(added.id))?.id).toBe(added.id)
  })
})

describe('keys that are given', () => {
  const [a, b] = [makeSecretKey(), makeSecretKey()]

  it('seal with the first, and open what those of the file have sealed', async () => {
    const old = await fromFile().current()
    const keys = new SecretKeys({ given: [a.text, b.text], file })
    expect(keys.areKept).toBe(false)
    expect((await keys.current()).id).toBe(a.key.id)
    expect((await keys.others()).map(({ id }) => id)).toEqual([b.key.id, old.id])
  })

  it('are missing where there is no file either', async () => {
    const keys = new SecretKeys({ given: null, file: null })
    await expect(keys.current()).rejects.toMatchObject({ code: 'PIC_SECRETS_KEY_MISSING' })
    expect(await keys.find('x')).toBeNull()
  })
})

describe('a key', () => {
  it('is shown by nothing that prints it', () => {
    const { key, text } = makeSecretKey()
    expect(parseSecretKey(text)?.id).toBe(key.id)
    const hex = Buffer.from(text, 'base64').toString('hex')
    const shown = `${inspect(key, { depth: 9, showHidden: true })} ${JSON.stringify(key)}`
    for (const secret of [text, hex, text.slice(0, 10)]) expect(shown).not.toContain(secret)
    expect(text).not.toContain(key.id)
  })

  it.each(['', 'x', 'A'.repeat(42), `${'A'.repeat(42)}B`, `${'A'.repeat(44)}`, ' '.repeat(43)])(
    'is not %j',
    (text) => expect(parseSecretKey(text)).toBeNull(),
  )
})

describe('a sealed secret', () => {
  const { key } = makeSecretKey()
  const place = { appId: newId<AppId>(), name: 'KEY' }
  const sealed = sealSecret(key, place, 'grüße 😀')

  it('is opened by its key for its place', () => {
    expect(openSecret(key, place, sealed)).toBe('grüße 😀')
    expect(sealSecret(key, place, 'grüße 😀')).not.toEqual(sealed)
    expect(sealed.includes('gr')).toBe(false)
  })

  it.each([
    ['another app', { ...place, appId: newId<AppId>() }, sealed],
    ['another name', { ...place, name: 'KEY2' }, sealed],
    ['a changed bit', place, flipped(sealed, sealed.length - 20)],
    ['a changed nonce', place, flipped(sealed, 0)],
    ['a changed tag', place, flipped(sealed, sealed.length - 1)],
    ['a tag cut short', place, sealed.subarray(0, -12)],
    ['nothing', place, Buffer.alloc(0)],
  ])('is not opened for %s', (_what, wrong, bytes) => {
    expect(() => openSecret(key, wrong, bytes)).toThrow('is not what was stored')
    expect(() => openSecret(makeSecretKey().key, place, sealed)).toThrow('is not what was stored')
  })
})

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}
