/**
 * Whether routing costs the same with 10 and with 10,000 apps: the same request to the same kind of
 * app on two servers, by turns.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, startEmbeddedServer } from '@picloud/storage'
import { fillWithApps } from '@picloud/storage/testing'
import { median } from '../figure.ts'
import type { LoadResult } from '../load.ts'
import { byTurns, note, type Section, startInNewFolder } from '../section.ts'

const FEW = 10
const MANY = 10_000
/** One of those that both servers have. */
const TARGET = { host: 'app-000007.example', path: 'items/42/reviews/7' }

export const routing: Section = {
  name: 'routing',
  title: `routing with ${FEW} and with ${MANY} apps`,
  run: async (options) => {
    await using stack = new AsyncDisposableStack()
    const few = await startWithApps(stack, FEW)
    const many = await startWithApps(stack, MANY)
    const results = await byTurns(
      {
        few: { url: `${few}${TARGET.path}`, host: TARGET.host },
        many: { url: `${many}${TARGET.path}`, host: TARGET.host },
      },
      options,
    )
    const rateOf = (runs: readonly LoadResult[]) => median(runs.map((r) => r.requestsPerSecond))
    return [
      { name: `${FEW} apps`, value: rateOf(results.few), unit: 'requests/s' },
      { name: `${MANY} apps`, value: rateOf(results.many), unit: 'requests/s' },
      {
        name: 'many of few',
        value: rateOf(results.many) / rateOf(results.few),
        unit: 'ratio',
        atLeast: 0.9,
      },
    ]
  },
}

/** @returns where it listens */
async function startWithApps(stack: AsyncDisposableStack, apps: number): Promise<string> {
  note(`making ${apps} apps`)
  const dataDir = await mkdtemp(join(tmpdir(), 'picloud-bench-'))
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  const database = await startEmbeddedServer({ dataDir })
  stack.defer(() => database.stop())
  const { connectionString } = database
  await migrate({ connectionString })
  await fillWithApps(connectionString, apps)
  return (await startInNewFolder(stack, { connectionString })).url
}
