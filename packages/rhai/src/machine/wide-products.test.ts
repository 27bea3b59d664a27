import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalText } from '../canonical-text.ts'
import { compile } from '../compile.ts'
import { RhaiError } from '../rhai-error.ts'

const BITS = 64n
const MAX = 2n ** 63n - 1n

function outcome(script: string): string {
  try {
    return canonicalText(compile(script).instantiate().run().value)
  } catch (error) {
    return error instanceof RhaiError ? error.kind : String(error)
  }
}

const isInt64 = (value: bigint): boolean => BigInt.asIntN(Number(BITS), value) === value

/** Small and large, on either side of zero. */
const integer = fc.oneof(
  fc.bigInt({ min: -300n, max: 300n }),
  fc.bigInt({ min: 0n, max: 2n ** 33n }),
  fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
  fc.constantFrom(MAX, 2n ** 32n, 2n ** 31n - 1n, 2n ** 53n - 1n),
)
const modulus = fc.oneof(
  fc.bigInt({ min: 1n, max: 2n ** 32n + 5n }),
  fc.constantFrom(1n, 255n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 40n),
)

it.each([
  ['%', (value: bigint, m: bigint) => value % m],
  ['&', (value: bigint, m: bigint) => value & m],
] as const)('gives what the operators give one after the other: %s', (operator, reduce) => {
  fc.assert(
    fc.property(integer, integer, integer, modulus, (x, y, c, m) => {
      const variables = `let x = ${x}; let y = ${y}; let c = ${c};`
      const product = x * y
      const sum = product + c
      expect(outcome(`${variables} (x * y) ${operator} ${m}`)).toBe(
        isInt64(product) ? `${reduce(product, m)}` : 'ErrorArithmetic',
      )
      expect(outcome(`${variables} (x * y + c) ${operator} ${m}`)).toBe(
        isInt64(product) && isInt64(sum) ? `${reduce(sum, m)}` : 'ErrorArithmetic',
      )
    }),
    { numRuns: 300 },
  )
})

it.each([
  ['let x = 2.5; (x * 3) % 2', '1.5'],
  ['let x = "a"; (x * 3) % 2', 'ErrorFunctionNotFound'],
  ['let x = 6; (x * 7 + 0.5) % 5', '2.5'],
  ['let x = 6; (x * 7) % 0', 'ErrorArithmetic'],
])('leaves other values to the operators: %s', (script, expected) => {
  expect(outcome(script)).toBe(expected)
})
