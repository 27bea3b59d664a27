/** What an app gets while scripts of others compute in every sandbox there is. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AppId, newId } from '@picloud/shared'
import { afterEach, expect, it } from 'vitest'
import { type LocalExecutor, startExecutor } from '../executor.ts'
import { bodyText, failureIn, requestOf } from '../script-run.contract.ts'

const MIB = 1024 * 1024
const PROCESSES = 2
const ENDLESS = { limits: { operationsMax: 100_000_000_000, cpuMsMax: 600_000 } }
const QUIET = { id: newId<AppId>(), slug: 'quiet', services: null, egress: null }

const executors: LocalExecutor[] = []
afterEach(async () => {
  for (const executor of executors.splice(0)) await executor.stop()
})

function start(): LocalExecutor {
  const executor = startExecutor({ processes: PROCESSES, sandboxMemoryBytesMax: 64 * MIB })
  executors.push(executor)
  return executor
}

const loaded = (executor: LocalExecutor) => executor.sandboxes.filter(({ load }) => load > 0).length

/** Loops of so many apps, one after the other until every sandbox has one; how many have ended. */
async function occupy(executor: LocalExecutor, apps: number): Promise<() => number> {
  let ended = 0
  const loud = Array.from({ length: apps }, (_, n) => ({
    id: newId<AppId>(),
    slug: `loud-${n}`,
    services: null,
    egress: null,
  }))
  for (let sent = 0; loaded(executor) < PROCESSES; sent += 1) {
    const app = loud[sent % apps] ?? QUIET
    const loop = requestOf('loop { }', { ...ENDLESS, app, deadlineMs: 25_000 })
    void executor.execute(loop).then(() => {
      ended += 1
    })
    await sleep(100)
  }
  // What has just been sent may turn out to be short: others are put behind it for a moment.
  await sleep(100)
  return () => ended
}

it.each([1, 2])('serves an app while loops of %i others are in every sandbox', async (apps) => {
  const executor = start()
  await executor.execute(requestOf('1'))
  const ended = await occupy(executor, apps)
  for (let n = 0; n < 20; n += 1) {
    const outcome = await executor.execute(requestOf('"served"', { app: QUIET }))
    expect(bodyText(outcome)).toBe('served')
  }
  expect(ended()).toBe(0)
})

it('gives an app no more processes for its own long scripts', async () => {
  const executor = start()
  await executor.execute(requestOf('1'))
  await occupy(executor, 1)
  await executor.execute(requestOf('"served"', { app: QUIET }))
  expect(executor.sandboxes.length).toBe(PROCESSES + 1)
  const own = { ...ENDLESS, app: QUIET, deadlineMs: 1_000 }
  const first = executor.execute(requestOf('loop { }', own))
  const second = executor.execute(requestOf('loop { }', own))
  for (const outcome of [await first, await second]) {
    expect(failureIn(outcome).code).toBe('PIC_EXEC_DEADLINE')
  }
  expect(executor.sandboxes.length).toBeLessThanOrEqual(PROCESSES + 1)
})
