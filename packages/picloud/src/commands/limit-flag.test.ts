import { describe, expect, it } from 'vitest'
import { readLimitFlag } from './limit-flag.ts'

describe('--limit', () => {
  it.each(['operations', 'operations=', 'operations=x', 'operations=-1', 'operations=1.5', '=1'])(
    'refuses %j',
    (text) => {
      expect(() => readLimitFlag(text)).toThrow(`--limit is "${text}"`)
    },
  )

  it('names the limits there are', () => {
    expect(() => readLimitFlag('url_bytes=300')).toThrow(/one of body_bytes, deadline_ms,/)
  })

  it('adds to those read before, the last of a name counts', () => {
    const first = readLimitFlag('operations=5000')
    const second = readLimitFlag('log_bytes=default', first)
    expect(readLimitFlag('operations=6000', second)).toEqual({ operations: 6000, log_bytes: null })
  })
})
