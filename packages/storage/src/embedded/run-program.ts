/**
 * Runs a short-lived system program with a bare environment and a deadline.
 *
 * Nothing of PiCloud's own environment (tokens, database URLs) reaches the child.
 *
 * @module
 */
import { spawn } from 'node:child_process'

/** Enough for every message worth showing; the rest is dropped. */
const OUTPUT_CHARACTERS_MAX = 16_384

export const BARE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
}

export interface RunProgramOptions {
  readonly uid?: number
  readonly gid?: number
  readonly cwd?: string
  readonly deadlineMs?: number
}

/**
 * @returns what the program wrote to both outputs.
 * @throws Error with the program's last words when it cannot start, fails or takes too long.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunProgramOptions = {},
): Promise<string> {
  const { deadlineMs = 30_000, ...identity } = options
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...identity,
      env: BARE_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new Error(output.trim() || `${program} ended with ${signal ?? `code ${code}`}`))
    })
  })
}
