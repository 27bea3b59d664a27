import type { ExecutionRequest } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { STOPPED_FAILURE } from '../failures.ts'
import { Flight } from './flight.ts'

describe('a flight', () => {
  it('settles once, and takes its listener off the signal', () => {
    const outcomes: unknown[] = []
    let cancelled = 0
    const controller = new AbortController()
    const flight = new Flight(
      {} as ExecutionRequest,
      (outcome) => outcomes.push(outcome),
      controller.signal,
      () => {
        cancelled += 1
      },
    )
    flight.fail(STOPPED_FAILURE)
    flight.fail(STOPPED_FAILURE)
    controller.abort()
    expect(outcomes).toHaveLength(1)
    expect(cancelled).toBe(0)
  })
})
