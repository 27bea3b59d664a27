/**
 * Patterns that take other engines an eternity, or ours the most: each ends by itself or by its
 * charge, in a time that grows with the operations and nothing else.
 */
import { describe, expect, it } from 'vitest'
import { moduleRuns } from '../module-runs.contract.ts'

const { run } = moduleRuns()

const LENGTH = 100_000
const OPERATIONS_MAX = 2_000_000
/** Many times what an operation takes: what must not happen takes thousands of times as much. */
const MS_PER_OPERATION = 0.000_25
const MS_BESIDES = 500

const A = 'a'.repeat(LENGTH)
const words = (word: string) => word.repeat(Math.ceil(LENGTH / word.length))

const EVIL: readonly (readonly [pattern: string, text: string])[] = [
  ['(a+)+$', `${A}!`],
  ['^(a+)+$', `${A}!`],
  ['([a-zA-Z]+)*$', `${A}!`],
  ['(a|aa)+$', `${A}!`],
  ['(a|a?)+$', `${A}!`],
  ['(.*a){25}$', `${A}!`],
  ['(?:.*a){100}[^a]$', A],
  ['(a*)*b', A],
  ['(a*)*[bc]', A],
  ['((a*)*)*[bc]', A],
  ['(?:a?){500}[bc]', A],
  ['(?:a?){300}a{300}$', A],
  ['(a?){90}a{90}[bc]', A],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', A],
  ['(\\w+\\s?)+!$', words('word ')],
  ['^(\\w+\\s?)*$', `${words('word ')}!`],
  ['(\\d+)+\\.(\\d+)+x', words('1234567.')],
  ['\\s+$', `x${' '.repeat(LENGTH)}x`],
  ['^\\s+|\\s+$', `x${' '.repeat(LENGTH)}x`],
  ['(.*)(.*)(.*)(.*)=', A],
  ['.*.*=.*', A],
  ['x.*x.*x.*x.*[yz]', words('x')],
  ['(?s).*?,.*?,.*?,.*?,.*?[pq]', words('1,')],
  ['^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.|$)){4}', words('1.')],
  ['^([a-zA-Z0-9_.-]+)+@([a-zA-Z0-9-]+\\.)+[a-z]{2,}$', `${A}@${A}`],
  ['^(https?://)?([\\da-z.-]+)\\.([a-z.]{2,6})([/\\w .-]*)*/?$', `http://${A}!`],
  ['<(\\w+)[^>]*>[^<]*</\\w+x>', words('<a>')],
  ['<!--(?:-?[^>-])*--x', `<!--${A}`],
  ['"(?:[^"\\\\]|\\\\.)*"x', words('\\"')],
  ['(?:"[^"]*"|[^,])*;', words('"",')],
  ['(x+x+)+y', words('x')],
  ['(a+)*\\b\\B', A],
  ['((((((((a*)*)*)*)*)*)*)*)*[bc]', A],
  ['(?:a|b|ab|ba|aba|bab)*c', words('ab')],
  ['(?:ab?|a)*[cd]', A],
  ['a.*b|a', A],
  ['a[^b]*b|a', A],
  ['(?:a.{0,200}b)|a', A],
  ['', A],
  ['\\b|\\B|$|^', A],
  ['(?i)k+ſ', 'K'.repeat(LENGTH)],
  ['(?:|a)(?:|a)(?:|a)(?:|a)(?:|a)(?:|a)*[bc]', A],
  ['(?:(?:\\b|\\B){50}a?)*[bc]', A],
  ['(()|a)(()|a)(()|a)(()|a)(()|a)(()|a)(()|a)(()|a)*[bc]', A],
  ['[\\x{0}-\\x{1000}]{400}[^\\pL\\pN]', 'é'.repeat(LENGTH)],
  ['(?:\\pL|\\PL){300}x', '😀é'.repeat(LENGTH / 2)],
  ['(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)*[bc]', A],
]

const CALLS = {
  'captures_all, small texts': 'let s = 0; for i in 0..100 { s += f(text.sub_string(i, 200)); } s',
  'captures_all, one large text': 'f(text)',
} as const

describe.each(EVIL)('regex %s', (pattern, text) => {
  const quoted = JSON.stringify(pattern)
  it.each(Object.entries(CALLS))('ends in time: %s', async (_name, call) => {
    const source = `fn f(t) { regex::captures_all(${quoted}, t).len() } let text = request.body; ${call}`
    const outcome = await run(source, { operationsMax: OPERATIONS_MAX }, text)
    if (outcome.kind === 'failure') {
      expect(outcome.failure.message).toMatch(/Too many operations|too large/)
    }
    const msMax = MS_BESIDES + outcome.operations * MS_PER_OPERATION
    expect(outcome.durationMs).toBeLessThan(msMax)
  })
})

describe('compiling', () => {
  const repeated = (part: string) => part.repeat(Math.floor(4000 / part.length))
  it.each([
    repeated('\\pL'),
    `(?i)${repeated('\\PL')}`,
    `(?i)[${repeated('B-\u{1E921}')}]`,
    `(?i)${repeated('[\\x{42}-\\x{1E921}]')}`,
    `(?i)${repeated('\\pL|\\PL|')}`,
    `^(?:${Array.from({ length: 480 }, (_, i) => `[${String.fromCodePoint(0x4e00 + 4 * i)}]x`).join('|')})$`,
    repeated('(?:a{3}|'),
    `${'(?:'.repeat(600)}a${')*'.repeat(600)}`,
    repeated('\\Q(a{9}\\E'),
    repeated('[[:^alpha:]]'),
    repeated('.{99}'),
    'x{1000}{1000}',
    '((((x{10}){10}){10}){10}){10}',
  ])('ends in time: %.40s', async (pattern) => {
    const source =
      'let n = 0; loop { n += 1; try { regex::is_match(request.body + n, "") } catch {} }'
    const outcome = await run(source, { operationsMax: OPERATIONS_MAX }, pattern)
    expect(outcome).toMatchObject({
      kind: 'failure',
      failure: { limit: { name: 'operationsMax' } },
    })
    expect(outcome.durationMs).toBeLessThan(MS_BESIDES + outcome.operations * MS_PER_OPERATION)
  })
})
