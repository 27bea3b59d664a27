import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storableJson, storableText } from './storable-text.ts'

describe('storableText', () => {
  it('replaces what PostgreSQL cannot hold and nothing else', () => {
    expect(storableText('a\0b')).toBe('a\u{fffd}b')
    expect(storableText('\ud800x')).toBe('\u{fffd}x')
    expect(storableText('größe 🦀')).toBe('größe 🦀')
    expect(storableText(null)).toBeNull()
  })
})

describe('storableJson', () => {
  it('keeps an escape that only looks like one, such as a logged backslash', () => {
    const value = { text: '\\u0000 \\ud800' }
    expect(JSON.parse(storableJson(value) ?? '')).toEqual(value)
  })

  it('replaces in names of members and in depth too', () => {
    expect(storableJson([{ '\0': ['\udfff'] }])).toBe('[{"\u{fffd}":["\u{fffd}"]}]')
  })

  it('gives well-formed JSON without NUL for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = storableJson(value)
        if (text === null) return
        const walk = (part: unknown): void => {
          if (typeof part === 'string') {
            expect(part.includes('\0')).toBe(false)
            expect(part.isWellFormed()).toBe(true)
          } else if (typeof part === 'object' && part !== null) {
            for (const [name, member] of Object.entries(part)) {
              walk(name)
              walk(member)
            }
          }
        }
        walk(JSON.parse(text))
      }),
    )
  })
})
