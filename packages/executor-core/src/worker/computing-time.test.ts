import { describe, expect, it } from 'vitest'
import { ComputingTime } from './computing-time.ts'

function compute(ms: number): void {
  const began = process.threadCpuUsage()
  const spentMs = () => {
    const { user, system } = process.threadCpuUsage(began)
    return (user + system) / 1000
  }
  while (spentMs() < ms) JSON.stringify([1, 2, 3])
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

describe('the time a run has computed', () => {
  it('is the sum of its stretches, without what is between them', () => {
    const time = new ComputingTime()
    time.begin(100)
    time.end(103)
    time.begin(500)
    expect(time.until(504)).toBe(7)
    time.end(505)
    expect(time.ms).toBe(8)
  })

  it('is processor time once someone looks, so that being kept waiting does not count', () => {
    const time = new ComputingTime()
    time.begin(performance.now())
    expect(time.exceeds(50)).toBe(false)
    pause(200)
    expect(time.exceeds(50)).toBe(false)
    compute(60)
    expect(time.exceeds(50)).toBe(true)
    time.end(performance.now())
    expect(time.ms).toBeGreaterThan(50)
    expect(time.ms).toBeLessThan(200)
  })
})
