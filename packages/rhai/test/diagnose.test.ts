/**
 * What an editor shows while a script is written.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ANY,
  type CompileOptions,
  compile,
  type Diagnostic,
  diagnose,
  Host,
  hostFunction,
  STRING,
} from '../src/index.ts'
import corpus from './parse-errors.json' with { type: 'json' }

const nothing = (): undefined => undefined

const HOST: CompileOptions = {
  globals: ['request'],
  host: new Host({
    functions: { shout: hostFunction([STRING], (_context, text) => text) },
    modules: {
      log: {
        functions: {
          info: [hostFunction([ANY], nothing), hostFunction([ANY, ANY], nothing)],
          error: hostFunction([ANY], nothing),
        },
        modules: { file: { functions: { rotate: hostFunction([], nothing) } } },
      },
    },
  }),
}

/** Each diagnostic as its kind, its message and the text it is about. */
function told(source: string, options: CompileOptions = {}): string[] {
  return diagnose(source, options).map(
    (each) => `${each.kind}: ${each.message} [${textOf(source, each)}]`,
  )
}

function textOf(source: string, { range }: Diagnostic): string {
  return source.slice(range.start.offset, range.end.offset)
}

describe('mistakes', () => {
  it('are all told, each at its token', () => {
    const source = 'let x = ;\nlet y = 5 +;\nprint(1 2);\nlet z = "open\nz.1;'
    expect(told(source)).toEqual([
      "BadInput: Unexpected ';' [;]",
      "BadInput: Unexpected ';' [;]",
      "MissingToken: Expecting ',' to separate the arguments to function call 'print' [2]",
      'BadInput: Open string is not terminated ["open]',
      'PropertyExpected: Expecting name of a property [1]',
    ])
  })

  it('stand where people and programs look for them', () => {
    const source = '// 😀\nlet s = `😀\nb`; let 变;'
    expect(diagnose(source)).toEqual([
      {
        severity: 'error',
        kind: 'BadInput',
        message: "Unexpected '变'",
        range: {
          start: { line: 3, column: 9, offset: source.indexOf('变') },
          end: { line: 3, column: 10, offset: source.indexOf('变') + 1 },
        },
      },
    ])
  })

  it('at the end of the source have a place and no text', () => {
    const [only] = diagnose('let x = (1 +')
    const end = { line: 1, column: 13, offset: 12 }
    expect(only).toMatchObject({ kind: 'UnexpectedEOF', range: { start: end, end } })
  })

  it.each([
    [
      'inside blocks, closures and interpolations',
      `fn f() { if a { g(; } let b = \`\${c +}\`; [].map(|x| { x + }) }`,
      3,
    ],
    ['behind a loop of another language', 'for (let i = 0; i < 5; i++) { print(i) }\nlet y = ;', 2],
    ['behind a semicolon that is missing', 'let a = 1\nlet b = 2\nprint(a)\nb', 3],
    ['in a switch', 'switch x { 1 => foo bar, 2 => { let q = ; } }\nlet y = ;', 2],
    ['in a map', 'let m = #{ a: 1; b: 2 };\nlet n = #{ a 1 };', 2],
    ['with the wrong word behind let', 'let fn = 1', 1],
    ['with a brace too few', 'fn f() { if a { 1 }\nfn g() { 1 + }\nfn h() { 2 }', 2],
    ['with a brace too many', 'fn f() { 1 } }\nlet x = 1;\nfn g() { 1 + }', 2],
    ['in a function whose head is wrong', 'fn f( { a; b c }\nfn g(x) { x }', 1],
    ['with a text that never ends', 'let s = `abc;\nlet x = ;', 1],
    ['in nested functions', 'fn f() { fn g() { 1 } g() }\nf()', 1],
    ['without an else', 'if a b; else { c }\nd', 1],
  ])('are counted right %s', (_name, source, count) => {
    expect(told(source)).toHaveLength(count)
  })

  it('in a declaration do not make its variable a mistake', () => {
    expect(told('const a = 1; { let a = (1; a = 2; } a')).toHaveLength(1)
  })

  it('are told one for one', () => {
    const lines = fc.array(fc.record({ isGood: fc.boolean(), index: fc.nat(1000) }), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(lines, (picks) => {
        const source = picks
          .map(({ isGood, index }, at) =>
            pick(isGood ? GOOD : BAD, index).replaceAll('NAME', `n${at}`),
          )
          .join('\n')
        const bad = picks.filter(({ isGood }) => !isGood)
        const diagnostics = diagnose(source).filter(({ severity }) => severity === 'error')
        expect(diagnostics.map(({ message }) => message)).toHaveLength(bad.length)
      }),
      { numRuns: 300 },
    )
  })
})

const GOOD = [
  'let NAME = [1, 2, 3].map(|x| { x * 2 });',
  'if true { print("x"); } else { print("y"); }',
  'fn NAME(a, b) { let c = a + b; c }',
  'switch 1 { 1 => "one", _ => "other" }',
  'while false { break; }',
  `let NAME = \`a\${1 + 1}b\`;`,
  'let NAME = #{ a: 1, b: [2], c: || 3 };',
  'print(1);',
  '/// text\nprivate fn NAME() { try { throw 1 } catch (e) { e } }',
  ';',
]

const BAD = [
  'let NAME = ;',
  'print(1 2);',
  'let NAME = [1, 2;',
  'NAME.1.x = 1;',
  'NAME = 1 +;',
  'let 5 = 1;',
  'let NAME = "abc',
  "let NAME = 'ab';",
  'export 1;',
  'fn NAME() { 1 + }',
  'fn NAME() { if x { y(; } z }',
  'for i 0..3 { i }',
  'while true { let NAME = ; break; }',
  'const NAME = 1; NAME = 2;',
  'let NAME = nil;',
  'NAME.map(|x| x +);',
  'NAME === 2;',
  'let NAME = #{ a: 1, a: 2 };',
]

function pick(pool: readonly string[], index: number): string {
  return pool[index % pool.length] ?? ''
}

describe('warnings', () => {
  it.each<[string, string, string[]]>([
    [
      'code behind return',
      'fn f() { return 1; print(2); 3 } f()',
      ['UnreachableCode [print(2); 3]'],
    ],
    ['code behind break', 'loop { break; (1 + 2).abs(); }', ['UnreachableCode [(1 + 2).abs();]']],
    [
      'code behind two branches that leave',
      'fn f(x) { if x { return 1; } else { throw 2 } x } f(1)',
      ['UnreachableCode [x]'],
    ],
    ['a function that nothing defines', 'pritn(1)', ['UnknownFunction [pritn]']],
    ['too many arguments', 'fn f(a) { a } f(1, 2)', ['UnknownFunction [f]']],
    ['too few arguments of a native function', '[1].len(); push([1])', ['UnknownFunction [push]']],
    ['a method called as a function', 'fn int.f() { this } f(1)', ['UnknownFunction [f]']],
    ['a module that nobody offers', 'lgo::info(1)', ['UnknownModule [lgo]']],
    ['a function no module has', 'log::inof(1)', ['UnknownFunction [inof]']],
    ['a variable that nothing defines', 'requst', ['UnknownVariable [requst]']],
    [
      'a variable that functions do not see',
      'let a = 1; fn f() { a } a + f()',
      ['UnknownVariable [a]'],
    ],
    ['a variable that a closure cannot find', '|| missing', ['UnknownVariable [missing]']],
    ['a variable that is never used', 'let a = 1; let b = 2; b', ['UnusedVariable [a]']],
    ['a variable hidden before its use', 'let a = 1; let a = 2; a', ['UnusedVariable [a]']],
    ['an assignment to what the host gave', 'request = 1', ['AssignmentToConstant [request]']],
    [
      'an assignment to a captured constant',
      'const A = request; || A = 2',
      ['AssignmentToConstant [A]'],
    ],
  ])('tell of %s', (_name, source, expected) => {
    const found = diagnose(source, HOST)
    expect(found.map((each) => `${each.kind} [${textOf(source, each)}]`)).toEqual(expected)
    expect(found.every(({ severity }) => severity === 'warning')).toBe(true)
    expect(() => compile(source, HOST)).not.toThrow()
  })

  it.each([
    ['a function before its definition', 'f(1); fn f(x) { x }'],
    ['functions of the language', 'print(type_of(1)); Fn("x").call(); is_def_fn("f", 1); exit(0)'],
    ['what may be a function in a map', 'let m = #{ f: || 1 }; m.f()'],
    ['a native function in both styles', 'let a = [1]; push(a, 2); a.push(3)'],
    ['modules that are imported', 'import "lib" as lib; lib::f(1)'],
    ['modules that an evaluated text may import', 'eval("import `x` as y"); y::f()'],
    ['variables that an evaluated text may define', 'eval("let x = 1"); x'],
    ['variables of whoever calls', 'fn f() { x } let x = 1; f!()'],
    ['variables that are asked for', 'if is_def_var("x") { print(x) }'],
    ['variables captured by closures', 'let a = 1; let f = || a; f.call()'],
    ['constants captured by closures', 'const A = 1; let f = || A; f.call()'],
    ['constants read through global', 'const A = 1; fn f() { global::A } f()'],
    ['exported variables', 'export let a = 1; let b = 2; export b as c;'],
    ['names that begin with an underscore', 'let _ignored = 1;'],
    [
      'parameters, loop and catch variables',
      'fn f(a) { } f(1); for i in 0..3 { } try { f(2) } catch (e) { }',
    ],
    ['functions used by name', 'fn f(x) { x } let g = f; g.call(1)'],
    ['functions behind a return', 'print(g()); return 1; fn g() { 2 }'],
    ['one branch that leaves', 'fn f(x) { if x { return 1 } else { 2 } x } f(1)'],
    ['variables written by a closure', 'let n = 0; [1].for_each(|x| n += x); n'],
  ])('do not tell of %s', (_name, source) => {
    expect(told(source, HOST)).toEqual([])
  })

  it('say what may have been meant', () => {
    expect(
      told('pritn(1); requst; log::inof(1)', HOST).map((text) => text.replace(/^.*; /, '')),
    ).toEqual([
      "did you mean 'print'? [pritn]",
      "did you mean 'request'? [requst]",
      "did you mean 'info'? [inof]",
    ])
  })

  it('count arguments', () => {
    expect(told('fn f() {} fn f(a, b) {} f(1)')).toEqual([
      "UnknownFunction: Function 'f' takes 0 or 2 arguments, not 1 [f]",
    ])
  })

  it('leave alone what only the host knows', () => {
    expect(told('request.path; http::get(1)')).toEqual([])
  })

  it('wait until there are no mistakes', () => {
    expect(told('let unused = 1; missing(2); let y = ;')).toHaveLength(1)
  })
})

describe('any source', () => {
  it.each([
    '(',
    '{',
    '[',
    '#{',
    '`${',
    '"',
    '#',
    'fn f() {',
    'let x = ;\n',
    '-',
    'x.',
    '|x|',
    'return;',
    'unknown();',
    'let a = 1;',
    '/*',
    '\u{1f600}',
    '\ud800',
    '\0',
    'if a {} else ',
    'import "a" as b; b::c();',
    '}',
  ])('%j, over and over, is told about in good time', (piece) => {
    const source = piece.repeat(300_000 / piece.length)
    const start = performance.now()
    const diagnostics = diagnose(source, HOST)
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(diagnostics.length).toBeLessThan(300)
  })

  it('of a megabyte of parentheses is told about', () => {
    expect(told('('.repeat(1_000_000))).toEqual([
      'ExprTooDeep: Expression exceeds maximum complexity [(]',
    ])
  })

  it('is told about without throwing', () => {
    const pieces = fc.constantFrom(
      ...corpus.map(({ source }) => source),
      ...GOOD,
      ...BAD,
      '}',
      '{',
      '`',
      '"',
    )
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 8 }),
        fc.constantFrom('', ' ', '\n'),
        (parts, between) => {
          const source = parts.join(between)
          for (const { range } of diagnose(source)) {
            expect(range.start.offset).toBeLessThanOrEqual(range.end.offset)
            expect(range.end.offset).toBeLessThanOrEqual(source.length)
            expect(range.start.line).toBeGreaterThan(0)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('keeps to the limit of its length', () => {
    expect(told('12345', { limits: { sourceBytesMax: 4 } })).toEqual([
      'SourceTooLong: Script is longer than 4 bytes []',
    ])
  })

  it('may be an empty one', () => {
    expect(diagnose('')).toEqual([])
  })
})
