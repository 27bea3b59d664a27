import { expect, it } from 'vitest'
import { canonicalText } from '../canonical-text.ts'
import { compile } from '../compile.ts'

const resultOf = (script: string): string =>
  canonicalText(compile(script).instantiate().run().value)

it.each([
  ['a float stays a float', 'let x = 1.0; x += 2; x *= 3; [x, type_of(x)]', '[9.0,"f64"]'],
  ['a float takes another type', 'let x = 1.5; let a = x; x = "s"; [a, x]', '[1.5,"s"]'],
  ['in a loop', 'let x = 0.5; for i in 0..3 { x = x * 2.0 + i; } x', '8.0'],
  ['and only at the end of it', 'let x = 0.5; let y = 0; while y < 3 { y += 1; x = y; } x', '3'],
  [
    'a variable of a variable',
    'let x = 0.5; let y = x; let z = y; z += y; [x, y, z]',
    '[0.5,0.5,1.0]',
  ],
  ['declared without a value', 'let x; x = 1.5; x', '1.5'],
  [
    'one name, two variables',
    'let x = 1.5; let y = x; let x = 7; { let x = true; } [x, y]',
    '[7,1.5]',
  ],
  ['a parameter written to', 'fn f(x) { if x == 1 { x = 2.5; } x } [f(1), f("a")]', '[2.5,"a"]'],
  ['a captured float', 'let x = 1.5; let f = || x * 2.0; x = 4.0; f.call()', '8.0'],
  ['a constant float in a closure', 'const X = 1.5; let f = || X * 2.0; f.call()', '3.0'],
  ['a global constant', 'const X = 1.5; fn f() { global::X + 1 } f()', '2.5'],
  ['a float by name', 'let x = 1.5; eval("x = 2.5"); x', '2.5'],
  ['a method that replaces it', 'fn turn() { this = "s"; } let x = 1.5; x.turn(); x', '"s"'],
  ['the error of a catch', 'let e = 1.5; try { throw 2; } catch (e) { e = "s"; } e', '1.5'],
  ['a moved timestamp', 'let t = timestamp(); let u = t - 1.5; type_of(u - 1.0)', '"timestamp"'],
  ['text that ends in a float', 'let s = "a"; let t = s + 1.5; t', '"a1.5"'],
  [
    'an integer beyond the safe ones',
    'let x = 9007199254740993; let y = x.to_float(); [x + 0, y * 1]',
    '[9007199254740993,9007199254740992.0]',
  ],
  ['integers that leave the safe ones', 'let x = 9007199254740991; x += 2; x', '9007199254740993'],
  ['signs of zero', 'let x = 0.0; let y = -x; [y, x * -1.0, 0.0 - x]', '[-0.0,-0.0,0.0]'],
  [
    'floats that are no numbers',
    'let x = 0.0; let y = x / x; [y == y, y != y, y < 1.0]',
    '[false,false,false]',
  ],
  [
    'equality within a tolerance',
    'let x = 0.1; let y = 0.2; [x + y == 0.3, x + y > 0.3]',
    '[true,false]',
  ],
  [
    'a float beside an integer',
    'let x = 7; let y = 2.0; [x / y, x % y, x - y, x < y]',
    '[3.5,1.0,5.0,false]',
  ],
  [
    'methods of floats',
    'let x = 2.25; [x.sqrt(), x.floor(), x.to_int(), -x.ceiling()]',
    '[1.5,2.0,2,-3.0]',
  ],
  ['a method of the script', 'fn sqrt() { "own" } let x = 4.0; x.sqrt()', '"own"'],
  [
    'a float given away',
    'let x = 1.5; let a = [x, x]; a[0] += 1; [a, x, "" + x, [x].contains(x)]',
    '[[2.5,1.5],1.5,"1.5",true]',
  ],
])('keeps the values of variables: %s', (_what, script, expected) => {
  expect(resultOf(script)).toBe(expected)
})

it('writes arithmetic on floats without objects', () => {
  const { code } = compile('let x = 1.0; let n = 0; while n < 9 { x = x * x + 0.5; n += 1; } x')
  expect(code).toMatch(/x\$\d+ = x\$\d+ \* x\$\d+ \+ 0\.5;/)
})
