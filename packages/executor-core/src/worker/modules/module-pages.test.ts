/**
 * The page of each module lists every function with all the numbers of arguments it takes, and no
 * other: the dashboard's editor helps with what the pages say.
 */
import { readFileSync } from 'node:fs'
import type { HostModule } from '@picloud/rhai'
import { expect, it } from 'vitest'
import { HTTP_PART } from '../http-part.ts'
import { OWN_MODULES } from './own-modules.ts'

const HTTP = HTTP_PART({ functions: {}, call: () => expect.unreachable('nothing is sent') })

function declaredIn({ functions = {} }: HostModule): readonly string[] {
  return Object.entries(functions)
    .flatMap(([name, overloads]) =>
      [overloads].flat().map(({ parameters }) => `${name}/${parameters.length}`),
    )
    .sort()
}

/** Of the tables whose first column is called `function`. */
function listedOn(page: string): readonly string[] {
  const tables = page.split(/\n\n/).filter((block) => block.startsWith('| function |'))
  const rows = tables.flatMap((table) => table.split('\n').slice(2))
  const calls = rows.flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)])
  return calls
    .map(([, call = '']) => /^\w+::(\w+)\((.*)\)$/.exec(call) ?? [call, call, ''])
    .map(([, name, list = '']) => `${name}/${list === '' ? 0 : list.split(', ').length}`)
    .sort()
}

it.each(Object.entries({ ...OWN_MODULES, http: HTTP }))('%s.md', (name, module) => {
  const url = new URL(`../../../../../docs/reference/modules/${name}.md`, import.meta.url)
  const declared = new Set(declaredIn(module))
  expect(new Set(listedOn(readFileSync(url, 'utf8')))).toEqual(declared)
})
