import { describe, expect, it } from 'vitest'
import { canonicalText } from './canonical-text.ts'
import { check, compile, RhaiError } from './index.ts'

function refusal(work: () => void): string {
  try {
    work()
    return 'accepted'
  } catch (error) {
    if (error instanceof RhaiError) return `${error.kind} ${error}`
    throw error
  }
}

describe('check', () => {
  it.each([
    ['40 + 2'],
    ['let x = ;'],
    ['fn f() { fn g() {} }'],
    ['const A = 1; A = 2'],
    ['break'],
    ['1 +\n/* never ended'],
    ['import "a" as b; b::c()'],
    [`${'('.repeat(200)}1${')'.repeat(200)}`],
    [`let m = #{}; m${'.a'.repeat(200)}`],
    [`if false {}${' else if false {}'.repeat(20_000)}`],
  ])('says what compile says: %#', (source) => {
    expect(refusal(() => check(source))).toBe(refusal(() => compile(source)))
  })

  it('holds a source to its limits', () => {
    expect(() => check('12345', { limits: { sourceBytesMax: 5 } })).not.toThrow()
    expect(() => check('123456', { limits: { sourceBytesMax: 5 } })).toThrow(RhaiError)
  })
})

it('takes a body of any length', () => {
  const source = `fn f() { ${'let x = 1; '.repeat(150_000)} }`
  expect(refusal(() => check(source))).toBe('accepted')
  expect(refusal(() => compile(source))).toBe('accepted')
})

it('compiles what is asked of a number that is written out', () => {
  const { value } = compile('let bit = 2; [5[bit], 5[0..bit], 2[bit]]').instantiate().run()
  expect(canonicalText(value)).toBe('[true,1,false]')
})
