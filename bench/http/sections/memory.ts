/**
 * Memory of all processes together, each page divided among those that share it: after the first
 * request, and whether it grows from 50,000 requests to a million.
 *
 * @module
 */
import { loadGenerator } from '../load.ts'
import { useOf } from '../processes.ts'
import { note, type Section, startInNewFolder } from '../section.ts'

const MB = 1024 ** 2
const EARLY = 50_000
const LATE = 1_000_000
const SECONDS_AT_ONCE = 10
const SETTLE_MS = 2_000

export const memory: Section = {
  name: 'memory',
  title: 'memory of all processes',
  isLong: true,
  run: async (options) => {
    await using stack = new AsyncDisposableStack()
    const server = await startInNewFolder(stack)
    await (await fetch(server.url)).arrayBuffer()
    await settle()
    const first = megabytes(server.pid)
    const generator = loadGenerator()
    let requests = 0
    const until = async (count: number) => {
      while (requests < count) {
        const load = { ...options, url: server.url, seconds: SECONDS_AT_ONCE }
        requests += (await generator.run(load)).requestsPerSecond * SECONDS_AT_ONCE
        note(`${Math.round(requests)} requests, ${megabytes(server.pid).toFixed(0)} MB`)
      }
      await settle()
      return megabytes(server.pid)
    }
    const early = await until(EARLY)
    const late = await until(LATE)
    return [
      { name: 'after the first request', value: first, unit: 'MB', atMost: 200 },
      { name: `after ${EARLY} requests`, value: early, unit: 'MB' },
      { name: `after ${LATE} requests`, value: late, unit: 'MB' },
      { name: 'growth', value: late / early, unit: 'ratio', atMost: 1.2 },
    ]
  },
}

function megabytes(root: number): number {
  return useOf(root).reduce((sum, { proportionalBytes }) => sum + (proportionalBytes ?? 0), 0) / MB
}

/** Records are written a moment later. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
}
