import { describe, expect, it } from 'vitest'
import { RhaiError } from './rhai-error.ts'

describe('RhaiError', () => {
  it('says its position in the form of the reference', () => {
    const error = new RhaiError({
      phase: 'eval',
      kind: 'ErrorRuntime',
      text: 'no',
      line: 2,
      column: 7,
    })
    expect(error.toString()).toBe('no (line 2, position 7)')
    expect(error.message).toBe('no')
  })

  it('takes a position once, from the innermost place that knows one', () => {
    const error = new RhaiError({ phase: 'eval', kind: 'ErrorRuntime', text: 'no' })
    expect(error.toString()).toBe('no')
    expect(error.locate(1, 2).locate(3, 4).toString()).toBe('no (line 1, position 2)')
  })

  it('is an error with a stack and a cause', () => {
    const cause = new Error('deeper')
    const error = new RhaiError({ phase: 'parse', kind: 'BadInput', text: 'no', cause })
    expect(error).toBeInstanceOf(Error)
    expect(error.cause).toBe(cause)
  })
})
