/**
 * `import`, `export` and what stands behind `::`, with modules from memory.
 *
 * Values, messages and positions are the reference's, unless a test says otherwise.
 */
import { describe, expect, it } from 'vitest'
import {
  canonicalText,
  compile,
  type ModuleResolver,
  makeArray,
  RhaiError,
  type RunLimits,
  type RunOptions,
} from '../src/index.ts'

type Modules = Readonly<Record<string, string>>

/** Modules by path, the same from everywhere. */
function inMemory(sources: Modules): ModuleResolver {
  const byPath = new Map(Object.entries(sources))
  return {
    resolve: (path) => {
      const source = byPath.get(path)
      return source === undefined ? undefined : { id: path, source }
    },
  }
}

function run(script: string, sources: Modules, options: RunOptions = {}) {
  const output: string[] = []
  const modules = inMemory(sources)
  const print = (text: string): void => void output.push(text)
  const { value } = compile(script)
    .instantiate()
    .run({ modules, print, ...options })
  return { value: canonicalText(value), output }
}

function evaluated(script: string, sources: Modules, options: RunOptions = {}): string {
  return run(script, sources, options).value
}

function failure(script: string, sources: Modules, limits: Partial<RunLimits> = {}): RhaiError {
  try {
    run(script, sources, { limits })
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('the script did not fail')
}

type ValueCase = readonly [name: string, script: string, sources: Modules, expected: string]
type ErrorCase = readonly [
  name: string,
  script: string,
  sources: Modules,
  kind: string,
  message: string,
]

function values(cases: readonly ValueCase[]): void {
  it.each(cases)('%s', (_name, script, sources, expected) => {
    expect(evaluated(script, sources)).toBe(expected)
  })
}

function errors(cases: readonly ErrorCase[]): void {
  it.each(cases)('%s', (_name, script, sources, kind, message) => {
    const error = failure(script, sources)
    expect([error.kind, error.toString()]).toEqual([kind, message])
  })
}

describe('a module shows', () => {
  values([
    [
      'its functions, which see its private ones',
      'import "m" as m; m::f(1)',
      { m: 'fn f(x) { g(x) + 1 } private fn g(x) { x * 10 }' },
      '11',
    ],
    [
      'the variables it exports, as they are in the end',
      'import "m" as m; [m::X, m::y, m::z]',
      { m: 'export const X = 5; let y = 1; export y; y = 7; export y as z;' },
      '[5,7,7]',
    ],
    [
      'floats, integers and constants of any kind',
      'import "m" as m; [m::f, m::i, m::C, m::f + m::i]',
      { m: 'export let f = 1.5; f *= 2.0; export let i = 1; i += 1; export const C = 0.5;' },
      '[3.0,2,0.5,5.0]',
    ],
    [
      'a variable without a value',
      'import "m" as m; m::x',
      { m: 'export let x; x = "later";' },
      '"later"',
    ],
    [
      'what it imports, as modules inside it',
      'import "a" as a; [a::b::f(2), a::b::c::X, a::g(1)]',
      {
        a: 'import "b" as b; fn g(x) { b::f(x) }',
        b: 'import "c" as c; fn f(x) { x + c::X }',
        c: 'export const X = 40;',
      },
      '[42,40,41]',
    ],
    [
      'functions told apart by their number of parameters',
      'import "m" as m; [m::f(1), m::f(1, 2), m::f()]',
      { m: 'fn f() { 0 } fn f(x) { 1 } fn f(x, y) { 2 }' },
      '[1,2,0]',
    ],
    [
      'variables exported before it ends early',
      'import "m" as m; m::X',
      { m: 'export const X = 1; return; export const Y = 2;' },
      '1',
    ],
    [
      'what the variable declared last holds, where two are exported under one name',
      'import "m" as m; [m::x, m::y]',
      {
        m: 'let p = 1; let q = 2; export q as x; export p as x; export p as y; export q as y;',
      },
      '[2,2]',
    ],
    [
      'each of two variables that share a name in it',
      'import "m" as m; [m::a, m::c, m::z]',
      { m: 'let x = 999; export x as a; export x as c; let x = 0; export x as z;' },
      '[999,999,0]',
    ],
    [
      'a variable that its closures still change',
      'import "m" as m; [m::inc.call(), m::inc.call(), m::n]',
      { m: 'let n = 0; export const inc = || { n += 1; n }; export n;' },
      '[1,2,2]',
    ],
    [
      'variables that an eval exports at its top level, and no others',
      'import "m" as m; let gone = []; for f in [|| m::z, || m::w] { try { f.call() } catch { gone.push(1) } } [m::x, m::y, gone]',
      {
        m: 'let x = 1; eval("export x; let y = 2; export y;"); { let z = 3; eval("export z;"); } fn f() { let w = 4; eval("export w;") } f();',
      },
      '[1,2,[1,1]]',
    ],
  ])

  errors([
    [
      'no private functions',
      'import "m" as m; m::g(1)',
      { m: 'private fn g(x) { x }' },
      'ErrorFunctionNotFound',
      'Function not found: m::g (i64) (line 1, position 21)',
    ],
    [
      'no variables it does not export',
      'import "m" as m; m::h',
      { m: 'let h = 1;' },
      'ErrorVariableNotFound',
      'Variable not found: m::h (line 1, position 18)',
    ],
    [
      'no functions as values',
      'import "m" as m; m::f',
      { m: 'fn f() { 1 }' },
      'ErrorVariableNotFound',
      'Variable not found: m::f (line 1, position 18)',
    ],
    [
      'no functions for other arguments',
      'import "m" as m; m::f("a", 2)',
      { m: 'fn f(x) { x }' },
      'ErrorFunctionNotFound',
      'Function not found: m::f (&str | ImmutableString | String, i64) (line 1, position 21)',
    ],
    [
      'no functions of modules it does not have',
      'import "m" as m; m::sub::f(2)',
      { m: 'fn f(x) { x }' },
      'ErrorFunctionNotFound',
      'Function not found: m::sub::f (i64) (line 1, position 26)',
    ],
    [
      'no variables of modules it does not have',
      'import "m" as m; m::sub::X',
      { m: '' },
      'ErrorVariableNotFound',
      'Variable not found: m::sub::X (line 1, position 18)',
    ],
    [
      'no modules it imported inside a block',
      'import "a" as a; a::b::X',
      { a: '{ import "b" as b; print(b::X); }', b: 'export const X = 1;' },
      'ErrorVariableNotFound',
      'Variable not found: a::b::X (line 1, position 18)',
    ],
    [
      'no methods',
      'import "m" as m; let x = 5; x.double()',
      { m: 'fn double() { this * 2 }' },
      'ErrorFunctionNotFound',
      'Function not found: double (i64) (line 1, position 31)',
    ],
    [
      'no functions for a type of this',
      'import "m" as m; m::double(5)',
      { m: 'fn int.double() { this * 2 }' },
      'ErrorFunctionNotFound',
      'Function not found: m::double (i64) (line 1, position 21)',
    ],
    [
      'nothing that was never declared',
      'import "m" as m; 1',
      { m: 'export nope;' },
      'ErrorInModule',
      "Variable not found: nope (line 1, position 8)\nin module 'm' (line 1, position 8)",
    ],
  ])

  it('only constants', () => {
    const sources = { m: 'export let x = 1; export let l = [1]; export let o = #{a: 1};' }
    for (const write of ['m::x = 5', 'm::x += 5', 'm::l[0] = 3', 'm::o.a = 3']) {
      expect(failure(`import "m" as m; ${write}`, sources).kind).toBe('ErrorAssignmentToConstant')
    }
    for (const call of ['m::l.push(1)', 'push(m::l, 1)']) {
      const error = failure(`import "m" as m; ${call}`, sources)
      expect(error.kind).toBe('ErrorNonPureMethodCallOnConstant')
    }
    const copy = 'import "m" as m; let l = m::l; l.push(2); [l, m::l]'
    expect(evaluated(copy, sources)).toBe('[[1,2],[1]]')
  })
})

describe('code of a module', () => {
  values([
    [
      'finds its own constants',
      'const C = 1; fn foo() { global::C } import "m" as m; [foo(), m::foo()]',
      { m: 'const C = 2; fn foo() { global::C }' },
      '[1,2]',
    ],
    [
      'finds its own functions before those of the script around it',
      'fn f(x) { "main" } import "m" as m; [m::f(1), m::g(1), f(1)]',
      { m: 'fn f(x) { "m" } fn g(x) { f(x) }' },
      '["m","m","main"]',
    ],
    [
      'may call functions of the script around it',
      'fn message() { "from main" } import "m" as m; m::greet()',
      {
        m: 'private fn ownMessage() { "own" } fn greet() { if is_def_fn("message", 0) { message() } else { ownMessage() } }',
      },
      '"from main"',
    ],
    [
      'can tell whether there are any',
      'import "m" as m; m::greet()',
      {
        m: 'private fn ownMessage() { "own" } fn greet() { if is_def_fn("message", 0) { message() } else { ownMessage() } }',
      },
      '"own"',
    ],
    [
      'may call methods of the script around it, which may change this',
      'fn twice() { this *= 2; } fn int.half() { this / 2 } import "m" as m; m::f(5)',
      { m: 'fn f(x) { x.twice(); [x, x.half()] }' },
      '[10,5]',
    ],
    [
      'may name a function of the script around it',
      'fn foo(x) { x * 2 } import "m" as m; m::f(5)',
      { m: 'fn f(x) { let g = foo; g.call(x) }' },
      '10',
    ],
    [
      'reaches through the modules between',
      'fn far() { "far" } import "a" as a; a::t()',
      { a: 'import "b" as b; fn t() { b::u() }', b: 'fn u() { far() }' },
      '"far"',
    ],
    [
      'sees what the script around it imports, after its own imports',
      'import "x" as x; import "y" as own; import "m" as m; m::f()',
      {
        x: 'export const V = "x";',
        y: 'export const V = "y";',
        m: 'import "x" as own; fn f() { [x::V, own::V] }',
      },
      '["x","x"]',
    ],
    [
      'sees what the script around it imports at that moment',
      'import "m" as m; let r = []; { import "x" as z; r += m::f(); } { import "y" as z; r += m::f(); } r',
      {
        x: 'export const V = "x";',
        y: 'export const V = "y";',
        m: 'fn f() { z::V }',
      },
      '["x","y"]',
    ],
    [
      'gets arguments by value',
      'import "m" as m; let x = [1]; [m::f(x), x]',
      { m: 'fn f(x) { x.push(2); x }' },
      '[[1,2],[1]]',
    ],
    [
      'evaluates text among its own functions',
      'import "m" as m; m::f(1)',
      { m: 'fn g(x) { x + 100 } fn f(x) { eval("g(x) + 1") }' },
      '102',
    ],
  ])

  it('has no this from its caller', () => {
    const error = failure('import "m" as m; m::f()', { m: 'fn f() { this }' })
    expect(error.root?.kind).toBe('ErrorUnboundThis')
  })

  it('is not changed by what the script around it defines (the reference lets it)', () => {
    const source = 'fn len(x) { 99 } import "m" as m; [m::f("abc"), len("abc")]'
    expect(evaluated(source, { m: 'fn f(x) { len(x) }' })).toBe('[3,99]')
  })

  it('does not see variables of the script around it (the reference lets it)', () => {
    const error = failure('let secret = 1; import "m" as m;', { m: 'print(secret);' })
    expect(error.toString()).toBe(
      "Variable not found: secret (line 1, position 7)\nin module 'm' (line 1, position 24)",
    )
  })
})

describe('function pointers and closures', () => {
  values([
    [
      'of a module find its functions and variables',
      'import "m" as m; [m::f.call(1), m::g.call(1), [1, 2].map(m::f)]',
      {
        m: 'fn helper(x) { x + 1 } export const f = |x| helper(x); let k = 10; export const g = |x| x + k;',
      },
      '[2,11,[2,3]]',
    ],
    [
      'made by a function of a module find its functions',
      'import "m" as m; let f = m::make(10); [f.call(1), [1, 2].map(f), f.call(5)]',
      { m: 'fn helper(x) { x + 1 } fn make(n) { |x| helper(x) + n }' },
      '[12,[12,13],16]',
    ],
    [
      'in maps of a module work as methods',
      'import "m" as m; let o = m::make(5); [o.get(), o.add(2), o.get()]',
      {
        m: 'fn inc(x) { x + 1 } fn make(n) { #{ n: n, get: || inc(this.n), add: |x| { this.n += inc(x); this.n } } }',
      },
      '[6,8,9]',
    ],
    [
      'given to a module find the functions of their script',
      'fn helper(x) { x + 100 } import "m" as m; [m::each([1], |x| helper(x)), m::each([1], helper), m::each([1], Fn("helper"))]',
      { m: 'fn helper(x) { x } fn each(l, f) { l.map(f) }' },
      '[[101],[101],[101]]',
    ],
    [
      'by name of a module find its function where they are used',
      'import "m" as m; let p = m::get().curry(5); [p.name, p.call(1)]',
      { m: 'fn minus(x, y) { x - y } fn get() { minus }' },
      '["minus",4]',
    ],
    [
      'given by name to the library are those of the module that gives them',
      'fn f(x) { "main" } import "m" as m; m::all()',
      {
        m: 'fn f(x) { x + 1 } fn all() { [[1].map("f"), [1].filter("odd"), [2, 1].reduce("sum", 0)] } fn odd(x) { x % 2 == 1 } fn sum(a, b) { a + b }',
      },
      '[[2],[1],3]',
    ],
    [
      'keep what was imported where they were made',
      'let f; { import "m" as m; f = |x| m::twice(x); } [f.call(4), [1].map(f)]',
      { m: 'fn twice(x) { x * 2 }' },
      '[8,[2]]',
    ],
    [
      'see what is imported after they were made',
      'let f = |x| m::twice(x); import "m" as m; f.call(4)',
      { m: 'fn twice(x) { x * 2 }' },
      '8',
    ],
    [
      'keep what a function imported',
      'fn make() { import "m" as m; |x| m::twice(x) } make().call(3)',
      { m: 'fn twice(x) { x * 2 }' },
      '6',
    ],
    [
      'inside closures keep it too',
      'fn make() { import "m" as m; |x| (|y| m::twice(y)).call(x) } make().call(3)',
      { m: 'fn twice(x) { x * 2 }' },
      '6',
    ],
  ])

  it('by Fn(name) from a module find its function (the reference looks where they are called)', () => {
    const sources = { m: 'fn foo() { "m" } export const F = Fn("foo");' }
    expect(evaluated('import "m" as m; m::F.call()', sources)).toBe('"m"')
  })
})

describe('imports are seen', () => {
  const sources = { a: 'fn g(x) { x } export const X = "a";', b: 'export const X = "b";' }

  values([
    ['in functions', 'fn f() { a::g(1) } import "a" as a; f()', sources, '1'],
    [
      'in functions called from the block they are in',
      'fn f() { a::g(1) } let r = 0; { import "a" as a; r = f(); } r',
      sources,
      '1',
    ],
    [
      'in the function they are in',
      'fn f() { import "a" as a; a::g(2) } [f(), f()]',
      sources,
      '[2,2]',
    ],
    [
      'until a block hides them, and after it',
      'import "a" as m; let r = [m::X]; { import "b" as m; r.push(m::X); } r.push(m::X); r',
      sources,
      '["a","b","a"]',
    ],
    ['after an eval that made them', 'eval("import \\"a\\" as a;"); a::g(3)', sources, '3'],
    [
      'in a closure called by the library',
      'import "a" as a; [1, 2].map(|x| a::g(x))',
      sources,
      '[1,2]',
    ],
    [
      'in the branch of a switch',
      'switch 1 { 1 => { import "a" as a; a::X } _ => 0 }',
      sources,
      '"a"',
    ],
  ])

  it.each([
    ['a block', '{ import "a" as a; a::g(1); }'],
    ['a function', 'fn f() { import "a" as a; a::g(1) } f();'],
    ['a function that returns early', 'fn f() { import "a" as a; return a::g(1); } f();'],
    ['a branch', 'if true { import "a" as a; a::g(1); }'],
    ['a round of a loop', 'for i in 0..2 { import "a" as a; if i == 0 { continue; } a::g(1); }'],
    ['a loop that breaks', 'loop { import "a" as a; a::g(1); break; }'],
    ['a function that throws', 'fn f() { import "a" as a; throw 1; } try { f() } catch { }'],
    ['a tried block', 'try { import "a" as a; throw 1; } catch { }'],
    ['a block with an eval', '{ eval("import \\"a\\" as a;"); a::g(1); }'],
    ['a function with an eval', 'fn f() { eval("import \\"a\\" as a;"); a::g(1) } f();'],
    ['a closure', 'let f = || { import "a" as a; a::g(1) }; f.call();'],
  ])('and gone after %s', (_name, source) => {
    expect(failure(`${source}\na::g(1)`, sources).toString()).toBe(
      'Module not found: a (line 2, position 1)',
    )
  })

  it('the later of two under one name (in the reference sometimes the earlier)', () => {
    expect(evaluated('import "a" as m; import "b" as m; m::X', sources)).toBe('"b"')
  })

  it('under the name global instead of the constants', () => {
    const source = 'import "a" as global; const C = 1; fn f() { global::X } f()'
    expect(evaluated(source, sources)).toBe('"a"')
    const hidden = 'import "a" as global; const C = 1; fn f() { global::C } f()'
    expect(failure(hidden, sources).root?.text).toBe('Variable not found: global::C')
  })

  it('neither as variables nor as functions', () => {
    const source = 'import "a" as a; [is_def_var("a"), is_def_fn("g", 1), is_def_fn("a::g", 1)]'
    expect(evaluated(source, sources)).toBe('[false,false,false]')
  })

  it('without a name not at all', () => {
    expect(failure('import "a"; a::X', sources).kind).toBe('ErrorModuleNotFound')
  })
})

describe('evaluation', () => {
  it('happens once, however often a module is imported', () => {
    const source = `
      import "m"; import "m" as x; import "m" as y; import "n" as n;
      for i in 0..3 { import "m" as z; z::f(); }
      [x::X, y::X, n::m::X]
    `
    const sources = { m: 'print("m"); export const X = 1; fn f() { }', n: 'import "m" as m;' }
    expect(run(source, sources)).toEqual({ value: '[1,1,1]', output: ['m'] })
  })

  it('happens again in the next run, from the same state', () => {
    const source = 'import "m" as m; m::next.call(); m::next.call()'
    const sources = { m: 'let n = 0; export const next = || { n += 1; n };' }
    const program = compile(source).instantiate()
    const modules = inMemory(sources)
    const results = [1, 2, 3].map(() => program.run({ modules }).value)
    expect(results).toEqual([2, 2, 2])
  })

  it('forgets imports of a run that failed', () => {
    const program = compile('if again { m::X } else { import "m" as m; throw 1 }', {
      globals: ['again'],
    }).instantiate()
    const modules = inMemory({ m: 'export const X = 1;' })
    expect(() => program.run({ modules, globals: { again: false } })).toThrow('Runtime error: 1')
    expect(() => program.run({ modules, globals: { again: true } })).toThrow('Module not found: m')
  })

  it('is that of another module where the resolver says so', () => {
    const modules: ModuleResolver = {
      resolve: (path, importer) => {
        const id = `${importer ?? ''}/${path}`
        return {
          id,
          source: path === 'leaf' ? `export const ID = "${id}";` : 'import "leaf" as l;',
        }
      },
    }
    const source =
      'import "a" as a; import "b" as b; import "leaf" as l; [a::l::ID, b::l::ID, l::ID]'
    expect(evaluated(source, {}, { modules })).toBe('["/a/leaf","/b/leaf","/leaf"]')
  })

  it('asks for a path once for each importer', () => {
    const asked: (string | undefined)[] = []
    const modules: ModuleResolver = {
      resolve: (path, importer) => {
        asked.push(importer)
        return { id: path, source: path === 'm' ? 'import "n" as n; import "n" as o;' : '' }
      },
    }
    evaluated('for i in 0..9 { import "m" as m; import "n" as n; print(i); }', {}, { modules })
    expect(asked).toEqual([undefined, 'm', undefined])
  })

  it('takes a compiled script', () => {
    const script = compile('print("compiled"); export const X = 7;')
    const modules: ModuleResolver = { resolve: (path) => ({ id: path, source: script }) }
    expect(run('import "m" as m; import "n" as n; m::X + n::X', {}, { modules })).toEqual({
      value: '14',
      output: ['compiled', 'compiled'],
    })
  })

  it('sees the variables of the host', () => {
    const program = compile('import "m" as m; m::f()', { globals: ['given'] }).instantiate()
    const modules = inMemory({
      m: 'let top = given; export top; fn f() { [given, is_def_var("given")] }',
    })
    expect(canonicalText(program.run({ modules, globals: { given: 5 } }).value)).toBe('[5,true]')
  })

  it('ends where exit or return is called, and the script goes on', () => {
    for (const end of ['exit(3);', 'return 3;', 'fn f() { exit(3) } f();']) {
      const sources = { m: `export const X = 1; ${end} print("not reached");` }
      expect(run('import "m" as m; m::X + 1', sources)).toEqual({ value: '2', output: [] })
    }
  })

  it('leaves exit to the script when it is called later', () => {
    expect(evaluated('import "m" as m; m::f(); 5', { m: 'fn f() { exit(3) }' })).toBe('3')
  })

  it.each([
    ['{ import "m"; } 1'],
    ['if true { import "m"; let x = 5; } 1'],
    ['let y = { import "m" as m; 1 }; y'],
    ['fn f() { for i in 0..2 { import "m"; } 1 } f()'],
  ])('is left out in a block that cannot use it, as in the reference: %s', (source) => {
    expect(run(source, { m: 'print("m");' })).toEqual({ value: '1', output: [] })
  })

  it.each([
    ['import "m"; 1'],
    ['fn f() { import "m"; 1 } f()'],
    ['fn f() { import "m"; } f(); 1'],
    ['let f = || { import "m"; 1 }; f.call()'],
    ['{ import "m"; print("m"); } 1'],
  ])('is not left out elsewhere: %s', (source) => {
    expect(run(source, { m: 'print("m");' }).output).toContain('m')
  })
})

describe('what goes wrong', () => {
  const deep = { a: 'import "b" as b;\nfn f() { 1 }', b: 'fn g() { 1 }\ng().nope();' }

  errors([
    [
      'a path that leads nowhere',
      'let p = "no";\nimport p + "thing" as m;',
      {},
      'ErrorModuleNotFound',
      'Module not found: nothing (line 2, position 10)',
    ],
    [
      'a path that is no string',
      'import 5 as m;',
      {},
      'ErrorMismatchDataType',
      'Data type incorrect: i64 (expecting string) (line 1, position 8)',
    ],
    [
      'a path that leads nowhere from a module',
      'import "a" as a;',
      { a: '\nimport "zzz" as z;' },
      'ErrorInModule',
      "Module not found: zzz (line 2, position 8)\nin module 'a' (line 1, position 8)",
    ],
    [
      'a mistake in the text of a module',
      'fn f() { import "m" as m; m::x }\nf()',
      { m: 'let x = ;' },
      'ErrorInFunctionCall',
      "Syntax error: Unexpected ';' (line 1, position 9)\nin module 'm' (line 1, position 17)\nin call to function 'f' (line 2, position 1)",
    ],
    [
      'an error at the top level of a module',
      'import "m" as m;',
      { m: 'let x = 1;\nx.foo();' },
      'ErrorInModule',
      "Function not found: foo (i64) (line 2, position 3)\nin module 'm' (line 1, position 8)",
    ],
    [
      'an error at the top level of a module inside a module',
      'import "a" as a;',
      deep,
      'ErrorInModule',
      "Function not found: nope (i64) (line 2, position 5)\nin module 'b' (line 1, position 8)\nin module 'a' (line 1, position 8)",
    ],
    [
      'an error in a function of a module',
      'import "m" as m;\nfn foo() { m::f() }\nfoo()',
      { m: 'fn f() { let a = [1]; a[5] }' },
      'ErrorInFunctionCall',
      "Array index 5 out of bounds: only 1 element in array @ 'm' (line 1, position 25)\nin call to function 'f' (from 'm') (line 2, position 15)\nin call to function 'foo' (line 3, position 1)",
    ],
    [
      'an error in a closure of a module',
      'import "m" as m; m::f()',
      { m: 'fn f() { [1].map(|x| throw "x") }' },
      'ErrorInFunctionCall',
      "Runtime error: x @ 'm' (line 1, position 22)\nin closure call (from 'm') @ 'm' (line 1, position 14)\nin call to function 'f' (from 'm') (line 1, position 21)",
    ],
    [
      'an error in text that a module evaluates',
      'import "m" as m; m::f()',
      { m: 'fn f() { eval("nope(1)") }' },
      'ErrorInFunctionCall',
      "Function not found: nope (i64) @ 'm' (line 1, position 1)\nin call to function 'eval' (from 'm') @ 'm' (line 1, position 15)\nin call to function 'f' (from 'm') (line 1, position 21)",
    ],
    [
      'a module that was never imported',
      'let x = 1; nomod::sub::f(x)',
      {},
      'ErrorModuleNotFound',
      'Module not found: nomod::sub (line 1, position 12)',
    ],
  ])

  it('tells in which module the innermost error was', () => {
    expect(failure('import "a" as a;', deep).root).toEqual({
      kind: 'ErrorFunctionNotFound',
      text: 'Function not found: nope (i64)',
      line: 2,
      column: 5,
      source: 'b',
    })
    const inFunction = failure('import "m" as m; m::f()', { m: 'fn f() { throw 1 }' })
    expect(inFunction.root?.source).toBe('m')
    expect(failure('fn f() { throw 1 } f()', {}).root?.source).toBeUndefined()
  })

  it.each([
    [
      'an error at the top level of a module',
      'try { import "m" as m; m::f() } catch (e) { print(e) }',
      'let a = [1]; a[5];',
      '#{"error": "ErrorInModule", "line": 1, "message": "Array index 5 out of bounds: only 1 element in array (line 1, position 16)\\nin module \'m\'", "module": "m", "position": 14}',
    ],
    [
      'an error in a function of a module',
      'import "m" as m; try { m::f() } catch (e) { print(e) }',
      'fn f() { nope() }',
      '#{"error": "ErrorInFunctionCall", "function": "f", "line": 1, "message": "Function not found: nope () @ \'m\' (line 1, position 10)\\nin call to function \'f\' (from \'m\')", "position": 27, "source": "m"}',
    ],
    [
      'an error caught inside the module',
      'import "m" as m; m::f()',
      'fn f() { try { nope() } catch (e) { print(e) } }',
      '#{"error": "ErrorFunctionNotFound", "function": "nope ()", "line": 1, "message": "Function not found: nope ()", "position": 16, "source": "m"}',
    ],
    [
      'a value thrown at the top level of a module',
      'try { import "m" as m; m::f() } catch (e) { print(e) }',
      'throw #{code: 1};',
      '#{"code": 1}',
    ],
  ])('can be caught: %s', (_name, script, source, printed) => {
    expect(run(script, { m: source }).output).toEqual([printed])
  })

  it('a module that failed is evaluated again by the next import', () => {
    const source = 'for i in 0..2 { try { import "m" as m; m::f(); } catch (e) { print(e) } } 1'
    expect(run(source, { m: 'print("m"); throw "bad";' }).output).toEqual(['m', 'bad', 'm', 'bad'])
  })

  it('a circle of imports', () => {
    const sources = { a: 'import "b" as b;', b: 'import "c" as c;', c: 'import "a" as a;' }
    const error = failure('import "a" as a;', sources)
    expect(error.kind).toBe('ErrorInModule')
    expect(error.root).toMatchObject({
      kind: 'ErrorRuntime',
      text: 'Runtime error: Circular import: a -> b -> c -> a',
    })
    expect(failure('import "self" as s;', { self: 'import "self" as s;' }).root?.text).toBe(
      'Runtime error: Circular import: self -> self',
    )
  })

  it('not a circle: a function that imports its own module later', () => {
    const sources = { a: 'fn f() { import "a" as me; me::g() } fn g() { 5 }' }
    expect(evaluated('import "a" as a; a::f()', sources)).toBe('5')
  })

  it('a resolver that fails is not the script’s to catch', () => {
    const modules: ModuleResolver = {
      resolve: () => {
        throw new TypeError('secret of the host')
      },
    }
    const program = compile('try { import "m" as m; m::f() } catch { }').instantiate()
    try {
      program.run({ modules })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        kind: 'ErrorSystem',
        text: 'System error: the module m could not be found',
        line: 1,
        column: 14,
      })
      expect((error as RhaiError).cause).toBeInstanceOf(TypeError)
    }
  })

  it('a resolver that answers something else is not the script’s to catch', () => {
    const source = makeArray([]) as never
    const modules: ModuleResolver = { resolve: () => ({ id: 'm', source }) }
    const program = compile('try { import "m" as m; m::f() } catch { }').instantiate()
    expect(() => program.run({ modules })).toThrow('System error')
  })
})

describe('limits', () => {
  it('allow as many imports as they say', () => {
    const source = 'for i in 0..5 { import "m" as m; print(m::X); }'
    const sources = { m: 'export const X = 1;' }
    expect(() => run(source, sources, { limits: { modulesMax: 5 } })).not.toThrow()
    const error = failure(source, sources, { modulesMax: 4 })
    expect(error.toString()).toBe('Too many modules imported (line 1, position 17)')
    expect(error.kind).toBe('ErrorTooManyModules')
    expect(error.limit).toEqual({ name: 'modulesMax', value: 4 })
  })

  it('count what modules import, and what they import again', () => {
    const source = 'import "a" as a; import "a" as b; 1'
    const sources = { a: 'import "m" as m; import "m" as n;', m: '' }
    expect(() => run(source, sources, { limits: { modulesMax: 4 } })).not.toThrow()
    expect(failure(source, sources, { modulesMax: 3 }).kind).toBe('ErrorTooManyModules')
  })

  const HOLES: readonly (readonly [string, Modules, Partial<RunLimits>, string])[] = [
    ['operations', { m: 'loop {}' }, { operationsMax: 10_000 }, 'ErrorTooManyOperations'],
    ['depth of calls', { m: 'fn f() { f() } f();' }, {}, 'ErrorStackOverflow'],
    ['sizes', { m: 'let s = "ab"; loop { s += s; }' }, { stringBytesMax: 99 }, 'ErrorDataTooLarge'],
    ['imports', { m: 'import "n"; import "n";', n: '' }, { modulesMax: 1 }, 'ErrorTooManyModules'],
  ]

  it.each(HOLES)('hold in modules and cannot be caught: %s', (_name, sources, limits, kind) => {
    const error = failure('\ntry { import "m" as m; m::f() } catch { }', sources, limits)
    expect(error.kind).toBe(kind)
    expect([error.line, error.column]).toEqual([2, 14])
  })

  it('charge a module that is text for being compiled', () => {
    const long = `// ${'x'.repeat(5000)}`
    expect(failure('import "m";', { m: long }, { operationsMax: 5000 }).kind).toBe(
      'ErrorTooManyOperations',
    )
    expect(failure('loop { import "m"; }', { m: '' }, { operationsMax: 5000 }).kind).toBe(
      'ErrorTooManyOperations',
    )
  })

  it('hold for a chain of modules without end', () => {
    const modules: ModuleResolver = {
      resolve: (path) => ({ id: path, source: `import "${path}x";` }),
    }
    const program = compile('import "x";').instantiate()
    expect(() => program.run({ modules })).toThrow('Stack overflow')
    expect(() => program.run({ modules, limits: { callDepthMax: 1_000_000 } })).toThrow(RhaiError)
  })

  it('hold for the source of a module', () => {
    const program = compile('import "m";', { limits: { sourceBytesMax: 100 } }).instantiate()
    const modules = inMemory({ m: ' '.repeat(101) })
    expect(() => program.run({ modules })).toThrow('Script is longer than 100 bytes')
  })
})

describe('global constants', () => {
  values([
    ['need a function in the script', 'const A = 1; fn f() { } global::A', {}, '1'],
    ['or a closure', 'const A = 1; let f = |x| x; global::A', {}, '1'],
    [
      'or a function in the script around it',
      'import "m" as m; fn f() {} m::X',
      { m: 'const C = 2; export const X = global::C + 1;' },
      '3',
    ],
    ['may be declared after the function', 'fn f() { global::A } const A = 2; f()', {}, '2'],
    [
      'may be declared by an eval at the top level',
      'const A = 1; fn f() { global::A } eval("const A = 2;"); f()',
      {},
      '2',
    ],
    [
      'and not by one elsewhere',
      'const A = 1; fn f() { global::A } fn g() { eval("const A = 3;") } { eval("const A = 2;"); } g(); f()',
      {},
      '1',
    ],
    [
      'are seen by an eval',
      'const A = 1; fn f() { eval("global::A") } [f(), eval("global::A")]',
      {},
      '[1,1]',
    ],
  ])

  errors([
    [
      'are not there without any function',
      'import "m" as m;',
      { m: 'const C = 2; export const X = global::C + 1;' },
      'ErrorInModule',
      "Variable not found: global::C (line 1, position 31)\nin module 'm' (line 1, position 8)",
    ],
    [
      'are not there before they are declared',
      'import "m" as m;',
      { m: 'fn f() { global::B } f(); const B = 1;' },
      'ErrorInModule',
      "Variable not found: global::B @ 'm' (line 1, position 10)\nin call to function 'f' (from 'm') (line 1, position 22)\nin module 'm' (line 1, position 8)",
    ],
    [
      'are no variables',
      'let A = 1; fn f() { global::A } f()',
      {},
      'ErrorInFunctionCall',
      "Variable not found: global::A (line 1, position 21)\nin call to function 'f' (line 1, position 33)",
    ],
    [
      'cannot be changed by a function that changes its argument',
      'const A = [1]; fn f() { push(global::A, 1) } f()',
      {},
      'ErrorInFunctionCall',
      "Non-pure method 'push' cannot be called on constant (line 1, position 25)\nin call to function 'f' (line 1, position 46)",
    ],
  ])
})

describe('names of JavaScript', () => {
  const NAMES = [
    '__proto__',
    'constructor',
    'then',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'module',
  ]

  it.each(NAMES.filter((name) => name !== 'module'))(
    '%s can be a path, a module, a function, a constant',
    (name) => {
      const sources = { ...{ [name]: `fn ${name}(x) { x + 1 } export const ${name} = 7;` } }
      const source = `import "${name}" as ${name}; [${name}::${name}(1), ${name}::${name}]`
      expect(evaluated(source, sources)).toBe('[2,7]')
    },
  )

  it.each(NAMES)('%s is nothing that was not exported', (name) => {
    expect(() => evaluated(`import "${name}" as m;`, { m: '' })).toThrow('Module not found')
    if (name === 'module') return
    for (const use of [`m::${name}`, `m::${name}()`, `m::${name}::x`, `m::${name}::f()`]) {
      expect(failure(`import "m" as m; ${use}`, { m: '' }).kind).toMatch(/NotFound$/)
    }
    expect(failure(`${name}::f()`, {}).kind).toBe('ErrorModuleNotFound')
  })
})

describe('descriptions of functions', () => {
  it('say behind which path they are', () => {
    const source = `
      import "m" as m;
      private fn own(a) { a }
      get_fn_metadata_list().map(|f| \`\${f?.namespace ?? ""} \${f.access} \${f.name}/\${f.params.len}\`)
    `
    const sources = { m: 'import "n" as n; fn f(x, y) { x } private fn p() { }', n: 'fn g() { }' }
    const list = JSON.parse(evaluated(source, sources)) as string[]
    expect(list.sort()).toEqual([' private own/1', 'm public f/2', 'm::n public g/0'])
  })

  it('cost operations, however often a module is reached', () => {
    const sources = Object.fromEntries(
      Array.from({ length: 24 }, (_, i) => [
        `m${i}`,
        i === 0 ? 'fn f() { }' : `import "m${i - 1}" as a; import "m${i - 1}" as b;`,
      ]),
    )
    const error = failure('import "m23" as m; get_fn_metadata_list()', sources, {
      operationsMax: 100_000,
    })
    expect(error.kind).toBe('ErrorTooManyOperations')
  })
})
