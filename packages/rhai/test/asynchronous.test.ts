/**
 * Scripts that wait for their host: the result is that of a host that answers at once, runs do not
 * disturb each other, and a run can be cancelled while it waits.
 */
import { setImmediate as turn } from 'node:timers/promises'
import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import {
  ANY,
  type AsyncRunOptions,
  asyncHostFunction,
  type CallContext,
  canonicalText,
  compile,
  FN,
  fromJson,
  Host,
  type HostFunction,
  hostFunction,
  RhaiError,
  type Value,
} from '../src/index.ts'

/** Functions of the host by module and name. */
type Functions = Readonly<Record<string, Readonly<Record<string, HostFunction>>>>

/** Answers its argument after a turn of the event loop; `later::fail(x)` fails with it. */
const LATER: Functions = {
  later: {
    get: answering(async (_context, value) => {
      await turn()
      return value
    }),
    fail: answering(async (_context, value) => {
      await turn()
      throw failureWith(value)
    }),
    bug: asyncHostFunction([], async () => {
      throw new Error('secret')
    }),
  },
}

/** The same functions, but at once. */
const AT_ONCE: Functions = {
  later: {
    get: hostFunction([ANY], (_context, value) => value),
    fail: hostFunction([ANY], (_context, value) => {
      throw failureWith(value)
    }),
  },
}

function answering(call: (context: CallContext, value: Value) => Promise<Value>): HostFunction {
  return asyncHostFunction([ANY], call)
}

function failureWith(thrown: Value): RhaiError {
  return new RhaiError({ phase: 'eval', kind: 'ErrorRuntime', text: String(thrown), thrown })
}

function hostOf(functions: Functions): Host {
  const modules = Object.entries(functions).map(([name, each]) => [name, { functions: each }])
  return new Host({ modules: Object.fromEntries(modules) })
}

async function outcome(source: string, functions: Functions): Promise<string> {
  const output: string[] = []
  const ended = (text: string): string =>
    [...output, text].join('\n').replaceAll(/anon\$\d+/g, 'anon$')
  try {
    const program = compile(source, { host: hostOf(functions) }).instantiate()
    const { value } = await program.runAsync({ print: (text) => output.push(text) })
    return ended(canonicalText(value))
  } catch (error) {
    if (error instanceof RhaiError) return ended(`${error.kind} ${error}`)
    throw error
  }
}

async function result(source: string, options: AsyncRunOptions = {}): Promise<Value> {
  const script = compile(source, { host: hostOf(LATER) })
  return (await script.instantiate().runAsync(options)).value
}

async function failure(source: string, options: AsyncRunOptions = {}): Promise<RhaiError> {
  try {
    await result(source, options)
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('the script did not fail')
}

/** `G(x)` waits and answers `x`. */
const WAITING_SCRIPTS = [
  'G(1) + G(2) * G(3)',
  'let a = [1, 2]; a[G(0)] += G(5); a[G(1)] = a[G(0)] + G(1); a',
  'let m = #{a: #{b: [1]}}; m.a.b.push(G(2)); m.a[G("c")] = G(3); m',
  'let s = [" x "]; s[G(0)].trim(); s[0] += G("!"); s',
  'let x = 1; let f = || { x += G(1); x }; [f.call(), f.call(), x]',
  'let x = 1; let y = x + { x = G(5); x } + x; [x, y]',
  'let l = []; while G(l.len()) < 3 { l.push(G(l.len())); if G(l.len()) == 2 { continue; } } l',
  'let l = []; for (x, i) in G([5, 6]) { l.push([G(x), i]); } l',
  'let n = 0; do { n += G(1); if n == 3 { break } } until G(n) == 5; n',
  'let v = loop { break G(7) }; v',
  'switch G(2) { 1 => "a", 2 if G(true) => G("b"), _ => "c" }',
  'if G(false) { 1 } else if G(true) && G(true) { G(2) } else { 3 }',
  'G(()) ?? G(4)',
  'let m = #{}; [m?.a?.len(), G(m)?.a]',
  `\`\${G(1)}-\${G("b")}\``,
  'try { throw G(1) } catch (e) { [e, G(2)] }; try { F("no") } catch (e) { print(e) }',
  'fn f() { try { return G(1) } catch { } 2 } f()',
  'fn f() { F("deep") } fn g() { f() } try { g() } catch (e) { e }',
  'fn f() { F("deep") } fn g() {\n f() } g()',
  'fn f(n) { if n == 0 { G(0) } else { 1 + f(n - 1) } } f(20)',
  'fn add(x) { this += G(x); this } let n = 1; n.add(2); let l = [1]; l[0].add(5); [n, l]',
  'let m = #{v: 1, add: |x| { this.v += G(x); this.v }}; [m.add(2), m.add(3), m.v]',
  'let f = |x| G(x); let m = #{len: f}; [m.len(3), f.call(4), call(f, 5), f.curry(6).call()]',
  'fn get(x) { G(x) } [[1, 2].map("get"), [3].map(get), Fn("get").call(4), call(Fn("get"), 5)]',
  'let a = 2; let v = eval("let b = G(3); a = G(a + b); a"); [a, v]',
  'fn f(x) { G(x) } let a = 1; eval("f(a) + 1")',
  'let a = 1; eval("F(a)")',
  'let a = 1; try { eval("F(a); (") } catch (e) { e.message }',
  'fn f() { x += G(1); } let x = 1; f!(); x',
  'const A = [1]; fn f() { global::A.len() + G(1) } f()',
  'exit(G(5)); 6',
  'fn f() { exit(G(5)) } f(); 6',
  '[1, 2].map(|x| exit(G(x)))',
  'print(G(1)); print([1, 2].map(|x| { print(x); G(x) })); print(3)',
  'print("a"); G(print("b")); print("c")',
]

/** Every library function that calls back. */
const WAITING_CALLBACKS = [
  '[1, 2, 3].map(|x| G(x) + 1)',
  '[1, 2, 3].map(|x, i| G(x) * i)',
  'let a = [1, 2]; a.map(|| { this += G(1); 0 }); a',
  '[1, 2, 3].filter(|x| G(x) > 1)',
  '[[1, 2, 3].some(|x| G(x) == 2), [1].some(|x| G(x) == 2), [].some(|x| G(x) == 2)]',
  '[[1, 2, 3].all(|x| G(x) > 0), [1, 2].all(|x| G(x) > 1)]',
  'let a = [1, 2]; a.for_each(|i| this += G(i)); a',
  'let a = [1, 2, 3]; [a.drain(|x| G(x) > 1), a]',
  'let a = [1, 2, 3]; [a.retain(|x| G(x) > 1), a]',
  'let a = [1, 2, 3]; try { a.retain(|x| if x == 2 { F("no") } else { G(false) }) } catch { } a',
  '[[4, 5].index_of(|x| G(x) == 5), [4, 5, 4].index_of(|x| G(x) == 4, 1)]',
  'fn is5(x) { G(x) == 5 } [4, 5].index_of("is5")',
  '["is6"].index_of("is6") + G(0)',
  '[[4, 5].find(|x| G(x) > 4), [4].find(|x| G(x) > 4), [4, 5, 6].find(|x| G(x) > 4, 2)]',
  '[4, 5].find_map(|x| if G(x) > 4 { x * 2 })',
  '[[1, 2].reduce(|s, x| G(s ?? 0) + x), [1, 2].reduce(|s, x, i| G(s) + x * i, 10)]',
  '["a", "b"].reduce_rev(|s, x| G(s) + x, "")',
  '[1, 2].reduce(|s| s + G(this), 0)',
  'fn add(s, x) { G(s) + x } [1, 2].reduce("add", 3)',
  '[1, 2].zip([3, 4], |x, y| G(x) + y)',
  'let a = [1, 1, 2]; a.dedup(|x, y| G(x) == y); a',
  'let a = [1, 1, 2]; a.dedup(|x, y| F("no")); a',
  'let a = [3, 1, 2]; a.sort(|x, y| G(x) - y); a',
  'let a = [3, 1, 2]; a.sort(|x, y| G(x) > y); a',
  'let a = [3, 1, 2]; a.sort_by(|x, y| F("no")); a',
  'fn less(x, y) { G(x) < y } let a = [3, 1, 2]; a.sort("less"); a',
  '[[3, 1, 2].order(|x, y| G(x) - y), [3, 1, 2].order_by(|x, y| G(y) - x)]',
  '#{a: 1, b: 2}.map(|k, v| k + G(v))',
  'let m = #{a: 1, b: 2}; [m.filter(|k| { this += G(1); this > 2 }), m]',
  'let m = #{a: 1, b: 2}; [m.drain(|k, v| G(v) > 1), m]',
  'let m = #{a: 1, b: 2}; [m.retain(|k, v| G(v) > 1), m]',
  '[[1, 2], [3]].map(|l| l.map(|x| G(x)))',
  'map([1], |x| G(x))',
  'let cmp = |x, y| G(x) - y; let a = [2, 1]; sort(a, cmp); a',
  '[1].map(|| 1 + F("inside"))',
  'let f = |x| G(x); [1].map("missing")',
  'let f = |x| G(x); [1].map("no name")',
  'let a = []; a.pad(100, 1); a.map(|x| [x].map(|y| G(y))).len()',
]

function written(template: string): string {
  return template.replaceAll('G(', 'later::get(').replaceAll('F(', 'later::fail(')
}

describe('a script that waits does what one does that need not', () => {
  it.each([...WAITING_SCRIPTS, ...WAITING_CALLBACKS])('%s', async (template) => {
    const source = written(template)
    expect(compile(source, { host: hostOf(LATER) }).isAsynchronous).toBe(true)
    expect(await outcome(source, LATER)).toBe(await outcome(source, AT_ONCE))
  })

  it('calls back in order, one after the other', async () => {
    const events: string[] = []
    const functions: Functions = {
      later: {
        get: answering(async (_context, value) => {
          events.push(`ask ${value}`)
          await turn()
          events.push(`answer ${value}`)
          return value
        }),
      },
    }
    await compile('[1, 2, 3].map(|x| later::get(x))', { host: hostOf(functions) })
      .instantiate()
      .runAsync()
    const expected = [1, 2, 3].flatMap((each) => [`ask ${each}`, `answer ${each}`])
    expect(events).toEqual(expected)
  })

  it('in the sandbox of another realm without globals', async () => {
    const context = vm.createContext(Object.create(null) as object, {
      codeGeneration: { strings: false, wasm: false },
    })
    const evaluate = (code: string): unknown => new vm.Script(code).runInContext(context)
    const source = 'fn f(x) { later::get(x) } let a = [2, 1].map(f); a.sort(|x, y| f(x) - y); a'
    const program = compile(source, { host: hostOf(LATER) }).instantiate(evaluate)
    expect(canonicalText((await program.runAsync()).value)).toBe('[1,2]')
  })
})

/** Scripts of several modules; `main` is run. */
async function outcomeOfModules(
  sources: Readonly<Record<string, string>>,
  functions: Functions,
  isCompiled: boolean,
): Promise<string> {
  const host = hostOf(functions)
  const sourceOf = (text: string) => (isCompiled ? compile(text, { host }) : text)
  const compiled = new Map(
    Object.entries(sources).map(([id, text]) => [id, sourceOf(written(text))]),
  )
  const modules = {
    resolve: (path: string) => {
      const source = compiled.get(path)
      return source === undefined ? undefined : { id: path, source }
    },
  }
  try {
    const program = compile(written(sources.main ?? ''), { host }).instantiate()
    return canonicalText((await program.runAsync({ modules })).value)
  } catch (error) {
    if (error instanceof RhaiError)
      return `${error.kind} ${error}`.replaceAll(/anon\$\d+/g, 'anon$')
    throw error
  }
}

describe('modules', () => {
  const SCRIPTS: readonly Readonly<Record<string, string>>[] = [
    { main: 'import "a" as a; a::get(1) + a::get(2)', a: 'fn get(x) { G(x) }' },
    { main: 'import "a" as a; [1, 2].map(|x| a::get(x))', a: 'fn get(x) { G(x) }' },
    { main: 'import "a" as a; a::X', a: 'export const X = G(1);' },
    { main: 'import "a" as a; a::X.call(1)', a: 'export let X = |x| G(x);' },
    { main: 'import "a" as a; a::make().call(1)', a: 'fn make() { |x| G(x) }' },
    { main: 'import "a" as a; a::apply([1, 2], |x| G(x))', a: 'fn apply(l, f) { l.map(f) }' },
    { main: 'import "a" as a; a::twice(|x| G(x), 1)', a: 'fn twice(f, x) { f.call(f.call(x)) }' },
    { main: 'import "a" as a; a::run(#{load: |x| G(x)})', a: 'fn run(m) { m.load(1) }' },
    { main: 'import "a" as a; fn hook(x) { G(x) } a::run()', a: 'fn run() { hook(1) }' },
    {
      main: 'import "a" as a; fn hook() { G(this) } a::run()',
      a: 'fn run() { let x = 3; x.hook() }',
    },
    {
      main: 'import "a" as a; a::run()',
      a: 'import "b" as b; fn run() { b::get(1) }',
      b: 'fn get(x) { G(x) }',
    },
    { main: 'import "a" as a; a::fail()', a: 'fn fail() { F("no") }' },
    { main: 'import "a" as a; 1', a: 'F("no")' },
    {
      main: 'import "a" as a; import "b" as b; [a::N, b::N]',
      a: 'export let N = G(1);',
      b: 'import "a" as a; export let N = a::N + 1;',
    },
    { main: 'import "a" as a; 1', a: 'let x = G(1); import "b" as b;', b: 'import "a" as a; 1' },
    {
      main: 'let l = []; { import "a" as a; l.push(a::get(1)); } try { a::get(1) } catch (e) { l.push(e.message); } l',
      a: 'fn get(x) { G(x) }',
    },
    { main: 'fn f() { import "a" as a; a::get(1) } [f(), f()]', a: 'G(0); fn get(x) { G(x) }' },
    { main: 'import "a" as a; a::X', a: 'export let X = G(1); exit(3); X = 2;' },
    {
      main: 'import "a" as a; let m = a::make(); m.get(1) + m.len()',
      a: 'fn make() { #{get: |x| G(x), len: || G(2)} }',
    },
  ]

  it.each(SCRIPTS)('may wait: $main', async (sources) => {
    const expected = await outcomeOfModules(sources, AT_ONCE, false)
    expect(await outcomeOfModules(sources, LATER, false)).toBe(expected)
    expect(await outcomeOfModules(sources, LATER, true)).toBe(expected)
  })

  it('that wait cannot be imported where nothing can wait', async () => {
    const host = hostOf(LATER)
    const modules = {
      resolve: (path: string) => ({ id: path, source: compile('later::get(1)', { host }) }),
    }
    const program = compile('import "a" as a; 1').instantiate()
    expect(() => program.run({ modules })).toThrow('the module a has to be waited for')
  })
})

describe('functions of the host without a module', () => {
  const host = new Host({ functions: { get: LATER.later?.get ?? [] } })

  it.each([
    ['get(1) + get(2)', '3'],
    ['1.get()', '1'],
    ['let x = [5]; x.get()', '[5]'],
    ['[1, 2].map("get")', '[1,2]'],
    ['let f = Fn("get"); [f.call(1), [2].map(f), call(f, 3)]', '[1,[2],3]'],
    ['fn f(n) { Fn(n).call(1) } f("g" + "et")', '1'],
    ['fn f() { "a".get() } f() + get("b")', '"ab"'],
    ['fn get(x) { x + 1 } get(1)', '2'],
  ])('%s', async (source, expected) => {
    const program = compile(source, { host }).instantiate()
    expect(canonicalText((await program.runAsync()).value)).toBe(expected)
  })
})

describe('a script that does not wait', () => {
  it('stays synchronous beside asynchronous host functions', () => {
    const source = 'let a = [2, 1]; a.sort(|x, y| x - y); a.map(|x| x * 2)'
    const script = compile(source, { host: hostOf(LATER) })
    expect(script.isAsynchronous).toBe(false)
    expect(script.code).not.toMatch(/await|async|Later/)
    expect(canonicalText(script.instantiate().run().value)).toBe('[2,4]')
  })

  it('can be run as one that does', async () => {
    const program = compile('let x = 40; x + 2').instantiate()
    expect((await program.runAsync()).value).toBe(42)
    await expect(compile('throw 1').instantiate().runAsync()).rejects.toThrow('Runtime error: 1')
  })

  it('keeps the parts of an asynchronous script that only compute as they were', () => {
    const part = 'fn total(list) { let n = 0; for x in list.filter(|y| y > 1) { n += x } n } '
    const alone = compile(`${part} total([1, 2])`).code
    const beside = compile(`${part} total(later::get([1, 2]))`, { host: hostOf(LATER) }).code
    const total = /const total\$1 = [\s\S]*?\n {2}};/
    expect(total.exec(beside)?.[0]).toBe(total.exec(alone)?.[0])
  })
})

describe('what cannot wait', () => {
  it('is a run that is not awaited', () => {
    const program = compile('later::get(1)', { host: hostOf(LATER) }).instantiate()
    expect(() => program.run()).toThrow(TypeError)
  })

  it('is a function that is called by a name put together', async () => {
    const source = 'fn w(x) { later::get(x) } fn f(n) { [1].map(n) } f("W".to_lower())'
    const error = await failure(`later::get(0); ${source}`)
    expect(error.root?.text).toBe(
      'Runtime error: w has to be waited for, which is not possible here',
    )
  })

  it('is a host function that calls back at once', async () => {
    const functions: Functions = {
      ...LATER,
      host: {
        each: hostFunction([FN], (context, pointer) => context.callFunctionPointer(pointer, [1])),
      },
    }
    const program = compile('host::each(|x| later::get(x))', {
      host: hostOf(functions),
    }).instantiate()
    await expect(program.runAsync()).rejects.toThrow('has to be waited for')
    const plain = compile('host::each(|x| x + 1)', { host: hostOf(functions) }).instantiate()
    expect(plain.run().value).toBe(2)
  })

  it('is a host function that answers a promise without saying so', () => {
    const promise = Promise.resolve(1) as unknown as Value
    const functions: Functions = { host: { get: hostFunction([], () => promise) } }
    const program = compile('let x = host::get(); 1', { host: hostOf(functions) }).instantiate()
    expect(() => program.run()).toThrow('the host function host::get failed')
  })
})

describe('errors of a host that answers later', () => {
  it('have the position of the call', async () => {
    const error = await failure('let a = 1;\n  later::fail("no")')
    expect(`${error}`).toBe('no (line 2, position 10)')
  })

  it('say which functions they came through', async () => {
    const error = await failure('fn f() {\n later::fail("no") }\nf()')
    expect(error.kind).toBe('ErrorInFunctionCall')
    expect(error).toMatchObject({ line: 3, column: 1, root: { line: 2, column: 9 } })
  })

  it('that are no errors of a script cannot be caught, and show nothing', async () => {
    const error = await failure('try { later::bug() } catch { 1 }')
    expect(`${error}`).toMatch('System error: the host function later::bug failed')
    expect(error.cause).toEqual(new Error('secret'))
  })

  it.each([
    ['later::missing(1)', 'ErrorFunctionNotFound'],
    ['let f = later::get(1); nothing::get(f)', 'ErrorModuleNotFound'],
  ])('%s', async (source, kind) => {
    expect((await failure(source)).kind).toBe(kind)
  })
})

describe('limits', () => {
  it('of operations hold across waits, and are not caught', async () => {
    const source = 'let n = 0; loop { try { n = later::get(n + 1); } catch { } }'
    const error = await failure(source, { limits: { operationsMax: 2000 } })
    expect(error.kind).toBe('ErrorTooManyOperations')
    expect(error.operations).toBe(2000)
  })

  it('count what a run that need not wait counts', async () => {
    const source = written(`
      fn f(x) { G(x) } let l = [3, 1, 2]; let a = 1; let b = 2; let c = 3; let d = 4;
      l.sort(|x, y| f(x) - y); l.map(f); l.map(|x| G(x) + a + b + c + d)
    `)
    const counts = [LATER, AT_ONCE].map(async (functions) => {
      const program = compile(source, { host: hostOf(functions) }).instantiate()
      return (await program.runAsync()).operations
    })
    const [later, atOnce] = await Promise.all(counts)
    expect(later).toBe(atOnce)
  })

  const DEEP = 'fn f(n) { if n > 1 { f(n - 1) } else { later::get(0) } } '

  it('of depth hold', async () => {
    expect(await result(`${DEEP} f(64)`)).toBe(0)
    const error = await failure(`${DEEP}\ntry { f(65) } catch { }`)
    expect(`${error.kind} ${error}`).toBe('ErrorStackOverflow Stack overflow (line 2, position 7)')
  })

  it('of depth count calls through callbacks', async () => {
    const source = 'let f = |g| [1].map(|x| later::get(g).call(g)); f.call(f)'
    expect((await failure(source)).kind).toBe('ErrorStackOverflow')
  })

  it('of the JavaScript stack end in the same error', async () => {
    const error = await failure(`${DEEP} f(1000000)`, { limits: { callDepthMax: 0 } })
    expect(error.kind).toBe('ErrorStackOverflow')
  })
})

describe('runs of one program', () => {
  const SOURCE = `
    const BASE = [n];
    fn base() { later::get(global::BASE) }
    let list = [];
    for i in 0..5 { list.push(later::get(n * 10 + i)); print(n); }
    let add = |x| list.push(later::get(x));
    add.call(n);
    [base(), list]
  `

  it('do not disturb each other when they wait side by side', async () => {
    const program = compile(SOURCE, { host: hostOf(LATER), globals: ['n'] }).instantiate()
    const numbers = Array.from({ length: 40 }, (_, n) => n)
    for (const _round of [1, 2]) {
      const results = await Promise.all(
        numbers.map(async (n) => {
          const output: string[] = []
          const { value, operations } = await program.runAsync({
            globals: { n },
            limits: { operationsMax: 300 },
            print: (text) => output.push(text),
          })
          return { text: canonicalText(value), operations, output: output.join('') }
        }),
      )
      for (const [n, { text, operations, output }] of results.entries()) {
        const list = [0, 1, 2, 3, 4].map((i) => n * 10 + i)
        expect(text).toBe(canonicalText(fromJson([[n], [...list, n]])))
        expect(operations).toBe(results[0]?.operations)
        expect(output).toBe(String(n).repeat(5))
      }
    }
  })
})

describe('cancelling', () => {
  /** A host that answers only when told to, and says what it saw of the signal. */
  function slowHost() {
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<Value>()
    let signal: AbortSignal | undefined
    const get = asyncHostFunction([], (context) => {
      signal = context.signal
      asked.resolve()
      return answer.promise
    })
    const functions: Functions = { ...LATER, slow: { get } }
    return { functions, asked: asked.promise, answer, signal: () => signal }
  }

  async function cancelled(source: string): Promise<RhaiError> {
    const host = slowHost()
    const controller = new AbortController()
    const program = compile(source, { host: hostOf(host.functions) }).instantiate()
    const run = program.runAsync({ signal: controller.signal })
    run.catch(() => {})
    await host.asked
    controller.abort(new Error('enough'))
    const error: unknown = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(host.signal()?.aborted).toBe(true)
    host.answer.reject(new Error('nobody listens'))
    await turn()
    if (error instanceof RhaiError) return error
    throw new Error('the run was not cancelled')
  }

  it.each([
    'slow::get()',
    'try { slow::get() } catch { 1 } 2',
    'fn f() { slow::get() } try { f() } catch (e) { e } 2',
    '[1].map(|x| slow::get())',
    'let a = [2, 1]; a.sort(|x, y| slow::get()); 3',
    'let a = [2, 1]; a.dedup(|x, y| slow::get()); 3',
    '[1].index_of(|x| slow::get())',
    'eval("slow::get()")',
  ])('ends a run that waits: %s', async (source) => {
    const error = await cancelled(source)
    expect(error.kind).toBe('ErrorTerminated')
    expect(error.text).toBe('Script terminated')
    expect(error.operations).toBeGreaterThan(0)
  })

  it('points at the call that waited', async () => {
    expect(`${await cancelled('1;\n  slow::get()')}`).toBe('Script terminated (line 2, position 9)')
  })

  it('before the run starts no work', async () => {
    const signal = AbortSignal.abort()
    const error = await failure('print("x"); later::get(1)', { signal })
    expect(error.kind).toBe('ErrorTerminated')
    expect(error.operations).toBe(0)
  })

  it('while the script computes ends it when it would wait', async () => {
    const controller = new AbortController()
    const options: AsyncRunOptions = {
      signal: controller.signal,
      print: () => controller.abort(),
    }
    expect((await failure('print(1); later::get(1)', options)).kind).toBe('ErrorTerminated')
  })

  it('leaves the program fit for the next run, whatever the host still does', async () => {
    const host = slowHost()
    const late = Promise.withResolvers<void>()
    const functions: Functions = {
      ...host.functions,
      lingering: {
        get: asyncHostFunction([], async (context) => {
          await host.answer.promise
          context.charge(1_000_000)
          late.resolve()
          return 1
        }),
      },
    }
    const source = 'if slow { lingering::get() } let n = 0; for i in 0..9 { n += later::get(1) } n'
    const program = compile(source, { host: hostOf(functions), globals: ['slow'] }).instantiate()
    const controller = new AbortController()
    const first = program.runAsync({ globals: { slow: true }, signal: controller.signal })
    controller.abort()
    await expect(first).rejects.toThrow('Script terminated')
    const second = program.runAsync({ globals: { slow: false }, limits: { operationsMax: 500 } })
    host.answer.resolve(1)
    await late.promise
    expect((await second).value).toBe(9)
  })

  it('has no effect on a run that has ended', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const program = compile('later::get(1)', { host: hostOf(LATER) }).instantiate()
    expect((await program.runAsync({ signal })).value).toBe(1)
    controller.abort()
    expect((await program.runAsync()).value).toBe(1)
  })
})

it('a host function that answers later may call back, also what waits', async () => {
  const functions: Functions = {
    ...LATER,
    host: {
      twice: asyncHostFunction([FN], async (context, pointer) => {
        const first = await context.callFunctionPointerLater(pointer, [1])
        return context.callFunctionPointerLater(pointer, [first])
      }),
    },
  }
  const source = 'fn f() { let k = 10; host::twice(|x| later::get(x) + k) } f()'
  const { value } = await compile(source, { host: hostOf(functions) })
    .instantiate()
    .runAsync()
  expect(value).toBe(21)
})
