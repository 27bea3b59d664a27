/**
 * What a host offers to scripts: functions found by the types of their arguments, constants,
 * modules; and that nothing a host does wrong reaches a script or hides a limit.
 */
import { describe, expect, it } from 'vitest'
import {
  ANY,
  ARRAY,
  asyncHostFunction,
  canonicalText,
  compile,
  FLOAT,
  FN,
  Host,
  type HostDeclarations,
  hostFunction,
  INT,
  MAP,
  makeArray,
  makeMap,
  mapMaker,
  NUMBER,
  RhaiError,
  RhaiFloat,
  type RunLimits,
  STRING,
  TEXT,
  toJsonText,
  type Value,
} from '../src/index.ts'

const shout = hostFunction([STRING], (_context, text) => `${text.toUpperCase()}!`, {
  parameterNames: ['text'],
  documentation: 'Says it loudly.',
})

const DECLARED: HostDeclarations = {
  functions: {
    shout,
    identity: hostFunction([ANY], (_context, value) => value),
    apply: hostFunction([FN, ANY], (context, f, value) => context.callFunctionPointer(f, [value])),
    kind: [
      hostFunction([], () => 'nothing'),
      hostFunction([INT], () => 'int'),
      hostFunction([STRING], () => 'string'),
      hostFunction([ANY], () => 'other'),
      hostFunction([STRING, INT], () => 'string, int'),
      hostFunction([ANY, ANY], () => 'two others'),
    ],
    len: hostFunction([ARRAY], () => -1),
  },
  modules: {
    log: {
      functions: {
        info: [
          hostFunction([STRING], (_context, text) => `info ${text}`),
          hostFunction([STRING, MAP], (_context, text) => `info ${text} and fields`),
        ],
        debug: hostFunction([STRING], (_context, text) => `debug ${text}`),
      },
      constants: {
        LEVELS: makeArray(['info', 'debug']),
        PI: new RhaiFloat(3.5),
        NOTHING: undefined,
      },
      modules: { deep: { modules: { deeper: { functions: { shout }, constants: { X: 42 } } } } },
    },
  },
}

function run(
  source: string,
  declared: HostDeclarations = DECLARED,
  limits: Partial<RunLimits> = {},
): string {
  const program = compile(source, { host: new Host(declared) }).instantiate()
  return canonicalText(program.run({ limits }).value)
}

function failure(
  source: string,
  declared?: HostDeclarations,
  limits?: Partial<RunLimits>,
): RhaiError {
  try {
    run(source, declared, limits)
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('the script did not fail')
}

function functions(call: (...args: never[]) => Value): HostDeclarations {
  return { functions: { f: hostFunction([], call as () => Value) } }
}

describe('functions of a host', () => {
  it.each([
    ['shout("a")', '"A!"'],
    ['"a".shout()', '"A!"'],
    ['let s = "a"; s.shout() + shout(s)', '"A!A!"'],
    ['Fn("shout").call("a")', '"A!"'],
    ['["a", "b"].map(Fn("shout"))', '["A!","B!"]'],
    ['fn f(x) { shout(x) } f("a")', '"A!"'],
    ['eval("shout(`a`)")', '"A!"'],
    ['log::info("a")', '"info a"'],
    ['log::debug("a")', '"debug a"'],
    ['log::info("a", #{b: 1})', '"info a and fields"'],
    ['fn f(x) { log::info(x) } ["a"].map(|x| f(x))', '["info a"]'],
    ['log::deep::deeper::shout("a")', '"A!"'],
  ])('can be called: %s', (source, expected) => {
    expect(run(source)).toBe(expected)
  })

  it.each([
    ['kind()', '"nothing"'],
    ['kind(1)', '"int"'],
    ['kind("a")', '"string"'],
    ['kind(1.5)', '"other"'],
    ['5.kind()', '"int"'],
    ['kind("a", 1)', '"string, int"'],
    ['kind("a", "b")', '"two others"'],
  ])('are told apart by their arguments: %s', (source, expected) => {
    expect(run(source)).toBe(expected)
  })

  it.each([
    ['shout(1)', 'Function not found: shout (i64) (line 1, position 1)'],
    ['let x = 1; x.shout()', 'Function not found: shout (i64) (line 1, position 14)'],
    ['shout("a", "b")', `Function not found: shout (${TWO_STRINGS}) (line 1, position 1)`],
    ['log::info(1)', 'Function not found: log::info (i64) (line 1, position 6)'],
    ['log::info()', 'Function not found: log::info () (line 1, position 6)'],
    [
      'log::nope("a", 1)',
      `Function not found: log::nope (${STRING_TYPE}, i64) (line 1, position 6)`,
    ],
    [
      'log::deep::shout("a")',
      `Function not found: log::deep::shout (${STRING_TYPE}) (line 1, position 12)`,
    ],
    [
      'log::nope::shout("a")',
      `Function not found: log::nope::shout (${STRING_TYPE}) (line 1, position 12)`,
    ],
    ['nope::info("a")', 'Module not found: nope (line 1, position 1)'],
    ['info("a")', `Function not found: info (${STRING_TYPE}) (line 1, position 1)`],
    ['"a".info()', `Function not found: info (${STRING_TYPE}) (line 1, position 5)`],
  ])('are not found for others: %s', (source, message) => {
    expect(failure(source).toString()).toBe(message)
  })

  it('come before those of the library for the same arguments, and leave the others', () => {
    expect(run('[[1, 2].len(), len([]), "abc".len(), len(#{a: 1})]')).toBe('[-1,-1,3,1]')
    expect(run('let l = [1]; l.push(2); [l.len(), l]')).toBe('[-1,[1,2]]')
  })

  it('come before those of the library also where its result would be known', () => {
    const sqrt = hostFunction([FLOAT], () => 'own')
    expect(run('let x = 4.0; let y = x.sqrt(); y + x.sqrt()', { functions: { sqrt } })).toBe(
      '"ownown"',
    )
  })

  it('come after those of the script', () => {
    expect(run('fn shout(x) { "mine" } shout("a")')).toBe('"mine"')
    expect(run('fn shout() { "mine " + this } "a".shout()')).toBe('"mine a"')
  })

  it('come after modules of the script', () => {
    const modules = { resolve: () => ({ id: 'm', source: 'fn info(x) { "mine" }' }) }
    const program = compile('import "m" as log; log::info("a")', { host: new Host(DECLARED) })
    expect(program.instantiate().run({ modules }).value).toBe('"mine"'.slice(1, -1))
  })

  it('are seen by modules of the script', () => {
    const modules = {
      resolve: () => ({ id: 'm', source: 'fn f(x) { [shout(x), log::info(x)] }' }),
    }
    const program = compile('import "m" as m; m::f("a")', { host: new Host(DECLARED) })
    expect(canonicalText(program.instantiate().run({ modules }).value)).toBe('["A!","info a"]')
  })

  it('call back into the script', () => {
    expect(run('let k = 2; apply(|x| x * k, 21)')).toBe('42')
    expect(run('fn double(x) { x * 2 } apply(double, 4) + apply(Fn("double"), 5)')).toBe('18')
  })

  it('take numbers and texts of both kinds', () => {
    const declared: HostDeclarations = {
      functions: {
        n: hostFunction([NUMBER], (_context, value) => (value instanceof RhaiFloat ? 'f' : 'i')),
        t: hostFunction([TEXT], (_context, value) => (typeof value === 'string' ? 's' : 'c')),
      },
    }
    expect(run(`n(1) + n(1.5) + t("a") + t('a')`, declared)).toBe('"ifsc"')
    expect(failure('n("a")', declared).kind).toBe('ErrorFunctionNotFound')
  })

  it('keep what people read about them', () => {
    const host = new Host(DECLARED)
    expect(host.declarations.functions?.shout).toMatchObject({
      isAsync: false,
      parameterNames: ['text'],
      documentation: 'Says it loudly.',
    })
  })
})

const STRING_TYPE = '&str | ImmutableString | String'
const TWO_STRINGS = `${STRING_TYPE}, ${STRING_TYPE}`

describe('constants of a host', () => {
  it.each([
    ['log::PI', '3.5'],
    ['log::LEVELS', '["info","debug"]'],
    ['log::NOTHING', '()'],
    ['log::deep::deeper::X + 1', '43'],
    ['let l = log::LEVELS; l.push(1); [l.len, log::LEVELS.len]', '[3,2]'],
    ['fn f() { log::PI } f()', '3.5'],
  ])('can be read: %s', (source, expected) => {
    expect(run(source)).toBe(expected)
  })

  it.each([
    ['log::X', 'ErrorVariableNotFound'],
    ['log::deep::X', 'ErrorVariableNotFound'],
    ['log::PI = 3', 'ErrorAssignmentToConstant'],
    ['log::LEVELS[0] = 3', 'ErrorAssignmentToConstant'],
    ['log::LEVELS.push(3)', 'ErrorNonPureMethodCallOnConstant'],
    ['push(log::LEVELS, 3)', 'ErrorNonPureMethodCallOnConstant'],
    ['PI_', 'ErrorVariableNotFound'],
  ])('and nothing else: %s', (source, kind) => {
    expect(failure(source).kind).toBe(kind)
  })

  it('stay as they are from run to run', () => {
    const source = 'let l = log::LEVELS; l[0] = "changed"; l.push(1); log::LEVELS'
    const program = compile(source, { host: new Host(DECLARED) }).instantiate()
    const results = [1, 2].map(() => canonicalText(program.run().value))
    expect(results).toEqual(['["info","debug"]', '["info","debug"]'])
  })
})

describe('values that cross', () => {
  it('belong to the script: what a host gives back is not what it was given', () => {
    expect(run('let a = [1]; let b = identity(a); b.push(2); a.push(3); [a, b]')).toBe(
      '[[1,3],[1,2]]',
    )
    expect(run('let a = #{x: 1}; let b = identity(a); b.x = 2; a')).toBe('#{"x":1}')
    const kept = makeArray([1])
    const declared = functions(() => kept)
    expect(run('let a = f(); a.push(2); [a, f()]', declared)).toBe('[[1,2],[1]]')
  })

  it.each([
    ['null', null],
    ['a fraction', 1.5],
    ['NaN', Number.NaN],
    ['negative zero', -0],
    ['an unsafe number', 2 ** 60],
    ['a small bigint', 5n],
    ['a huge bigint', 2n ** 70n],
    ['a plain object', {}],
    ['an array', [1]],
    ['a function', () => 1],
    ['a promise', Promise.resolve(1)],
    ['a symbol', Symbol('x')],
    ['half a character', '\ud800'],
    ['a Map', new Map()],
    ['an object without a prototype', Object.create(null)],
  ])('must be values: %s', (_name, wrong) => {
    const error = failure(
      'try { f() } catch { 1 }',
      functions(() => wrong as Value),
    )
    expect([error.kind, error.line, error.column]).toEqual(['ErrorSystem', 1, 7])
    expect(error.text).toBe('System error: the host function f failed')
    expect(error.cause).toBeInstanceOf(TypeError)
    const program = compile('x', { globals: ['x'] }).instantiate()
    expect(() => program.run({ globals: { x: wrong as Value } })).toThrow(RhaiError)
    expect(() => makeArray([wrong as Value])).toThrow(TypeError)
    expect(() => makeMap([['x', wrong as Value]])).toThrow(TypeError)
    expect(() => mapMaker(['x'])([wrong as Value])).toThrow(TypeError)
    expect(() => new Host({ modules: { m: { constants: { X: wrong as Value } } } })).toThrow(
      TypeError,
    )
  })

  it('may be maps of the same keys, which have nothing in common but those', () => {
    const pointOf = mapMaker(['x', 'y'])
    const [first, second] = [pointOf([1, 2]), pointOf([3, 4])]
    const program = compile('let q = p; q.z = 5; q.remove("x"); q', {
      globals: ['p'],
    }).instantiate()
    expect(toJsonText(program.run({ globals: { p: first } }).value)).toBe('{"y":2,"z":5}')
    expect(toJsonText(second)).toBe('{"x":3,"y":4}')
    expect(toJsonText(pointOf([6, 7]))).toBe('{"x":6,"y":7}')
    const keys = Array.from({ length: 100 }, (_, i) => `key${String(i).padStart(3, '0')}`)
    for (const many of [keys, ['__proto__', 'constructor'], ['x', 'x']]) {
      const maker = mapMaker(many)(many.map((_, i) => i))
      expect(toJsonText(maker)).toBe(toJsonText(makeMap(many.map((key, i) => [key, i]))))
    }
  })

  it('may be large integers', () => {
    expect(
      run(
        'f() + 1',
        functions(() => 2n ** 62n),
      ),
    ).toBe('4611686018427387905')
  })
})

describe('what a host throws', () => {
  it('a JavaScript error is no script’s to catch, and its details are for the log', () => {
    const declared: HostDeclarations = {
      modules: {
        db: {
          functions: {
            get: hostFunction([], () => {
              throw new TypeError('password is hunter2')
            }),
          },
        },
      },
    }
    const error = failure('fn g() {\n try { db::get() } catch { 1 } }\ng()', declared)
    expect(error.kind).toBe('ErrorSystem')
    expect(error.toString()).toBe(
      'System error: the host function db::get failed (line 3, position 1)',
    )
    expect(error.cause).toMatchObject({ message: 'password is hunter2' })
  })

  it('an error of the language is the script’s, at the call', () => {
    const declared = functions(() => {
      throw new RhaiError({
        phase: 'eval',
        kind: 'ErrorRuntime',
        text: 'Runtime error: no',
        thrown: 'no',
      })
    })
    expect(failure('\n f()', declared).toString()).toBe('Runtime error: no (line 2, position 2)')
    expect(run('try { f() } catch (e) { return e } 1', declared)).toBe('"no"')
  })

  it('an error of compiling something is none of the script’s text', () => {
    const error = failure(
      'f()',
      functions(() => compile('let x = ;') as never),
    )
    expect(error).toMatchObject({ phase: 'eval', text: "Syntax error: Unexpected ';'" })
  })

  it('a failure that is no error at all', () => {
    const declared = functions(() => {
      throw 'text'
    })
    expect(failure('try { f() } catch { 1 }', declared)).toMatchObject({
      kind: 'ErrorSystem',
      cause: 'text',
    })
  })

  it.each<[string, string, Partial<RunLimits>, string]>([
    [
      'operations',
      'apply(|x| { loop {} }, 1)',
      { operationsMax: 10_000 },
      'ErrorTooManyOperations',
    ],
    ['depth', 'f(1)', {}, 'ErrorStackOverflow'],
    ['depth of JavaScript', 'f(1)', { callDepthMax: 1e6 }, 'ErrorStackOverflow'],
    [
      'sizes',
      'apply(|x| { let s = "ab"; loop { s += s; } }, 1)',
      { stringBytesMax: 99 },
      'ErrorDataTooLarge',
    ],
  ])('never hides a limit: %s', (_name, source, limits, kind) => {
    const deep = 'fn f(x) { apply(f, x) }'
    expect(failure(`${deep} try { ${source} } catch { 1 }`, DECLARED, limits).kind).toBe(kind)
  })

  it('lets exit through', () => {
    expect(run('apply(|x| exit(x), 7); 1')).toBe('7')
  })
})

describe('declarations', () => {
  it.each([['', 'two words', 'a-b', '1a', 'let', 'import', 'this', 'a::b', 'type_of']].flat())(
    '%j cannot be a name',
    (name) => {
      const f = hostFunction([], () => 1)
      expect(() => new Host({ functions: { [name]: f } })).toThrow(TypeError)
      expect(() => new Host({ modules: { [name]: {} } })).toThrow(TypeError)
      expect(() => new Host({ modules: { m: { constants: { [name]: 1 } } } })).toThrow(TypeError)
    },
  )

  it('global is the script’s own', () => {
    expect(() => new Host({ modules: { global: {} } })).toThrow(TypeError)
  })

  it('two functions of a name must take different arguments', () => {
    const same = [hostFunction([INT, ANY], () => 1), hostFunction([INT, ANY], () => 2)]
    expect(() => new Host({ functions: { f: same } })).toThrow('Two functions f take the same')
  })

  it('names of parameters are as many as there are parameters', () => {
    expect(() => hostFunction([INT], () => 1, { parameterNames: ['a', 'b'] })).toThrow(TypeError)
  })

  it('a function that answers later makes the scripts that call it asynchronous', async () => {
    const later = asyncHostFunction([INT], async (_context, value) => value)
    const host = new Host({ functions: { later } })
    expect(compile('1', { host }).isAsynchronous).toBe(false)
    const script = compile('later(1) + later(2)', { host })
    expect(script.isAsynchronous).toBe(true)
    expect((await script.instantiate().runAsync()).value).toBe(3)
    await expect(compile('later("x")', { host }).instantiate().runAsync()).rejects.toThrow(
      'Function not found: later (&str',
    )
  })

  it('what a function answers later must be a value, too', async () => {
    const later = asyncHostFunction([], async () => Symbol('x') as unknown as Value)
    const host = new Host({ functions: { later } })
    const program = compile('try { later() } catch { 1 }', { host }).instantiate()
    await expect(program.runAsync()).rejects.toThrow('the host function later failed')
  })

  it.each(['__proto__', 'constructor', 'then', 'toString', 'hasOwnProperty'])(
    '%s is a name like any other',
    (name) => {
      const f = hostFunction([ANY], (_context, value) => value)
      const declared = {
        functions: { [name]: f },
        modules: { [name]: { functions: { [name]: f }, constants: { [`${name}_X`]: 2 } } },
      }
      const source = `[${name}(1), 1.${name}(), ${name}::${name}(1), ${name}::${name}_X]`
      expect(run(source, declared)).toBe('[1,1,1,2]')
      expect(failure(`${name}(1)`, {}).kind).toBe('ErrorFunctionNotFound')
      expect(failure(`log::${name}(1)`).kind).toBe('ErrorFunctionNotFound')
      expect(failure(`log::${name}`).kind).toBe('ErrorVariableNotFound')
      expect(failure(`${name}::f(1)`, {}).kind).toBe('ErrorModuleNotFound')
    },
  )
})
