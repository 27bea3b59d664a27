import { describe, expect, it } from 'vitest'
import { diffSources } from './source-diff.ts'

function diff(from: string, to: string) {
  const found = diffSources({ name: 'a@1', source: from }, { name: 'a@2', source: to })
  expect(found).not.toBeNull()
  return found as NonNullable<typeof found>
}

function lines(count: number, prefix: string): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}\n`).join('')
}

/** What a patch makes of a text: kept and added lines, as its hunks say. */
function applied(from: string, hunks: ReturnType<typeof diff>['hunks']): string {
  const old = from.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const result: string[] = []
  let next = 0
  for (const hunk of hunks) {
    const start = hunk.fromLine - 1
    result.push(...old.slice(next, start))
    for (const { change, text, hasLineBreak } of hunk.lines) {
      if (change !== 'removed') result.push(text + (hasLineBreak ? '\n' : ''))
    }
    next = start + hunk.fromLines
  }
  return [...result, ...old.slice(next)].join('')
}

describe('diffSources', () => {
  it.each([
    ['equal texts', 'a\nb\n', 'a\nb\n'],
    ['a line more', 'a\nb\n', 'a\nx\nb\n'],
    ['an empty text before', '', 'a\nb'],
    ['an empty text after', 'a\nb', ''],
    ['line ends of another system', 'a\nb\n', 'a\r\nb\n'],
    ['a last line that ends now', 'a\nb', 'a\nb\n'],
    ['lines like the marks of a patch', '-a\n+b\n', '--a\n\\b\n'],
    ['hunks far apart', `x\n${lines(30, 'l')}y\n`, `X\n${lines(30, 'l')}Y\n`],
    ['texts too far apart to match', lines(1_500, 'a'), lines(1_500, 'b')],
    [
      'texts too far apart with ends in common',
      `${lines(9, 'h')}${lines(1_500, 'a')}${lines(9, 't')}end`,
      `${lines(9, 'h')}${lines(1_500, 'b')}${lines(9, 't')}end`,
    ],
  ])('says how one becomes the other: %s', (_what, from, to) => {
    const { hunks, unified } = diff(from, to)
    expect(applied(from, hunks)).toBe(to)
    expect(hunks.length === 0).toBe(from === to)
    expect(unified === '').toBe(from === to)
  })

  it('looks for fewer edits where there are more lines to pass for each', () => {
    const isMatched = (kept: number): boolean => {
      const rest = '\n'.repeat(kept)
      return diff(lines(400, 'x') + rest, lines(400, 'y') + rest).isMinimal
    }
    expect([isMatched(5_000), isMatched(45_000)]).toEqual([true, false])
  })

  it('compares no more lines than anybody writes', () => {
    const from = { name: 'a@1', source: '\n'.repeat(50_000) }
    expect(diffSources(from, { name: 'a@2', source: `${'\n'.repeat(49_999)}//` })).not.toBeNull()
    expect(diffSources(from, { name: 'a@2', source: `${'\n'.repeat(50_000)}//` })).toBeNull()
  })

  it('shows what is too far apart as one block, within a moment, and says so', () => {
    const from = `${lines(9, 'h')}${lines(20_000, 'a')}${lines(9, 't')}`
    const to = `${lines(9, 'h')}${lines(20_000, 'b')}${lines(9, 't')}`
    const { isMinimal, hunks, linesAdded, linesRemoved, unified } = diff(from, to)
    expect(isMinimal).toBe(false)
    expect([linesAdded, linesRemoved]).toEqual([20_000, 20_000])
    expect(hunks).toMatchObject([{ fromLine: 7, fromLines: 20_006, toLine: 7, toLines: 20_006 }])
    expect(unified.split('\n').slice(0, 4)).toEqual([
      '--- a@1',
      '+++ a@2',
      '@@ -7,20006 +7,20006 @@',
      ' h6',
    ])
  })
})
