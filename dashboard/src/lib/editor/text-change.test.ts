import { EditorState, Text } from '@codemirror/state'
import { expect, it } from 'vitest'
import { hasWindowsEnds, withEndsOf, withPlainEnds } from './line-ends.ts'
import { positionAt } from './place.ts'
import { textChange } from './text-change.ts'

it.each([
  ['a b c', 'a x c'],
  ['aaa', 'aaaa'],
  ['aaaa', 'aaa'],
  ['', 'a'],
  ['a', ''],
  ['a', 'a'],
  ['abab', 'ab'],
])('changes %j into %j', (before, after) => {
  const state = EditorState.create({ doc: before })
  const { newDoc } = state.update({ changes: textChange(before, after) })
  expect(newDoc.toString()).toBe(after)
})

it('changes no more than has to be', () => {
  expect(textChange('let a = 1;\nb', 'let a = 12;\nb')).toEqual({ from: 9, to: 9, insert: '2' })
})

it.each([
  [1, 1, 0],
  [2, 2, 4],
  [2, 99, 6],
  [99, 1, 7],
  [0, 0, 0],
  [3, 3, 10],
])('finds line %d, column %d at %d', (line, column, position) => {
  expect(positionAt(Text.of(['ab', 'cde', '\u{1f600}xy']), line, column)).toBe(position)
})

it.each([
  ['a\r\nb\r\n', true],
  ['a\r\nb\n', false],
  ['a\nb', false],
  ['\r\n\r\n', true],
  ['\n\r\n', false],
  ['a', false],
])('of %j: ends as on Windows is %s', (text, isWindows) => {
  expect(hasWindowsEnds(text)).toBe(isWindows)
  if (isWindows) expect(withEndsOf({ isWindows }, withPlainEnds(text))).toBe(text)
})
