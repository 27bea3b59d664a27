/**
 * One app's flood and another app's single requests, through real sandboxes. Counted is how many of
 * the flood were answered while a single request was under way, which no slow machine changes.
 */
import { type AppId, newId } from '@picloud/shared'
import { afterEach, describe, expect, it } from 'vitest'
import { type LocalExecutor, startExecutor } from '../executor.ts'
import { bodyText, requestOf } from '../script-run.contract.ts'

const MIB = 1024 * 1024
const PROCESSES = 2
const FLOOD = 1000
const SINGLES = 20
const LOUD = { id: newId<AppId>(), slug: 'loud', services: null, egress: null }
const QUIET = { id: newId<AppId>(), slug: 'quiet', services: null, egress: null }

const executors: LocalExecutor[] = []
afterEach(async () => {
  for (const executor of executors.splice(0)) await executor.stop()
})

async function warmExecutor(source: string): Promise<LocalExecutor> {
  const executor = startExecutor({ processes: PROCESSES, sandboxMemoryBytesMax: 64 * MIB })
  executors.push(executor)
  while (executor.sandboxes.filter(({ isReady }) => isReady).length < PROCESSES) {
    await Promise.all(Array.from({ length: 20 }, () => executor.execute(requestOf(source))))
  }
  return executor
}

/** How many of the flood's were answered during each single request of the other app. */
async function answeredMeanwhile(flood: string, single: string): Promise<readonly number[]> {
  const executor = await warmExecutor(flood)
  let answered = 0
  const floods = Array.from({ length: FLOOD }, async () => {
    await executor.execute(requestOf(flood, { app: LOUD, deadlineMs: 120_000 }))
    answered += 1
  })
  const counts: number[] = []
  for (let i = 0; i < SINGLES; i += 1) {
    const before = answered
    const outcome = await executor.execute(requestOf(single, { app: QUIET }))
    expect(bodyText(outcome)).not.toBe('')
    counts.push(answered - before)
  }
  expect(answered).toBeLessThan(FLOOD)
  await executor.stop()
  await Promise.all(floods)
  return counts
}

function computing(rounds: number): string {
  return `let i = 0; while i < ${rounds} { i += 1; } i`
}

describe('a flood of one app', () => {
  // Without fairness the first single request waits for the whole flood.
  it.each([
    ['long', computing(600_000)],
    ['short', computing(60_000)],
  ])('of %s scripts lets single requests of another be next', async (_what, source) => {
    const counts = await answeredMeanwhile(source, source)
    expect(Math.max(...counts)).toBeLessThan(FLOOD / 10)
    expect(medianOf(counts)).toBeLessThanOrEqual(12 * PROCESSES)
  })
})

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
