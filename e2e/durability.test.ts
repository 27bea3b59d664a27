/**
 * What was acknowledged is durable, and a killed server comes back.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  ADMIN_TOKEN,
  databasePid,
  isRunning,
  makeDataDir,
  type Program,
  removeDataDir,
  startProgram,
} from './program.ts'

const KILLS = 10
/** Keys that are set, by so many clients at the same time; `KEPT_KEYS=10000` for the long form. */
const KEPT = Number(process.env.KEPT_KEYS ?? 2_000)
const WRITERS = 24
/** Answers those of the keys that are not as they were set. */
const READER = 'request.body.filter(|key| kv::get(key) != key)'
const HEADERS = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }

let dataDir: string
let program: Program | undefined

beforeAll(async () => {
  dataDir = await makeDataDir()
})

afterAll(async () => {
  await program?.stop()
  await removeDataDir(dataDir)
})

it('loses no acknowledged write when it is killed ten times in a write loop', async () => {
  const acknowledged: string[] = []
  for (let round = 0; round < KILLS; round += 1) {
    program = await startProgram(dataDir, { PICLOUD_ADMIN_TOKEN: ADMIN_TOKEN })
    const writing = writeUntilKilled(program.url, round, acknowledged)
    await until(() => acknowledged.filter((name) => name.startsWith(`r${round}-`)).length >= 5)
    await program.kill()
    await writing
  }
  program = await startProgram(dataDir, { PICLOUD_ADMIN_TOKEN: ADMIN_TOKEN })
  const stored = await allScriptNames(program.url)
  expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS * 5)
  expect(acknowledged.filter((name) => !stored.has(name))).toEqual([])
}, 180_000)

it('loses nothing scripts were told is kept when program and database are killed', async () => {
  program ??= await startProgram(dataDir, { PICLOUD_ADMIN_TOKEN: ADMIN_TOKEN })
  const source = 'for i in 0..10 { let key = request.query.key + i; kv::set(key, key) } 1'
  const writer = await makeScript(program.url, 'writer', source)
  const acknowledged: string[] = []
  const writing = Array.from({ length: WRITERS }, (_, index) =>
    setUntilKilled(`${writer}?key=w${index}-`, acknowledged),
  )
  await until(() => acknowledged.length >= KEPT)
  const database = await databasePid(dataDir)
  await program.kill()
  process.kill(database, 'SIGKILL')
  await Promise.all(writing)
  program = await startProgram(dataDir, { PICLOUD_ADMIN_TOKEN: ADMIN_TOKEN })
  const reader = await makeScript(program.url, 'reader', READER)
  const missing: string[] = []
  for (let at = 0; at < acknowledged.length; at += 500) {
    const body = JSON.stringify(acknowledged.slice(at, at + 500))
    const answer = await fetch(reader, { method: 'POST', headers: HEADERS, body })
    missing.push(...((await answer.json()) as string[]))
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(KEPT)
  expect(missing).toEqual([])
}, 120_000)

it('keeps one database server across kills and stops it with the program', async () => {
  program ??= await startProgram(dataDir, { PICLOUD_ADMIN_TOKEN: ADMIN_TOKEN })
  const pid = await databasePid(dataDir)
  expect(isRunning(pid)).toBe(true)
  expect(await program.stop()).toBe(0)
  program = undefined
  expect(isRunning(pid)).toBe(false)
})

/** Creates scripts one after another; a name counts once the server has said 201. */
async function writeUntilKilled(url: string, round: number, acknowledged: string[]): Promise<void> {
  try {
    const app = await fetch(`${url}/api/v1/admin/apps/default`, { headers: HEADERS })
    const { id } = (await app.json()) as { id: string }
    for (let index = 0; ; index += 1) {
      const name = `r${round}-${index}`
      const response = await fetch(`${url}/api/v1/admin/scripts`, {
        method: 'POST',
        headers: HEADERS,
        body: JSON.stringify({ app_id: id, name, source: `"${name}"` }),
      })
      if (response.status !== 201) throw new Error(await response.text())
      acknowledged.push(name)
    }
  } catch (error) {
    // A killed server is a broken connection; anything else is a failure of the test.
    if (!(error instanceof TypeError)) throw error
  }
}

/** Where a script of the app `default` is executed. */
async function makeScript(url: string, name: string, source: string): Promise<string> {
  const app = await fetch(`${url}/api/v1/admin/apps/default`, { headers: HEADERS })
  const { id } = (await app.json()) as { id: string }
  const made = await fetch(`${url}/api/v1/admin/scripts`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ app_id: id, name, source }),
  })
  const script = (await made.json()) as { id: string }
  return `${url}/api/v1/execute/${script.id}`
}

/** Sets ten keys after ten others; they count once the script has answered. */
async function setUntilKilled(address: string, acknowledged: string[]): Promise<void> {
  try {
    for (let index = 0; ; index += 1) {
      const answer = await fetch(`${address}${index}`, {
        method: 'POST',
        headers: HEADERS,
        body: '1',
      })
      if (answer.status !== 200) throw new Error(await answer.text())
      await answer.text()
      const key = address.slice(address.indexOf('=') + 1) + index
      for (let i = 0; i < 10; i += 1) acknowledged.push(`${key}${i}`)
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}

async function allScriptNames(url: string): Promise<Set<string>> {
  const names = new Set<string>()
  let cursor: string | null = ''
  while (cursor !== null) {
    const page = new URLSearchParams({ app: 'default', limit: '200', ...(cursor && { cursor }) })
    const response = await fetch(`${url}/api/v1/admin/scripts?${page}`, { headers: HEADERS })
    const list = (await response.json()) as {
      items: { name: string }[]
      next_cursor: string | null
    }
    for (const { name } of list.items) names.add(name)
    cursor = list.next_cursor
  }
  return names
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error('the condition was never met')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
