/**
 * Names and texts of a script never become JavaScript names or code.
 */
import vm from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText, compile, RhaiError } from '../src/index.ts'

const HOSTILE_NAMES = [
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'then',
  'eval_',
  'arguments',
  'undefined',
  'NaN',
  'globalThis',
  'process',
  'require',
  'window',
  'machine',
  'run',
  'depth',
  'at',
  'self',
  'scope',
  'class',
  'function',
  'delete',
  'enum',
  'get',
  'set',
  'length',
]

const HOSTILE_TEXTS = [
  '__proto__',
  `\`\${1}\``,
  '*/ throw 1 /*',
  '//',
  '\'"\\',
  '</script>',
  '\u2028\u2029\0',
  '$1',
  'grüße',
  '变量',
  ...HOSTILE_NAMES,
]

function result(source: string): string {
  return canonicalText(compile(source).instantiate().run().value)
}

function inString(text: string): string {
  return `"${text
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\0', '\\x00')
    .replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)}"`
}

describe('names of a script', () => {
  it.each(HOSTILE_NAMES)('%s can be a variable', (name) => {
    expect(result(`let ${name} = 1; ${name} += 1; let f = || ${name}; [${name}, f.call()]`)).toBe(
      '[2,2]',
    )
  })

  it.each(HOSTILE_NAMES)('%s can be a parameter and a loop variable', (name) => {
    const source = `fn f(${name}) { ${name} + 1 } let s = 0; for ${name} in 0..3 { s += f(${name}) } s`
    expect(result(source)).toBe('6')
  })

  it.each(HOSTILE_NAMES)('%s can be a function', (name) => {
    expect(result(`fn ${name}(x, y, z) { x + y + z } ${name}(1, 2, 3)`)).toBe('6')
  })

  it.each(HOSTILE_NAMES)('%s can be a property, absent and present', (name) => {
    expect(result(`let m = #{}; let was = m.${name}; m.${name} = 1; [was, m.${name}]`)).toBe(
      '[(),1]',
    )
  })

  it.each(HOSTILE_NAMES)('%s is no method, module or variable that exists', (name) => {
    for (const source of [`#{}.${name}_x(1)`, `${name}::f(1)`, `${name}::X`, `${name}x`]) {
      expect(() => result(source)).toThrow(RhaiError)
    }
  })
})

describe('texts of a script', () => {
  it.each(HOSTILE_TEXTS)('%j can be a string, a map key and a switch label', (text) => {
    const literal = inString(text)
    expect(result(`let m = #{}; m[${literal}] = 1; m.keys()[0]`)).toBe(JSON.stringify(text))
    expect(result(`let m = #{${literal}: 7}; m[${literal}]`)).toBe('7')
    expect(result(`switch ${literal} { ${literal} => 1, _ => 2 }`)).toBe('1')
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
