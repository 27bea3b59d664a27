/** PiCloud is killed while it has a new key seal its secrets: none may be lost. */
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSecret, SecretKeys, sealSecret } from '@picloud/storage'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { picloud, startPicloud } from './command-line.ts'

const TOKEN = 'token-of-the-operator'
const APPS = 12
const SECRETS_PER_APP = 100
/** When it is killed after it was told to rotate. */
const KILLED_AFTER_MS = [0, 5, 15, 30, 60, 120, 240]

let dataDir: string
let test: TestDatabase
let file: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'picloud-rotation-'))
  file = join(dataDir, 'secrets.key')
  test = await createTestDatabase()
})
afterEach(async () => {
  await test.drop()
  await rm(dataDir, { recursive: true })
})

const environment = () => ({
  PICLOUD_DATA_DIR: dataDir,
  DATABASE_URL: test.connectionString,
  PICLOUD_ADMIN_TOKEN: TOKEN,
  PICLOUD_PORT: '0',
  PICLOUD_SANDBOXES: '1',
})

async function start() {
  const child = startPicloud(['start'], environment())
  let printed = ''
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk)
    if (printed.includes('Press Ctrl-C')) break
  }
  const url = /(http:\S+?)\/\n/.exec(printed)?.[1]
  if (url === undefined) throw new Error(`it did not start: ${printed}`)
  return { child, url }
}

async function fill(): Promise<void> {
  const key = await new SecretKeys({ given: null, file }).current()
  await test.database.write(async (tx) => {
    for (let number = 0; number < APPS; number += 1) {
      const { id: appId } = await tx.apps.create({ slug: `app-${number}` })
      for (let count = 0; count < SECRETS_PER_APP; count += 1) {
        const place = { appId, name: `KEY_${count}` }
        const sealed = sealSecret(key, place, `value of ${place.name}`)
        await tx.secrets.put({ ...place, keyId: key.id, sealed })
      }
    }
  })
}

/** Opens every secret with what is in the file; how many, and by which keys. */
async function openAll() {
  const keys = new SecretKeys({ given: null, file })
  const secrets = await test.database.write((tx) => tx.secrets.sealedByOthers('', 10_000))
  for (const secret of secrets.result) {
    const key = await keys.find(secret.keyId)
    if (key === null) throw new Error(`the key of ${secret.name} is lost`)
    expect(openSecret(key, secret, secret.sealed)).toBe(`value of ${secret.name}`)
  }
  return { count: secrets.result.length, keyIds: new Set(secrets.result.map((s) => s.keyId)) }
}

it('loses no secret wherever it is killed, and finishes the next time', async () => {
  await fill()
  for (const ms of KILLED_AFTER_MS) {
    const { child, url } = await start()
    const asked = fetch(`${url}/api/v1/admin/secrets/rotate-key`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: '{"forget_old_keys":true}',
    }).catch(() => null)
    await sleep(ms)
    child.kill('SIGKILL')
    await Promise.all([asked, once(child, 'close')])
    expect((await openAll()).count).toBe(APPS * SECRETS_PER_APP)
  }
  const { child, url } = await start()
  const env = { PICLOUD_SERVER: url, PICLOUD_TOKEN: TOKEN }
  const { code, stdout } = await picloud(
    ['secrets', 'rotate-key', '--forget-old-keys', '--json'],
    env,
  )
  expect(code).toBe(0)
  const rotated = JSON.parse(stdout)
  expect(rotated.old_key_ids).toEqual([])
  expect((await openAll()).keyIds).toEqual(new Set([rotated.key_id]))
  child.kill('SIGTERM')
  await once(child, 'close')
}, 120_000)

it('does not start with a key file that others can read', async () => {
  await new SecretKeys({ given: null, file }).current()
  await chmod(file, 0o644)
  const { code, stderr } = await picloud(['start'], environment())
  expect(code).not.toBe(0)
  expect(stderr).toMatch(/^.*secrets\.key can be opened by others.*chmod 600.*\n$/m)
})
