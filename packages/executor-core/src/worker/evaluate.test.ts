/**
 * What raw JavaScript can reach when it is evaluated as a script's emitted code would be. No Rhai
 * script can make such code; this is about what would happen if one could.
 */
import { describe, expect, it } from 'vitest'
import { createEvaluate } from './evaluate.ts'

const evaluate = createEvaluate()

describe('code inside the fence', () => {
  it('computes', () => {
    expect(evaluate('((a, b) => a + b)(20, 22)')).toBe(42)
  })

  it.each([
    'process',
    'require',
    'module',
    'Buffer',
    'setTimeout',
    'fetch',
    'console',
    'eval',
    'Function',
    'WebAssembly',
    'SharedArrayBuffer',
    'Atomics',
    'Proxy',
    'Reflect',
    'Date',
    'Object',
  ])('finds no %s', (name) => {
    expect(evaluate(`typeof ${name}`)).toBe('undefined')
  })

  it.each([
    '(function () {}).constructor("return process")()',
    '(() => {}).constructor("return 1")()',
    '(async function () {}).constructor("return 1")()',
    '(function* () {}).constructor("yield 1")().next()',
    '[].constructor.constructor("return process")()',
    '"".constructor.constructor("return process")()',
    '({}).constructor.constructor("return process")()',
    'Object.getPrototypeOf(function () {}).constructor("return 1")()',
    '(1, eval)("1")',
    'new Function("return 1")()',
    'this.constructor.constructor("return process")()',
    'globalThis.constructor.constructor("return process")()',
    'new WebAssembly.Module(new Uint8Array(0))',
  ])('gets nothing out of %s', (code) => {
    expect(() => evaluate(code)).toThrow()
  })

  it('cannot import a module', async () => {
    const imported = evaluate('import("node:fs")') as Promise<unknown>
    await expect(imported).rejects.toThrow(/dynamic import/i)
    expect(() => evaluate('import.meta.url')).toThrow()
    expect(() => evaluate('import fs from "node:fs"')).toThrow()
  })

  it('cannot leave anything behind in the global object', () => {
    expect(() => evaluate('this.left = 1')).toThrow()
    expect(() => evaluate('left = 1')).toThrow()
    expect(() => evaluate('0); var left = 1; (0')).toThrow()
    expect(createEvaluate()('typeof left')).toBe('undefined')
  })

  it.each(['[].constructor', '({}).constructor', '"".constructor', '(() => {}).constructor'])(
    'cannot change the prototype of %s',
    (made) => {
      expect(() => evaluate(`${made}.prototype.left = 1`)).toThrow()
      expect(evaluate(`typeof ${made}.prototype.left`)).toBe('undefined')
    },
  )

  it('cannot change the prototypes of this process', () => {
    expect(() => evaluate('({}).constructor.prototype.polluted = 1')).toThrow()
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect(Object.isFrozen(Object.prototype)).toBe(false)
  })
})
