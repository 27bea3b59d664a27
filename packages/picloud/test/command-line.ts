/**
 * Runs `picloud` as people do: as a program of its own, with its own environment.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from '../src/cli.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const NODE_FLAGS = ['--conditions=@picloud/source', '--no-warnings']

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Compiling the program anew for every start would take longer than all else it does. */
const COMPILE_CACHE = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }

/** Starts it; the environment is only what is given. */
export function startPicloud(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  return spawn(process.execPath, [...NODE_FLAGS, MAIN, ...args], {
    env: { ...COMPILE_CACHE, PATH: process.env.PATH, HOME: '/nonexistent', ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  })
}

/** Runs it to its end. */
export function picloud(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return endOf(startPicloud(args, env))
}

/**
 * Runs one command line in this process, which takes a tenth of the time: for what is about the
 * command and not about the process. Nobody is there to be asked.
 */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const [stdout, stderr] = [new Collector(), new Collector()]
  const code = await runCommandLine({
    args,
    env: { HOME: '/nonexistent', ...env },
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
  })
  return { code, stdout: stdout.text, stderr: stderr.text }
}

/** A stream of no terminal, that keeps what is written. */
class Collector extends Writable {
  readonly #chunks: Buffer[] = []

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8')
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk)
    done()
  }
}

/** Runs it to its end with a text on its standard input. */
export function picloudReading(
  input: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = startPicloud(args, env, 'pipe')
  child.stdin?.end(input)
  return endOf(child)
}

/** Runs another program of the workspace to its end, in an empty environment. */
export function runNode(args: readonly string[]): Promise<Ended> {
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const options = { env: COMPILE_CACHE, stdio: [...stdio] }
  return endOf(spawn(process.execPath, [...NODE_FLAGS, ...args], options))
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const stdout = textOf(child.stdout)
  const stderr = textOf(child.stderr)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: await stdout, stderr: await stderr }
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  for await (const chunk of stream ?? []) text += String(chunk)
  return text
}
