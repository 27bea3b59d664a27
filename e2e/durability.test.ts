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
  const giveUpAt = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error('the condition was never met')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
