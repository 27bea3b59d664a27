/**
 * `npm start` stays in the foreground and ends everything it started, however it is told to.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { databasePid, isRunning, makeDataDir, ROOT, removeDataDir } from './program.ts'

let dataDir: string
let npm: ChildProcess | undefined

beforeEach(async () => {
  dataDir = await makeDataDir()
})

afterEach(async () => {
  try {
    process.kill(-(npm?.pid ?? 0), 'SIGKILL')
  } catch {
    // The whole group has ended already, as it should.
  }
  await removeDataDir(dataDir)
})

it('stops the server and the database on Ctrl-C', async () => {
  const url = await npmStart()
  const database = await databasePid(dataDir)
  expect((await fetch(url)).status).toBe(200)
  // A terminal sends the signal to the whole foreground process group.
  process.kill(-(npm?.pid ?? 0), 'SIGINT')
  await ended(url, database)
})

it('stops the server and the database on SIGTERM to npm alone', async () => {
  const url = await npmStart()
  const database = await databasePid(dataDir)
  npm?.kill('SIGTERM')
  await ended(url, database)
})

it('hands flags on and fails with the exit code of the server', async () => {
  npm = spawn('npm', ['start', '--', '--port', 'nonsense'], options())
  const [code] = (await once(npm, 'exit')) as [number]
  expect(code).not.toBe(0)
})

async function npmStart(): Promise<string> {
  npm = spawn('npm', ['start', '--', '--port', '0', '--data-dir', dataDir], options())
  let output = ''
  npm.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
  })
  npm.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
  })
  for (const giveUpAt = Date.now() + 60_000; Date.now() < giveUpAt; ) {
    const url = /(http:\/\/localhost:\d+)\/?\s/.exec(output)?.[1]
    if (url !== undefined) return url
    if (npm.exitCode !== null) break
    await pause(50)
  }
  throw new Error(`npm start did not begin to listen:\n${output}`)
}

async function ended(url: string, database: number): Promise<void> {
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt; await pause(50)) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    )
    if (!answers && !isRunning(database)) return
  }
  throw new Error('the server or its database is still running')
}

function options() {
  return {
    cwd: ROOT,
    detached: true,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/' },
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
