/**
 * Keeps the embedded server of one test process.
 *
 * Runs as a process of its own. Prints the connection string, then waits for its input to end,
 * which happens however the test process ends; then it stops the server and deletes its files.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../embedded/embedded-server.ts'

/** Test data need not survive a power cut. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '120',
}

const dataDir = await mkdtemp(join(tmpdir(), 'picloud-test-'))
try {
  const server = await startServer({ dataDir, settings: SETTINGS })
  process.stdout.write(`${server.connectionString}\n`)
  for await (const _ of process.stdin) {
    // Nothing is ever sent; only the end matters.
  }
  await server.stop()
} finally {
  await rm(dataDir, { recursive: true, force: true })
}
