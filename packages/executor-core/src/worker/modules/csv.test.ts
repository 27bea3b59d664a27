import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { value, text, caught, limit, operations } = moduleRuns()

describe('csv::parse', () => {
  it.each([
    [
      'a,b\r\nc,d\r\n',
      '',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\nc,',
      '',
      [
        ['a', 'b'],
        ['c', ''],
      ],
    ],
    ['a\rb', '', [['a'], ['b']]],
    ['\n\na\n\n', '', [['a']]],
    [
      '"a ""b""\r\nc",","\n" ",',
      '',
      [
        ['a "b"\r\nc', ','],
        [' ', ''],
      ],
    ],
    ['""', '', [['']]],
    ['a;b,c;d', '#{ delimiter: ";" }', [['a', 'b,c', 'd']]],
    ['a]b^c', '#{ delimiter: "]" }', [['a', 'b^c']]],
    ['a😀b', '#{ delimiter: "😀" }', [['a', 'b']]],
    ['a\tb', '#{ delimiter: "\\t" }', [['a', 'b']]],
    [
      'name,n\nann,1\nbob,2',
      '#{ headers: true }',
      [
        { name: 'ann', n: '1' },
        { name: 'bob', n: '2' },
      ],
    ],
    ['a,b', '#{ headers: true }', []],
    ['constructor,toString\n1,2', '#{ headers: true }', [{ constructor: '1', toString: '2' }]],
  ])('reads %j %s', async (input, options, expected) => {
    const call =
      options === '' ? 'csv::parse(request.body)' : `csv::parse(request.body, ${options})`
    expect(await value(call, input)).toEqual(expected)
  })

  it('takes __proto__ for a key, and a byte order mark for none', async () => {
    const source =
      'let r = csv::parse("\\ufeff" + request.body, #{ headers: true })[0]; [r["__proto__"], r.x, r.keys().len()]'
    expect(await value(source, '__proto__,x\n1,2')).toEqual(['1', '2', 2])
  })

  it.each([
    ['a,b\n\n1\n', 'PIC_CSV_INVALID: There are 1 fields where there should be 2 (line 3)'],
    ['a\n"x\ny"\n1,2', 'PIC_CSV_INVALID: There are 2 fields where there should be 1 (line 4)'],
    ['a\nb"c', 'PIC_CSV_INVALID: A quote stands inside a field without quotes (line 2)'],
    ['a\n"b"c', 'PIC_CSV_INVALID: Text stands behind a field in quotes (line 2)'],
    ['a\n"b\nc', 'PIC_CSV_INVALID: A quote has no end (line 2)'],
  ])('refuses %j', async (input, expected) => {
    expect(await caught('csv::parse(request.body)', input)).toBe(expected)
  })

  it.each([
    ['csv::parse("a,a", #{ headers: true })', 'PIC_CSV_HEADER: Two headers are called "a"'],
    ['csv::parse("a", #{ delimiter: "" })', /PIC_OPTION_INVALID/],
    ['csv::parse("a", #{ delimiter: ";;" })', /PIC_OPTION_INVALID/],
    ['csv::parse("a", #{ delimiter: "\\n" })', /PIC_OPTION_INVALID/],
    ['csv::parse("a", #{ header: true })', /PIC_OPTION_INVALID: csv::parse has no option "header"/],
  ])('refuses %s', async (expression, expected) => {
    expect(await caught(expression)).toMatch(expected)
  })

  it('is metered, and bounded', async () => {
    const rows = 'a,b\n'.repeat(100_000)
    const all = 'csv::parse(request.body).len()'
    expect(await limit(all, { arrayItemsMax: 1000 }, rows)).toMatch(/Size of array/)
    expect(await limit(all, { arrayItemsMax: 1000 }, ','.repeat(2000))).toMatch(/Size of array/)
    expect(await limit(all, { dataBytesMax: 100_000 }, rows)).toMatch(/Size of data/)
    expect(await limit(all, { operationsMax: 100_000 }, rows)).toMatch(/operations/)
    expect(
      await limit(
        'csv::parse(request.body, #{ headers: true })',
        { mapEntriesMax: 1000 },
        Array.from({ length: 2000 }, (_, i) => i).join(),
      ),
    ).toMatch(/object map/)
    const quotes = `"${'""'.repeat(300_000)}"`
    expect(await value('csv::parse(request.body)[0][0].len()', quotes)).toBe(300_000)
    expect(
      (await operations(all, rows)) / (await operations(all, 'a,b\n'.repeat(10_000))),
    ).toBeCloseTo(10, 0)
  })
})

describe('csv::stringify', () => {
  it.each([
    ['csv::stringify([["a", 1], [2.5, ()], [true, \'c\']])', 'a,1\r\n2.5,\r\ntrue,c\r\n'],
    ['csv::stringify([["a,b", "c\\"d", "e\\nf", " g"]])', '"a,b","c""d","e\nf"," g"\r\n'],
    ['csv::stringify([[""], [()]])', '""\r\n""\r\n'],
    ['csv::stringify([])', ''],
    ['csv::stringify([#{ b: 1, a: 2 }, #{ a: 3 }])', 'a,b\r\n2,1\r\n3,\r\n'],
    [
      'csv::stringify([#{ b: 1 }], #{ headers: ["b", "a"], newline: "\\n", delimiter: ";" })',
      'b;a\n1;\n',
    ],
    ['csv::stringify([[1]], #{ headers: ["x"] })', 'x\r\n1\r\n'],
    [
      'csv::stringify([["=1+1", "@x", "-1", -1, "+", "a=1", "\\tx"]], #{ guard_formulas: true })',
      `'=1+1,'@x,'-1,-1,'+,a=1,"'\tx"\r\n`.replace(`"'\tx"`, "'\tx"),
    ],
    ['csv::stringify([["=1+1"]])', '=1+1\r\n'],
  ])('writes %s', async (source, expected) => {
    expect(await text(source)).toBe(expected)
  })

  it.each([
    [
      'csv::stringify([[1], 2])',
      'PIC_CSV_VALUE: Row 1 cannot be written: rows are arrays, or all of them maps',
    ],
    [
      'csv::stringify([[#{}]])',
      'PIC_CSV_VALUE: Row 0 cannot be written: a field cannot be a value of map',
    ],
    [
      'csv::stringify([#{ a: 1 }, #{ b: 1 }])',
      'PIC_CSV_VALUE: Row 1 cannot be written: there is no header for "b"',
    ],
    [
      'csv::stringify([[1]], #{ headers: ["a", "b"] })',
      /PIC_CSV_VALUE: Row 0.*1 fields for 2 headers/,
    ],
    ['csv::stringify([[1]], #{ headers: true })', /PIC_OPTION_INVALID/],
    ['csv::stringify([[1]], #{ headers: ["a", "a"] })', /PIC_CSV_HEADER/],
    ['csv::stringify([[1]], #{ newline: "\\r" })', /PIC_OPTION_INVALID/],
  ])('refuses %s', async (expression, expected) => {
    expect(await caught(expression)).toMatch(expected)
  })

  it('writes what csv::parse reads', async () => {
    const field = array(constantFrom('a', '"', ',', ';', '\n', '\r', '\r\n', ' ', '=', 'é😀', ''), {
      maxLength: 5,
    }).map((it) => it.join(''))
    const rows = array(array(field, { minLength: 2, maxLength: 2 }), { maxLength: 5 })
    await assert(
      asyncProperty(rows, constantFrom(',', ';', '\t'), async (given, delimiter) => {
        const options = `#{ delimiter: ${JSON.stringify(delimiter)} }`
        const source = `csv::parse(csv::stringify(json::parse(request.body), ${options}), ${options})`
        expect(await value(source, JSON.stringify(given))).toEqual(given)
      }),
      { numRuns: 60 },
    )
  })

  it('ends at the length of a string', async () => {
    const source = 'let a = []; a.pad(1000, ["xxxxxxxxxx"]); csv::stringify(a)'
    expect(await limit(source, { stringBytesMax: 2000 })).toMatch(/Length of string/)
  })
})
