/**
 * Starts the built `picloud start` the way a user does, in a data directory of its own.
 *
 * Nothing of the program is imported: tests see its output, its exit code and its sockets.
 *
 * @module
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PROGRAM = join(ROOT, 'packages/picloud/bin/picloud.mjs')
const START_DEADLINE_MS = 30_000

export const ADMIN_TOKEN = 'e2e-admin-token-0123456789'

export interface Program {
  /** Base URL on `localhost`, without a trailing slash. */
  readonly url: string
  readonly pid: number
  readonly setupUrl: string | null
  output(): string
  /** Asks it to stop, as Ctrl-C or an init system would; the exit code. */
  stop(signal?: 'SIGINT' | 'SIGTERM'): Promise<number | null>
  /** `kill -9`: no code of the program runs. */
  kill(): Promise<void>
}

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export async function makeDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'picloud-e2e-'))
}

export async function removeDataDir(dataDir: string): Promise<void> {
  await rm(dataDir, { recursive: true, force: true })
}

/** Starts the program on a free port and waits until it says that it listens. */
export async function startProgram(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const child = spawn(process.execPath, [PROGRAM, 'start'], {
    env: environment({ PICLOUD_DATA_DIR: dataDir, PICLOUD_PORT: '0', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8')
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const url = await listening(child, () => output)
  return {
    url,
    pid: child.pid ?? 0,
    setupUrl: /(http:\S+\/admin\/setup#token=\S+)/.exec(output)?.[1] ?? null,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      return exited(child)
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited(child)
    },
  }
}

/** Runs one command of the built program to its end. */
export async function picloud(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [PROGRAM, ...args],
      { cwd: ROOT, env: environment(env), timeout: START_DEADLINE_MS },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 255
        resolve({ code, stdout, stderr })
      },
    )
  })
}

/** The process id of the database server that runs on a data directory. */
export async function databasePid(dataDir: string): Promise<number> {
  const pidFile = await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8')
  return Number(pidFile.split('\n')[0])
}

/** A process that has ended but was not waited for (a zombie) does not run. */
export function isRunning(pid: number): boolean {
  try {
    const [, state] = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return state !== undefined && state !== 'Z'
  } catch {
    return false
  }
}

/** Only what is needed: the machine's own PICLOUD_* settings must not reach a test. */
function environment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { NODE_COMPILE_CACHE, PATH = '', HOME = '/' } = process.env
  return { ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), PATH, HOME, ...env }
}

async function listening(child: ChildProcess, output: () => string): Promise<string> {
  const giveUpAt = Date.now() + START_DEADLINE_MS
  while (Date.now() < giveUpAt) {
    const url = /(http:\/\/localhost:\d+)\/?\s/.exec(output())?.[1]
    if (url !== undefined) return url
    if (child.exitCode !== null || child.signalCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  child.kill('SIGKILL')
  throw new Error(`picloud start did not begin to listen:\n${output()}`)
}

async function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}
