import { describe, expect, it } from 'vitest'
import { AttemptLimiter } from './attempt-limiter.ts'

const LIMITS = { failuresMax: 3, windowMs: 10_000, keysMax: 4 }

function limiterAt(): { limiter: AttemptLimiter; clock: { ms: number } } {
  const clock = { ms: 1_000 }
  return { limiter: new AttemptLimiter(LIMITS, () => clock.ms), clock }
}

function fail(limiter: AttemptLimiter, address: string, times: number): void {
  for (let count = 0; count < times; count += 1) limiter.recordFailure(address)
}

describe('AttemptLimiter', () => {
  it('shuts an address out from the failure that reaches the limit until its window ends', () => {
    const { limiter, clock } = limiterAt()
    fail(limiter, 'a', 2)
    expect(limiter.retryAfterSeconds('a')).toBe(0)
    fail(limiter, 'a', 1)
    expect(limiter.retryAfterSeconds('a')).toBe(10)
    clock.ms += 9_001
    expect(limiter.retryAfterSeconds('a')).toBe(1)
    clock.ms += 999
    expect(limiter.retryAfterSeconds('a')).toBe(0)
  })

  it('begins a new window after the old one', () => {
    const { limiter, clock } = limiterAt()
    fail(limiter, 'a', 3)
    clock.ms += 10_000
    fail(limiter, 'a', 1)
    expect(limiter.retryAfterSeconds('a')).toBe(0)
    fail(limiter, 'a', 2)
    expect(limiter.retryAfterSeconds('a')).toBe(10)
  })

  it('keeps a bounded number of addresses and forgets the oldest window first', () => {
    const { limiter } = limiterAt()
    fail(limiter, 'first', 3)
    for (let index = 0; index < 1_000; index += 1) limiter.recordFailure(`other-${index}`)
    expect(limiter.size).toBe(LIMITS.keysMax)
    expect(limiter.retryAfterSeconds('first')).toBe(0)
  })

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002:0:0:0:9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '::2', true],
    ['::ffff:192.0.2.1', '192.0.2.1', true],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
    ['192.0.2.1', '192.0.2.2', false],
  ])('counts %s and %s together: %s', (one, other, together) => {
    const { limiter } = limiterAt()
    fail(limiter, one, 3)
    expect(limiter.retryAfterSeconds(other) > 0).toBe(together)
  })
})
