/**
 * Names and texts of a script never become JavaScript names or code.
 */
import vm from 'node:vm'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type CompileOptions,
  canonicalText,
  compile,
  describe as describeScript,
  diagnose,
  fromJson,
  Host,
  hostFunction,
  INT,
  isMap,
  mapEntries,
  mapGet,
  RhaiError,
  render,
  toJsonText,
  type Value,
} from '../src/index.ts'
import { HOSTILE_NAMES, HOSTILE_TEXTS, RESERVED_NAMES } from './hostile-texts.ts'

/** What is reachable from any value of JavaScript, and must be the same after all tests. */
const PROTOTYPES = [Object, Function, Array, Map, String, Number, Error, Promise, RhaiError]

const before = contentsOfPrototypes()

afterAll(() => {
  const after = contentsOfPrototypes()
  expect(after.length).toBe(before.length)
  expect(after.filter((each, index) => !Object.is(each, before[index]))).toEqual([])
})

/** All keys and what stands under them, one after the other. */
function contentsOfPrototypes(): readonly unknown[] {
  return PROTOTYPES.flatMap(({ prototype }) =>
    Reflect.ownKeys(prototype).flatMap((key) => {
      const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, key) ?? {}
      return [key, value, get, set]
    }),
  )
}

function result(source: string): string {
  return canonicalText(compile(source).instantiate().run().value)
}

function programOf(place: string, name: string): string {
  const program = PLACES[place]
  if (program === undefined) throw new RangeError(place)
  return program(name)
}

const isReserved = (name: string): boolean => RESERVED_NAMES.some((each) => each === name)

function inString(text: string): string {
  return `"${text
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\0', '\\x00')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)}"`
}

/** Where a name can stand, and a program that has it there and answers 2. */
const PLACES: Readonly<Record<string, (name: string) => string>> = {
  variable: (name) => `let ${name} = 1; ${name} += 1; ${name}`,
  'shadowed variable': (name) => `let ${name} = 1; { let ${name} = ${name} + 1; ${name} }`,
  constant: (name) => `const ${name} = 2; ${name}`,
  'variable of code that is evaluated': (name) =>
    `let ${name} = 1; eval("${name} += 1; let ${name}2 = ${name}; ${name}2")`,
  function: (name) => `fn ${name}(x, y, z) { x + y + z } ${name}(1, 0, 1)`,
  'function by its name': (name) => `fn ${name}(x, y) { x + y } Fn("${name}").call(1, 1)`,
  method: (name) => `fn ${name}(x, y) { this + x + y } let v = 1; v.${name}(1, 0)`,
  'function in a property': (name) => `let m = #{${name}: |x| x + 1}; m.${name}(1)`,
  'type of a method': (name) => `fn ${name}.twice() { this + this } fn i64.twice() { 2 } 1.twice()`,
  parameter: (name) => `fn f(${name}) { ${name} += 1; ${name} } f(1)`,
  'parameter of a closure': (name) => `let f = |${name}| ${name} + 1; f.call(1)`,
  'captured variable': (name) => `let ${name} = 1; let f = || { ${name} += 1; ${name} }; f.call()`,
  property: (name) => `let m = #{}; m.${name} = 1; m.${name} += 1; m.${name}`,
  'property that is absent': (name) => `let m = #{}; if m.${name} == () { 2 } else { m.${name} }`,
  'property of this': (name) =>
    `fn f() { this.${name} += 1; this.${name} } let m = #{${name}: 1}; m.f()`,
  'property of many maps': (name) => {
    return `let n = 0; for i in 0..2 { let m = #{x: i, ${name}: 1}; m.remove("x"); n += m.${name} } n`
  },
  key: (name) => `let m = #{${name}: 2, "x": 1}; m["${name}"]`,
  'variable of a catch': (name) => `let x = 0; try { throw 2 } catch (${name}) { x = ${name} } x`,
  'variable of a loop': (name) => `let s = 0; for ${name} in 0..3 { s = ${name} } s`,
  'counter of a loop': (name) => `let s = 0; for (x, ${name}) in 5..8 { s = ${name} } s`,
  export: (name) => `let ${name} = 2; export ${name}; ${name}`,
  'name of an export': (name) => `let x = 2; export x as ${name}; x`,
  'module behind an import that does not run': (name) =>
    `if false { import "x" as ${name}; ${name}::f(1); } 2`,
}

const PLACE_NAMES = Object.keys(PLACES)

describe('a name that means something to JavaScript', () => {
  it.each(PLACE_NAMES)('may be a %s', (place) => {
    for (const name of HOSTILE_NAMES) expect(result(programOf(place, name)), name).toBe('2')
  })

  it.each(PLACE_NAMES)('is refused by the language as a %s where it is reserved', (place) => {
    for (const name of RESERVED_NAMES) {
      expect(() => compile(programOf(place, name)), name).toThrow(RhaiError)
    }
  })

  it.each(HOSTILE_NAMES)('%s is no method, property, module or variable that exists', (name) => {
    const sources = [`#{}.${name}_x(1)`, `#{}.x.${name}`, `${name}::f(1)`, `${name}::X`, `${name}x`]
    for (const source of [...sources, `import "${name}" as m`, `import "m" as ${name}`]) {
      expect(() => result(source), source).toThrow(RhaiError)
    }
  })

  it.each(HOSTILE_NAMES)('%s can be what the host gives', (name) => {
    const globals = Object.fromEntries([[name, 1]])
    const functions = Object.fromEntries([
      [name, hostFunction([INT], (_context, x) => (x === 1 ? 2 : 0))],
    ])
    const run = (source: string, options: CompileOptions) =>
      compile(source, options).instantiate().run({ globals }).value
    expect(run(`${name} + 1`, { globals: [name] })).toBe(2)
    expect(run(`fn f() { ${name} + 1 } f()`, { globals: [name] })).toBe(2)
    const host = new Host({ functions, modules: Object.fromEntries([[name, { functions }]]) })
    expect(run(`${name}::${name}(1)`, { host })).toBe(2)
    expect(run(`${name}(1)`, { host })).toBe(2)
  })

  it.each(HOSTILE_NAMES)('%s is nothing the host gives if it did not say so', (name) => {
    const options = { globals: ['request'], host: new Host({ modules: { host: {} } }) }
    for (const source of [`host::${name}(1)`, `host::${name}`, `${name}::${name}()`]) {
      expect(() => compile(source, options).instantiate().run(), source).toThrow(RhaiError)
    }
    const program = compile('x', { globals: [name, 'x'] }).instantiate()
    expect(() => program.run({ globals: {} })).toThrow('Variable not found: x')
    const absent = compile(name, { globals: [name] }).instantiate()
    expect(() => absent.run({ globals: {} })).toThrow(`Variable not found: ${name}`)
  })

  it('may be anything to a tool', () => {
    for (const name of [...HOSTILE_NAMES, ...RESERVED_NAMES]) {
      for (const place of PLACE_NAMES) {
        const source = programOf(place, name)
        for (const each of diagnose(source)) expect(render(each, source)).toContain(each.message)
        if (!isReserved(name)) expect(JSON.stringify(describeScript(source))).toContain('{')
      }
    }
    const { constants } = describeScript('const M = #{"__proto__": #{x: 1}, then: 2, toJSON: 3};')
    const value = constants[0]?.literal?.value
    expect(JSON.stringify(value)).toBe('{"__proto__":{"x":1},"then":2,"toJSON":3}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})

describe('texts of a script', () => {
  it.each(HOSTILE_TEXTS)('%j can be a string, a map key and a switch label', (text) => {
    const literal = inString(text)
    const same = JSON.stringify(text)
    expect(result(literal)).toBe(same)
    expect(result(`let m = #{}; m[${literal}] = 1; m.keys()[0]`)).toBe(same)
    expect(result(`let m = #{${literal}: 7}; m[${literal}]`)).toBe('7')
    expect(result(`let m = #{}; m[${literal}]`)).toBe('()')
    expect(result(`let m = #{a: 1, ${literal}: 7}; m.remove(${literal})`)).toBe('7')
    expect(result(`switch ${literal} { ${literal} => 1, _ => 2 }`)).toBe('1')
    expect(result(`const C = ${literal}; let x = ""; x += C; x`)).toBe(same)
    expect(result(`\`\${${literal}}\``)).toBe(same)
    expect(result(`let x = (); try { throw ${literal} } catch (e) { x = e } x`)).toBe(same)
    expect(result(`#####"${text}"#####`)).toBe(same)
  })

  it.each(HOSTILE_TEXTS)('%j names nothing that exists', (text) => {
    const literal = inString(text)
    for (const source of [`import ${literal} as m`, `call(Fn(${literal}))`, `1.x${literal}`]) {
      expect(() => result(source)).toThrow(RhaiError)
    }
    expect(result(`[is_def_var(${literal}), is_def_fn(${literal}, 9)]`)).toBe('[false,false]')
  })

  it.each(HOSTILE_TEXTS)('%j can be in a comment, and in an error', (text) => {
    expect(result(`// ${text.replace(/\s/g, ' ')}\n2`)).toBe('2')
    if (!/\/\*|\*\//.test(text)) expect(result(`/* ${text} */ 2`)).toBe('2')
    const source = `throw ${inString(text)}`
    try {
      result(source)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof RhaiError)) throw error
      expect(error.thrown).toBe(text)
      expect(render(error, source)).toContain('throw')
    }
  })

  it.each(HOSTILE_TEXTS.filter((text) => [...text].length === 1))('%j can be a char', (text) => {
    const escaped = inString(text).slice(1, -1)
    expect(result(`['${escaped}'.to_string(), ${inString(text)}[0] == '${escaped}']`)).toBe(
      `[${JSON.stringify(text)},true]`,
    )
  })

  it('are read once: an escape makes a character and never syntax', () => {
    expect(result('"\\u0061\\x62\\U00000063"')).toBe('"abc"')
    expect(result('"\\u0022 + \\u0022"')).toBe('"\\" + \\""')
    expect(result('"\\u0024{1}\\u0060"')).toBe(`"\${1}\`"`)
    expect(() => result('let \\u0061 = 1; a')).toThrow(RhaiError)
    expect(() => result('"\\ud800"')).toThrow(RhaiError)
  })

  it('have no lone surrogates, whatever the source has', () => {
    expect(result('"a\ud800b"')).toBe('"a\ufffdb"')
    expect(result('"\udc00\ud800".len')).toBe('2')
    expect(result('#{"\ud800": 1}.keys()')).toBe('["\ufffd"]')
  })

  it('come out as they went in, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const raw = `#####"${text}"#####`
        fc.pre(!text.includes('"#####') && !/\r/.test(text))
        expect(result(raw)).toBe(JSON.stringify(text))
      }),
    )
  })

  it('cannot reach a JavaScript property through any value', () => {
    for (const value of ['1', '1.5', '"s"', "'c'", 'true', '[1]', '|x| x', '0..1']) {
      for (const name of ['constructor', 'prototype', 'toString', 'items', 'value', 'text']) {
        expect(() => result(`let v = ${value}; v.${name}`)).toThrow(`Unknown property '${name}'`)
      }
    }
  })
})

describe('a value that a host reads', () => {
  const KEYS = ['then', '__proto__', 'toJSON', 'constructor', 'prototype', 'valueOf', 'toString']
  const JSON_TEXT = `{${KEYS.toSorted()
    .map((key) => `"${key}":{"polluted":1}`)
    .join()}}`
  const made = () => {
    const entries = KEYS.map((key) => `"${key}": #{polluted: 1}`).join()
    return compile(`#{${entries}}`).instantiate().run().value
  }
  const callable = () => {
    const entries = KEYS.map((key) => `"${key}": |x| x`).join()
    return compile(`#{${entries}}`).instantiate().run().value
  }

  it.each([
    ['made by a script', made],
    ['read from JSON', () => fromJson(JSON.parse(JSON_TEXT))],
  ])('keeps its keys to itself: %s', (_name, given) => {
    const value = given()
    expect(toJsonText(value)).toBe(JSON_TEXT)
    expect(canonicalText(value)).toContain('"__proto__":#{"polluted":1}')
    expectHarmless(value)
    if (!isMap(value)) throw new TypeError('no map')
    const entries = [...mapEntries(value)]
    expect(entries.map(([key]) => key).toSorted()).toEqual(KEYS.toSorted())
    for (const [key, entry] of entries) {
      expect(mapGet(value, key)).toBe(entry)
      expectHarmless(entry)
    }
    expect(mapGet(value, 'hasOwnProperty')).toBeUndefined()
  })

  it('is no promise, however callable its keys are', async () => {
    const value = callable()
    expect(await Promise.resolve(value)).toBe(value)
    expectHarmless(value)
  })

  it('reads JSON with keys of prototypes without touching any', () => {
    const value = fromJson(JSON.parse('{"a": {"__proto__": {"x": 1}}, "__proto__": [1]}'))
    expect(canonicalText(value)).toBe('#{"__proto__":[1],"a":#{"__proto__":#{"x":1}}}')
    const { value: read } = compile(`parse_json("{\\"__proto__\\": {\\"x\\": 1}}")`)
      .instantiate()
      .run()
    expect(canonicalText(read)).toBe('#{"__proto__":#{"x":1}}')
    expect('x' in {}).toBe(false)
  })

  function expectHarmless(value: Value): void {
    const object = Object(value)
    for (const key of ['then', 'toJSON', 'polluted']) expect(key in object).toBe(false)
    for (const key of KEYS) expect(Object.hasOwn(object, key)).toBe(false)
  }
})

describe('emitted code', () => {
  it('runs in a context without globals where text cannot become code', () => {
    const context = vm.createContext(Object.create(null) as object, {
      codeGeneration: { strings: false, wasm: false },
    })
    const evaluate = (code: string): unknown => new vm.Script(code).runInContext(context)
    const source = `
      fn fact(n) { if n < 2 { 1 } else { n * fact(n - 1) } }
      let list = [3, 1, 2]; list.sort();
      let total = 0;
      for x in list { total += fact(x); }
      try { throw total } catch (e) { total = e + 1 }
      let f = |x| x + total;
      f.call(1) + eval("total + 1")
    `
    const { value } = compile(source).instantiate(evaluate).run()
    expect(value).toBe(22)
  })

  it('names nothing but its parameters', () => {
    const { code } = compile('let x = [1.5, 2]; print(x); x[0] += 1; x.len()')
    expect(code).not.toMatch(/\b(globalThis|window|process|Math|Number|Object)\b/)
  })
})
