import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addInt,
  divideInt,
  INT_MAX,
  INT_MIN,
  intOf,
  moduloInt,
  multiplyInt,
  negateInt,
  powerInt,
  subtractInt,
} from './int.ts'
import { andInt, orInt, shiftLeftInt, shiftRightInt, xorInt } from './int-bits.ts'
import type { Int } from './value.ts'

/** Integers of every size, with those around the edges of both representations made likely. */
const edges = [0n, 2n ** 31n, 2n ** 32n, 2n ** 52n, 2n ** 53n, 2n ** 62n, INT_MAX].flatMap((edge) =>
  [-1n, 0n, 1n].flatMap((step) => [edge + step, -edge + step]),
)
const int = fc
  .oneof(
    fc.bigInt({ min: INT_MIN, max: INT_MAX }),
    fc.bigInt({ min: -1000n, max: 1000n }),
    fc.constantFrom(...edges.filter((edge) => edge >= INT_MIN && edge <= INT_MAX)),
  )
  .map((value) => ({ big: value, int: intOf(value) }))

function isCanonical(value: Int): boolean {
  return typeof value === 'number'
    ? Number.isSafeInteger(value) && !Object.is(value, -0)
    : value > BigInt(Number.MAX_SAFE_INTEGER) || value < -BigInt(Number.MAX_SAFE_INTEGER)
}

/** Compares with exact arithmetic: the same value in its one representation, or an overflow. */
function check(
  operate: (left: Int, right: Int) => Int,
  exact: (left: bigint, right: bigint) => bigint,
): void {
  fc.assert(
    fc.property(int, int, (left, right) => {
      const expected = exact(left.big, right.big)
      if (expected > INT_MAX || expected < INT_MIN) {
        expect(() => operate(left.int, right.int)).toThrow(/overflow/)
      } else {
        const result = operate(left.int, right.int)
        expect(BigInt(result)).toBe(expected)
        expect(isCanonical(result)).toBe(true)
      }
    }),
    { numRuns: 2000 },
  )
}

describe('checked arithmetic', () => {
  it('adds, subtracts and multiplies like exact integers, or overflows', () => {
    check(addInt, (left, right) => left + right)
    check(subtractInt, (left, right) => left - right)
    check(multiplyInt, (left, right) => left * right)
  })

  it('divides towards zero, and the remainder has the sign of the left', () => {
    check(
      (left, right) => (right === 0 ? 0 : divideInt(left, right)),
      (left, right) => (right === 0n ? 0n : left / right),
    )
    check(
      (left, right) => (right === 0 || right === -1 ? 0 : moduloInt(left, right)),
      (left, right) => (right === 0n || right === -1n ? 0n : left % right),
    )
  })

  it('refuses to divide by zero, and the one remainder that overflows', () => {
    expect(() => divideInt(1, 0)).toThrow('Division by zero: 1 / 0')
    expect(() => moduloInt(1, 0)).toThrow('Modulo division by zero or overflow: 1 % 0')
    expect(() => moduloInt(INT_MIN, -1)).toThrow('Modulo division by zero or overflow')
    expect(() => divideInt(INT_MIN, -1)).toThrow('Division overflow')
  })

  it('raises to powers like exact integers, or overflows', () => {
    const exponent = fc.integer({ min: 0, max: 70 })
    fc.assert(
      fc.property(int, exponent, (base, power) => {
        const expected = base.big ** BigInt(power)
        if (expected > INT_MAX || expected < INT_MIN) {
          expect(() => powerInt(base.int, power)).toThrow('Exponential overflow')
        } else {
          expect(BigInt(powerInt(base.int, power))).toBe(expected)
        }
      }),
    )
    expect(() => powerInt(2, -1)).toThrow('Integer raised to a negative power: 2 ** -1')
    expect(() => powerInt(1, 4294967296)).toThrow('Exponential overflow')
  })

  it('cannot negate the smallest integer', () => {
    expect(() => negateInt(INT_MIN)).toThrow('Negation overflow: --9223372036854775808')
    expect(Object.is(negateInt(0), 0)).toBe(true)
  })
})

describe('bits', () => {
  it('combines bits like 64-bit integers', () => {
    check(andInt, (left, right) => left & right)
    check(orInt, (left, right) => left | right)
    check(xorInt, (left, right) => left ^ right)
  })

  it('shifts without ever failing', () => {
    const amount = fc.integer({ min: -70, max: 70 })
    fc.assert(
      fc.property(int, amount, (value, bits) => {
        const left = BigInt.asIntN(64, shifted(value.big, bits))
        const right = BigInt.asIntN(64, shifted(value.big, -bits))
        expect(BigInt(shiftLeftInt(value.int, bits))).toBe(left)
        expect(BigInt(shiftRightInt(value.int, bits))).toBe(right)
      }),
    )
  })
})

function shifted(value: bigint, bits: number): bigint {
  return bits >= 0 ? value << BigInt(bits) : value >> BigInt(-bits)
}
