import { expect, it } from 'vitest'
import { canonicalText } from '../../canonical-text.ts'
import { compile } from '../../compile.ts'

const runOf = (script: string) => compile(script).instantiate().run()

// All loops run through more than two stretches.
it.each([
  [
    'while',
    'let i = 0; let s = 0; while i < 25000 { i += 1; s += i; } [i, s]',
    '[25000,312512500]',
  ],
  [
    'loop',
    'let i = 0; let r = loop { i += 1; if i == 25000 { break i * 2; } }; [i, r]',
    '[25000,50000]',
  ],
  ['do', 'let i = 0; do { i += 1; if i % 2 == 0 { continue; } } until i > 25000; i', '25001'],
  ['for', 'let s = 0; for i in 0..25000 { if i % 2 == 0 { continue; } s += i; } s', '156250000'],
  ['for, the end included', 'let s = 0; for i in 0..=20000 { s += 1; } s', '20001'],
  ['for with a counter', 'let s = 0; for (x, n) in 5..25005 { s += x - n; } s', '125000'],
  [
    'for over an array',
    'let a = []; a.pad(25000, 2); let s = 0.5; for x in a { s += x; } s',
    '50000.5',
  ],
  [
    'for, left early',
    'let s = 0; let r = for i in 0..30000 { s = i; if i == 10000 { break "x"; } }; [s, r]',
    '[10000,"x"]',
  ],
  [
    'a condition that does something',
    'let l = []; l.pad(25000, 1); let i = 0; while l.pop() == 1 { i += 2; } [l.len, i]',
    '[0,50000]',
  ],
  ['floats', 'let x = 0.0; let i = 0; while i < 25000 { x += 0.5; i += 1; } x', '12500.0'],
  ['signs of zero', 'let x = -0.0; let i = 0; while i < 25000 { x = x * 1.0; i += 1; } x', '-0.0'],
  [
    'floats of unknown type',
    'let m = #{x: 0.5}; let s = m.x * 2; for i in 0..25000 { s += m.x; } s',
    '12501.0',
  ],
  [
    'integers that leave the safe ones',
    'let s = 9007199254740000; for i in 0..25000 { s += 1; } s',
    '9007199254765000',
  ],
  [
    'a range beyond the safe integers',
    'let n = 0; let l = 0; for i in 9007199254740000..9007199254765000 { n += 1; l = i; } [n, l]',
    '[25000,9007199254764999]',
  ],
  [
    'a captured variable',
    'let s = 0; let f = || s; for i in 0..25000 { s += 1; } f.call()',
    '25000',
  ],
  [
    'a loop in a loop',
    'let s = 0; for i in 0..3 { for j in 0..12000 { if j > 11000 { break; } s += 1; } } s',
    '33003',
  ],
])('runs a long loop: %s', (_, script, expected) => {
  expect(canonicalText(runOf(script).value)).toBe(expected)
})

it('charges each round once, however long the loop is', () => {
  const operations = (rounds: number): number =>
    runOf(`let i = 0; while i < ${rounds} { i += 1; }`).operations
  expect(operations(30_000) - operations(20_000)).toBe(operations(10_000) - operations(0))
})

it('starts loops anew that stand alone and write to numbers outside', () => {
  const stretches = (script: string): number => compile(script).code.split('stretch$').length - 1
  expect(stretches('let i = 0; while i < 9 { i += 1; }')).toBeGreaterThan(0)
  expect(stretches('let l = []; for i in 0..9 { l.push(i); }')).toBe(0)
  expect(stretches('let i = 0; while i < 9 { i += 1; for j in 0..9 { print(j); } }')).toBe(0)
  expect(stretches('for j in 0..9 { let i = 0; while i < 9 { i += 1; } }')).toBe(0)
})
