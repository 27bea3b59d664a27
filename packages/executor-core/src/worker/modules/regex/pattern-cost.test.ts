import {
  type Arbitrary,
  array,
  assert,
  constantFrom,
  letrec,
  oneof,
  property,
  string,
  tuple,
} from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { costOf } from './pattern-cost.ts'

const ATOMS = [
  'a',
  'é',
  '😀',
  '.',
  '^',
  '$',
  '\\b',
  '\\B',
  '\\d',
  '\\W',
  '\\pL',
  '\\p{Greek}',
  '\\P{^L}',
  '\\x41',
  '\\x{1F600}',
  '\\(',
  '\\[',
  '\\\\',
  '\\Qa{3}(\\E',
  '\\123',
  '[a-z]',
  '[^a]',
  '[]a]',
  '[^]a]',
  '[(]',
  '[)]',
  '[{2}]',
  '[[:alpha:]-]',
  '[\\]]',
  '[a\\]{9}]',
  '[\\pL\\-]',
  '[a-]',
  '-',
  '{',
  '}',
  '{,3}',
  ']',
  '(?i)',
  '(?i:ß)',
  '(?:)',
  '()',
  '(|a)',
  '(?:|)',
  '\\A',
  '\\z',
] // prettier-ignore

const QUANTIFIERS = [
  '*',
  '+',
  '?',
  '*?',
  '{0}',
  '{1}',
  '{3}',
  '{2,}',
  '{0,4}',
  '{2,5}',
  '{7}?',
  '{10,}',
]

const { pattern } = letrec<{ pattern: string; part: string; atom: string }>((tie) => ({
  pattern: array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')),
  part: oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('atom'),
    tuple(tie('atom'), constantFrom(...QUANTIFIERS)).map(([atom, times]) => `(?:${atom})${times}`),
    tuple(tie('atom'), constantFrom(...QUANTIFIERS)).map(([atom, times]) => atom + times),
    tuple(tie('pattern'), constantFrom('', ...QUANTIFIERS)).map(
      ([body, times]) => `(${body})${times}`,
    ),
    tuple(tie('pattern'), constantFrom('', ...QUANTIFIERS)).map(
      ([body, times]) => `(?P<n>${body})${times}`,
    ),
    tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(?:${left}|${right})`),
  ),
  atom: constantFrom(...ATOMS),
})) as { pattern: Arbitrary<string> }

function instructionsOf(text: string): number | undefined {
  try {
    return RE2JS.compile(text).programSize()
  } catch {
    return undefined
  }
}

describe('what a pattern costs', () => {
  it('is never less than what the engine makes of it', () => {
    let valid = 0
    assert(
      property(
        oneof(pattern, string({ unit: constantFrom(...'a({[|)]}*?12,\\QEp^-:') })),
        (text) => {
          const instructions = instructionsOf(text)
          if (instructions === undefined) return
          valid += 1
          expect(costOf(text).instructions).toBeGreaterThanOrEqual(instructions)
        },
      ),
      { numRuns: 3000 },
    )
    expect(valid).toBeGreaterThan(1000)
  })

  it.each(['(?:(?P<n>){2,5}(?i){10,}|)', 'a{9}(?i){9}(?s-i){9}', '(a{9})(?U)*'])(
    'knows that flags alone are nothing to be repeated: %s',
    (text) => {
      expect(costOf(text).instructions).toBeGreaterThanOrEqual(instructionsOf(text) ?? 0)
    },
  )

  it('is not far more for usual ones', () => {
    const usual = [
      '^\\d{4}-\\d{2}-\\d{2}$',
      '[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}',
      '(foo|bar|baz){3}',
    ]
    for (const text of usual) {
      expect(costOf(text).instructions).toBeLessThan(3 * (instructionsOf(text) ?? 0) + 10)
    }
  })

  it('sees what makes classes dear', () => {
    expect(costOf('[\\pL\\PN]\\p{Greek}[^a-z]')).toMatchObject({ unicodeClasses: 3, wideRanges: 0 })
    expect(costOf('(?i)[a-\u{1E921}\\x{42}-\\x{1E921}]')).toMatchObject({
      wideRanges: 2,
      ignoresCase: true,
      isAnchored: false,
    })
    expect(costOf('(?:^a)')).toMatchObject({ isAnchored: true, ignoresCase: false })
  })
})
