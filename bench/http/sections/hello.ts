/**
 * Hello world over the whole road (host, app, route, sandboxed script with limits, record written)
 * beside servers that do nothing else.
 *
 * @module
 */
import { median } from '../figure.ts'
import { type LoadResult, runAtRate } from '../load.ts'
import { installPeers, startBareServer, startFastify, startWorkerd } from '../peers.ts'
import { byTurns, note, type Section, startInNewFolder } from '../section.ts'

export const hello: Section = {
  name: 'hello',
  title: 'hello world, whole road',
  run: async (options) => {
    installPeers()
    await using stack = new AsyncDisposableStack()
    const peers = [await startBareServer(), await startFastify(), await startWorkerd()]
    for (const peer of peers) stack.defer(peer.stop)
    const [bare, fastify, workerd] = peers as [
      (typeof peers)[0],
      (typeof peers)[0],
      (typeof peers)[0],
    ]
    // The seeded Hello World script answers at the root of `localhost`.
    const picloud = await startInNewFolder(stack)
    const results = await byTurns({ bare, fastify, workerd, picloud }, options)
    const rates = {
      bare: rateOf(results.bare),
      fastify: rateOf(results.fastify),
      workerd: rateOf(results.workerd),
      picloud: rateOf(results.picloud),
    }
    const half = { bare: [] as LoadResult[], picloud: [] as LoadResult[] }
    for (let round = 0; round < options.rounds; round += 1) {
      note(`half load, round ${round + 1} of ${options.rounds}`)
      half.bare.push(await runAtRate({ ...options, url: bare.url }, rates.bare / 2))
      half.picloud.push(await runAtRate({ ...options, url: picloud.url }, rates.picloud / 2))
    }
    const p99 = { bare: p99Of(half.bare), picloud: p99Of(half.picloud) }
    return [
      { name: 'node:http', value: rates.bare, unit: 'requests/s' },
      { name: 'fastify', value: rates.fastify, unit: 'requests/s' },
      { name: 'workerd', value: rates.workerd, unit: 'requests/s' },
      { name: 'PiCloud', value: rates.picloud, unit: 'requests/s' },
      { name: 'of node:http', value: rates.picloud / rates.bare, unit: 'ratio', atLeast: 0.5 },
      { name: 'of workerd', value: rates.picloud / rates.workerd, unit: 'ratio', atLeast: 1.5 },
      { name: 'of fastify', value: rates.picloud / rates.fastify, unit: 'ratio' },
      { name: 'p99 at full load', value: p99Of(results.picloud), unit: 'ms' },
      { name: 'node:http, p99 at its half load', value: p99.bare, unit: 'ms' },
      { name: 'PiCloud, p99 at its half load', value: p99.picloud, unit: 'ms' },
      { name: 'p99 of node:http', value: p99.picloud / p99.bare, unit: 'ratio', atMost: 2 },
    ]
  },
}

function rateOf(results: readonly LoadResult[]): number {
  return median(results.map(({ requestsPerSecond }) => requestsPerSecond))
}

function p99Of(results: readonly LoadResult[]): number {
  return median(results.map(({ p99Ms }) => p99Ms))
}
