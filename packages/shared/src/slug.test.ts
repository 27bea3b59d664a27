import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newSlugSchema, slugSchema } from './api/primitives.ts'
import { newId } from './ids.ts'
import { isSlugForm, judgeSlug, RESERVED_SLUGS, SLUG_LENGTH_MAX } from './slug.ts'

const PAGE = readFileSync(new URL('../../../docs/reference/apps.md', import.meta.url), 'utf8')
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const alphanumeric = fc.constantFrom(...ALPHABET)
const inner = fc.array(fc.constantFrom(...ALPHABET, '-'), { maxLength: SLUG_LENGTH_MAX - 2 })
/** Every text of the form, and of the form alone. */
const label = fc.oneof(
  alphanumeric,
  fc
    .tuple(alphanumeric, inner, alphanumeric)
    .map(([first, between, last]) => first + between.join('') + last),
)

describe('judgeSlug', () => {
  it.each([
    ['', 'invalid'],
    ['a', 'allowed'],
    ['0', 'allowed'],
    ['my-shop-2', 'allowed'],
    ['a--b', 'allowed'],
    ['ab--c', 'invalid'],
    ['xn--bcher-kva', 'invalid'],
    ['-shop', 'invalid'],
    ['shop-', 'invalid'],
    ['Shop', 'invalid'],
    ['my_shop', 'invalid'],
    ['my.shop', 'invalid'],
    ['bücher', 'invalid'],
    ['shop\n', 'invalid'],
    ['slug:check', 'invalid'],
    ['a'.repeat(SLUG_LENGTH_MAX), 'allowed'],
    ['a'.repeat(SLUG_LENGTH_MAX + 1), 'invalid'],
    [newId(), 'invalid'],
    ['default', 'allowed'],
    ['admin', 'reserved'],
    ['api', 'reserved'],
    ['admin-2', 'allowed'],
  ])('%j is %s', (text, kind) => {
    const verdict = judgeSlug(text)
    expect(verdict.kind).toBe(kind)
    if (verdict.kind !== 'allowed') expect(verdict.why).toMatch(/^[A-Z].*\.$/)
  })

  it('allows every DNS label that is not an id, an encoding or a reserved word', () => {
    fc.assert(
      fc.property(label, (text) => {
        const kept = RESERVED_SLUGS.has(text) || text.slice(2, 4) === '--'
        expect(judgeSlug(text).kind === 'allowed').toBe(!kept)
        expect(isSlugForm(text)).toBe(true)
      }),
    )
  })

  it('allows nothing that would not stand unescaped in a URL, a host and a command', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webPath(), label), (text) => {
        if (judgeSlug(text).kind !== 'allowed') return
        expect(encodeURIComponent(text)).toBe(text)
        expect(new URL(`http://${text}.example.com/`).hostname).toBe(`${text}.example.com`)
        expect(text.length).toBeLessThanOrEqual(SLUG_LENGTH_MAX)
      }),
    )
  })

  it('refuses what one wrong character makes of a slug', () => {
    const wrong = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })
    fc.assert(
      fc.property(label, wrong, fc.nat(), (text, character, at) => {
        fc.pre(!/^[a-z0-9-]$/.test(character))
        const index = at % (text.length + 1)
        const spoilt = text.slice(0, index) + character + text.slice(index)
        expect(judgeSlug(spoilt).kind).toBe('invalid')
        expect(isSlugForm(spoilt)).toBe(false)
      }),
    )
  })

  it('is what the schemas say', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), label, fc.constantFrom(...RESERVED_SLUGS.keys())),
        (text) => {
          expect(newSlugSchema.safeParse(text).success).toBe(judgeSlug(text).kind === 'allowed')
          expect(slugSchema.safeParse(text).success).toBe(isSlugForm(text))
        },
      ),
    )
  })

  it('reserves words that could be slugs, or there were no need to', () => {
    for (const word of RESERVED_SLUGS.keys()) expect(isSlugForm(word)).toBe(true)
  })

  it('reserves the words that docs/reference/apps.md lists, for the reasons it gives', () => {
    const table = PAGE.split('| reserved |')[1]?.split('\n\n')[0] ?? ''
    const rows = [...table.matchAll(/^\| (`.*`) \| (.*) \|$/gm)].flatMap(([, words = '', why]) =>
      [...words.matchAll(/`(.+?)`/g)].map(([, word]) => [word, why]),
    )
    expect(rows).toEqual([...RESERVED_SLUGS])
  })
})
