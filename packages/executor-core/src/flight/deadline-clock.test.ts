import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { DeadlineClock } from './deadline-clock.ts'

const clocks: DeadlineClock[] = []
afterEach(() => {
  for (const clock of clocks) clock.stop()
})

function clockOf(sweep: (now: number) => number | null): DeadlineClock {
  const clock = new DeadlineClock(sweep)
  clocks.push(clock)
  return clock
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}

describe('the clock of deadlines', () => {
  it('keeps one timer for any number of deadlines and fires for the earliest', async () => {
    const before = timers()
    const fired: number[] = []
    const clock = clockOf((now) => {
      fired.push(now)
      return null
    })
    const start = Date.now()
    for (let i = 0; i < 1000; i += 1) clock.watch(start + 10_000 + i)
    clock.watch(start + 50)
    for (let i = 0; i < 1000; i += 1) clock.watch(start + 5_000 + i)
    expect(timers() - before).toBeLessThanOrEqual(1)
    await sleep(150)
    expect(fired).toHaveLength(1)
    expect(fired[0]).toBeGreaterThanOrEqual(start + 50)
    expect(timers() - before).toBeLessThanOrEqual(0)
  })

  it('goes on to what the sweep says is next, and rests when nothing is', async () => {
    let sweeps = 0
    const clock = clockOf(() => {
      sweeps += 1
      return sweeps < 3 ? Date.now() + 10 : null
    })
    clock.watch(Date.now() + 10)
    await sleep(300)
    expect(sweeps).toBe(3)
  })

  it('does not fire early for a deadline beyond what a timer can hold', async () => {
    let sweeps = 0
    const clock = clockOf(() => {
      sweeps += 1
      return null
    })
    clock.watch(Date.now() + 2 ** 40)
    await sleep(30)
    expect(sweeps).toBe(0)
  })
})
