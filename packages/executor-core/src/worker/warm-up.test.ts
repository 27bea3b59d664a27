import { expect, it } from 'vitest'
import { createEvaluate } from './evaluate.ts'
import { warmUp } from './warm-up.ts'

it('a process is warmed up by a script that runs to its end', () => {
  expect(() => warmUp(createEvaluate())).not.toThrow()
})
