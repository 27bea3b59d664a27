/**
 * The built program as a process of its own, and a way to ask its API.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Asks below `/api/v1/admin`. @throws on any answer that is no success */
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
export type Ask = (method: string, path: string, json?: object) => Promise<any>

export interface PicloudServer {
  /** Ends with a slash. */
  readonly url: string
  readonly pid: number
  readonly ask: Ask
  stop(): Promise<void>
}

export interface PicloudServerOptions {
  readonly dataDir: string
  /** Without it the program runs its embedded database. */
  readonly connectionString?: string
  /** Path of a program to run in place of `picloud`. */
  readonly program?: string
}

const PICLOUD = fileURLToPath(new URL('../packages/picloud/bin/picloud.mjs', import.meta.url))

export async function startPicloudServer(options: PicloudServerOptions): Promise<PicloudServer> {
  const { dataDir, connectionString, program = PICLOUD } = options
  const token = randomBytes(32).toString('base64url')
  const child = spawn(process.execPath, [program, 'start'], {
    env: {
      PATH: process.env.PATH,
      ...(connectionString === undefined ? {} : { DATABASE_URL: connectionString }),
      PICLOUD_DATA_DIR: dataDir,
      PICLOUD_ADMIN_TOKEN: token,
      PICLOUD_PORT: '0',
      PICLOUD_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await urlFrom(createInterface(child.stdout))
  child.stdout.resume()
  return {
    url,
    pid: child.pid ?? Number.NaN,
    ask: async (method, path, json) => {
      const response = await fetch(`${url}api/v1/admin${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function urlFrom(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const url = /(http:\/\/localhost:\d+\/)/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('PiCloud ended before it said where it listens')
}
