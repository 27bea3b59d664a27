import { expect, it } from 'vitest'
import { valueText, writtenValue } from './kv-value.ts'

it.each([
  ['"text"', 'text'],
  ['null', null],
  ['42', 42],
  ['-0.5', -0.5],
  ['9007199254740993', { $int: '9007199254740993' }],
  ['[9223372036854775807]', [{ $int: '9223372036854775807' }]],
  ['-9223372036854775808', { $int: '-9223372036854775808' }],
  ['1.0', { $float: '1.0' }],
  ['{"a": 1e3}', { a: { $float: '1e3' } }],
  ['{"$int": "7"}', { $int: '7' }],
  ['{"$float": "NaN"}', { $float: 'NaN' }],
  ['{"$char": "ü"}', { $char: 'ü' }],
  ['{"$blob": "aGVsbG8="}', { $blob: 'aGVsbG8=' }],
  ['{"$map": {"$int": 5}}', { $map: { $int: 5 } }],
  ['{"$a": 1, "$b": 2}', { $a: 1, $b: 2 }],
])('takes %s', (text, value) => {
  expect(writtenValue(text)).toEqual({ kind: 'value', value })
})

it.each([
  ['', 'Write a value as JSON.'],
  ['{"a": }', 'No JSON'],
  ['9223372036854775808', '9223372036854775808 is more than the 64 bits of an INT.'],
  ['{"$int": "9223372036854775808"}', 'more than the 64 bits'],
  ['1e999', '1e999 is more than a FLOAT can be.'],
  ['{"$int": 7}', '$int takes digits in a text'],
  ['{"$float": "much"}', '$float takes a number'],
  ['{"a": [{"$char": "ab"}]}', '$char takes one character'],
  ['{"$blob": "%"}', '$blob takes base64'],
  ['{"$map": 1}', '$map takes a map'],
  ['{"$toString": 1}', 'is written {"$map": {"$toString": ..}}'],
])('refuses %s', (text, problem) => {
  expect(writtenValue(text)).toEqual({
    kind: 'problem',
    problem: expect.stringContaining(problem),
  })
})

it('reads what it has written', () => {
  const value = { big: { $int: '9223372036854775807' }, whole: { $float: '1.0' }, list: [1, 'a'] }
  expect(writtenValue(valueText(value))).toEqual({ kind: 'value', value })
})
