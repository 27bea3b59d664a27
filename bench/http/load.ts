/**
 * The load generator, always a process of its own: `wrk` where it is installed, else `autocannon`
 * from the workspace. Load at a given rate is always autocannon's: wrk has no such thing.
 *
 * A run with any answer other than 2xx is an error unless the workload gives such answers: a fast
 * refusal is not a result.
 *
 * @module
 */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

export interface LoadOptions {
  readonly url: string
  readonly seconds: number
  readonly connections: number
  /** The Host field, where it is not the URL's. */
  readonly host?: string
  /** JSON to send with POST; a GET without it. */
  readonly json?: string
  /** Whether answers other than 2xx are part of the workload. */
  readonly hasFailures?: boolean
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
  return installed
    ? { name: 'wrk', run: runWrk }
    : { name: 'autocannon', run: (options) => runAutocannon(options) }
}

/** Load of so many requests a second, for what latency is when there is room. */
export async function runAtRate(options: LoadOptions, rate: number): Promise<LoadResult> {
  return await runAutocannon(options, ['--overallRate', String(Math.round(rate))])
}

async function runWrk(options: LoadOptions): Promise<LoadResult> {
  const { url, seconds, connections, host, json, hasFailures = false } = options
  const folder = await mkdtemp(join(tmpdir(), 'picloud-wrk-'))
  try {
    const script = join(folder, 'post.lua')
    await writeFile(script, json === undefined ? '' : postScript(json))
    const { stdout } = await run('wrk', [
      '--latency',
      '--threads=1',
      '--timeout=30s',
      `--connections=${connections}`,
      `--duration=${seconds}s`,
      ...(host === undefined ? [] : ['--header', `Host: ${host}`]),
      ...(json === undefined ? [] : ['--script', script]),
      url,
    ])
    const failed = /Socket errors: (.+)/.exec(stdout) ?? refusals(stdout, hasFailures)
    if (failed !== null) throw new Error(`${url}: ${failed[0]}`)
    return {
      requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
      p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(stdout)),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function refusals(stdout: string, hasFailures: boolean): RegExpExecArray | null {
  return hasFailures ? null : /Non-2xx or 3xx responses: (\d+)/.exec(stdout)
}

function postScript(json: string): string {
  return [
    'wrk.method = "POST"',
    'wrk.headers["content-type"] = "application/json"',
    `wrk.body = ${JSON.stringify(json)}`,
  ].join('\n')
}

function milliseconds(match: RegExpExecArray | null): number {
  const factor = { us: 0.001, ms: 1, s: 1000 }[match?.[2] ?? ''] ?? Number.NaN
  return Number(match?.[1]) * factor
}

async function runAutocannon(
  options: LoadOptions,
  more: readonly string[] = [],
): Promise<LoadResult> {
  const { url, seconds, connections, host, json, hasFailures = false } = options
  const program = createRequire(import.meta.url).resolve('autocannon')
  const { stdout } = await run(process.execPath, [
    program,
    '--json',
    '--connections',
    String(connections),
    '--duration',
    String(seconds),
    ...(host === undefined ? [] : ['--headers', `Host=${host}`]),
    ...(json === undefined
      ? []
      : ['--method', 'POST', '--headers', 'content-type=application/json', '--body', json]),
    ...more,
    url,
  ])
  const report = JSON.parse(stdout) as {
    readonly requests: { readonly average: number }
    readonly latency: { readonly p99: number }
    readonly non2xx: number
    readonly errors: number
  }
  if (report.errors > 0 || (report.non2xx > 0 && !hasFailures)) {
    throw new Error(`${url}: ${report.non2xx} answers other than 2xx, ${report.errors} errors`)
  }
  return { requestsPerSecond: report.requests.average, p99Ms: report.latency.p99 }
}
