/** What crosses the bridge between scripts and services comes out as it went in. */
import {
  type CallContext,
  compile,
  fromJson,
  RhaiFloat,
  RUN_LIMITS,
  type RunLimits,
  toJsonText,
  type Value,
} from '@picloud/rhai'
import { HostChar, HostFloat, type HostValue } from '@picloud/shared'
import {
  bytesOfHostValue,
  canonicalBytesOf,
  hostValueOf,
  VALUE,
  VALUE_DEPTH_MAX,
  ValueBytesError,
  ValueRefusedError,
  ValueTooLongError,
} from '@picloud/shared/value-bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfArguments, valueOfAnswer } from './rhai-value-bytes.ts'

const BYTES_MAX = 1_000_000

/** What scripts call with, as far as it is used here. */
function contextOf(limits: Partial<RunLimits> = {}) {
  let charged = 0
  const context = {
    limits: { ...RUN_LIMITS, ...limits },
    charge: (operations: number) => {
      charged += operations
    },
  }
  return { context: context as CallContext, charged: () => charged }
}

const { context } = contextOf()

/** The value a script ends in. */
function resultOf(source: string): Value {
  return compile(source).instantiate().run().value
}

const text = fc.string({ unit: 'binary', maxLength: 40 })
const hostValue = fc.letrec<{ value: HostValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(shortest),
    fc.double().map((value) => new HostFloat(value)),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).map((one) => new HostChar(one)),
    text,
    fc.uint8Array({ maxLength: 50 }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 6 }).map((entries) => new Map(entries)),
  ),
})).value

function shortest(value: bigint): HostValue {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

describe('a value on its way between a script and a service', () => {
  it('comes out as it went in, whatever it is', () => {
    fc.assert(
      fc.property(hostValue, (value) => {
        const bytes = bytesOfHostValue(value, BYTES_MAX)
        expect(hostValueOf(bytes)).toEqual(value)
        const inScript = valueOfAnswer(context, bytes)
        const back = hostValueOf(bytesOfArguments(context, [inScript], BYTES_MAX))
        expect(back).toEqual([value])
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    '()',
    '9223372036854775807',
    '-9223372036854775808',
    '9007199254740993',
    '1.0',
    '-0.0',
    "'ß'",
    '"grüße 🐈"',
    '[1, 1.0, "1", \'1\', (), true, [], #{}]',
    '#{ a: #{ b: [blob(3, 7)] }, "": 2 }',
    'blob(5, 255)',
  ])('is the same value of a script: %s', (source) => {
    const value = resultOf(source)
    const [host = null] = hostValueOf(bytesOfArguments(context, [value], BYTES_MAX)) as HostValue[]
    const back = valueOfAnswer(context, bytesOfHostValue(host, BYTES_MAX))
    expect(toJsonText(back)).toBe(toJsonText(value))
    expect(bytesOfArguments(context, [back], BYTES_MAX)).toEqual(
      bytesOfArguments(context, [value], BYTES_MAX),
    )
  })

  it('has one form for all orders of the entries of its maps where that is asked for', () => {
    const left = new Map<string, HostValue>([
      ['a', 1],
      ['b', [{ c: 1, d: 2 }]],
    ])
    const right = new Map<string, HostValue>([
      ['b', [{ d: 2, c: 1 }]],
      ['a', 1],
    ])
    expect(bytesOfHostValue(left, BYTES_MAX)).not.toEqual(bytesOfHostValue(right, BYTES_MAX))
    expect(canonicalBytesOf(left, BYTES_MAX)).toEqual(canonicalBytesOf(right, BYTES_MAX))
  })

  it('tells integers from floats at any size', () => {
    const values = [1, new HostFloat(1), 2 ** 52, new HostFloat(2 ** 52), 2n ** 62n]
    expect(hostValueOf(bytesOfHostValue(values, BYTES_MAX))).toEqual(values)
    expect(valueOfAnswer(context, bytesOfHostValue(new HostFloat(1), 99))).toEqual(new RhaiFloat(1))
    expect(valueOfAnswer(context, bytesOfHostValue(1, 99))).toBe(1)
    expect(valueOfAnswer(context, bytesOfHostValue(-0, 99))).toBe(0)
    expect(valueOfAnswer(context, bytesOfHostValue(7n, 99))).toBe(7)
  })

  it('may be a plain object where a service answers', () => {
    const answer = bytesOfHostValue({ status: 200, headers: { a: 'b' }, none: null }, BYTES_MAX)
    const expected = fromJson({ headers: { a: 'b' }, none: null, status: 200 })
    expect(toJsonText(valueOfAnswer(context, answer))).toBe(toJsonText(expected))
    const odd = JSON.parse('{"__proto__":1,"constructor":2}')
    expect(hostValueOf(bytesOfHostValue(odd, 99))).toEqual(new Map(Object.entries(odd)))
  })

  it('takes the tag off what a script has put one on', () => {
    const value = resultOf('let a = [1]; a.tag = 5; let n = 2; n.tag = 6; [a, n]')
    expect(hostValueOf(bytesOfArguments(context, [value], 99))).toEqual([[[1], 2]])
  })

  it.each(['timestamp()', '|x| x', 'Fn("f")', '0..5', '[timestamp()]', '#{ a: #{ b: |x| x } }'])(
    'is refused when it is no data: %s',
    (source) => {
      const send = () => bytesOfArguments(context, [resultOf(source)], BYTES_MAX)
      expect(send).toThrow(ValueRefusedError)
    },
  )

  it.each([
    [2.5],
    [Number.NaN],
    [2 ** 53],
    [2n ** 63n],
    [new HostChar('ab')],
    [new HostChar('')],
    [new Date() as unknown as HostValue],
    [undefined as unknown as HostValue],
    [(() => 1) as unknown as HostValue],
    [[1, [{ a: 0.5 }]]],
  ])('is refused when a service answers what no script can hold: %s', (value) => {
    expect(() => bytesOfHostValue(value, BYTES_MAX)).toThrow(ValueRefusedError)
  })

  it('is refused beyond its bytes, before all of it is written', () => {
    const doubling = resultOf('let a = ["some text"]; for i in 0..60 { a = [a, a]; } a')
    const { context: metered, charged } = contextOf()
    expect(() => bytesOfArguments(metered, [doubling], 10_000)).toThrow(ValueTooLongError)
    expect(charged()).toBeGreaterThan(100)
    expect(charged()).toBeLessThan(10_000)
    for (const long of ['x'.repeat(101), 'ä'.repeat(60), new Uint8Array(101), Array(101).fill(1)]) {
      expect(() => bytesOfHostValue(long, 100)).toThrow(ValueTooLongError)
    }
    const exact = bytesOfHostValue('x'.repeat(95), 100)
    expect(exact.byteLength).toBe(100)
  })

  it('is refused when it nests too deep', () => {
    let nested: HostValue = 1
    for (let i = 0; i < VALUE_DEPTH_MAX; i += 1) nested = [nested]
    const bytes = bytesOfHostValue(nested, BYTES_MAX)
    expect(hostValueOf(bytes)).toEqual(nested)
    expect(() => bytesOfHostValue([nested], BYTES_MAX)).toThrow(ValueRefusedError)
    const deeper = Buffer.concat([Uint8Array.of(VALUE.array, 1, 0, 0, 0), bytes])
    expect(() => hostValueOf(deeper)).toThrow(/too deep/)
    const inScript = resultOf(`let a = 1; for i in 0..${VALUE_DEPTH_MAX} { a = [a]; } a`)
    expect(() => bytesOfArguments(context, [inScript], BYTES_MAX)).toThrow(ValueRefusedError)
  })

  it.each([
    ['stringBytesMax', 'x'.repeat(11)],
    ['stringBytesMax', new Uint8Array(11)],
    ['arrayItemsMax', [[], Array(11).fill(0)]],
    ['mapEntriesMax', new Map(Array.from({ length: 11 }, (_, i) => [String(i), i]))],
  ] as const)('keeps an answer within %s of the script', (name, value) => {
    const { context: limited } = contextOf({ [name]: 10 })
    const read = () => valueOfAnswer(limited, bytesOfHostValue(value, BYTES_MAX))
    expect(read).toThrow(expect.objectContaining({ limit: { name, value: 10 } }))
  })

  it('believes nothing of the bytes it is made of', () => {
    const good = Buffer.from(bytesOfHostValue(['text', { a: [1, 2n ** 60n, true] }], BYTES_MAX))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(good.length),
        (changes, cut) => {
          const bytes = Buffer.from(good)
          for (const [at, byte] of changes) bytes[at] = byte
          for (const read of [hostValueOf, (all: Uint8Array) => valueOfAnswer(context, all)]) {
            try {
              read(bytes.subarray(0, cut))
            } catch (error) {
              expect(error).toBeInstanceOf(ValueBytesError)
            }
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    ['', 'cut off'],
    ['0c', 'unknown kind'],
    ['0000', 'bytes after'],
    ['07ffffffff', 'cut off'],
    ['0affffffff', 'cut off'],
    ['0800d80000', 'char'],
    ['08ffffffff', 'char'],
    ['04000000000000f83f', 'integer'],
  ])('is no value: %s', (hex, message) => {
    expect(() => hostValueOf(Buffer.from(hex, 'hex'))).toThrow(message)
  })
})
