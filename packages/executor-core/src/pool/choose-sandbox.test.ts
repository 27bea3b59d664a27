import { describe, expect, it } from 'vitest'
import { type Choosable, chooseSandbox } from './choose-sandbox.ts'

function sandbox(backlogMs: number, hasRoom = true): Choosable {
  return { backlogMs: () => backlogMs, hasRoom: () => hasRoom }
}

describe('the choice of a sandbox', () => {
  it.each([
    ['the first one while it has next to nothing to do', [0.9, 0], 0],
    ['the next one as soon as it has more', [1, 0.9, 0], 1],
    ['the one with the least when all have much', [3, 2, 4], 1],
  ])('is %s', (_what, backlogs, chosen) => {
    const sandboxes = backlogs.map((backlogMs) => sandbox(backlogMs))
    expect(chooseSandbox(sandboxes, 0)).toBe(sandboxes[chosen])
  })

  it('is none without room', () => {
    const free = sandbox(3)
    expect(chooseSandbox([sandbox(0, false), free], 0)).toBe(free)
    expect(chooseSandbox([sandbox(0, false)], 0)).toBe(null)
    expect(chooseSandbox([], 0)).toBe(null)
  })
})
