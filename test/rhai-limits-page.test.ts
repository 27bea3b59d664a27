/**
 * The page of the script limits lists those there are, with the defaults of library and platform.
 */
import { readFile } from 'node:fs/promises'
import { COMPILE_LIMITS, RUN_LIMITS } from '@picloud/rhai'
import { LIMITS } from '@picloud/shared'
import { describe, expect, it } from 'vitest'

const PAGE = new URL('../docs/reference/rhai-limits.md', import.meta.url)
const ROW = /^\| `(\w+)`\s*\| (\w+)\s*\| `(\d+)`\s*\| `(\d+)`\s*\| `(\w+)`\s*\|/gm

const [, compilation = '', run = ''] = (await readFile(PAGE, 'utf8')).split(/^## /m)

/** Settings of the platform that mean something else there, or come to a script another way. */
const NOT_PASSED_TO_RUNS = new Set(['outputBytesMax'])
/** Those a script is checked against when it is uploaded. */
const CHECKED_AT_UPLOAD = new Set(['sourceBytesMax', 'functionsMax'])

describe('docs/reference/rhai-limits.md', () => {
  it('lists the limits of a compilation', () => {
    const isSet = (name: string): boolean => CHECKED_AT_UPLOAD.has(name)
    expect(rowsOf(compilation)).toEqual(expectedRows(COMPILE_LIMITS, isSet))
  })

  it('lists the limits of a run', () => {
    const isSet = (name: string): boolean => !NOT_PASSED_TO_RUNS.has(name)
    expect(rowsOf(run)).toEqual(expectedRows(RUN_LIMITS, isSet))
  })
})

type Row = readonly [name: string, library: number, platform: number]

function rowsOf(section: string): readonly Row[] {
  const rows = [...section.matchAll(ROW)].map(
    ([, name = '', , library, platform]): Row => [name, Number(library), Number(platform)],
  )
  return rows.sort(byName)
}

function expectedRows(limits: object, isSetOnPlatform: (name: string) => boolean): readonly Row[] {
  const settings: Readonly<Record<string, { readonly default: number }>> = LIMITS
  const rows = Object.entries(limits).map(([name, library]): Row => {
    const setting = isSetOnPlatform(name) ? settings[name]?.default : undefined
    return [name, library, setting ?? library]
  })
  return rows.sort(byName)
}

function byName([left]: Row, [right]: Row): number {
  return left < right ? -1 : 1
}
