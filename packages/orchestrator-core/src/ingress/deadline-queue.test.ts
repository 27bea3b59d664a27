import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeadlineQueue } from './deadline-queue.ts'

describe('DeadlineQueue', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('passes each deadline once, in order, on one timer', () => {
    const passed: string[] = []
    const queue = new DeadlineQueue()
    const now = Date.now()
    for (const [name, after] of [
      ['a', 100],
      ['b', 150],
      ['c', 150],
    ] as const) {
      queue.add(now + after, () => passed.push(name))
    }
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(99)
    expect(passed).toEqual([])
    vi.advanceTimersByTime(1)
    expect(passed).toEqual(['a'])
    vi.advanceTimersByTime(50)
    expect(passed).toEqual(['a', 'b', 'c'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not pass what was removed, and then has no timer', () => {
    const queue = new DeadlineQueue()
    const deadline = queue.add(Date.now() + 100, () => expect.unreachable())
    queue.remove(deadline)
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes new deadlines while one passes', () => {
    const passed: string[] = []
    const queue = new DeadlineQueue()
    queue.add(Date.now() + 100, () => {
      passed.push('a')
      queue.add(Date.now() + 100, () => passed.push('b'))
    })
    queue.add(Date.now() + 120, () => passed.push('c'))
    vi.advanceTimersByTime(120)
    expect(passed).toEqual(['a', 'c'])
    vi.advanceTimersByTime(80)
    expect(passed).toEqual(['a', 'c', 'b'])
  })
})
