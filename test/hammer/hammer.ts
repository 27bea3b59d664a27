/**
 * Clients that work on one control plane at once, over HTTP and a real database, and then the
 * evidence of what became of it.
 *
 * What each client wants follows from the seed; in what order the clients meet does not.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { RoutingTables } from '@picloud/orchestrator-core'
import { type Change, ChangeFeed } from '@picloud/storage'
import { readControlPlane } from '@picloud/storage/testing'
import {
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../packages/manager-core/test/manager-under-test.ts'
import { HammerClient, type WriteTold } from './client.ts'
import type { Evidence } from './invariants.ts'
import { doSomething } from './operations.ts'
import { SeededRandom } from './seeded-random.ts'

const SETTLE_DEADLINE_MS = 10_000

export interface HammerOptions {
  readonly seed: number
  readonly clients: number
  /** Of each client. */
  readonly operations: number
}

export async function hammer({ seed, clients, operations }: HammerOptions): Promise<Evidence> {
  await using stack = new AsyncDisposableStack()
  const api = await startManagerUnderTest({ settled: (sequence) => node.settled(sequence) })
  stack.defer(() => api.close())
  const node = followingNode(api)
  stack.defer(() => node.stop())
  const sequenceBefore = await api.database.routing.sequence()
  const told: WriteTold[] = []
  const work = Array.from({ length: clients }, async (_, number) => {
    const client = new HammerClient(api, new SeededRandom(seed * clients + number), told)
    for (let done = 0; done < operations; done += 1) await doSomething(client)
  })
  await Promise.all(work)
  const { apps, sequence } = await api.database.routing.load()
  await node.settled(sequence)
  const loaded = new RoutingTables()
  loaded.replaceAll(apps)
  const rows = await readControlPlane(api.database.connectionString)
  return { rows, sequenceBefore, told, followed: node.tables, loaded }
}

interface Node {
  readonly tables: RoutingTables
  settled(sequence: number): Promise<void>
  stop(): Promise<void>
}

/** Follows changes as an orchestrator does. */
function followingNode({ database }: ManagerUnderTest): Node {
  const tables = new RoutingTables()
  const load = async ({ appIds }: Change): Promise<void> => {
    if (appIds === 'all') {
      tables.replaceAll((await database.routing.load()).apps)
      return
    }
    const { apps } = await database.routing.load(appIds)
    const found = new Set(apps.map(({ id }) => id))
    tables.replaceApps(
      apps,
      appIds.filter((id) => !found.has(id)),
    )
  }
  const feed = new ChangeFeed({ connectionString: database.connectionString, onChange: load })
  feed.start()
  return {
    tables,
    settled: async (sequence) => {
      const seen = await feed.waitFor(sequence, SETTLE_DEADLINE_MS)
      assert(seen, `change ${sequence} did not come to the node`)
    },
    stop: () => feed.stop(),
  }
}
