import { expect, it } from 'vitest'
import { canonicalText } from '../../canonical-text.ts'
import { compile } from '../../compile.ts'

const resultOf = (script: string): string =>
  canonicalText(compile(script).instantiate().run().value)

it.each([
  ['an element', 'let a = [1, 2.5]; a[0] += 1; a[1] *= 2; a', '[2,5.0]'],
  ['a property', 'let m = #{x: 1}; m.x += 2; m.x = m.x * 2.0; m', '#{"x":6.0}'],
  ['a property of an element', 'let l = [#{x: 1.5}]; l[0].x -= 0.5; l[0].x = 3; l', '[#{"x":3}]'],
  [
    'an element of an element',
    'let r = [[1.0], [2.0]]; r[1][0] += 1; r[0][0] = true; r',
    '[[true],[3.0]]',
  ],
  ['an element of a property', 'let m = #{l: [1]}; m.l[0] += 2; m.l[0] -= 4; m', '#{"l":[-1]}'],
  ['a key that is new', 'let m = #{}; m.x = 1; m.y = 1.5; m.x += 1; m', '#{"x":2,"y":1.5}'],
  [
    'maps of two shapes in one place',
    'let l = [#{x: 1, y: 2}, #{y: 1, x: 2}]; for i in 0..4 { l[i % 2].x += i; } l',
    '[#{"x":3,"y":2},#{"x":6,"y":1}]',
  ],
  ['from the end', 'let l = [1, [2]]; l[-1][0] += 1; l[-2] -= 1; l', '[0,[3]]'],
  ['a bit', 'let n = [0]; n[0][3] = true; n', '[8]'],
  ['text', 'let l = [#{s: "a"}]; l[0].s += "b"; l', '[#{"s":"ab"}]'],
  ['an element that is a container', 'let l = [[1]]; let v = 2; l[0] += v; l', '[[1,2]]'],
  ['beyond the safe integers', 'let l = [9007199254740991]; l[0] += 1; l', '[9007199254740992]'],
])('writes to %s', (_, script, expected) => {
  expect(resultOf(script)).toBe(expected)
})

it.each([
  [
    'a copy of the array',
    'let a = [#{x: 1}]; let b = a; b[0].x += 1; a[0].x *= 5; [a, b]',
    '[[#{"x":5}],[#{"x":2}]]',
  ],
  [
    'a copy of the map',
    'let a = [#{x: 1}]; let b = a[0]; b.x += 1; a[0].x -= 1; [a, b]',
    '[[#{"x":0}],#{"x":2}]',
  ],
  [
    'a row in two places',
    'let r = [0.0]; let m = [r, r]; m[0][0] += 1; [m, r]',
    '[[[1.0],[0.0]],[0.0]]',
  ],
  ['itself', 'let a = [[1], 2]; a[0] += a; a', '[[1,[1],2],2]'],
])('leaves others alone: %s', (_, script, expected) => {
  expect(resultOf(script)).toBe(expected)
})

it.each([
  ['an index out of bounds', 'let l = [[1.0]];\nl[0][1] += 1.0', { line: 2, column: 6 }],
  ['a missing key', 'let l = [#{}];\nl[0].x += 1.0', { line: 2, column: 8 }],
  ['a wrong type', 'let l = [#{x: ()}];\nl[0].x -= 1.0', { line: 2, column: 8 }],
])('fails with the position of %s', (_, script, expected) => {
  expect(() => compile(script).instantiate().run()).toThrow(expect.objectContaining(expected))
})

it('needs no place for what is there', () => {
  expect(compile('let l = [#{x: 1.5}]; l[0].x -= 0.5;').code).toContain('.slots[')
})
