import {
  assert,
  asyncProperty,
  bigInt,
  constantFrom,
  double,
  jsonValue,
  oneof,
  property,
  string,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { text, value, caught, limit, operations } = moduleRuns()

describe('json::parse', () => {
  it.each([['[1, 1.0, -0, -0.0, 1e2, true, null]', '["i64","f64","i64","f64","f64","bool","()"]']])(
    'keeps the types of %s',
    async (input, expected) => {
      expect(await text('json::parse(request.body).map(|x| type_of(x))', input)).toBe(expected)
    },
  )

  it.each([
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9007199254740993', '9007199254740993'],
    ['1.0', '1.0'],
    ['-0', '0'],
    ['\t[ 1 ,\r\n2 ] ', '[1,2]'],
    ['"\\u00e9\\ud83d\\ude00\\n\\/"', '"é😀\\n/"'],
    ['"\\ud800x"', '"\ufffdx"'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"__proto__":{"x":1},"constructor":2,"":3}', '{"":3,"__proto__":{"x":1},"constructor":2}'],
    ['"\u2028\u007f"', '"\u2028\u007f"'],
    [`${'['.repeat(200)}${']'.repeat(200)}`, `${'['.repeat(200)}${']'.repeat(200)}`],
  ])('and json::stringify: %.60s', async (input, expected) => {
    expect(await text('json::stringify(json::parse(request.body))', input)).toBe(expected)
  })

  it.each([
    [' ', 'PIC_JSON_INVALID: A value is missing (line 1, column 2)'],
    ['[1,]', 'PIC_JSON_INVALID: A value is missing (line 1, column 4)'],
    ['[1 2]', 'PIC_JSON_INVALID: A comma or ] is missing (line 1, column 4)'],
    ['{"a":1,}', 'PIC_JSON_INVALID: A key in quotes is missing (line 1, column 8)'],
    ['{"a" 1}', 'PIC_JSON_INVALID: A colon is missing (line 1, column 6)'],
    ['{a:1}', 'PIC_JSON_INVALID: A key in quotes is missing (line 1, column 2)'],
    ['{\n  "é😀": tru\n}', 'PIC_JSON_INVALID: A value is missing (line 2, column 9)'],
    ['1 1', 'PIC_JSON_INVALID: Nothing may follow the value (line 1, column 3)'],
    ['"a', 'PIC_JSON_INVALID: A string does not end (line 1, column 3)'],
    ['"a\\x"', 'PIC_JSON_INVALID: There is no such escape (line 1, column 3)'],
    ['"\\u12g4"', 'PIC_JSON_INVALID: There is no such escape (line 1, column 2)'],
    [
      '"a\nb"',
      'PIC_JSON_INVALID: A control character in a string must be escaped (line 1, column 3)',
    ],
    ['01', 'PIC_JSON_INVALID: Nothing may follow the value (line 1, column 2)'],
    ['+1', /PIC_JSON_INVALID/],
    ['.5', /PIC_JSON_INVALID/],
    ['1.', /PIC_JSON_INVALID/],
    ['NaN', /PIC_JSON_INVALID/],
    ["'a'", /PIC_JSON_INVALID/],
    ['[1] // x', /PIC_JSON_INVALID/],
    ['\u00a01', /PIC_JSON_INVALID/],
    ['9223372036854775808', /PIC_JSON_NUMBER: Whole numbers have 64 bits.*\(line 1, column 1\)/],
    [`-${'9'.repeat(10_000)}`, /PIC_JSON_NUMBER/],
    ['1e999', /PIC_JSON_NUMBER: The number is too large for a FLOAT/],
    ['['.repeat(100_000), 'PIC_JSON_DEPTH: Nested deeper than 200 levels (line 1, column 201)'],
  ])('refuses %.40s', async (input, expected) => {
    const message = await caught('json::parse(request.body)', input)
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })

  it('takes exactly what JSON.parse takes', async () => {
    const alphabet = [
      '[',
      ']',
      '{',
      '}',
      '"',
      ',',
      ':',
      '1',
      '-',
      '0',
      '.',
      'e',
      'null',
      ' ',
      '\\',
      'u00e9',
    ]
    const texts: string[] = []
    assert(
      property(string({ unit: constantFrom(...alphabet), maxLength: 8 }), (it) => {
        texts.push(it)
      }),
      { numRuns: 2000 },
    )
    const source = `json::parse(request.body).map(|t| { let ok = true; try { json::parse(t) } catch { ok = false } ok })`
    const taken = await value(source, JSON.stringify(texts))
    expect(taken).toEqual(texts.map(isJson))
  })

  it('ends within the limits', async () => {
    const source = 'json::parse(request.body).len()'
    const body = `[${'[],'.repeat(300_000)}[]]`
    expect(await limit(source, { arrayItemsMax: 1000 }, body)).toMatch(/Size of array/)
    expect(await limit(source, { dataBytesMax: 100_000 }, body)).toMatch(/Size of data/)
    expect(await limit(source, { operationsMax: 10_000 }, body)).toMatch(/operations/)
    const keys = `{${Array.from({ length: 2000 }, (_, i) => `"${i}":0`).join()}}`
    expect(await limit(source, { mapEntriesMax: 1000 }, keys)).toMatch(/Size of object map/)
  })

  it('reads a text of any length', async () => {
    const letters = JSON.stringify('\n'.repeat(2_000_000))
    expect(await value('json::parse(request.body).len()', letters)).toBe(2_000_000)
    expect(await caught('json::parse(request.body)', `1${'0'.repeat(4_000_000)}`)).toMatch(/NUMBER/)
    expect(await value('json::parse(request.body).len()', `[${' '.repeat(4_000_000)}1]`)).toBe(1)
  })

  it('costs in proportion to the text', async () => {
    const body = (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, i) => ({ id: i })))
    const small = await operations('json::parse(request.body).len()', body(1000))
    const large = await operations('json::parse(request.body).len()', body(10_000))
    expect(large / small).toBeGreaterThan(9)
    expect(large / small).toBeLessThan(11)
  })
})

describe('json::stringify', () => {
  it.each([
    ['json::stringify(())', 'null'],
    ["json::stringify('x')", '"x"'],
    ['json::stringify("\\u2028\\"\\x01")', '"\u2028\\"\\u0001"'],
    ['json::stringify([1, 2.0, 1e30, -0.0])', '[1,2.0,1e30,-0.0]'],
    ['json::stringify(blob(2, 7))', '[7,7]'],
    ['json::stringify(#{ b: [], a: #{} })', '{"a":{},"b":[]}'],
    [
      'json::stringify(#{ a: [1, #{ b: () }] }, 2)',
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ]\n}',
    ],
    ['json::stringify([1], 0)', '[1]'],
    ['let x = 5; x.tag = 3; json::stringify([x])', '[5]'],
  ])('writes %s', async (source, expected) => {
    expect(await text(source)).toBe(expected)
  })

  it.each([
    ['json::stringify([0.0 / 0.0])', 'PIC_JSON_NUMBER: JSON has no number for NaN'],
    ['json::stringify(1.0 / 0.0)', 'PIC_JSON_NUMBER: JSON has no number for infinity'],
    ['json::stringify(|x| x)', 'PIC_JSON_TYPE: JSON has nothing for a value of Fn'],
    ['json::stringify([0..5])', /PIC_JSON_TYPE/],
    ['json::stringify(timestamp())', /PIC_JSON_TYPE/],
    ['json::stringify(1, 11)', 'PIC_JSON_INDENT: The indentation is 0 to 10, not 11'],
    ['let a = []; for i in 0..201 { a = [a]; } json::stringify(a)', /PIC_JSON_DEPTH/],
  ])('refuses %s', async (expression, expected) => {
    const message = await caught(expression)
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })

  it('ends within the limits where parts are shared', async () => {
    const source = 'let a = [1]; for i in 0..40 { a = [a, a]; } json::stringify(a)'
    expect(await limit(source, { dataBytesMax: 4_000_000_000, operationsMax: 1_000_000 })).toMatch(
      /operations|too large/,
    )
    const text = 'let s = ""; s.pad(1000, "x"); let a = []; a.pad(1000, s); json::stringify(a)'
    expect(await limit(text, { stringBytesMax: 10_000 })).toMatch(/Length of string/)
  })

  it('writes what json::parse reads again, exactly', async () => {
    const data = oneof(
      jsonValue({ maxDepth: 4 }),
      bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((int) => String(int)),
      double({ noNaN: true, noDefaultInfinity: true }),
    ).filter(fitsInts)
    await assert(
      asyncProperty(data, async (it) => {
        const input = JSON.stringify(it)
        const again = await text(
          'json::stringify(json::parse(json::stringify(json::parse(request.body))))',
          input,
        )
        expect(JSON.parse(again)).toEqual(positive(JSON.parse(input)))
      }),
      { numRuns: 100 },
    )
  })
})

/** Whether no number is written as a whole one that has more than 64 bits: those are refused. */
function fitsInts(data: unknown): boolean {
  let fits = true
  JSON.stringify(data, (_key, it) => {
    if (typeof it === 'number' && /^-?\d+$/.test(String(it)) && Math.abs(it) >= 2 ** 63)
      fits = false
    return it
  })
  return fits
}

/** A whole number has no negative zero. */
function positive(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data))
}

function isJson(it: string): boolean {
  try {
    JSON.parse(it)
    return true
  } catch {
    return false
  }
}
