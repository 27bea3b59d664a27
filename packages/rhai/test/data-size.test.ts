/**
 * What an array or map holds, with everything inside it, keeps to `dataBytesMax`: exactly, whichever
 * way something is put into it, and at a cost the script pays for.
 */
import { describe, expect, it } from 'vitest'
import {
  ANY,
  asyncHostFunction,
  compile,
  fromJson,
  Host,
  hostFunction,
  makeArray,
  RhaiError,
  type RunOptions,
  STRING,
  type Value,
} from '../src/index.ts'

const MODULES = { resolve: () => ({ key: 'm', source: 'export const A = [[1, 2]];' }) }

const HOST = new Host({
  functions: {
    twice: hostFunction([ANY], (_context, value) => makeArray([value, value].map(plain))),
    text: hostFunction([STRING], (_context, text) => text),
  },
  modules: { box: { constants: { FULL: makeArray([1, 2, 3]) } } },
})

function plain(value: Value) {
  return value as Exclude<Value, { tag: number; value: unknown }>
}

interface Form {
  readonly name: string
  run(source: string, options: RunOptions): Promise<Value>
}

const FORMS: readonly Form[] = [
  {
    name: 'at once',
    run: async (source, options) =>
      compile(source, { globals: ['given'], host: HOST })
        .instantiate()
        .run(options).value,
  },
  {
    name: 'asynchronous',
    run: async (source, options) => {
      const script = compile(source, { globals: ['given'], host: HOST, isAllAsynchronous: true })
      return (await script.instantiate().runAsync(options)).value
    },
  },
]

async function failureOf(work: Promise<Value>): Promise<RhaiError> {
  try {
    await work
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('the script did not fail')
}

/** Scripts, and how much the largest array or map of each holds. */
const SIZES: readonly (readonly [string, number])[] = [
  // What counts.
  ['let a = [1, 2.5, true, ()];', 4 * 16],
  ['let a = ["abc", "é"];', 2 * 16 + 3 + 1],
  ['let a = [blob(5, 0)];', 16 + 5],
  ['let a = #{ key: "abc" };', 16 + 3 + 3],
  ['let t = "abc"; t.tag = 5; let a = [t];', 16 + 3],
  ['let a = [[[]]];', 2 * 16],
  ['let p = Fn("f").curry("abc"); let a = [p];', 16],
  ['let k = "k"; let m = #{}; for i in 0..20 { m[k + i] = 1; }', 20 * 16 + 10 * 2 + 10 * 3],
  ['let m = #{ a: [1, #{ b: "x" }] };', 17 + 2 * 16 + 17 + 1],
  // What is held twice counts twice.
  ['let a = [1]; let b = [a, a];', 4 * 16],
  ['let a = [1]; let b = #{ x: a, y: a };', 2 * 17 + 2 * 16],
  ['fn id(x) { x } let a = [1]; let b = [id(a), id(a)];', 4 * 16],
  ['let a = [1, 2, 3]; let b = [a]; b.push(a);', 8 * 16],
  // Ways in.
  ['let a = [1]; a.push("abc");', 2 * 16 + 3],
  ['let a = [1]; push(a, "abc");', 2 * 16 + 3],
  ['let a = [1]; a.insert(0, "abc");', 2 * 16 + 3],
  ['let a = [1]; a.set(0, "abc");', 16 + 3],
  ['let a = [1]; a[0] = "abc";', 16 + 3],
  ['let a = [1]; a[-1] = "abc";', 16 + 3],
  ['let a = [1]; let i = 0; a[i] = [2];', 2 * 16],
  ['let a = [1]; a.pad(3, "ab");', 3 * 16 + 4],
  ['let a = [1]; a.append([2, "x"]);', 3 * 16 + 1],
  ['let a = [1, 2]; a.splice(0, 1, ["x", "y"]);', 3 * 16 + 2],
  ['let a = [1, 2]; let b = a + [3, a];', 6 * 16],
  ['let a = [1, 2]; a += a;', 4 * 16],
  ['let a = [1, 2]; a += "abc";', 3 * 16 + 3],
  ['let a = [[1]]; a[0] += [2];', 3 * 16],
  ['let a = ["a"]; a[0] += "bc";', 16 + 3],
  ['let m = #{}; m.ab = 1; m["cd"] = "x";', 2 * 18 + 1],
  ['let m = #{ a: 1 }; m.a = "abc";', 17 + 3],
  ['let m = #{ a: [1] }; m.a += [2];', 17 + 2 * 16],
  ['let m = #{}; m.set("ab", [1]);', 18 + 16],
  ['let m = #{ a: 1 }; m.mixin(#{ b: "x" });', 2 * 17 + 1],
  ['let m = #{ a: 1 }; m.fill_with(#{ b: "x" });', 2 * 17 + 1],
  ['let m = #{ a: 1 }; m += #{ b: "x" };', 2 * 17 + 1],
  ['let m = #{ a: 1 } + #{ b: "x" };', 2 * 17 + 1],
  ['let a = [1, 2].map(|x| [x]);', 4 * 16],
  ['let m = #{ a: 1 }.map(|k, v| [v, v]);', 17 + 2 * 16],
  ['let a = [1, 2].zip([3, 4], |x, y| [x, y]);', 6 * 16],
  ['let a = "ab,c".split(",");', 2 * 16 + 3],
  ['let a = "abc".to_chars();', 3 * 16],
  ['let a = blob(3, 0).to_array();', 3 * 16],
  [`let m = parse_json(\`{"a":[1,"xy"]}\`);`, 17 + 2 * 16 + 2],
  [`let m = parse_json(\`{"a":[1,"x"+"y"]}\`);`, 17 + 2 * 16 + 2],
  // Short ways in.
  ['let a = []; for i in 0..3 { a.push(i); a.push(1.5); a.push("x"); a.push([]); }', 12 * 16 + 3],
  ['let a = []; let f = |x| a.push(x); f.call("ab"); f.call(1);', 2 * 16 + 2],
  ['let m = #{ x: [] }; m.x.push("ab"); m.x.push(1);', 17 + 2 * 16 + 2],
  ['fn f(x) { this.push(x) } let a = []; a.f("ab"); a.f(1);', 2 * 16 + 2],
  ['let a = [0, 0]; for i in 0..2 { a[i] = "ab"; }', 2 * 16 + 4],
  ['let a = [0, 0]; for i in 0..2 { a[i] = [i]; }', 4 * 16],
  ['let a = [0, 0]; let x = "ab"; a[0] = 5; a[1] = x;', 2 * 16 + 2],
  ['let a = ["a", "b"]; for i in 0..2 { a[i] += 1; }', 2 * 16 + 4],
  ['let a = [#{ x: "a" }]; let i = 0; a[i].x += 1; a[i].x += 1.5;', 16 + 17 + 5],
  ['let a = [#{ x: [1] }]; let i = 0; a[i].x += 2;', 16 + 17 + 2 * 16],
  ['let a = [#{ x: [1] }]; let i = 0; let y = [2]; a[i].x += y;', 16 + 17 + 2 * 16],
  ['let a = [["a"]]; let i = 0; a[i][i] += 23;', 2 * 16 + 3],
  ['let m = #{ a: "x" }; m.a += 12;', 17 + 3],
  ['let m = #{ a: #{ b: "x" } }; m.a.b += 12;', 17 + 17 + 3],
  ['let m = #{}; m.a = 1; m.a = "xy"; m.b = [];', 2 * 17 + 2],
  ['let m = #{}; let k = "k"; m[k] = 1; m[k] += 2; m[k] = "xyz";', 17 + 3],
  ['let a = [1, 2].map(|x| "ab" + x);', 2 * 16 + 6],
  ['let t = ""; let a = [1, 2, 3].map(|x| { t += "a"; t });', 3 * 16 + 6],
  ['let t = ["ab"]; let a = [1, 2].map(|x| t);', 2 * 16 + 2 * 18],
  ['let a = ["ab", "c"].filter(|x| true); a.push(1);', 3 * 16 + 3],
  ['let a = [1, 2].reduce(|s, x| { s.push(x); s }, []);', 2 * 16],
  ['let a = [[2], [1]]; a.sort(|x, y| x[0] - y[0]); a.push(0);', 5 * 16],
  // What was counted once moves on; what was copied, or taken from another, is more.
  ['let a = [[[1], "ab"], [2]];', 6 * 16 + 2],
  ['fn row(n) { let r = []; r.push(n); r } let a = []; a.push(row("ab")); a.push(row(1));', 66],
  ['fn f(x) { x.push(1); x } let a = [1, 2]; a.push(f(a));', 6 * 16],
  ['let a = [1, 2]; a.push(a.filter(|x| true));', 5 * 16],
  ['let o = [[[1, 2]]]; let u = o[0][0].filter(|x| true); u.push(o.pop());', 6 * 16],
  ['let o = [[[1, 2]]]; let u = []; u.push(o[0][0].extract(0)); u.push(o.pop());', 7 * 16],
  ['let a = [[1]]; let b = a; b[0].push(2); b.push(a); b.push(b.shift());', 6 * 16],
  ['let a = [[1]]; let b = [a.pop()]; b[0].push(2); b.push(b.pop());', 3 * 16],
  ['let a = [1, 2]; let m = #{ x: a.extract(0), y: a.split(1) };', 2 * 17 + 3 * 16],
  [
    'let m = #{ a: "xy" }; let a = m.values(); a.push(m.keys()); a.push([m]);',
    3 * 16 + 2 + 17 + 16 + 19,
  ],
  ['let b = blob(5, 0); let a = []; a.push(b); a.push([b]);', 3 * 16 + 10],
  // Deeper than the variable.
  ['let a = [[1]]; a[0].push(2);', 3 * 16],
  ['let a = [#{ x: [] }]; a[0].x.push("abc");', 16 + 17 + 16 + 3],
  ['let a = [#{ x: "a" }]; a[0].x += "bc";', 16 + 17 + 3],
  ['let a = [#{ x: "a" }]; a[0].x.pad(3, "b");', 16 + 17 + 3],
  ['let m = #{ a: #{} }; m.a.b = "xy";', 17 + 17 + 2],
  ['let a = [[[1]]]; a[0][0][0] = "abc";', 3 * 16 + 3],
  ['let a = [[1], 2]; a[0][0] = a;', 6 * 16],
  ['let a = [blob()]; a[0].push(1); a[0].push(2);', 16 + 2],
  ['let a = [blob(1, 0)]; a[0].insert(0, 2);', 16 + 2],
  ['let a = [blob(1, 0)]; a[0] += "xyz";', 16 + 4],
  ['let m = #{ a: [] }; m?.a?.push(1);', 17 + 16],
  // Through functions, closures and text.
  ['fn f() { this.push(1) } let a = [[]]; a[0].f();', 2 * 16],
  ['fn f() { this.x.push(1) } let a = [#{ x: [] }]; a[0].f();', 16 + 17 + 16],
  ['let m = #{ x: [] }; let g = || { m.x.push(2) }; g.call();', 17 + 16],
  ['let m = #{ f: || this.x.push(1), x: [] }; m.f();', 2 * 17 + 16],
  ['let a = [[1], [1]]; a.for_each(|| this.push(2));', 6 * 16],
  ['let a = [[1], [1]]; a.for_each(|| this = [1, 2]);', 6 * 16],
  ['let m = #{ a: 1 }; m.retain(|k| { this = [1]; true });', 17 + 16],
  ['eval("let a = [[]]; a[0].push(1);");', 2 * 16],
  ['let a = [[]]; eval("a[0].push(1);");', 2 * 16],
  ['import "m" as m; let a = m::A; a[0].push(3);', 4 * 16],
  // From the host.
  ['let a = given; a.push("x");', 17 + 16 + 16 + 1],
  ['let a = twice("abc");', 2 * 16 + 6],
  ['let a = [1]; let b = twice(a);', 4 * 16],
  ['let a = box::FULL; a.push(4);', 4 * 16],
  // What was taken out of one goes into another.
  ['let a = [1, 2]; let b = [0, 0]; b.push(a.pop());', 3 * 16],
  ['let a = [[1], [2]]; let b = []; b.push(a.pop()); b.push(a.shift()); b.push(0);', 5 * 16],
  ['let a = [1, 2, 3]; let b = [a.take()]; b.push(0);', 5 * 16],
]

const GIVEN = { given: fromJson([{ a: 1 }]) }

describe.each(FORMS)('the data of arrays and maps, $name', ({ run }) => {
  it.each(SIZES)('%s holds %i bytes', async (source, size) => {
    const options = (dataBytesMax: number): RunOptions => ({
      globals: source.includes('given') ? GIVEN : {},
      modules: MODULES as unknown as NonNullable<RunOptions['modules']>,
      limits: { dataBytesMax },
    })
    await run(source, options(size))
    const caught = source.includes('fn ')
      ? source
      : `try { ${source.replace('import', ';import')} } catch { }`
    for (const text of [source, caught]) {
      const error = await failureOf(run(text, options(size - 1)))
      expect(error.kind).toBe('ErrorDataTooLarge')
      expect(error.text).toBe('Size of data too large')
      expect(error.limit).toEqual({ name: 'dataBytesMax', value: size - 1 })
      expect(error.line).toBe(1)
    }
  })
})

function failure(source: string, dataBytesMax: number): RhaiError {
  try {
    compile(source)
      .instantiate()
      .run({ limits: { dataBytesMax, operationsMax: 5_000_000 } })
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('the script did not fail')
}

describe('the limit of data', () => {
  it.each([
    'let a = [1]; for i in 0..60 { a = [a, a]; }',
    'let m = #{}; loop { m = #{ a: m, b: m }; }',
    'let a = [1]; loop { a.push(a); }',
    'let a = [[1]]; loop { a[0].push(a); }',
    'let m = #{ a: #{} }; loop { m.a.b = m; m.a.c = m; }',
    'fn wrap(x) { [x, x] } let a = 1; loop { a = wrap(a); }',
    'fn grow() { this.push(this[0]); this[0] = this; } let a = [[1]]; loop { a.grow(); }',
    'let a = [1]; loop { a = [1, 2].map(|x| a); }',
    'let a = [[1, 1]]; let f = || { a[0][0] = a; a[0][1] = a; }; loop { f.call(); }',
    'let a = [1, 1]; loop { eval("a = [a, a]"); }',
    'let a = [1]; loop { let b = []; b.pad(9, a); a = b; }',
  ])('ends what grows without end, early: %s', (source) => {
    const error = failure(source, 32 * 1024 * 1024)
    expect(error.kind).toBe('ErrorDataTooLarge')
    expect(error.operations).toBeLessThan(10_000)
  })

  it('leaves scripts that stay below it as they are', () => {
    const source =
      'let a = []; for i in 0..5000 { a.push([i]); if a.len > 50 { a.clear(); } } a.len'
    const program = compile(source).instantiate()
    const result = program.run({ limits: { dataBytesMax: 51 * 32 } })
    expect(result.value).toBe(program.run().value)
    expect(() => program.run({ limits: { dataBytesMax: 51 * 32 - 1 } })).toThrow('Size of data')
  })

  it('is each run its own', () => {
    const program = compile('let a = []; for i in 0..9 { a.push(i); } a').instantiate()
    const limits = { dataBytesMax: 9 * 16 }
    for (let i = 0; i < 3; i++) expect(() => program.run({ limits })).not.toThrow()
    expect(() => program.run({ limits: { dataBytesMax: 9 * 16 - 1 } })).toThrow('Size of data')
    expect(() => program.run()).not.toThrow()
  })

  it('holds for what a host answers later', async () => {
    const host = new Host({
      functions: { later: asyncHostFunction([], async () => makeArray([1, 2])) },
    })
    const program = compile('let a = later(); a.push(3); a.len', { host }).instantiate()
    expect((await program.runAsync({ limits: { dataBytesMax: 48 } })).value).toBe(3)
    const work = program.runAsync({ limits: { dataBytesMax: 47 } }).then(({ value }) => value)
    expect((await failureOf(work)).limit?.name).toBe('dataBytesMax')
  })
})

describe('the work of counting data', () => {
  function operations(source: string, dataBytesMax: number): number {
    return compile(source).instantiate().run({ limits: { dataBytesMax } }).operations
  }

  it.each([
    'let a = []; for i in 0..SIZE { a.push([i]); }',
    'let m = #{}; for i in 0..SIZE { m["k" + i] = [i]; }',
    'let a = [[]]; for i in 0..SIZE { a[0].push("x"); }',
  ])('grows with what is put in: %s', (source) => {
    const LIMIT = 8 * 1024 * 1024
    const [small, large] = [10_000, 40_000].map((size) => {
      const text = source.replace('SIZE', String(size))
      return operations(text, LIMIT) - operations(text, 0)
    }) as [number, number]
    expect(large).toBeLessThan(5 * small + 100)
  })

  it('is paid for where a container at its limit changes again and again', () => {
    const source = 'let a = []; a.pad(1000, [1]); for i in 0..100 { a.push([1]); a.pop(); }'
    const paid = operations(source, 1001 * 32) - operations(source, 0)
    expect(paid).toBeGreaterThan((90 * 1000) / 8)
  })

  it('is spared for what is shared and has been measured', () => {
    const source = 'let big = []; big.pad(5000, [1]); let a = []; for i in 0..100 { a.push(big); }'
    const paid = operations(source, 1024 ** 3) - operations(source, 0)
    expect(paid).toBeLessThan(5000)
  })
})
