import { describe, expect, it } from 'vitest'
import { limitFailure, memoryFailure } from './failures.ts'

describe('failures', () => {
  it('of limits say the limit and its value', () => {
    expect(limitFailure({ name: 'operationsMax', value: 5 }, 'Too many operations', {})).toEqual({
      code: 'PIC_SCRIPT_LIMIT',
      status: 500,
      exposed: true,
      message: 'Too many operations: the limit operationsMax is 5.',
      limit: { name: 'operationsMax', value: 5 },
    })
    expect(memoryFailure(1024).message).toContain('the limit sandboxMemoryBytesMax is 1024.')
  })
})
