/**
 * What the control plane takes with many apps: medians over HTTP of what people and programs ask
 * for, and time and memory of the tables that a node routes by.
 *
 *     npm run -s bench:scale [-- --json] [--apps N] [--calls N]
 *
 * PiCloud runs as a process of its own over an embedded PostgreSQL in a temporary folder, as
 * `picloud start` does; the tables are made in another process. Every figure is asked to be below
 * the bound beside it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { migrate, startEmbeddedServer } from '@picloud/storage'
import { fillWithApps } from '@picloud/storage/testing'
import { startPicloudServer } from '../picloud-server.ts'
import { CALLS, type Place } from './calls.ts'
import type { TablesMeasurement } from './tables.ts'

const CALL_MS_MAX = 50
const TABLES_MS_MAX = 1_000
const TABLES_BYTES_MAX = 200 * 1024 ** 2
/** Connections are open and code is compiled after these. */
const WARM_UP_CALLS = 3

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    apps: { type: 'string', default: '10000' },
    calls: { type: 'string', default: '41' },
  },
})
const apps = Number(values.apps)
const calls = Number(values.calls)

interface CallMeasurement {
  readonly name: string
  readonly median_ms: number
  readonly p95_ms: number
}

await using stack = new AsyncDisposableStack()
const dataDir = await mkdtemp(join(tmpdir(), 'picloud-scale-'))
stack.defer(() => rm(dataDir, { recursive: true, force: true }))
const database = await startEmbeddedServer({ dataDir })
stack.defer(() => database.stop())
const { connectionString } = database
await migrate({ connectionString })
note(`making ${apps} apps with ${apps * 10} routes`)
await fillWithApps(connectionString, apps)

note('making the tables of a node')
const tables = await measureTables()
note('starting PiCloud')
const server = await startPicloudServer({ connectionString, dataDir })
stack.defer(() => server.stop())
const measurements: CallMeasurement[] = []
for (const { name, prepare } of CALLS) {
  note(name)
  const place: Place = { ask: server.ask, apps, number: 0 }
  const call = await prepare(place)
  const times: number[] = []
  for (let number = 0; number < calls + WARM_UP_CALLS; number += 1) {
    const start = performance.now()
    await call({ ...place, number })
    times.push(performance.now() - start)
  }
  const sorted = times.slice(WARM_UP_CALLS).sort((a, b) => a - b)
  measurements.push({ name, median_ms: quantile(sorted, 0.5), p95_ms: quantile(sorted, 0.95) })
}
show()

async function measureTables(): Promise<TablesMeasurement> {
  const program = fileURLToPath(new URL('./tables.ts', import.meta.url))
  const child = spawn(process.execPath, ['--expose-gc', program, connectionString], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  await closed
  return JSON.parse(text)
}

function show(): void {
  if (values.json) {
    console.log(JSON.stringify({ apps, routes: apps * 10, calls, measurements, tables }))
    return
  }
  console.log(`${apps} apps, ${apps * 10} routes, medians of ${calls} calls\n`)
  for (const { name, median_ms, p95_ms } of measurements) {
    line(name, `${median_ms.toFixed(1)} ms`, median_ms < CALL_MS_MAX, `p95 ${p95_ms.toFixed(1)} ms`)
  }
  const { load_ms, load_cpu_ms, build_ms, build_cpu_ms, kept_bytes, peak_bytes } = tables
  const whole = load_ms + build_ms
  line(
    'tables from the database',
    `${whole.toFixed(0)} ms`,
    whole < TABLES_MS_MAX,
    cpu(load_cpu_ms + build_cpu_ms),
  )
  line(
    'tables from a snapshot',
    `${build_ms.toFixed(0)} ms`,
    build_ms < TABLES_MS_MAX,
    cpu(build_cpu_ms),
  )
  line('memory they keep', megabytes(kept_bytes), kept_bytes < TABLES_BYTES_MAX)
  line('memory while made', megabytes(peak_bytes), peak_bytes < TABLES_BYTES_MAX)
}

function line(name: string, figure: string, isBelow: boolean, more = ''): void {
  const verdict = isBelow ? 'ok      ' : 'TOO MUCH'
  console.log(`${name.padEnd(36)} ${figure.padStart(10)}  ${verdict} ${more}`)
}

function cpu(ms: number): string {
  return `${ms.toFixed(0)} ms of processor time`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MB`
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
}

function note(text: string): void {
  process.stderr.write(`${text}\n`)
}
