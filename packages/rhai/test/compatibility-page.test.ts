/**
 * The compatibility page explains every group of known gaps, and no group that is gone.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

type Groups = Readonly<Record<string, Readonly<Record<'wrong' | 'inexact', Gaps>>>>
type Gaps = Readonly<Record<string, string>>

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

it('explains exactly the groups that known gaps belong to', () => {
  const files = Object.values(JSON.parse(read('known-gaps.json')) as Groups)
  const groups = files.flatMap(({ wrong, inexact }) => [
    ...Object.values(wrong),
    ...Object.values(inexact),
  ])
  const page = read('../../../docs/reference/rhai-compatibility.md')
  const headings = [...page.matchAll(/^### Gap: `([a-z-]+)`$/gm)].map((match) => match[1])
  expect(headings.sort()).toEqual([...new Set(groups)].sort())
})
