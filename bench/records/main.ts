/**
 * What an execution record costs: computing time of this process and of PostgreSQL's, for each, by
 * the number of records in a batch. Linux only, where the time of another process can be read.
 *
 *     npm run bench:records
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { newId } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import { createTestDatabase } from '@picloud/storage/testing'
import pg from 'pg'

const RECORDS = 30_000
const TURNS = 3
const BATCHES = [100, 250, 500, 1_000]

const test = await createTestDatabase()
const { executions, write } = bound(test.database)
const { result: app } = await write((tx) => tx.apps.create({ slug: 'bench' }))
const { result: script } = await write((tx) =>
  tx.scripts.create({ appId: app.id, name: 'hello', source: '1' }),
)
const observer = new pg.Client({ connectionString: test.connectionString })
await observer.connect()
try {
  await measure(1_000, 1_000)
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const size of BATCHES) {
      const { program, postgres } = await measure(size, RECORDS)
      console.log(
        `batches of ${String(size).padStart(5)}: ${program.toFixed(1).padStart(5)} us here, ` +
          `${postgres.toFixed(1).padStart(5)} us in PostgreSQL, for each record`,
      )
    }
  }
} finally {
  await observer.end()
  await test.drop()
}

function bound({ executions, write }: typeof test.database) {
  return { executions, write: write.bind(test.database) }
}

/** Microseconds for each record. */
async function measure(
  size: number,
  records: number,
): Promise<Record<'program' | 'postgres', number>> {
  const batches = Array.from({ length: Math.ceil(records / size) }, () =>
    Array.from({ length: size }, helloRecord),
  )
  const count = batches.length * size
  const backendsBefore = await backendMicroseconds()
  const before = process.cpuUsage()
  for (const batch of batches) await executions.insertBatch(batch)
  const used = process.cpuUsage(before)
  const backends = (await backendMicroseconds()) - backendsBefore
  return { program: (used.user + used.system) / count, postgres: backends / count }
}

function helloRecord(): NewExecution {
  return {
    id: newId(),
    appId: app.id,
    scriptId: script.id,
    version: 1,
    routeId: newId(),
    trigger: 'http',
    outcome: 'ok',
    method: 'GET',
    path: '/hello',
    status: 200,
    startedAt: new Date(),
    durationMs: Math.random(),
    operations: 12,
    logs: [],
    logsDropped: 0,
    error: null,
  }
}

/** Time that PostgreSQL's processes for connections to this database have computed. */
async function backendMicroseconds(): Promise<number> {
  const { rows } = await observer.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'
       and pid <> pg_backend_pid()`,
  )
  let sum = 0
  for (const { pid } of rows) {
    const [nanoseconds] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    sum += Number(nanoseconds) / 1_000
  }
  return sum
}
