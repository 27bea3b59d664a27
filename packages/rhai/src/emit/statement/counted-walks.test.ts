import { expect, it } from 'vitest'
import { canonicalText } from '../../canonical-text.ts'
import { compile } from '../../compile.ts'

// What is walked over is known only when the loop begins, so each runs through the same code.
it.each([
  ['upwards by steps', 'range(0, 10, 3)', '[0,3,6,9]'],
  ['to an end that a step meets', 'range(0, 9, 3)', '[0,3,6]'],
  ['downwards', 'range(3, -3, -2)', '[3,1,-1]'],
  ['over nothing', 'range(5, 5, 1)', '[]'],
  ['away from the end', 'range(5, 1, 1)', '[]'],
  ['a range', '2..5', '[2,3,4]'],
  ['a range with its end', '2..=5', '[2,3,4,5]'],
  ['a range that is empty', '5..2', '[]'],
  [
    'integers beyond safe numbers',
    'range(9007199254740990, 9007199254740994)',
    '[9007199254740990,9007199254740991,9007199254740992,9007199254740993]',
  ],
  [
    'up to where a step would overflow',
    'range(9223372036854775800, 9223372036854775807, 5)',
    '[9223372036854775800]',
  ],
  ['floats', 'range(0.0, 1.0, 0.5)', '[0.0,0.5]'],
  ['an array', '[1, "a", ()]', '[1,"a",()]'],
  ['chars', '"ab"', '[a,b]'],
])('walks %s', (_, walked, expected) => {
  const script = `let walked = ${walked}; let seen = []; for i in walked { seen.push(i); } seen`
  const { value } = compile(script).instantiate().run()
  expect(canonicalText(value).replaceAll("'", '')).toBe(expected)
})

it.each([
  [
    'ends at a break',
    'let s = 0; for i in range(0, 99, 2) { if i > 6 { break; } s += i; } s',
    '12',
  ],
  [
    'goes on after a continue',
    'let s = 0; for i in range(0, 9, 2) { if i == 4 { continue; } s += i; } s',
    '16',
  ],
  ['counts rounds', 'let s = []; for (i, n) in range(4, 10, 3) { s += [i, n]; } s', '[4,0,7,1]'],
  [
    'does not notice what the body does to its variable',
    'let s = 0; for i in range(0, 3, 1) { s += 1; i = 9; } s',
    '3',
  ],
  [
    'gives each closure its own value',
    'let f = []; for i in range(1, 4) { f.push(|| i); } f.map(|g| g.call())',
    '[3,3,3]',
  ],
  [
    'starts anew each time',
    'let s = 0; for j in 0..3 { for i in range(0, j) { s += 10 * j + i; } } s',
    '51',
  ],
])('%s', (_, script, expected) => {
  expect(canonicalText(compile(script).instantiate().run().value)).toBe(expected)
})
