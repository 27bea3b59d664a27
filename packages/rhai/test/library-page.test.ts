/**
 * The page of the library lists every function there is, and no other.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { LANGUAGE_FUNCTIONS } from '../src/analyse/language-functions.ts'
import { nativeNames } from '../src/library/registry.ts'

const PAGE = readFileSync(
  new URL('../../../docs/reference/rhai-library.md', import.meta.url),
  'utf8',
)

/** The names in the first column of the tables. */
function namesOnPage(): ReadonlySet<string> {
  const rows = PAGE.split('\n').filter((line) => line.startsWith('| `'))
  const calls = rows.flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)])
  return new Set(calls.map(([, call = '']) => /(\w+)(?:\(.*)?$/.exec(call)?.[1] ?? call))
}

it('names every function of the library', () => {
  const registered = new Set([...nativeNames(), ...LANGUAGE_FUNCTIONS.keys()])
  expect([...namesOnPage()].sort()).toEqual([...registered].sort())
})
