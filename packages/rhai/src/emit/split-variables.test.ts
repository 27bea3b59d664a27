import { expect, it } from 'vitest'
import { canonicalText } from '../canonical-text.ts'
import { compile } from '../compile.ts'

const resultOf = (script: string): string =>
  canonicalText(compile(script).instantiate().run().value)

/** Whether a float of unknown type stays without a box somewhere in the emitted code. */
const keepsApart = (script: string): boolean => compile(script).code.includes('FLOAT_APART')

const POINTS = 'let a = #{x: 1.5, y: 2.0}; let b = #{x: 4.0, y: 6.5}; '

it.each([
  ['a difference of properties', 'let dx = a.x - b.x; dx * dx', '6.25'],
  ['written to again', 'let d = a.x - b.x; d *= 2; d = d + 1.0; d', '-4.0'],
  ['a sum that starts with a float', 'let s = 0.0; for p in [a, b] { s += p.x * p.y; } s', '29.0'],
  ['a copy of one', 'let d = a.x * 2; let e = 1.5; e = d; e += d; [d, e]', '[3.0,6.0]'],
  ['a root', 'let d = a.x * a.x; (d + d.sqrt()).sqrt().floor() + d.abs()', '3.25'],
  ['its negative', 'let d = a.x * a.y; let n = -d; [n, -n, -(d + d)]', '[-3.0,3.0,-6.0]'],
  [
    'compared',
    'let d = a.x - b.x; let e = a.y - b.y; [d > e, d == e, d < 0.0, d != -2.5, e <= d]',
    '[true,false,true,false,true]',
  ],
  ['integers in it', 'let d = b.y - a.y; d = 7 / 2; d = d * 3 % 5; [d, d / 2]', '[4,2]'],
  [
    'integers beyond the safe ones',
    'fn f(i) { let j = i * 2; j = j + 1; [j, -j, j - 1] } f(4503599627370496)',
    '[9007199254740993,-9007199254740993,9007199254740992]',
  ],
  ['a float and an integer', 'let d = a.x - 1; let e = d + 2; e * b.x', '10.0'],
  ['no value at first', 'let d; let f = [d]; d = a.x + b.x; [f[0], d]', '[(),5.5]'],
  [
    'kept by a container',
    'let d = a.x - b.x; let l = [d, #{d: d}]; d = 1; [l, d]',
    '[[-2.5,#{"d":-2.5}],1]',
  ],
  ['shadowed by itself', 'let d = a.x * 2.0; let d = d * d; { let d = d + a.x; } d', '9.0'],
  ['changed on its right', 'let d = a.x * 2; let e = d * { d = a.y; d } + d; e', '8.0'],
  ['changed on its left', 'let d = a.x * 2; let e = { d += a.y; d } * d; e', '25.0'],
  [
    'given away and tested',
    'fn t(v) { type_of(v) } let d = a.x * 2; [t(d), type_of(d)]',
    '["f64","f64"]',
  ],
])('computes with floats of unknown type: %s', (_, script, expected) => {
  expect(resultOf(POINTS + script)).toBe(expected)
  expect(keepsApart(POINTS + script)).toBe(true)
})

it.each([
  ['text', 'fn f(a, b) { let c = a + b; c += a; c } f("x", "y")', '"xyx"'],
  [
    'arrays, each of its own',
    'fn f(a, b) { let c = a + b; let d = c + []; d += 3; c = d; d += 4; [c, d] } f([1], [2])',
    '[[1,2,3],[1,2,3,4]]',
  ],
  [
    'a tag',
    'let x = 1.5; x.tag = 7; let l = [x]; let d = l[0] * 2; d = l[0]; [d, d + 1]',
    '[1.5,2.5]',
  ],
  [
    'an error',
    'fn f(a) { let d = a.x - 1; d } let r = 0; try { f(#{x: "s"}) } catch (e) { r = type_of(e) } r',
    '"map"',
  ],
  ['dates', 'let t = timestamp(); let u = t + 1.5; let v = u - t; type_of(v)', '"f64"'],
])('computes with other values in the same variables: %s', (_, script, expected) => {
  expect(resultOf(script)).toBe(expected)
})

it.each([
  ['text', 'fn f(a) { let s = a + " " + a; s }'],
  ['the start of a chain', 'fn f(a, b) { let c = a + b; c.len }'],
  ['what a closure captures', 'fn f(a) { let c = a.x - 1; || c }'],
  ['what a method may replace', 'fn f(a) { let c = a.x - 1; c.push(2); c }'],
])('keeps a variable whole: %s', (_, script) => {
  expect(keepsApart(script)).toBe(false)
})

it('names the place where a value of the wrong type was computed with', () => {
  const script = 'fn f(a) {\n  let d = a.x - 1;\n  d * d - a.y\n}\nf(#{x: 1.5, y: ()})'
  expect(() => compile(script).instantiate().run()).toThrow(/line 3, position 9/)
})
