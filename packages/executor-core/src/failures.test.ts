import { LIMITS } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { LIMIT_SETTINGS, limitFailure, memoryFailure } from './failures.ts'

describe('failures', () => {
  it.each(Object.entries(LIMIT_SETTINGS))(
    'name the setting of %s as the limits do',
    (name, env) => {
      expect(LIMITS[name as keyof typeof LIMITS].env).toBe(env)
    },
  )

  it('of limits say the limit, its value and what raises it', () => {
    expect(limitFailure({ name: 'operationsMax', value: 5 }, 'Too many operations', {})).toEqual({
      code: 'PIC_SCRIPT_LIMIT',
      status: 500,
      exposed: true,
      message:
        'Too many operations: the limit operationsMax is 5. PICLOUD_LIMIT_OPERATIONS raises it.',
      limit: { name: 'operationsMax', value: 5 },
    })
    expect(memoryFailure(1024).message).toContain('PICLOUD_LIMIT_SANDBOX_MEMORY_BYTES')
  })
})
