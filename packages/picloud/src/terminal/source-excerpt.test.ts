import { describe, expect, it } from 'vitest'
import { sourceExcerpt } from './source-excerpt.ts'

describe('sourceExcerpt', () => {
  const source = `let a = 1;\r\n\tlet b = añb;\n\n${'x'.repeat(300)}!`

  it.each([
    ['line 0', 0, 0],
    ['a line after the end', 9, 1],
    ['an empty line without a column', 3, 0],
  ])('shows nothing for %s', (_case, line, column) => {
    expect(sourceExcerpt(source, line, column)).toBe('')
  })

  it('puts the caret under the column', () => {
    expect(sourceExcerpt(source, 1, 5)).toBe('  1 | let a = 1;\n    |     ^')
  })

  it('counts characters, and shows tabs and control characters without acting on them', () => {
    expect(sourceExcerpt(source, 2, 11)).toBe('  2 |     let b = añb;\n    |              ^')
    expect(sourceExcerpt('\u{1b}[2J😀 x', 1, 7)).toBe('  1 | \\u{1b}[2J😀 x\n    |            ^')
  })

  it('points after the end of a line, where something is missing', () => {
    expect(sourceExcerpt('foo(', 1, 5)).toBe('  1 | foo(\n    |     ^')
  })

  it('shows the part of a long line that the column is in', () => {
    const [code, caret] = sourceExcerpt(source, 4, 301).split('\n')
    expect(code).toHaveLength('  4 | '.length + 121)
    expect(code?.[caret?.indexOf('^') ?? -1]).toBe('!')
  })

  it('shows the line alone when the column is unknown', () => {
    expect(sourceExcerpt(source, 1, 0)).toBe('  1 | let a = 1;')
  })
})
