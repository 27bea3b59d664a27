/**
 * Runs share nothing: not variables, not constants, not output, not failures.
 */
import { describe, expect, it } from 'vitest'
import {
  canonicalText,
  compile,
  fromJson,
  Host,
  hostFunction,
  makeMap,
  type Program,
} from '../src/index.ts'

describe('runs of one program', () => {
  it('start from the same state each time', () => {
    const source = `
      const BASE = [1];
      fn base() { global::BASE }
      let a = base();
      a.push(2);
      let m = #{list: a};
      m.list.push(3);
      [base(), a, m]
    `
    const program = compile(source).instantiate()
    const results = [1, 2, 3].map(() => canonicalText(program.run().value))
    expect(new Set(results)).toEqual(new Set(['[[1],[1,2],#{"list":[1,2,3]}]']))
  })

  it('forget constants of an earlier run', () => {
    const source = 'fn f() { global::X } if first { f() } const X = 1; f()'
    const program = compile(source, { globals: ['first'] }).instantiate()
    expect(program.run({ globals: { first: false } }).value).toBe(1)
    expect(() => program.run({ globals: { first: true } })).toThrow('Variable not found: global::X')
  })

  it('cannot change what the host gave them', () => {
    const given = makeMap([['items', fromJson([1])]])
    const source = 'let r = request; r.items.push(2); r.name = "x"; [request, r]'
    const program = compile(source, { globals: ['request'] }).instantiate()
    const results = [1, 2].map(() =>
      canonicalText(program.run({ globals: { request: given } }).value),
    )
    const expected = '[#{"items":[1]},#{"items":[1,2],"name":"x"}]'
    expect(results).toEqual([expected, expected])
  })

  it('do not mix when one starts inside another', () => {
    const lines: string[] = []
    const again = hostFunction([], () => {
      const inner = program.run({
        globals: { outer: false },
        print: (text) => lines.push(`inner ${text}`),
      })
      return inner.value
    })
    const host = new Host({ modules: { host: { functions: { again } } } })
    const source =
      'let n = 1; print(n); if outer { n += host::again() } else { n += 1 } print(n); n'
    const program: Program = compile(source, { globals: ['outer'], host }).instantiate()
    const { value } = program.run({ globals: { outer: true }, print: (text) => lines.push(text) })
    expect(value).toBe(3)
    expect(lines).toEqual(['1', 'inner 1', 'inner 2', '3'])
  })

  it('work again after a failure', () => {
    const program = compile('if bad { throw 1 } 7', { globals: ['bad'] }).instantiate()
    expect(() => program.run({ globals: { bad: true } })).toThrow('Runtime error: 1')
    expect(program.run({ globals: { bad: false } }).value).toBe(7)
  })
})
