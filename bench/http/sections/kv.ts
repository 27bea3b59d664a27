/**
 * Data of scripts beside the same over fastify and pg, on one database with the same durability.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SILENT_LOGGER } from '@picloud/shared'
import { startEmbeddedServer } from '@picloud/storage'
import { median } from '../figure.ts'
import type { LoadResult } from '../load.ts'
import { installPeers, startFastifyWithPg } from '../peers.ts'
import { byTurns, deploy, type Section, startInNewFolder } from '../section.ts'

const SCRIPTS = {
  get: '#{ value: kv::get("greeting") }',
  incr: '#{ value: kv::incr("visits") }',
} as const

export const kv: Section = {
  name: 'kv',
  title: 'kv::get and kv::incr, beside fastify with pg',
  run: async (options) => {
    installPeers()
    await using stack = new AsyncDisposableStack()
    const dataDir = await mkdtemp(join(tmpdir(), 'picloud-bench-kv-'))
    stack.defer(() => rm(dataDir, { recursive: true, force: true }))
    const database = await startEmbeddedServer({ dataDir, logger: SILENT_LOGGER })
    stack.defer(() => database.stop())
    const { connectionString } = database
    const picloud = await startInNewFolder(stack, { connectionString })
    const peer = await startFastifyWithPg(connectionString)
    stack.defer(peer.stop)
    for (const [name, source] of Object.entries(SCRIPTS)) await deploy(picloud, `/${name}`, source)
    await deploy(picloud, '/prepare', 'kv::set("greeting", 42)')
    await fetch(`${picloud.url}prepare`)
    const results = await byTurns(
      {
        'get fastify': { url: `${peer.url}get` },
        'get PiCloud': { url: `${picloud.url}get` },
        'incr fastify': { url: `${peer.url}incr` },
        'incr PiCloud': { url: `${picloud.url}incr` },
      },
      options,
    )
    return (['get', 'incr'] as const).flatMap((name) => {
      const fastify = rateOf(results[`${name} fastify`])
      const own = rateOf(results[`${name} PiCloud`])
      return [
        { name: `${name}, fastify with pg`, value: fastify, unit: 'requests/s' },
        { name: `${name}, PiCloud`, value: own, unit: 'requests/s' },
        { name: `${name}, of fastify with pg`, value: own / fastify, unit: 'ratio', atLeast: 0.7 },
      ]
    })
  },
}

function rateOf(results: readonly LoadResult[]): number {
  return median(results.map(({ requestsPerSecond }) => requestsPerSecond))
}
