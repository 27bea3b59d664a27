import { DEFAULT_LIMITS, type ExecutionBudget, executionLimitsOf } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { CallerBudget } from './caller-budget.ts'

const LIMITS = {
  ...executionLimitsOf(DEFAULT_LIMITS),
  operationsMax: 1_000,
  cpuMsMax: 100,
  hostCallsMax: 10,
}
const HONEST = { operations: 300, cpuMs: 20 }
/** What a sandbox says that was taken over: its script has computed nothing. */
const LIAR = { operations: 0, cpuMs: 0 }
const NONE: ExecutionBudget = { operations: 0, cpuMs: 0, hostCalls: 0 }

function budget(): CallerBudget {
  const made = new CallerBudget(LIMITS)
  made.takeCall()
  return made
}

describe('the budget of a script that calls others', () => {
  it('is what it has not used, this call counted', () => {
    expect(budget().lend(HONEST, () => {}).left).toEqual({
      operations: 700,
      cpuMs: 80,
      hostCalls: 9,
    })
  })

  it('is less by what was used in its name, whatever its sandbox says', () => {
    const made = budget()
    const used = { operations: 600, cpuMs: 90, hostCalls: 4 }
    made.lend(LIAR, () => {}).charge(used)
    expect(made.used).toEqual({ ...used, hostCalls: 5 })
    made.takeCall()
    expect(made.lend(LIAR, () => {}).left).toEqual({ operations: 400, cpuMs: 10, hostCalls: 4 })
  })

  it('tells what is to be charged', () => {
    const charged: ExecutionBudget[] = []
    const used = { operations: 1, cpuMs: 2, hostCalls: 3 }
    budget()
      .lend(HONEST, (each) => charged.push(each))
      .charge(used)
    expect(charged).toEqual([used])
  })

  it('is lent to one at a time', () => {
    const made = budget()
    const first = made.lend(LIAR, () => {})
    expect(made.lend(LIAR, () => {}).left).toEqual(NONE)
    first.charge(NONE)
    expect(made.lend(LIAR, () => {}).left.operations).toBe(1_000)
  })

  it('is whole milliseconds', () => {
    expect(budget().lend({ operations: 0, cpuMs: 20.3 }, () => {}).left.cpuMs).toBe(79)
  })

  it('is never less than nothing', () => {
    const made = budget()
    made.lend(LIAR, () => {}).charge({ operations: 5_000, cpuMs: 5_000, hostCalls: 50 })
    expect(made.lend({ operations: 9_000, cpuMs: 1 }, () => {}).left).toEqual(NONE)
    expect(made.takeCall()).toBe(false)
  })

  it('has so many calls', () => {
    const made = new CallerBudget(LIMITS)
    const taken = Array.from({ length: 11 }, () => made.takeCall())
    expect(taken).toEqual([...Array.from({ length: 10 }, () => true), false])
  })
})
