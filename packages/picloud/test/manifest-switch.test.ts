import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPicloud } from './command-line.ts'

const TOKEN = 'operator-token-for-this-test'
const CLIENTS = 4
const REVISIONS = 12
const START_DEADLINE_MS = 30_000

let database: TestDatabase
let dataDir: string
let child: ReturnType<typeof startPicloud>
let url: string

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'picloud-switch-'))
  child = startPicloud(['start'], {
    DATABASE_URL: database.database.connectionString,
    PICLOUD_DATA_DIR: dataDir,
    PICLOUD_PORT: '0',
    PICLOUD_SANDBOXES: '1',
    PICLOUD_ADMIN_TOKEN: TOKEN,
  })
  url = await listening()
}, START_DEADLINE_MS)
afterAll(async () => {
  child.kill()
  if (child.exitCode === null) await once(child, 'exit')
  await database.drop()
  await rm(dataDir, { recursive: true })
})

async function listening(): Promise<string> {
  let output = ''
  const found = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
      const address = /(http:\/\/localhost:\d+)\/?\s/.exec(output)?.[1]
      if (address !== undefined) found.resolve(address)
    })
  }
  child.once('exit', () => found.reject(new Error(output)))
  return found.promise
}

/** Two routes; with every other revision both change their scripts, names and pattern too. */
function manifestOf(revision: number) {
  const suffix = revision % 2 === 0 ? 'even' : 'odd'
  const names = [`a-${suffix}`, `b-${suffix}`]
  const source = `"${revision}"`
  return {
    domains: ['localhost'],
    scripts: names.map((name) => ({ name, source })),
    routes: [
      { path_pattern: `/a/:${suffix}`, script: names[0] },
      { path_pattern: `/b/:${suffix}`, script: names[1], method: suffix === 'odd' ? '*' : 'GET' },
    ],
  }
}

async function apply(revision: number): Promise<void> {
  const response = await fetch(`${url}/api/v1/admin/apps/default/manifest`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(manifestOf(revision)),
  })
  expect(response.status, await response.text()).toBe(200)
}

async function revisionAt(path: string): Promise<number> {
  const response = await fetch(`${url}${path}`)
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return Number(text)
}

it('switches whole under load: no request fails, and none sees a route older than the last', async () => {
  await apply(1)
  let isOver = false
  let asked = 0
  const client = async (): Promise<void> => {
    let last = 0
    while (!isOver) {
      // Had only one of the routes moved, the other would be behind it.
      for (const path of ['/a/x', '/b/x', '/a/y']) {
        const seen = await revisionAt(path)
        expect(seen).toBeGreaterThanOrEqual(last)
        last = seen
        asked += 1
      }
    }
  }
  const clients = Array.from({ length: CLIENTS }, client)
  for (let revision = 2; revision <= REVISIONS; revision += 1) {
    await apply(revision)
    expect([await revisionAt('/a/z'), await revisionAt('/b/z')]).toEqual([revision, revision])
  }
  isOver = true
  await Promise.all(clients)
  expect(asked).toBeGreaterThan(REVISIONS * CLIENTS)
}, 60_000)
