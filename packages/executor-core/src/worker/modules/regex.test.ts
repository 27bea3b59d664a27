import { array, constantFrom, letrec, oneof, sample, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { value, text, caught, operations, limit } = moduleRuns()

describe('regex::', () => {
  it.each([
    ['regex::is_match(`^\\d+$`, "2024")', true],
    ['regex::is_match(`^\\d+$`, "x2024")', false],
    ['regex::is_match("", "")', true],
    ['regex::is_match(`(?i)straße`, "STRASSE")', false],
    ['regex::is_match(`(?i)ÄÖ`, "äö")', true],
    ['regex::is_match(`^.$`, "😀")', true],
    ['regex::is_match(`^\\p{Greek}+$`, "λόγος")', true],
    ['regex::find(`o+`, "foo boo")', { text: 'oo', start: 1, end: 3 }],
    ['regex::find(`b`, "😀b")', { text: 'b', start: 1, end: 2 }],
    ['regex::find(`x`, "abc") == ()', true],
    [
      'regex::find_all(`[a-z]`, "😀a1é😀b").map(|m| [m.text, m.start])',
      [
        ['a', 1],
        ['b', 5],
      ],
    ],
    [
      'regex::find_all(`a*`, "baac").map(|m| [m.start, m.end])',
      [
        [0, 0],
        [1, 3],
        [4, 4],
      ],
    ],
    ['regex::find_all(``, "😀b").map(|m| m.start)', [0, 1, 2]],
    ['regex::find_all(`(?m)^.*$`, "a\\nb").map(|m| m.text)', ['a', 'b']],
    ['regex::find_all(`\\bx\\b`, "x xx x").map(|m| m.start)', [0, 5]],
    [
      'regex::captures(`(?P<year>\\d+)-(?<month>\\d+)(T)?`, "on 2024-05")',
      {
        text: '2024-05',
        start: 3,
        end: 10,
        groups: ['2024-05', '2024', '05', null],
        named: { year: '2024', month: '05' },
      },
    ],
    ['regex::captures(`(a)|(b)`, "b").groups', ['b', null, 'b']],
    ['regex::captures(`(?P<__proto__>a)(?P<constructor>b)`, "ab").named.keys().len()', 2],
    ['regex::captures_all(`(.)=(.)`, "a=1,b=2").map(|m| m.groups[1])', ['a', 'b']],
    ['regex::replace(`\\s+`, " a  b ", "-")', '-a-b-'],
    [
      `regex::replace("(\\\\w+)@(?P<host>\\\\w+)", "me@home", "$2 \${1} \${host} $$1")`,
      'home me home $1',
    ],
    ['regex::replace(`b*`, "abc", "-")', '-a-c-'],
    ['regex::replace(`(x)?a`, "a", "[$1]")', '[]'],
    ['regex::replace_first(`a`, "aaa", "b")', 'baa'],
    ['regex::split(`,\\s*`, "a, b,c")', ['a', 'b', 'c']],
    ['regex::split(`,`, ",a,")', ['', 'a', '']],
    ['regex::split(`,`, "")', ['']],
    ['regex::split(``, "ab😀")', ['a', 'b', '😀']],
    ['regex::split(`,`, "a,b,c", 2)', ['a', 'b,c']],
    ['regex::split(`,`, "a,b,c", 1)', ['a,b,c']],
    ['regex::escape("a.b*[c]$")', 'a\\.b\\*\\[c\\]\\$'],
    ['let t = "1+1=2 (a|b)^{3}\\\\ \\n?"; regex::find(regex::escape(t), "x" + t).end', 20],
    // What the engine looks for as literal text, of every length.
    ['let p = ""; p.pad(40, "ab"); regex::find_all(p, "x" + p + p + "ab").len()', 2],
    ['regex::find_all("foo(?:bar|baz)", "foobaz foo foobar").map(|m| m.start)', [0, 11]],
    ['regex::find_all("a.b|cd", "xcd a b").map(|m| m.start)', [1, 4]],
  ])('gives %s', async (source, expected) => {
    const answer = await text(source)
    expect(typeof expected === 'string' ? answer : JSON.parse(answer)).toEqual(expected)
  })

  it.each([
    [
      'regex::is_match("(a", "")',
      'PIC_REGEX_INVALID: The pattern is not valid: missing closing ): `(a`',
    ],
    [
      'regex::is_match("a**", "")',
      'PIC_REGEX_INVALID: The pattern is not valid: invalid nested repetition operator: `**`',
    ],
    [
      'regex::is_match(`(a)\\1`, "")',
      'PIC_REGEX_INVALID: The pattern is not valid: invalid escape sequence: `\\1`',
    ],
    ['regex::is_match(`a(?=b)`, "")', /^PIC_REGEX_INVALID/],
    ['regex::is_match(`\\p{constructor}`, "")', /^PIC_REGEX_INVALID/],
    ['regex::is_match(`\\p{__proto__}`, "")', /^PIC_REGEX_INVALID/],
    ['regex::is_match(`(?P<a>x)(?P<a>y)`, "")', /^PIC_REGEX_INVALID/],
    [
      'regex::replace("a", "a", "$1")',
      'PIC_REGEX_REPLACEMENT: The replacement is not valid: the pattern has no group 1',
    ],
    [
      `regex::replace("a", "a", "\${b}")`,
      'PIC_REGEX_REPLACEMENT: The replacement is not valid: the pattern has no group b',
    ],
    [`regex::replace("a", "a", "\${__proto__}")`, /^PIC_REGEX_REPLACEMENT.*no group __proto__$/],
    [
      'regex::replace("a", "a", "5 $")',
      'PIC_REGEX_REPLACEMENT: The replacement is not valid: a dollar that is no reference is written $$',
    ],
    ['regex::split("a", "a", 0)', 'PIC_REGEX_PARTS: A text is split into one part at least, not 0'],
    [
      'let p = ""; p.pad(4097, "a"); regex::is_match(p, "")',
      'PIC_REGEX_TOO_LARGE: The pattern is too large: it is longer than 4096 characters',
    ],
    ['regex::is_match("(a{1000}){1000}", "")', /^PIC_REGEX_TOO_LARGE/],
    ['let p = ""; p.pad(1400, "a{1000}"); regex::is_match(p, "")', /^PIC_REGEX_TOO_LARGE/],
    [
      'let p = ""; p.pad(303, "(a)"); regex::is_match(p, "")',
      'PIC_REGEX_TOO_LARGE: The pattern is too large: it has more than 100 groups',
    ],
    ['let p = ""; p.pad(2000, "("); regex::is_match(p, "")', /^PIC_REGEX_(?:INVALID|TOO_LARGE)/],
  ])('refuses %s', async (expression, expected) => {
    const message = await caught(expression)
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })

  it('is not found for what is no text', async () => {
    expect(await caught('regex::is_match(1, "a")')).not.toMatch(/PIC_REGEX/)
  })

  it('pays for a pattern once in each run, whoever has used it before', async () => {
    const once = 'regex::is_match(`[a-f]{20}x`, "b")'
    const cost = await operations(once)
    expect(await operations(once)).toBe(cost)
    const many = await operations(`for i in 0..100 { ${once} }`)
    expect(many).toBeLessThan(2 * cost + 100 * 100)
  })

  it('costs in proportion to the text', async () => {
    const source = 'regex::find_all(`\\w+@\\w+`, request.body).len()'
    const small = await operations(source, 'mail me@home now. '.repeat(2000))
    const large = await operations(source, 'mail me@home now. '.repeat(20_000))
    expect(large / small).toBeGreaterThan(8)
    expect(large / small).toBeLessThan(12)
  })

  it('ends within the limits while it collects', async () => {
    const body = 'a'.repeat(500_000)
    const all = 'regex::find_all("a", request.body).len()'
    expect(await limit(all, { arrayItemsMax: 1000 }, body)).toMatch(/Size of array/)
    expect(await limit(all, { dataBytesMax: 100_000 }, body)).toMatch(/Size of data/)
    expect(await limit(all, { operationsMax: 100_000 }, body)).toMatch(/operations/i)
    const long = 'let w = ""; w.pad(1000, "x"); regex::replace("a", request.body, w).len()'
    expect(await limit(long, { stringBytesMax: 1_000_000 }, body)).toMatch(/Length of string/)
    expect(await value('regex::find_all("b", request.body).len()', body)).toBe(0)
  })
})

describe('matches', () => {
  const { regex } = letrec<{ regex: string; part: string }>((tie) => ({
    regex: array(tie('part'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    part: oneof(
      { maxDepth: 3 },
      constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\b', '\\d', '^', '$', '😀', 'é'),
      tuple(
        constantFrom('a', '[ab]', '.', '\\w', '😀'),
        constantFrom('*', '+', '?', '+?', '{2}', '{1,3}?'),
      ).map((both) => both.join('')),
      tie('regex').map((body) => `(?:${body})`),
      tuple(tie('regex'), tie('regex')).map(([left, right]) => `(?:${left}|${right})`),
    ),
  }))
  const texts = array(constantFrom('a', 'b', 'ab', '1', ' ', '\n', '😀', 'é'), { maxLength: 12 })

  it('are those JavaScript finds, which an engine of another kind does', async () => {
    const cases = sample(tuple(regex, texts), 400).map(([pattern, parts]) => [
      pattern,
      parts.join(''),
    ])
    const source = `parse_json(request.body).cases.map(|c|
      regex::find_all(c[0], c[1]).map(|m| [m.text, m.start]))`
    const found = await value(source, JSON.stringify({ cases }))
    const expected = cases.map(([pattern = '', subject = '']) => {
      const all = [...subject.matchAll(new RegExp(pattern, 'gu'))]
      // Of two matches in one place JavaScript gives the empty one, too.
      const kept = all.filter(({ 0: it, index }, i) => {
        const before = all[i - 1]
        return it !== '' || before === undefined || before.index + before[0].length !== index
      })
      return kept.map((match) => [match[0], [...subject.slice(0, match.index)].length])
    })
    expect(found).toEqual(expected)
  })
})
