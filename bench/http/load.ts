/**
 * The load generator, always a process of its own: `wrk` where it is installed, else `autocannon`
 * from the workspace.
 *
 * A run with any answer other than 2xx is an error: a fast refusal is not a result.
 *
 * @module
 */
import { execFile, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import process from 'node:process'
import { promisify } from 'node:util'

export interface LoadOptions {
  readonly url: string
  readonly seconds: number
  readonly connections: number
}

export interface LoadResult {
  readonly requestsPerSecond: number
  readonly p99Ms: number
}

export interface LoadGenerator {
  readonly name: string
  run(options: LoadOptions): Promise<LoadResult>
}

const run = promisify(execFile)

export function loadGenerator(): LoadGenerator {
  const installed = spawnSync('wrk', ['--version']).error === undefined
  return installed ? { name: 'wrk', run: runWrk } : { name: 'autocannon', run: runAutocannon }
}

async function runWrk({ url, seconds, connections }: LoadOptions): Promise<LoadResult> {
  const { stdout } = await run('wrk', [
    '--latency',
    '--threads=1',
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    url,
  ])
  const failed = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.+)/.exec(stdout)
  if (failed !== null) throw new Error(`${url}: ${failed[0]}`)
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(stdout)),
  }
}

function milliseconds(match: RegExpExecArray | null): number {
  const factor = { us: 0.001, ms: 1, s: 1000 }[match?.[2] ?? ''] ?? Number.NaN
  return Number(match?.[1]) * factor
}

async function runAutocannon({ url, seconds, connections }: LoadOptions): Promise<LoadResult> {
  const program = createRequire(import.meta.url).resolve('autocannon')
  const { stdout } = await run(process.execPath, [
    program,
    '--json',
    '--connections',
    String(connections),
    '--duration',
    String(seconds),
    url,
  ])
  const report = JSON.parse(stdout) as {
    readonly requests: { readonly average: number }
    readonly latency: { readonly p99: number }
    readonly non2xx: number
    readonly errors: number
  }
  if (report.non2xx + report.errors > 0) {
    throw new Error(`${url}: ${report.non2xx} answers other than 2xx, ${report.errors} errors`)
  }
  return { requestsPerSecond: report.requests.average, p99Ms: report.latency.p99 }
}
