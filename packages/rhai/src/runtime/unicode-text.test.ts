import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareText } from './map-keys.ts'
import { charAt, charCount, indexAt, offsetOf, sliceChars, utf8Length } from './unicode-text.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'é', '日', '😀', '\u{10ffff}', '\uffff') })
const index = fc.integer({ min: 0, max: 12 })

it('counts and finds code points', () => {
  fc.assert(
    fc.property(text, index, (value, at) => {
      const chars = Array.from(value)
      expect(charCount(value)).toBe(chars.length)
      expect(charAt(value, at)?.text).toBe(chars[at])
      expect(offsetOf(value, at)).toBe(chars.slice(0, at).join('').length)
      if (at <= chars.length) expect(indexAt(value, offsetOf(value, at))).toBe(at)
    }),
  )
})

it('slices by code points', () => {
  fc.assert(
    fc.property(text, index, index, (value, start, length) => {
      const expected = Array.from(value)
        .slice(start, start + length)
        .join('')
      expect(sliceChars(value, start, start + length)).toBe(expected)
    }),
  )
})

it('measures and orders like UTF-8', () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(utf8Length(left)).toBe(Buffer.byteLength(left))
      const order = Buffer.compare(Buffer.from(left), Buffer.from(right))
      expect(Math.sign(compareText(left, right))).toBe(order)
    }),
  )
})
