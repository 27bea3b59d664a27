/**
 * Tags on values: they go wherever their value goes, and change nothing else.
 *
 * Each way a value can move, and each way it can be looked at, is tried with every type of value.
 */
import { describe, expect, it } from 'vitest'
import {
  ANY,
  arrayItems,
  canonicalText,
  compile,
  Host,
  hostFunction,
  isArray,
  isMap,
  mapEntries,
  mapGet,
  RhaiError,
  toJsonText,
} from '../src/index.ts'

const VALUES = [
  '()',
  'true',
  '42',
  '9007199254740993',
  '1.5',
  "'c'",
  '"text"',
  `"${'long text '.repeat(100)}"`,
  '[1, 2]',
  'blob(2, 7)',
  '#{a: 1}',
  '1..5',
  '1..=5',
  '|v| v',
  'Fn("len")',
  'timestamp()',
  '"abc".chars()',
]

interface Outcome {
  /** The canonical text of a script's value and its output, or its error. */
  readonly text: string
  readonly operations: number | undefined
}

function outcome(source: string): Outcome {
  const output: string[] = []
  const print = (text: string): number => output.push(text)
  const readable = (text: string): string => text.replaceAll(/anon\$\d+/g, 'anon$')
  try {
    const { value, operations } = compile(source).instantiate().run({ print, debug: print })
    return { text: readable([canonicalText(value), ...output].join('\n')), operations }
  } catch (error) {
    const operations = error instanceof RhaiError ? error.operations : undefined
    return { text: readable(String(error)), operations }
  }
}

function check(source: string, expected: string): void {
  expect(outcome(source).text).toBe(expected)
}

/** The outcome for each value, after it was put into `x` with a tag. */
function outcomes(script: string, tag: number): Record<string, Outcome> {
  const entries = VALUES.map((value) => [
    value,
    outcome(`let x = ${value}; set_tag(x, ${tag}); ${script.replaceAll('VALUE', value)}`),
  ])
  return Object.fromEntries(entries)
}

function checkForEachValue(script: string, expected: string): void {
  const entries = Object.entries(outcomes(script, 7))
  expect(Object.fromEntries(entries.map(([value, { text }]) => [value, text]))).toEqual(
    Object.fromEntries(VALUES.map((value) => [value, expected])),
  )
}

describe('a tag goes where its value goes', () => {
  it.each([
    ['a variable', 'tag(x)'],
    ['a method', 'x.tag()'],
    ['a declaration', 'let y = x; tag(y)'],
    ['a constant', 'const Y = x; tag(Y)'],
    ['an assignment', 'let y = 0; y = x; tag(y)'],
    ['an argument', 'fn f(v) { tag(v) } f(x)'],
    ['a result', 'fn f(v) { v } tag(f(x))'],
    ['a result returned early', 'fn f(v) { return v; } tag(f(x))'],
    ['this', 'fn f() { tag(this) } x.f()'],
    ['a value assigned to this', 'fn f(v) { this = v; } let y = 1; y.f(x); tag(y)'],
    ['an array', 'tag([x][0])'],
    ['an element', 'let a = [1]; a[0] = x; tag(a[0])'],
    ['a nested element', 'let a = [[1]]; a[0][0] = x; let b = a; tag(b[0][0])'],
    ['a map', 'let m = #{k: x}; tag(m.k)'],
    ['an entry', 'let m = #{}; m.k = x; m["j"] = m.k; tag(m.j)'],
    ['a branch', 'tag(if true { x } else { 1 })'],
    ['a case', 'tag(switch 1 { 1 => x, _ => 0 })'],
    ['a block', 'tag({ x })'],
    ['a loop', 'tag(loop { break x; })'],
    ['a loop variable', 'let t = 0; for v in [x] { t = tag(v); } t'],
    ['a catch', 'let t = 0; try { throw x; } catch (e) { t = tag(e); } t'],
    ['a captured variable', 'let f = || tag(x); f.call()'],
    ['the result of a closure', 'let f = || x; tag(f.call())'],
    ['the argument of a closure', '(|v| tag(v)).call(x)'],
    ['a fixed argument', '(|v| tag(v)).curry(x).call()'],
    ['a pointer to a function', 'Fn("tag").call(x)'],
    ['eval', 'eval("let y = x; tag(y)")'],
    ['??', 'tag(() ?? x)'],
    ['take', 'let a = [x]; tag(take(a[0]))'],
    ['push', 'let a = []; a.push(x); tag(a[0])'],
    ['insert', 'let a = []; a.insert(0, x); tag(a[0])'],
    ['pad', 'let a = []; a.pad(2, x); tag(a[1])'],
    ['set', 'let a = [1]; a.set(0, x); tag(a[0])'],
    ['get', '[x].get(0).tag()'],
    ['pop', '[x].pop().tag()'],
    ['shift', '[x].shift().tag()'],
    ['remove', '[x].remove(0).tag()'],
    ['append', 'let a = []; a.append([x]); tag(a[0])'],
    ['+=', 'let a = []; a += [x]; tag(a[0])'],
    ['+', 'tag(([x] + [1])[0])'],
    ['drain', 'tag([x].drain(0..1)[0])'],
    ['extract', 'tag([x].extract(0..1)[0])'],
    ['splice', 'let a = []; a.splice(0, 0, [x]); tag(a[0])'],
    ['reverse', 'let a = [1, x]; a.reverse(); tag(a[0])'],
    ['map', 'tag([x].map(|v| v)[0])'],
    ['map of this', 'tag([x].map(|| this)[0])'],
    ['filter', 'tag([x].filter(|v| tag(v) == 7)[0])'],
    ['find', 'tag([1, x].find(|v| tag(v) == 7))'],
    ['reduce', 'tag([1, 2].reduce(|s, v| s, x))'],
    ['zip', 'tag([x].zip([1], |v, w| v)[0])'],
    ['dedup', 'let a = [x, 1]; a.dedup(|v, w| true); tag(a[0])'],
    ['retain', 'let a = [1, x]; a.retain(|v| tag(v) == 7); tag(a[0])'],
    ['sort by a comparer', 'let a = [1, x]; a.sort(|v, w| tag(w) - tag(v)); tag(a[0])'],
    ['mixin', 'let m = #{}; m.mixin(#{k: x}); tag(m.k)'],
    ['fill_with', 'let m = #{}; m.fill_with(#{k: x}); tag(m.k)'],
    ['values', 'tag(#{k: x}.values()[0])'],
    ['a map filtered', 'tag(#{k: x}.filter(|k, v| tag(v) == 7).k)'],
    ['a map mapped', 'tag(#{k: x}.map(|k, v| v).k)'],
  ])('%s', (_what, script) => {
    checkForEachValue(script, '7')
  })
})

describe('a tag is set on one value and no other', () => {
  it.each([
    ['a copy', 'let y = x; set_tag(y, 9); [tag(x), tag(y)]', '[7,9]'],
    ['an argument', 'fn f(v) { set_tag(v, 9); tag(v) } [tag(x), f(x)]', '[7,9]'],
    ['this', 'fn f() { this.set_tag(9); } x.f(); [tag(x), 9]', '[9,9]'],
    ['an element', 'let a = [x, x]; a[0].set_tag(9); [tag(x), tag(a[0]), tag(a[1])]', '[7,9,7]'],
    ['an element passed on', 'let a = [x]; set_tag(a[0], 9); [tag(x), tag(a[0])]', '[7,7]'],
    ['an array copied before', 'let a = [x]; let b = a; b[0].set_tag(9); tag(a[0])', '7'],
    ['an array copied after', 'let a = [x]; a[0].set_tag(9); let b = a; tag(b[0])', '9'],
    ['deep down', 'let a = [[x]]; let b = a; b[0][0].set_tag(9); tag(a[0][0])', '7'],
    ['an entry', 'let m = #{k: x}; let n = m; n.k.set_tag(9); [tag(m.k), tag(n.k)]', '[7,9]'],
    ['an element as this', 'let a = [x]; a.for_each(|| this.set_tag(9)); tag(a[0])', '9'],
    ['an entry as this', 'let m = #{k: x}; m.map(|k| this.set_tag(9)); tag(m.k)', '9'],
    ['a loop variable', 'let a = [x]; for v in a { v.set_tag(9); } tag(a[0])', '7'],
    ['a captured variable', 'let f = || x.set_tag(9); f.call(); tag(x)', '9'],
    ['a captured variable by value', 'let f = || x; set_tag(x, 9); tag(x)', '7'],
    ['by name', 'eval("set_tag(x, 9)"); tag(x)', '9'],
    ['a caught value', 'try { throw x; } catch (e) { e.set_tag(9); } tag(x)', '7'],
    ['what was taken away', 'take(x); tag(x)', '0'],
    ['another value', 'x = 5; tag(x)', '0'],
    ['zero', 'set_tag(x, 0); let y = x; tag(y)', '0'],
    ['more than once', 'set_tag(x, 8); x.set_tag(tag(x) + 1); tag(x)', '9'],
  ])('%s', (_what, script, expected) => {
    checkForEachValue(script, expected)
  })
})

describe('a tag changes nothing that is not about tags, and costs nothing', () => {
  it.each([
    'x',
    '[x, [x], #{k: x}]',
    'print(x); debug(x); print([x]); print(#{k: x})',
    `\`\${x} \${[x]}\``,
    '[x.to_string(), to_debug(x), type_of(x), x.type_of(), "" + x, x + ""]',
    'to_json(#{k: x, l: [x]})',
    '[x == VALUE, VALUE == x, x != VALUE]',
    '[[x] == [VALUE], #{k: x} == #{k: VALUE}]',
    'x == x',
    '[x < 5, x < VALUE]',
    'x >= x',
    '[x in [1, VALUE], [x].contains(VALUE), [1, x].index_of(VALUE)]',
    'VALUE in [x]',
    'x in "text"',
    '1 in x',
    'switch x { () => 1, true => 2, 42 => 3, 1.5 => 4, \'c\' => 5, "text" => 6, _ => 7 }',
    'switch x { 0..100 => 1, 1..=5 => 2, _ => 3 }',
    'switch [x] { [42] => 1, ["text"] => 2, [1.5] => 3, _ => 4 }',
    'switch x { [1, 2] => 1, #{a: 1} => 2, _ => 3 }',
    'if x { 1 } else { 2 }',
    'while x { break 3 }',
    'x && x || !x',
    '[x ?? 5, x?.len, x?[0]]',
    'x ?? 5',
    'x?.a?.b',
    '[!x]',
    '-x',
    '+x',
    'x + x',
    'x - 1',
    'x * 2.0',
    'x / 2',
    'x % 5',
    'x ** 2',
    'x << 2',
    'x | 1',
    'x ^ x',
    '5 + x',
    '1.5 - x',
    '"text" - x',
    'x + blob(1, 7)',
    'let y = x; y += 1; y',
    'let y = x; y *= 2; [y, x]',
    'let y = 5; y += x; y',
    'let y = "s"; y += x; y',
    'let y = 1.5; y -= x; y',
    'let y = [5]; y += x; y',
    'let y = blob(1); y += x; y',
    'let y = 5; y <<= x; y',
    'for v in x { print(v); }',
    'for i in x..45 { print(i); }',
    'for i in 40..x { print(i); if i > 50 { break; } }',
    '[x..50, 0..=x]',
    'x[0]',
    'x[1..]',
    'x["a"]',
    '[1, 2, 3][x]',
    '"hello"[x]',
    '#{text: 5}[x]',
    'x[0] = 1; x',
    "x[0] = 'q'; x",
    'x[1] = true; x',
    'let a = [1, 2]; a[x] = 5; a',
    'let m = #{}; m[x] = 5; m',
    'let s = "abc"; s[1] = x; s',
    'let s = "abc"; s[1..2] = x; s',
    'let n = 5; n[1] = x; n',
    '[x.len, x.is_odd, x.name]',
    'x.len()',
    'x.len',
    'x.is_odd',
    'x.a',
    'x.a = 5; x',
    'x.foo',
    'x.foo()',
    'foo(x, [x])',
    'x.push(3); x',
    'x.make_upper(); x',
    'x.pad(6, "z"); x',
    'x.set_bit(0, true); x',
    'x.clear(); x',
    'x.to_float()',
    'x.to_int()',
    'max(x, x)',
    '"text".contains(x)',
    '"a-42".index_of(x)',
    '[1, 2, 3, 4, 5].extract(x)',
    '[1, 2, 3].get(x)',
    '[x, VALUE, x].order()',
    'let a = [x, VALUE]; a.sort(); a.sort_desc(); a',
    'let a = [x, VALUE]; a.dedup(); a.len()',
    '[1, 2].map(x)',
    '["ab"].map(x)',
    '[3, 1].filter(|| x)',
    '[3, 1].some(|v| x)',
    '[1, 2].find_map(|v| x)',
    '[1, 2].find_map(|v| if v == 1 { x } else { v })',
    'let a = [1, 1, 2]; a.dedup(|v, w| x); a',
    '#{k: 1}.filter(|k, v| x)',
    'let a = [2, 1, 3]; a.sort(|v, w| x); a',
    'call(x, "abc")',
    'x.call("abc")',
    'x.curry(1).call()',
    'let m = #{f: x}; m.f("abc")',
    '#{f: x}.f("abc")',
    'let f = || 5; set_tag(f, tag(x)); #{f: f}.f()',
    'Fn(x)',
    'eval(x)',
    'is_def_fn(x, 1)',
    'import x as y',
    'exit(x)',
    'throw x',
    'try { throw x; } catch { 5 } 6',
    'try { throw 1; } catch { throw x; }',
    'fn i64.which() { "int" } fn string.which() { "string" } fn which() { "any" } x.which()',
    'x.set_tag("a")',
    'x.set_tag(1.5)',
    'tag(x, 1)',
  ])('%s', (script) => {
    expect(outcomes(script, 7)).toEqual(outcomes(script, 0))
  })
})

describe('tags as properties', () => {
  it.each([
    ['let x = 5; [x.tag, x.tag(), tag(x)]', '[0,0,0]'],
    ['let x = 5; x.tag = 7; [x, x.tag]', '[5,7]'],
    ['let x = 5; x.tag = 7; x.tag += 1; x.tag *= -2; x.tag', '-16'],
    ['let x = 5; x.tag[3..5] = 2; x.tag[0] = true; [x.tag, x.tag[3..5]]', '[17,2]'],
    ['let x = 5; x.tag.set_bit(3, true); x.tag', '8'],
    ['let a = [[5]]; a[0].tag.set_bit(1, true); a[0].tag[0] = true; [a[0].tag, a.tag]', '[3,0]'],
    ['fn more() { this += 1; } let x = 5; x.tag.more(); x.tag.call(|| this += 1); x.tag', '0'],
    ['let x = 5; x.tag[0..3][1] = true; x.tag[0..3].set_bit(2, true); x.tag', '4'],
    ['let s = "abc"; s.tag = 3; s[0].tag = 7; s[-1] = \'X\'; [s, s.tag, s[0].tag]', '["aXc",3,0]'],
    ['let n = 5; n.tag = 2; n[0..2].set_tag(7); n[1].tag = 7; [n, n.tag]', '[5,2]'],
    ['let b = blob(2, 1); b[0].tag = 3; [b, b.tag]', '[blob[1,1],0]'],
    [
      'let x = [[5], #{a: 1}]; x[0].tag = 3; x[0][0].tag = 4; x[1].a.tag = 5; x[1].a += 1; x',
      '[[5],#{"a":2}]',
    ],
    ['let x = [[5]]; x[0].tag = 3; x[0][0].tag = 4; [x.tag, x[0].tag, x[0][0].tag]', '[0,3,4]'],
    ['let x = #{a: #{b: 1}}; x.a.b.tag = 5; x.a.b += 1; [x.a.b, x.a.b.tag]', '[2,5]'],
    ['let x = [5]; x[0].tag += 3; x[0].tag[0] = false; x[0].tag', '2'],
    ['let x = [1]; x.tag = 9; x.push(2); x[0] = 5; [x, x.tag]', '[[5,2],9]'],
    ['let x = #{tag: 1}; x.tag = 2; [x.tag, x.tag(), tag(x)]', '[2,0,0]'],
    ['let x = #{}; x.set_tag(2); x.a = 1; [x, tag(x)]', '[#{"a":1},2]'],
    ['let x = (); x?.tag = 5; x.tag', '0'],
    ['let x = 1; x?.tag = 5; x.tag', '5'],
    ['let x = 1; x.tag = 2; let y = 3; y.tag = x.tag; [y.tag, y.tag.tag]', '[2,0]'],
    ['let x = 2; x.tag = 7; let y = 3; y.tag = x; y.set_tag(x); y.tag', '2'],
    ['let x = 1; x.tag.tag = 3; [x.tag, x.tag.tag]', '[0,0]'],
    ['let x = 1; x.call(|n| this.tag = n, 9); x.tag', '9'],
    ['fn f() { this.tag = 4; this.tag += 1; } let x = 1; x.f(); x.tag', '5'],
    ['let x = 1; let f = || x.tag += 2; f.call(); f.call(); x.tag', '4'],
    ['let x = 1; eval("x.tag = 5; x.tag[1] = true"); x.tag', '7'],
    [
      'let a = [1, 2, 3].map(|v, i| { v.tag = i; v }); a.filter(|v| v.is_odd()).map(|v| v.tag)',
      '[0,2]',
    ],
    ['let x = 1.5; x *= 2; x.tag = 3; x += 0.5; [x, x.tag]', '[3.5,3]'],
    ['let t = 0; for b in blob(1, 7) { b.tag = 3; let c = b; t += c.tag; } t', '3'],
    [
      'let x = 5; x.tag = 2147483647; let y = 5; y.tag = -2147483648; [x.tag, y.tag]',
      '[2147483647,-2147483648]',
    ],
  ])('%s', check)
})

describe('an assignment with an operator keeps the tag where the reference changes the value in place', () => {
  it.each([
    ['let x = 6; x.tag = 3; x += 1; x -= 1; x *= 1; x /= 1; x %= 7; x **= 1; [x, x.tag]', '[6,3]'],
    ['let x = 6.5; x.tag = 3; x += 1; x -= 1.5; x *= 2; x /= 2.0; x **= 1; [x, x.tag]', '[6.0,3]'],
    ['let x = true; x.tag = 3; x &= true; x |= false; x ^= true; [x, x.tag]', '[false,3]'],
    ['let x = "a"; x.tag = 3; x += "b"; x += \'c\'; x += 1; x -= "b"; [x, x.tag]', '["ac1",3]'],
    ['let x = [1]; x.tag = 3; x += 2; x += [3]; [x, x.tag]', '[[1,2,3],3]'],
    ['let x = blob(1); x.tag = 3; x += 2; x += blob(1); x.tag', '3'],
    ['let x = #{}; set_tag(x, 3); x += #{a: 1}; tag(x)', '3'],
    ['let x = timestamp(); x.tag = 3; x += 1; x -= 1.5; x.tag', '3'],
    ['let x = \'a\'; x.tag = 3; x += ""; [x, x.tag]', "['a',3]"],
    ['let x = 6; x.tag = 3; x = x + 1; x.tag', '3'],
    ['let x = [6]; x[0].tag = 3; x[0] += 1; [x[0], x[0].tag]', '[7,3]'],
    ['let x = 6; x.tag = 3; let f = || x += 1; f.call(); [x, x.tag]', '[7,3]'],
    ['let x = 6; x.tag = 3; x <<= 1; x.tag', '0'],
    ['let x = 6; x.tag = 3; x >>= 1; x.tag', '0'],
    ['let x = 6; x.tag = 3; x &= 7; x.tag', '0'],
    ['let x = 6; x.tag = 3; x |= 1; x.tag', '0'],
    ['let x = 6; x.tag = 3; x ^= 1; x.tag', '0'],
    ['let x = 6; x.tag = 3; x += 1.5; x.tag', '0'],
    ['let x = \'a\'; x.tag = 3; x += "b"; x.tag', '0'],
    ['let x = 1; for b in blob(1, 7) { b.tag = 3; b += b; x = b.tag; } x', '0'],
    ['let x = 5; x.tag = 3; let y = x + 1; y.tag', '0'],
    ['let x = 5; x.tag = 3; [(x * 1).tag, (+x).tag, (-x).tag, (x | 0).tag]', '[0,0,0,0]'],
    ['let x = "a"; x.tag = 3; [(x + "").tag, (x - "").tag, x.to_upper().tag, x.tag]', '[0,0,0,3]'],
    [
      'let x = [1]; x.tag = 3; let y = x + [2]; [y.tag, ([2] + x).tag, x.map(|v| v).tag, x.tag]',
      '[0,0,0,3]',
    ],
    ['let x = #{}; set_tag(x, 3); tag(x + #{})', '0'],
    ['let x = blob(1); x.tag = 3; (x + blob(1)).tag', '0'],
  ])('%s', check)
})

describe('what a string, integer or char changes in place keeps the tag', () => {
  it.each([
    ['let x = " a "; x.tag = 3; x.trim(); x.pad(3, "z"); x[0] = \'q\'; [x, x.tag]', '["qzz",3]'],
    ['let x = 5; x.tag = 3; x.set_bit(1, true); x[4] = true; x[0..2] = 1; [x, x.tag]', '[21,3]'],
    ["let x = 'a'; x.tag = 3; x.make_upper(); [x, x.tag]", "['A',3]"],
    [
      'let x = ["a"]; x[0].tag = 3; x[0].make_upper(); x[0][0] = \'b\'; [x[0], x[0].tag]',
      '["b",3]',
    ],
  ])('%s', check)
})

describe('sorting looks behind tags and moves them', () => {
  it.each([
    ['let a = [3, 1]; a[0].tag = 4; a.sort(); [a, a[1].tag]', '[[1,3],4]'],
    [
      'let a = [1, 9007199254740993]; a[1].tag = 4; a.sort_desc(); [a, a[0].tag]',
      '[[9007199254740993,1],4]',
    ],
    ['let a = [2.5, -1.5]; a[0].tag = 4; a.sort(); [a, a[1].tag]', '[[-1.5,2.5],4]'],
    ['let a = [true, false]; a[0].tag = 4; a.sort(); [a, a[1].tag]', '[[false,true],4]'],
    ["let a = ['b', 'a']; a[0].tag = 4; a.sort(); [a, a[1].tag]", "[['a','b'],4]"],
    ['let a = ["b", "a"]; a[0].tag = 4; a.sort(); [a, a[1].tag]', '[["a","b"],4]'],
    [
      'let a = ["😀", "ｚ"]; a[0].tag = 4; a[1].tag = 5; a.sort(); [a, a[1].tag]',
      '[["ｚ","😀"],4]',
    ],
  ])('%s', check)
})

describe('what is no tag is refused', () => {
  const BOUNDS = 'fit into a tag (must be between -2147483648 and 2147483647)'
  it.each([
    ['let x = 5; x.tag = 2147483648', `2147483648 is too large to ${BOUNDS} (line 1, position 14)`],
    [
      'let x = 5; x.tag = -2147483649',
      `-2147483649 is too small to ${BOUNDS} (line 1, position 14)`,
    ],
    [
      'let x = 5; set_tag(x, 9007199254740993)',
      `9007199254740993 is too large to ${BOUNDS} (line 1, position 12)`,
    ],
    [
      'let x = 5; x.set_tag(3000000000)',
      `3000000000 is too large to ${BOUNDS} (line 1, position 14)`,
    ],
    [
      'let x = 5; x.tag += 3000000000',
      `3000000000 is too large to ${BOUNDS} (line 1, position 14)`,
    ],
    ['let x = 5; x.tag[31] = true', `2147483648 is too large to ${BOUNDS} (line 1, position 14)`],
    [
      'let x = 5; x.tag.set_bit(40, true)',
      `1099511627776 is too large to ${BOUNDS} (line 1, position 14)`,
    ],
    [
      'let x = [5]; x[0].tag = 3000000000',
      `3000000000 is too large to ${BOUNDS} (line 1, position 19)`,
    ],
    [
      'let x = 5; x.tag = "a"',
      "No writable property 'tag' - a setter is not registered for type 'i64' to handle 'string' (line 1, position 14)",
    ],
    [
      'let x = 5; x.tag += 1.5',
      "No writable property 'tag' - a setter is not registered for type 'i64' to handle 'f64' (line 1, position 14)",
    ],
    ['let x = 5; set_tag(x, 1.5)', 'Function not found: set_tag (i64, f64) (line 1, position 12)'],
    [
      'let x = 5; x.tag[70] = true',
      'Bit-field index 70 out of bounds: only 64 bits in bit-field (line 1, position 18)',
    ],
    ['let x = 5; x.tag[0] = 5', 'Data type incorrect: i64 (expecting bool) (line 1, position 21)'],
  ])('%s', check)
})

describe('a constant keeps its tag', () => {
  const REFUSED = "Cannot modify property 'tag' of constant"
  it.each([
    ['const X = 1; X.tag = 5', `${REFUSED} (line 1, position 16)`],
    ['const X = [1]; X.tag = 5', `${REFUSED} (line 1, position 18)`],
    ['const X = [1]; X[0].tag = 5', `${REFUSED} (line 1, position 21)`],
    ['const X = #{a: 1}; X.a.tag = 5', `${REFUSED} (line 1, position 24)`],
    ['const X = 1; X.tag[3..5] = 2', `${REFUSED} (line 1, position 16)`],
    ['const X = 1; X.tag += 1', `${REFUSED} (line 1, position 16)`],
    ['const X = 1; X?.tag = 1', `${REFUSED} (line 1, position 17)`],
    [
      'const X = 1; fn f() { this.tag = 5 } X.f()',
      `${REFUSED} (line 1, position 28)\nin call to function 'f' (line 1, position 40)`,
    ],
    [
      'const X = 1; eval("X.tag = 5")',
      `${REFUSED} (line 1, position 3)\nin call to function 'eval' (line 1, position 19)`,
    ],
    [
      'const X = 1; X.set_tag(5)',
      "Non-pure method 'set_tag' cannot be called on constant (line 1, position 16)",
    ],
    [
      'const X = [1]; X[0].set_tag(5)',
      "Non-pure method 'set_tag' cannot be called on constant (line 1, position 21)",
    ],
    ['const X = 1; set_tag(X, 5); X.tag', '0'],
    ['const X = 1; let y = X; y.tag = 5; [X.tag, y.tag]', '[0,5]'],
    ['let x = 1; x.tag = 5; const X = x; [X.tag, X.tag()]', '[5,5]'],
    ['const X = (); X?.tag = 5; 7', '7'],
    [
      'const X = [1]; X[5].tag = 5',
      'Array index 5 out of bounds: only 1 element in array (line 1, position 18)',
    ],
    [
      'const X = 1; X.foo = 2',
      "No writable property 'foo' - a setter is not registered for type 'i64' to handle 'i64' (line 1, position 16)",
    ],
    [
      'const X = 1.5; X.foo += 2',
      "Unknown property 'foo' - a getter is not registered for type 'f64' (line 1, position 18)",
    ],
  ])('%s', check)
})

describe('a host never meets a tag', () => {
  const TAGGED = 'let x = 5; x.tag = 7; let u = (); u.tag = 7;'

  function hostValue(source: string) {
    return compile(`${TAGGED} ${source}`).instantiate().run().value
  }

  it('gets the value of a script without', () => {
    expect(hostValue('x')).toBe(5)
    expect(hostValue('u')).toBe(undefined)
    expect(hostValue('exit(x)')).toBe(5)
  })

  it('reads the parts of containers without', () => {
    const map = hostValue('#{x: x, u: u}')
    const array = hostValue('[x, u]')
    if (!isMap(map) || !isArray(array)) throw new Error('not what the script made')
    expect(mapGet(map, 'x')).toBe(5)
    expect([...mapEntries(map)]).toEqual([
      ['x', 5],
      ['u', undefined],
    ])
    expect(arrayItems(array)).toEqual([5, undefined])
    expect(toJsonText(array)).toBe('[5,null]')
  })

  it('gets arguments without', () => {
    const given: unknown[] = []
    const take = hostFunction([ANY, ANY], (_context, ...args) => void given.push(...args))
    const host = new Host({ modules: { host: { functions: { take } } } })
    compile(`${TAGGED} host::take(x, u)`, { host }).instantiate().run()
    expect(given).toEqual([5, undefined])
  })
})
