import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CallContext } from './call-context.ts'
import { includesText, removeText, replaceText, TextSearch } from './text-search.ts'

class Meter {
  charged = 0
  readonly limits = { stringBytesMax: 0 }
  charge(operations: number): void {
    this.charged += operations
  }
}

const context = (): CallContext => new Meter() as unknown as CallContext

/** Few different chars, so that parts are found, and long enough for both ways of searching. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '中'), maxLength: 3000 })
const part = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '中'), minLength: 1, maxLength: 4 }),
  fc
    .tuple(fc.constantFrom('a', 'ab', '中b'), fc.integer({ min: 17, max: 60 }))
    .map(([unit, times]) => unit.repeat(times)),
)
/** A text that holds the part many times over, and nearly holds it in between. */
const repeated = fc
  .tuple(part, fc.array(fc.constantFrom('', 'a', 'b', '中'), { maxLength: 40 }))
  .map(([piece, between]) => between.map((each) => piece + each).join(piece.slice(1)))

describe('a search', () => {
  it('finds what JavaScript finds', () => {
    fc.assert(
      fc.property(fc.oneof(text, repeated), part, fc.nat(3000), (whole, piece, from) => {
        const search = new TextSearch(context(), whole, piece)
        const start = Math.min(from, whole.length)
        expect(search.next(start)).toBe(whole.indexOf(piece, start))
        const last = start < piece.length ? -1 : whole.lastIndexOf(piece, start - piece.length)
        expect(search.previous(start)).toBe(last)
        expect(includesText(context(), whole, piece)).toBe(whole.includes(piece))
      }),
    )
  })

  it('replaces and removes what JavaScript does', () => {
    fc.assert(
      fc.property(fc.oneof(text, repeated), part, fc.constantFrom('', '$&', 'xyz'), (...all) => {
        const [whole, piece, substitute] = all
        const expected = whole.split(piece).join(substitute)
        expect(replaceText(context(), whole, piece, substitute)).toBe(expected)
        expect(removeText(context(), whole, piece)).toBe(whole.split(piece).join(''))
      }),
    )
  })

  it('finds all of them in texts too long to be cut at once', () => {
    const whole = 'abc,'.repeat(30_000)
    expect(replaceText(context(), whole, ',', '; ')).toBe('abc; '.repeat(30_000))
    expect(replaceText(context(), whole, '?', '; ')).toBe(whole)
  })
})

describe('the work of a search', () => {
  /** With the wrong algorithm these take minutes. */
  const SIZE = 400_000
  const xs = 'x'.repeat(SIZE)
  it.each([
    ['different in the middle', `${'x'.repeat(50_000)}y${'x'.repeat(50_000)}`],
    ['different at the end', `${'x'.repeat(50_000)}y`],
    ['different at the beginning', `y${'x'.repeat(50_000)}`],
    ['short and different at the end', `${'x'.repeat(31)}y`],
  ])('grows with the text alone for a part that is %s', (_name, hostile) => {
    const meter = new Meter()
    const search = new TextSearch(meter as unknown as CallContext, xs, hostile)
    expect(search.next(0)).toBe(-1)
    expect(search.previous(xs.length)).toBe(-1)
    expect(meter.charged).toBeLessThan(SIZE)
    expect(meter.charged).toBeGreaterThan(SIZE / 32)
  })

  it('is charged for what was looked at, not for what stands behind', () => {
    const meter = new Meter()
    const search = new TextSearch(meter as unknown as CallContext, `y${xs}`, 'y')
    const before = meter.charged
    expect(search.next(0)).toBe(0)
    expect(meter.charged - before).toBeLessThan(100)
  })
})
