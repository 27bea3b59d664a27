/**
 * Makes the help of the dashboard's editor of the reference pages.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { type ReferenceRow, referenceTables } from './reference-tables.ts'

export interface ReferencePages {
  /** Of each module, by name. */
  readonly modules: ReadonlyMap<string, string>
  readonly library: string
  /** The page that tells what `request` and `ctx` have. */
  readonly given: string
}

const HEADER = `/**
 * What scripts can use. Generated from docs/reference by \`npm run generate\`. Do not edit: change the
 * pages.
 *
 * @module
 */
import type { ReferenceEntry } from '../help/reference-entry.ts'
`

const CALL = /^(?:[a-z0-9]+::)?(?:\w+\.)?\w+(?:\([\w, .]*\))?$/

/** The TypeScript source for these pages. */
export function referenceSource({ modules, library, given }: ReferencePages): string {
  const moduleEntries = [...modules].map(([name, page]) => {
    const rows = referenceTables(page).flatMap((section) => section.rows)
    for (const { calls } of rows) {
      for (const call of calls) assert(call.startsWith(`${name}::`), `${call} is one of ${name}`)
    }
    return [name, entriesOf(rows)] as const
  })
  const libraryEntries = referenceTables(library).map(
    ({ heading, rows }) => [heading, entriesOf(rows)] as const,
  )
  const members = referenceTables(given).flatMap(({ rows }) => rows)
  return [
    HEADER,
    constant('MODULES', recordOf(moduleEntries), 'The functions of each module.'),
    constant(
      'LIBRARY',
      recordOf(libraryEntries),
      'The functions of the language, by what they are of.',
    ),
    constant(
      'MEMBERS',
      `[\n${entriesOf(members).join('\n')}\n]`,
      'What `request` and `ctx` have.',
      'readonly ReferenceEntry[]',
    ),
  ].join('\n')
}

function constant(
  name: string,
  value: string,
  about: string,
  type = 'Readonly<Record<string, readonly ReferenceEntry[]>>',
): string {
  return `/** ${about} */\nexport const ${name}: ${type} = ${value}\n`
}

function recordOf(groups: readonly (readonly [string, readonly string[]])[]): string {
  const lines = groups.map(
    ([name, entries]) => `${JSON.stringify(name)}: [\n${entries.join('\n')}\n],`,
  )
  return `{\n${lines.join('\n')}\n}`
}

function entriesOf(rows: readonly ReferenceRow[]): readonly string[] {
  return rows.map(({ calls, gives, text }) => {
    assert(calls.length > 0, `a row without a call: ${text}`)
    for (const call of calls) assert.match(call, CALL, 'a call is written as the others are')
    return `${JSON.stringify([calls, gives, text])},`
  })
}
