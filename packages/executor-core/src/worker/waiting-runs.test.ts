import { describe, expect, it } from 'vitest'
import type { ScriptRun } from './script-run.ts'
import { WaitingRuns } from './waiting-runs.ts'

function runs(app: string, count: number): ScriptRun[] {
  return Array.from({ length: count }, () => ({ invocation: { app: { id: app } } }) as ScriptRun)
}

function appsOf(waiting: WaitingRuns): string {
  let apps = ''
  for (let run = waiting.take(); run !== undefined; run = waiting.take()) {
    apps += run.invocation.app.id
  }
  return apps
}

describe('the runs waiting in a sandbox', () => {
  it('come out fair between apps, in order within one', () => {
    const waiting = new WaitingRuns()
    const all = runs('a', 4)
    for (const run of [...all, ...runs('b', 1)]) waiting.add(run)
    expect(waiting.length).toBe(5)
    expect(waiting.take()).toBe(all[0])
    expect(appsOf(waiting)).toBe('baaa')
    expect(waiting.length).toBe(0)
  })

  it('may be a single one, again and again', () => {
    const waiting = new WaitingRuns()
    for (const run of runs('a', 3)) {
      waiting.add(run)
      expect(waiting.length).toBe(1)
      expect(waiting.take()).toBe(run)
      expect(waiting.take()).toBeUndefined()
    }
  })

  it('may be joined by others while one waits alone', () => {
    const waiting = new WaitingRuns()
    const [first, second, third] = runs('a', 3) as [ScriptRun, ScriptRun, ScriptRun]
    waiting.add(first)
    waiting.add(second)
    expect(waiting.take()).toBe(first)
    waiting.add(third)
    expect([waiting.take(), waiting.take()]).toEqual([second, third])
  })
})
