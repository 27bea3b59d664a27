/**
 * A module is a script: imported, every recorded script prints the same and ends in the same error.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseCases } from '../cli/case-file.ts'
import { compile, RhaiError, type RunOptions } from '../src/index.ts'

/** Messages name a module by its path; a path that is empty leaves them as they are. */
const PATH = ''
const IMPORT = `import "${PATH}";`
const OPERATIONS_MAX = 1_000_000
const CLOSURE_NAME = /anon\$\w+/g

function told(source: string, options: RunOptions): string[] {
  const lines: string[] = []
  const print = (text: string): void => void lines.push(text.replace(CLOSURE_NAME, 'anon$'))
  const limits = { operationsMax: OPERATIONS_MAX }
  try {
    compile(source)
      .instantiate()
      .run({ ...options, limits, print, debug: print })
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    lines.push(endOf(error))
  }
  return lines
}

/** Limits are told at the outermost call, which an import is. */
function endOf(error: RhaiError): string {
  const { kind, line, column } = error.root ?? error
  const isLimit = error.limit !== undefined || kind === 'ErrorStackOverflow'
  return isLimit ? kind : `${kind} ${line}:${column}`
}

it.each(['core', 'stdlib', 'gen'])('%s', { timeout: 120_000 }, (name) => {
  const path = new URL(`corpus/${name}.jsonl`, import.meta.url)
  const different = parseCases(readFileSync(path, 'utf8'), name).filter(({ script }) => {
    const modules = {
      resolve: (asked: string) => (asked === PATH ? { id: PATH, source: script } : undefined),
    }
    return told(script, {}).join('\n') !== told(IMPORT, { modules }).join('\n')
  })
  expect(different.map(({ id }) => id)).toEqual([])
})
