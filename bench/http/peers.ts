/**
 * The servers that PiCloud is measured beside, each a process of its own. Those of npm lie in
 * `peers/`, which is no part of the workspace and is installed when this first runs: nobody who
 * only wants to run PiCloud should load them.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Peer {
  readonly name: string
  /** Ends with a slash. */
  readonly url: string
  /** The Host field to send, where it is not the URL's. */
  readonly host?: string
  stop(): Promise<void>
}

const FOLDER = fileURLToPath(new URL('./peers/', import.meta.url))
const READY_MS_MAX = 10_000

export function installPeers(): void {
  const installed = `${FOLDER}node_modules/.package-lock.json`
  const lock = `${FOLDER}package-lock.json`
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  process.stderr.write('installing fastify, pg and workerd (first run only)\n')
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: FOLDER, stdio: [0, 2, 2] })
  if (status !== 0) throw new Error('the peers could not be installed')
}

export async function startBareServer(): Promise<Peer> {
  return await startNodeServer('node:http', 'node-http.mjs')
}

export async function startFastify(): Promise<Peer> {
  return await startNodeServer('fastify', 'fastify.mjs')
}

export async function startFastifyWithPg(connectionString: string): Promise<Peer> {
  return await startNodeServer('fastify with pg', 'fastify-pg.mjs', {
    DATABASE_URL: connectionString,
  })
}

export async function startWorkerd(): Promise<Peer> {
  const address = `127.0.0.1:${await freePort()}`
  const server = spawn(
    `${FOLDER}node_modules/.bin/workerd`,
    ['serve', `${FOLDER}workerd.capnp`, `--socket-addr=http=${address}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const url = `http://${address}/`
  await untilAnswers(url)
  return { name: 'workerd', url, stop: () => endProcess(server) }
}

async function startNodeServer(
  name: string,
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Peer> {
  const server = spawn(process.execPath, [`${FOLDER}${file}`], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { name, url: await urlFrom(server, /^(http:.*)$/), stop: () => endProcess(server) }
}

/** The first match of a line that the server prints. */
async function urlFrom(server: ChildProcess, pattern: RegExp): Promise<string> {
  if (server.stdout === null) throw new Error('the server has no output to read its URL from')
  for await (const line of createInterface(server.stdout)) {
    const url = pattern.exec(line)?.[1]
    if (url !== undefined) {
      server.stdout.resume()
      return url
    }
  }
  throw new Error(`the server ended before it said where it listens (${server.exitCode})`)
}

async function endProcess(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

async function untilAnswers(url: string): Promise<void> {
  const giveUpAt = Date.now() + READY_MS_MAX
  for (;;) {
    try {
      await (await fetch(url)).arrayBuffer()
      return
    } catch (error) {
      if (Date.now() > giveUpAt) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
