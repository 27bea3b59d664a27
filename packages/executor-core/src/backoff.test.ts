import { describe, expect, it } from 'vitest'
import { Backoff } from './backoff.ts'

describe('backing off', () => {
  it('tries again at once after the first failure, then waits twice as long each time', () => {
    const backoff = new Backoff()
    const waits = Array.from({ length: 10 }, () => {
      backoff.failed(1000)
      return backoff.waitMs(1000)
    })
    expect(waits).toEqual([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000])
  })

  it('starts anew after a success', () => {
    const backoff = new Backoff()
    for (let i = 0; i < 5; i += 1) backoff.failed(0)
    backoff.worked()
    expect(backoff.waitMs(0)).toBe(0)
    backoff.failed(0)
    expect(backoff.waitMs(0)).toBe(0)
  })

  it('lets time pass for the wait', () => {
    const backoff = new Backoff()
    for (let i = 0; i < 3; i += 1) backoff.failed(0)
    expect(backoff.waitMs(50)).toBe(150)
    expect(backoff.waitMs(500)).toBe(0)
  })
})
