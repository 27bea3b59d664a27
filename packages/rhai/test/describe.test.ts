/**
 * What a script is said to define and to use.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ANY,
  compile,
  describe as describeScript,
  Host,
  hostFunction,
  RhaiError,
} from '../src/index.ts'

const SOURCE = `//! Keeps a list.
//! In memory.

const LIMIT = 10;
export const NAMES = ["a", 'b', #{ c: -1, d: 1.5 }];
const BIG = 9223372036854775807;
const NOW = timestamp();
let state = #{};
export state as store;

/// Adds an item.
///
/// Returns how many there are.
fn add(item, list) {
  log::info(\`adding \${item}\`);
  list.push(item);
  list.len()
}

/**
 * Doubles a number.
 */
private fn int.double() { this * 2 }

import "lib/tools" as tools;
tools::sort(state.keys().map(|k| log::debug(k)));
`

describe('a description', () => {
  const description = describeScript(SOURCE)

  it('lists functions with their comments', () => {
    const functions = description.functions.map(({ range, nameRange, ...rest }) => ({
      ...rest,
      text: SOURCE.slice(range.start.offset, range.end.offset).split('\n')[0],
      nameText: SOURCE.slice(nameRange.start.offset, nameRange.end.offset),
    }))
    expect(functions).toEqual([
      {
        name: 'add',
        params: ['item', 'list'],
        thisType: null,
        isPrivate: false,
        documentation: 'Adds an item.\n\nReturns how many there are.',
        comments: ['/// Adds an item.\n///\n/// Returns how many there are.'],
        text: 'fn add(item, list) {',
        nameText: 'add',
      },
      {
        name: 'double',
        params: [],
        thisType: 'i64',
        isPrivate: true,
        documentation: 'Doubles a number.',
        comments: ['/**\n * Doubles a number.\n */'],
        text: 'private fn int.double() { this * 2 }',
        nameText: 'double',
      },
    ])
  })

  it('has the comments about the script', () => {
    expect(description.documentation).toBe('Keeps a list.\nIn memory.')
    expect(description.comments).toBe('//! Keeps a list.\n//! In memory.')
  })

  it('lists constants with the values that are written out', () => {
    const constants = description.constants.map(({ name, isExported, literal }) => [
      name,
      isExported,
      literal,
    ])
    expect(constants).toEqual([
      ['LIMIT', false, { type: 'i64', value: 10 }],
      ['NAMES', true, { type: 'array', value: ['a', 'b', { c: -1, d: 1.5 }] }],
      ['BIG', false, { type: 'i64', value: '9223372036854775807' }],
      ['NOW', false, null],
    ])
  })

  it('lists imports and exports', () => {
    expect(description.imports).toMatchObject([{ path: 'lib/tools', alias: 'tools' }])
    expect(description.exports).toMatchObject([
      { name: 'NAMES', variable: 'NAMES' },
      { name: 'store', variable: 'state' },
    ])
    expect(description.hasComputedImport).toBe(false)
    expect(describeScript('import "a" + b as c; import x;')).toMatchObject({
      hasComputedImport: true,
      imports: [
        { path: null, alias: 'c' },
        { path: null, alias: null },
      ],
    })
  })

  it('lists modules and calls', () => {
    expect(description.modules).toEqual([
      {
        path: 'tools',
        isImported: true,
        functions: [{ name: 'sort', argumentCounts: [1], firstTexts: [null] }],
        variables: [],
      },
      {
        path: 'log',
        isImported: false,
        functions: [
          { name: 'debug', argumentCounts: [1], firstTexts: [null] },
          { name: 'info', argumentCounts: [1], firstTexts: [null] },
        ],
        variables: [],
      },
    ])
    const names = description.libraryCalls.map(({ name }) => name)
    expect(names).toEqual(['timestamp', 'keys', 'map', 'push', 'len'])
    expect(description.unknownCalls).toEqual([])
    expect(describeScript('foo(1); foo(1, 2); fn f() {} f(); x.bar()').unknownCalls).toEqual([
      { name: 'foo', argumentCounts: [1, 2] },
    ])
  })

  it('survives JSON', () => {
    expect(JSON.parse(JSON.stringify(description))).toEqual(description)
    const odd = describeScript('const A = -0.0; const B = 1e999; const C = (); const D;')
    expect(odd.constants.map(({ literal }) => literal)).toEqual([
      { type: 'f64', value: '-0' },
      { type: 'f64', value: 'Infinity' },
      { type: '()', value: null },
      { type: '()', value: null },
    ])
    expect(JSON.parse(JSON.stringify(odd))).toEqual(odd)
  })

  it('is refused for what does not compile', () => {
    expect(() => describeScript('let x = ;')).toThrow(RhaiError)
    expect(() => describeScript('12345', { limits: { sourceBytesMax: 4 } })).toThrow('longer than')
  })
})

describe('doc comments', () => {
  const commentsOf = (source: string) => describeScript(source).functions[0]?.comments

  it.each([
    ['lines are one comment', '/// a\n/// b\nfn f() {}', ['/// a\n/// b']],
    ['a block on one line joins them', '/// a\n/** b */\nfn f() {}', ['/// a\n/** b */']],
    [
      'a block of more is one of its own',
      '/// a\n/** b\n c */\n/// d\nfn f() {}',
      ['/// a', '/** b\n c */', '/// d'],
    ],
    [
      'blank lines and other comments may stand between',
      '/// a\n\n// b\n/* c */\n/// d\n\nfn f() {}',
      ['/// a\n/// d'],
    ],
    ['they stand before private', '/// a\nprivate fn f() {}', ['/// a']],
    ['those before something else are lost', '/// a\nlet x = 1;\nfn f() {}', []],
    ['those inside are lost', 'fn f() { /// a\n}', []],
    ['four slashes are none', '//// a\n/*** b */\n/**/\nfn f() {}', []],
    [
      'a block moves left by its indent',
      '  /** a\n    b\n   c */ fn f() {}',
      ['/** a\n  b\n c */'],
    ],
    ['a block moves left no further than its text', '  /** a\n b */ fn f() {}', ['/** a\nb */']],
  ])('%s', (_name, source, expected) => {
    expect(commentsOf(source)).toEqual(expected)
  })

  it('are text without their marks', () => {
    const source = '/// a\n///  b\n///c\n/** d\n  * e\n  ** f\n  g\n **/\nfn f() {}'
    expect(describeScript(source).functions[0]?.documentation).toBe('a\n b\nc\nd\ne\nf\n  g')
  })
})

/** Ways to write a call of `log::info` so that it runs. */
const WAYS = [
  'CALL',
  'let x = [CALL];',
  'fn NAME() { CALL } NAME();',
  'let f = |x| CALL; f.call(1);',
  'let f = || { let g = |y| { CALL }; g.call(1) }; f.call();',
  `print(\`a\${CALL}b\${\`c\${CALL}\`}\`);`,
  'let m = #{ a: #{ b: CALL } };',
  'if true { CALL } else { 1 }',
  'if CALL == () { }',
  'switch 1 { 1 if CALL == () => 2, _ => CALL }',
  'while CALL != () { break; }',
  'for i in [CALL] { }',
  'do { CALL } while false',
  'loop { break CALL; }',
  'try { throw CALL; } catch (e) { CALL }',
  'let a = [1]; a[CALL ?? 0] = 2;',
  'let a = #{ b: 1 }; a.b = CALL;',
  'let c = () ?? CALL;',
  'let d = true && CALL == ();',
  'let e = -(CALL ?? 1);',
  'let e = (CALL ?? 1)..5;',
  '[1].map(|v| CALL);',
  '1.max(CALL ?? 1);',
  '(|| CALL).call();',
  'fn NAME(x) { this; x.call() } 1.NAME(|| CALL);',
  '/// doc\nfn NAME() { return CALL; } NAME();',
  'const C = CALL;',
  'export let NAME = CALL;',
  '{ { CALL } }',
  'let h = if true { let i = switch 1 { 1 => CALL }; i };',
  'try { import CALL ?? "x" as y; } catch { }',
  `let l = \`\${if true { CALL }}\`;`,
  'call(|| CALL);',
  'let cu = (|x, y| CALL).curry(1); cu.call(2);',
  // An import of the same name does not hold here.
  'try { if true { import "no" as log; } } catch { } CALL',
  'let im = || import "no" as log; CALL',
  'switch 2 { 1 => import "no" as log, _ => () } CALL',
  'fn NAME() { CALL } if false { import "no" as log; NAME() } NAME();',
]

describe('the modules of a description', () => {
  it.each(WAYS)('have every use that a run makes: %s', (way) => {
    const source = way.replaceAll('CALL', 'log::info(1)').replaceAll('NAME', 'f1')
    expect(usedByRun(source)).toBeGreaterThan(0)
    expect(saysLogInfo(source)).toBe(true)
  })

  it('have every use, however the ways are mixed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(WAYS.length - 1), { minLength: 1, maxLength: 4 }), (picks) => {
        const source = picks
          .map((pick, at) => `{ ${(WAYS[pick] ?? '').replaceAll('NAME', `f${at}`)} }`)
          .map((text) => text.replace(/(export|(?:\/\/\/ doc\n)?fn f\d)/g, '} $1'))
          .join('\n')
          .replaceAll('CALL', 'log::info(1)')
        fc.pre(isAccepted(source))
        if (usedByRun(source) > 0) expect(saysLogInfo(source)).toBe(true)
      }),
    )
  })

  it.each([
    ['a pointer', 'Fn("log::info").call(1)'],
    ['a computed pointer', 'Fn("log::" + "info").call(1)'],
    ['a call by name', '"log::info".call(1)'],
    ['a callback by name', '[1].map("log::info")'],
    ['a curried name', 'curry("log::info", 1)'],
    ['a value', 'let f = log::info; f.call(1)'],
    ['the text of parse_json', 'parse_json(`{"a": log::info(1)}`)'],
    ['a program in the text of parse_json', 'parse_json(`{"a": eval("log::info(1)")}`)'],
    ['global', 'global::log::info(1)'],
  ])('need not have %s, which reaches no module', (_name, source) => {
    expect(usedByRun(source)).toBe(0)
  })

  it('say when a text may use more', () => {
    for (const source of [
      'eval("log::info(1)")',
      'let f = |t| eval(t); f',
      `fn f(t) { \`\${eval(t)}\` }`,
    ]) {
      expect(describeScript(source)).toMatchObject({ usesEval: true, isComplete: false })
    }
    expect(describeScript('"eval"; log::eval("x")')).toMatchObject({
      usesEval: false,
      isComplete: true,
    })
  })

  it('name what is behind a path', () => {
    expect(describeScript('a::b::f(1); a::b::C; a::b::f()').modules).toEqual([
      {
        path: 'a::b',
        isImported: false,
        functions: [{ name: 'f', argumentCounts: [0, 1], firstTexts: [null] }],
        variables: ['C'],
      },
    ])
  })

  it('tell the texts that a function is first given', () => {
    const source = `let f = || kv::get("b"); kv::get("a", 1); kv::get("b"); kv::get(x); kv::get(y);
      kv::set("c"); kv::all()`
    expect(describeScript(source).modules[0]?.functions).toEqual([
      { name: 'get', argumentCounts: [1, 2], firstTexts: ['b', 'a', null] },
      { name: 'set', argumentCounts: [1], firstTexts: ['c'] },
      { name: 'all', argumentCounts: [0], firstTexts: [] },
    ])
  })
})

function usedByRun(source: string): number {
  let calls = 0
  const info = (): undefined => {
    calls += 1
  }
  try {
    const functions = { info: [hostFunction([], info), hostFunction([ANY], info)] }
    compile(source, { host: new Host({ modules: { log: { functions } } }) })
      .instantiate()
      .run()
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
  }
  return calls
}

function isAccepted(source: string): boolean {
  try {
    compile(source)
    return true
  } catch {
    return false
  }
}

function saysLogInfo(source: string): boolean {
  return describeScript(source).modules.some(
    ({ path, isImported, functions }) =>
      path === 'log' && !isImported && functions.some(({ name }) => name === 'info'),
  )
}
