/**
 * The servers under test, each a process of its own that answers a small JSON document.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Peer {
  readonly name: string
  readonly url: string
  stop(): Promise<void>
}

const BARE_SERVER = `
  const server = require('node:http').createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"hello":"world"}')
  })
  server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port + '/'))
`

export async function startBareServer(): Promise<Peer> {
  const server = spawn(process.execPath, ['-e', BARE_SERVER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { name: 'node:http', url: await urlFrom(server, /^(http:.*)$/), stop: () => end(server) }
}

export async function startPicloudServer(): Promise<Peer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'picloud-bench-'))
  const program = fileURLToPath(new URL('../../packages/picloud/bin/picloud.mjs', import.meta.url))
  const server = spawn(process.execPath, [program, 'start'], {
    env: {
      PATH: process.env.PATH,
      PICLOUD_DATA_DIR: dataDir,
      PICLOUD_PORT: '0',
      PICLOUD_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return {
    name: 'PiCloud',
    // The seeded Hello World script answers at the root of `localhost`.
    url: await urlFrom(server, /(http:\/\/localhost:\d+\/)/),
    stop: async () => {
      await end(server)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

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

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}
