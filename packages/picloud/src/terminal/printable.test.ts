import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printableLine, printableText } from './printable.ts'

describe('printable text', () => {
  it('escapes what a terminal would act on', () => {
    expect(printableLine('a\u{1b}[31mred\r\n\tb\u{9b}')).toBe('a\\u{1b}[31mred\\r\\n\\tb\\u{9b}')
    expect(printableText('a\u{1b}[2J\r\n\tb\u{202e}c')).toBe('a\\u{1b}[2J\\r\n\tb\\u{202e}c')
  })

  it('leaves every other text as it is', () => {
    expect(printableLine('Grüße, 世界 👋')).toBe('Grüße, 世界 👋')
  })

  it('never lets a control character through, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printableLine(text)).not.toMatch(/\p{Cc}/u)
        expect(printableText(text).replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u)
      }),
    )
  })
})
