/**
 * Makes the tables of a node once, in a process that does nothing else, and prints what that took.
 *
 * Memory is the heap's growth: `kept` once everything but the tables is gone, `peak` at the end of
 * making them, when the snapshot and what reading it left behind are still there.
 */
import { RoutingTables } from '@picloud/orchestrator-core'
import { openDatabase } from '@picloud/storage'

export interface TablesMeasurement {
  readonly load_ms: number
  readonly build_ms: number
  /** Of all threads of the process, for machines that have other things to do. */
  readonly load_cpu_ms: number
  readonly build_cpu_ms: number
  readonly kept_bytes: number
  readonly peak_bytes: number
}

const [, , connectionString = ''] = process.argv
const database = openDatabase({ connectionString })
await database.routing.sequence()
const tables = new RoutingTables()
const before = heapAfterCollection()
const measurement = { ...(await make()), kept_bytes: heapAfterCollection() - before }
if (!tables.loaded) throw new Error('the tables are part of what is measured')
process.stdout.write(JSON.stringify(measurement))
await database.close()

async function make(): Promise<Omit<TablesMeasurement, 'kept_bytes'>> {
  const started = now()
  const { apps } = await database.routing.load()
  const loaded = now()
  tables.replaceAll(apps)
  const made = now()
  return {
    load_ms: loaded.ms - started.ms,
    build_ms: made.ms - loaded.ms,
    load_cpu_ms: loaded.cpuMs - started.cpuMs,
    build_cpu_ms: made.cpuMs - loaded.cpuMs,
    peak_bytes: process.memoryUsage().heapUsed - before,
  }
}

function now(): { readonly ms: number; readonly cpuMs: number } {
  const { user, system } = process.cpuUsage()
  return { ms: performance.now(), cpuMs: (user + system) / 1_000 }
}

function heapAfterCollection(): number {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc')
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
