/**
 * What the functions of the library do, area by area. The recorded results of the reference engine
 * cover each function broadly; here stand the rules a reader might trip over.
 */
import { canonicalText, compile } from '@picloud/rhai'
import { describe, expect, it } from 'vitest'

/** The canonical text of a script's value, or its error. */
function check(source: string, expected: string): void {
  let actual: string
  try {
    actual = canonicalText(compile(source).instantiate().run().value)
  } catch (error) {
    actual = String(error).replaceAll(/anon\$\d+/g, 'anon$')
  }
  expect(actual).toBe(expected)
}

describe('strings count chars, not UTF-16 units', () => {
  it.each([
    ['"a😀b".len', '3'],
    ['"a😀b"[1]', `'😀'`],
    ['"a😀b".sub_string(1, 1)', '"😀"'],
    ['"a😀b".index_of("b")', '2'],
    ['"a😀b".split("")', '["","a","😀","b",""]'],
    ['let s = "a😀b"; s[1] = \'x\'; s', '"axb"'],
    ['let s = "a😀b"; s.replace("", "-"); s', '"-a-😀-b-"'],
    ['let s = "é"; s.pad(4, "😀x"); s', '"é😀x😀"'],
    ['"a😀b".chars(-2).to_string()', '"range"'],
    ['let s = "a😀b"; [s.pop(), s.pop(), s]', `['b','😀',"a"]`],
  ])('%s', check)
})

describe('ranges clamp a negative start, pairs count it from the end', () => {
  it.each([
    ['"hello".sub_string(-3..9)', '"hello"'],
    ['"hello".sub_string(-3, 9)', '"llo"'],
    ['"hello".sub_string(3..=1)', '"l"'],
    ['"hello".sub_string(3..1)', '""'],
    ['[1, 2, 3].extract(-2, 1)', '[2]'],
    ['[1, 2, 3].extract(-2..1)', '[1]'],
    ['let a = [1, 2, 3]; [a.retain(5, 0), a]', '[[],[1,2,3]]'],
    ['let b = blob(3, 7); [b.retain(5, 1), b]', '[blob[7,7,7],blob[]]'],
  ])('%s', check)
})

describe('replacing takes both texts as they are, however long the text', () => {
  const parts = ['a', '.', '$', '$&', '\\\\', '[x]', '(a|b)*', '^a{2}?+-/', 'é', '😀', "'"]
  const cases = parts.flatMap((part) =>
    ['', '$', '$&', '$$', part].map((by) => [part, by] as const),
  )
  it.each(cases)('%s by %s', (part, by) => {
    for (const times of [1, 1000]) {
      const source = `let s = text; s.replace(part, by); s`
      const text = `b${part}a`.repeat(times)
      const program = compile(source, { globals: ['text', 'part', 'by'] }).instantiate()
      const { value } = program.run({ globals: { text, part, by } })
      expect(value).toBe(text.split(part).join(by))
    }
  })
})

describe('callbacks take what they have parameters for', () => {
  it.each([
    ['[5, 6].map(|x| x * 2)', '[10,12]'],
    ['[5, 6].map(|x, i| x * i)', '[0,6]'],
    ['[5, 6].map(|| this + 1)', '[6,7]'],
    ['let a = [5, 6]; a.map(|| { this += 1; 0 }); a', '[6,7]'],
    ['[5, 6].map("to_hex")', '["5","6"]'],
    ['fn f(x, i) { x - i } [5, 6].map(Fn("f"))', '[5,5]'],
    ['let k = 3; [1].map(|x| x + k)', '[4]'],
    ['[1, 2].reduce(|sum, x| sum + x, 10)', '13'],
    ['[1, 2].reduce(|sum| sum + this, 10)', '13'],
    ['#{a: 1}.map(|k, v| k + v)', '#{"a":"a1"}'],
    ['#{a: 1}.map(|k| k + this)', '#{"a":"a1"}'],
    ['["len", "x"].index_of("len")', '-1'],
    ['["len", "x"].contains("len")', 'true'],
  ])('%s', check)

  it('names the library function when no form fits', () =>
    check(
      '[1].map(|a, b, c| a)',
      'Function not found: anon$ (i64, i64) (line 1, position 5)\n' +
        "in call to function 'map' (line 1, position 5)",
    ))
})

describe('a callback that throws', () => {
  it.each([
    [
      'let a = [1, 2, 3, 4]; try { a.drain(|x| { if x == 3 { throw 0; } x == 1 }); } catch { } a',
      '[2,3,4]',
    ],
    [
      'let m = #{a: 1, b: 2, c: 3}; try { m.drain(|k, v| { if v == 2 { throw 0; } true }); } catch { } m',
      '#{"c":3}',
    ],
    ['let a = [2, 1]; a.sort(|x, y| { throw 0; }); a', '[2,1]'],
  ])('%s', check)
})

describe('sorting', () => {
  it.each([
    ['[3, -1, 2].order()', '[-1,2,3]'],
    ['[3, -1, 2].order_desc()', '[3,2,-1]'],
    [
      '[9223372036854775807, 1, -9223372036854775808].order()',
      '[-9223372036854775808,1,9223372036854775807]',
    ],
    ['["b", "\u{10ffff}", "\uffff"].order()', '["b","\uffff","\u{10ffff}"]'],
    ['[2, (), 1].order(|x, y| (x ?? 0) - (y ?? 0))', '[(),1,2]'],
    ['[3, 1, 2].order(|x, y| x < y)', '[1,2,3]'],
    [
      'let a = [1, 1.5]; a.sort()',
      'Function not found: elements of different types cannot be sorted (line 1, position 21)',
    ],
  ])('%s', check)
})

describe('blobs', () => {
  it.each([
    ['let b = blob(); for i in 0..40 { b.push(i); } [b.len, b[39]]', '[40,39]'],
    ['let b = blob(2, 300); b', 'blob[44,44]'],
    ['let b = blob(4); b.write_be(0, 2, 0x0102030405060708); b', 'blob[1,2,0,0]'],
    ['let b = blob(2, 1); b.parse_be_int(0, 2)', '72339069014638592'],
    ['let b = "é😀".to_blob(); [b.len, b.as_string()]', '[6,"é😀"]'],
    ['let b = blob(1, 255); b.as_string()', '"\ufffd"'],
  ])('%s', check)
})

describe('maps list their keys in byte order', () => {
  it.each([
    ['#{b: 1, a: 2}.keys()', '["a","b"]'],
    ['#{"\uffff": 1, "\u{10000}": 2, z: 3}.values()', '[3,1,2]'],
    ['let m = #{}; for i in 0..20 { m[i.to_string()] = i; } m.keys()[2]', '"10"'],
  ])('%s', check)

  it('holds names that mean something to JavaScript like any other', () =>
    check(
      'let m = #{}; m["__proto__"] = 1; m.constructor = 2; [m.__proto__, m.constructor, m.toString]',
      '[1,2,()]',
    ))
})
