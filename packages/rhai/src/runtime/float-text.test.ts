import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { debugFloat, displayFloat } from './float-text.ts'

describe('displayFloat', () => {
  it.each([
    [0, '0.0'],
    [-0, '0.0'],
    [1, '1.0'],
    [0.1, '0.1'],
    [-2.5, '-2.5'],
    [1e-7, '0.0000001'],
    [1.25e-13, '0.000000000000125'],
    [9e-14, '9e-14'],
    [9999999827967, '9999999827967.0'],
    [1e13, '1e13'],
    [1.5e300, '1.5e300'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('writes %d as %s', (value, text) => expect(displayFloat(value)).toBe(text))
})

describe('debugFloat', () => {
  it.each([
    [-0, '-0.0'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e16'],
    [12345678901234568, '1.2345678901234568e16'],
    [1e-4, '0.0001'],
    [1e-5, '1e-5'],
    [-1.5e-7, '-1.5e-7'],
  ])('writes %d as %s', (value, text) => expect(debugFloat(value)).toBe(text))
})

it('writes digits that read back as the same float', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(displayFloat(value)) + 0).toBe(value + 0)
      expect(Number(debugFloat(value))).toBe(value)
    }),
  )
})

it('writes the fewest digits that do, with one decimal at least', () => {
  const decimals = fc.tuple(fc.integer({ min: -1e10, max: 1e10 }), fc.nat(4))
  fc.assert(
    fc.property(decimals, ([digits, places]) => {
      const value = digits / 10 ** places
      fc.pre(value !== 0)
      const text = String(value)
      expect(displayFloat(value)).toBe(text.includes('.') ? text : `${text}.0`)
    }),
  )
})

it('takes the larger of two texts that are equally near', () => {
  const between = 165_177_394_306 + 0.765625
  expect(displayFloat(between)).toBe('165177394306.76563')
  expect(debugFloat(-between)).toBe('-165177394306.76563')
})
