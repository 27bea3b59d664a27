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

export interface PlainAnswer {
  readonly status: number
  readonly text: string
}

export interface PicloudServer {
  /** Ends with a slash. */
  readonly url: string
  readonly pid: number
  readonly ask: Ask
  /** Asks any path of the program's own with the admin token, whatever it answers. */
  request(method: string, path: string, json?: object): Promise<PlainAnswer>
  stop(): Promise<void>
}

export interface PicloudServerOptions {
  readonly dataDir: string
  /** Without it the program runs its embedded database. */
  readonly connectionString?: string
  /** Path of a program to run in place of `picloud`. */
  readonly program?: string
  /** Settings besides. */
  readonly settings?: Readonly<Record<string, string>>
}

const PICLOUD = fileURLToPath(new URL('../packages/picloud/bin/picloud.mjs', import.meta.url))

export async function startPicloudServer(options: PicloudServerOptions): Promise<PicloudServer> {
  const { dataDir, connectionString, program = PICLOUD, settings = {} } = options
  const token = randomBytes(32).toString('base64url')
  const child = spawn(process.execPath, [program, 'start'], {
    env: {
      PATH: process.env.PATH,
      ...(connectionString === undefined ? {} : { DATABASE_URL: connectionString }),
      PICLOUD_DATA_DIR: dataDir,
      PICLOUD_ADMIN_TOKEN: token,
      PICLOUD_PORT: '0',
      PICLOUD_LOG_LEVEL: 'error',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await urlFrom(createInterface(child.stdout))
  child.stdout.resume()
  const request = async (method: string, path: string, json?: object): Promise<PlainAnswer> => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    return { status: response.status, text: await response.text() }
  }
  return {
    url,
    pid: child.pid ?? Number.NaN,
    request,
    ask: async (method, path, json) => {
      const { status, text } = await request(method, `/api/v1/admin${path}`, json)
      if (status >= 400) throw new Error(`${method} ${path} answered ${status}: ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
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
