/**
 * Requests per second of a bare `node:http` server and of PiCloud's whole road (host, app, route,
 * sandboxed script with limits, record written), side by side in one run.
 *
 *     npm run -s bench:http [-- --json] [--seconds N] [--rounds N] [--connections N]
 *
 * Machines are noisy, so the figure that counts is the ratio. The servers take turns, and the
 * median of the rounds is shown. Each server and the load generator are processes of their own.
 */
import { parseArgs } from 'node:util'
import { type LoadResult, loadGenerator } from './load.ts'
import { startBareServer, startPicloudServer } from './peers.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const connections = Number(values.connections)

interface Measurement {
  readonly name: string
  readonly requests_per_second: number
  readonly p99_ms: number
  readonly ratio: number
}

await using stack = new AsyncDisposableStack()
const peers = [await startBareServer(), await startPicloudServer()]
for (const peer of peers) stack.defer(peer.stop)

const generator = loadGenerator()
const results = new Map<string, LoadResult[]>(peers.map((peer) => [peer.name, []]))
for (const peer of peers) await generator.run({ url: peer.url, seconds: 2, connections })
for (let round = 1; round <= rounds; round += 1) {
  for (const peer of peers) {
    process.stderr.write(`round ${round} of ${rounds}: ${peer.name}\n`)
    results.get(peer.name)?.push(await generator.run({ url: peer.url, seconds, connections }))
  }
}

const measurements = measure()
if (values.json) {
  console.log(JSON.stringify({ generator: generator.name, connections, seconds, measurements }))
} else {
  console.log(`${generator.name}, ${connections} connections, median of ${rounds} x ${seconds} s\n`)
  for (const { name, requests_per_second, p99_ms, ratio } of measurements) {
    console.log(
      `${name.padEnd(24)} ${Math.round(requests_per_second).toString().padStart(8)} requests/s` +
        `   p99 ${p99_ms.toFixed(1).padStart(6)} ms   ${ratio.toFixed(2)} of ${peers[0]?.name}`,
    )
  }
}

function measure(): readonly Measurement[] {
  const medians = peers.map(({ name }) => {
    const runs = results.get(name) ?? []
    return {
      name,
      requests_per_second: median(runs.map((run) => run.requestsPerSecond)),
      p99_ms: median(runs.map((run) => run.p99Ms)),
    }
  })
  const base = medians[0]?.requests_per_second ?? Number.NaN
  return medians.map((one) => ({ ...one, ratio: one.requests_per_second / base }))
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
