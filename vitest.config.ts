/**
 * One test run for the whole workspace. Packages resolve to their sources, so tests need no build;
 * only `e2e/` starts the built program.
 *
 * Worker processes go from file to file: the modules are loaded, and the database server of
 * `@picloud/storage/testing` is started, once per worker instead of once per file. So a test file
 * leaves the process as it found it. There are two workers even on two cores, because most files
 * of the platform wait for other processes much of the time.
 */
import { readFileSync, statfsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

/** Programs that tests start from sources are stripped of their types and compiled once only. */
const COMPILE_CACHE = fileURLToPath(
  new URL('node_modules/.cache/picloud/compiled', import.meta.url),
)

/** After all others: these count what happens meanwhile in processes of their own. */
const ALONE = ['packages/executor-core/src/pool/fairness.test.ts']

/** Databases of tests need not survive a power cut; here making one takes a tenth of the time. */
const MEMORY = '/dev/shm'
const MEMORY_BYTES_MIN = 2 * 1024 ** 3

export default defineConfig({
  ssr: { resolve: { conditions: ['@picloud/source', ...defaultServerConditions] } },
  resolve: { conditions: ['@picloud/source', ...defaultServerConditions] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'beside',
          include: [
            'packages/*/{src,test,cli}/**/*.test.ts',
            'dashboard/src/**/*.test.ts',
            'test/**/*.test.ts',
            'e2e/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', ...ALONE],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, sequence: { groupOrder: 1 } } },
    ],
    pool: 'forks',
    isolate: false,
    maxWorkers: Math.max(2, availableParallelism() - 1),
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...(isMemoryRoomy() && { TMPDIR: MEMORY }) },
    reporters: ['default', 'json'],
    outputFile: { json: 'node_modules/.cache/picloud/test-report.json' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // A wait ends when what it waits for is there; only a failure takes as long as this.
    expect: { poll: { timeout: 15_000, interval: 20 } },
  },
})

/** Whether files can be kept in memory: there is room, and programs may lie there. */
function isMemoryRoomy(): boolean {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
    const options = mounts.find((line) => line.split(' ')[1] === MEMORY)?.split(' ')[3]
    const { bavail, bsize } = statfsSync(MEMORY)
    return (
      options !== undefined &&
      !options.split(',').includes('noexec') &&
      Math.min(bavail * bsize, process.availableMemory() / 2) >= MEMORY_BYTES_MIN
    )
  } catch {
    // Another system than Linux, or no such folder.
    return false
  }
}
