import { expect, it } from 'vitest'
import { retryDelayMs } from './retry-delay.ts'

it('doubles up to a ceiling and never leaves the upper half of its span', () => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const full = Math.min(30_000, 100 * 2 ** attempt)
    expect(retryDelayMs(attempt, () => 0)).toBe(full / 2)
    expect(retryDelayMs(attempt, () => 0.999_999)).toBeLessThan(full)
  }
})
