/**
 * Work other than saying hello, beside the same work in a bare `node:http` server: a JSON document
 * of 1 kB read and sent back, some 2 ms of computing, and one answer of ten an error.
 *
 * @module
 */
import { median } from '../figure.ts'
import type { LoadResult } from '../load.ts'
import { startBareServer } from '../peers.ts'
import { byTurns, deploy, type Section, startInNewFolder } from '../section.ts'

const JSON_BYTES = 1024

const SCRIPTS = {
  echo: 'request.body',
  /** The same sieve as `peers/compute.mjs`. */
  compute: `
    let composite = [];
    composite.pad(20000, false);
    let sum = 0;
    for number in 2..20000 {
      if composite[number] { continue; }
      sum += number;
      let multiple = number * number;
      while multiple < 20000 {
        composite[multiple] = true;
        multiple += number;
      }
    }
    #{ sum: sum }`,
  errors: `
    if parse_int(request.id.sub_string(34), 16) % 10 == 0 { throw "one of ten"; }
    #{ id: request.id }`,
} as const

export const workloads: Section = {
  name: 'workloads',
  title: 'JSON echo, computing, errors',
  run: async (options) => {
    await using stack = new AsyncDisposableStack()
    const bare = await startBareServer()
    stack.defer(bare.stop)
    const picloud = await startInNewFolder(stack)
    for (const [name, source] of Object.entries(SCRIPTS)) await deploy(picloud, `/${name}`, source)
    const more = {
      echo: { json: documentOf(JSON_BYTES) },
      compute: {},
      errors: { hasFailures: true },
    }
    const results = await byTurns(
      {
        'echo node:http': { ...more.echo, url: `${bare.url}echo` },
        'echo PiCloud': { ...more.echo, url: `${picloud.url}echo` },
        'compute node:http': { ...more.compute, url: `${bare.url}compute` },
        'compute PiCloud': { ...more.compute, url: `${picloud.url}compute` },
        'errors node:http': { ...more.errors, url: `${bare.url}errors` },
        'errors PiCloud': { ...more.errors, url: `${picloud.url}errors` },
      },
      options,
    )
    return Object.entries(results).flatMap(([name, runs]: [string, readonly LoadResult[]]) => [
      { name, value: median(runs.map((run) => run.requestsPerSecond)), unit: 'requests/s' },
    ])
  },
}

function documentOf(bytes: number): string {
  const items: { readonly id: number; readonly price: number; readonly tag: string }[] = []
  const text = () => JSON.stringify({ name: 'Ada Lovelace', active: true, items })
  while (text().length < bytes - 40) items.push({ id: items.length, price: 12.5, tag: 'new' })
  return text()
}
