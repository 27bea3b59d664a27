import { describe, expect, it } from 'vitest'
import { RecordedSignal } from './recorded-signal.ts'

const NEVER = new AbortController().signal

describe('RecordedSignal', () => {
  it('wakes everyone who waits', async () => {
    const signal = new RecordedSignal()
    const waits = [1, 2, 3].map(() => signal.waitBeyond(signal.count, 60_000, NEVER))
    expect(signal.waiting).toBe(3)
    signal.notify()
    await Promise.all(waits)
    expect(signal.waiting).toBe(0)
  })

  it('does not wait for what came since the caller looked', async () => {
    const signal = new RecordedSignal()
    const seen = signal.count
    signal.notify()
    await signal.waitBeyond(seen, 60_000, NEVER)
    expect(signal.waiting).toBe(0)
  })

  it('gives up at the deadline and when aborted, and keeps nothing', async () => {
    const signal = new RecordedSignal()
    await signal.waitBeyond(signal.count, 5, NEVER)
    const abort = new AbortController()
    const wait = signal.waitBeyond(signal.count, 60_000, abort.signal)
    abort.abort()
    await wait
    await signal.waitBeyond(signal.count, 60_000, abort.signal)
    expect(signal.waiting).toBe(0)
  })
})
